//! How near a label comes to the name.

use super::{
    BRAND, edit,
    lists::{List, Lists},
    short::{holds, is_hyphen, without_digits, words},
    word::Words,
};
use crate::order::sort_by;

/// How near a part of a host comes to the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// The name, letter by letter.
    Exact,
    /// The name in other letters, or one slip of the finger away.
    Near,
    /// Further off: enough only beside other evidence.
    Far,
    /// Further still: enough only where a whole address is played.
    Farther,
}

/// How near a label comes to the name, and whether it is an innocent word.
// Within its caller, both would be slower.
#[inline(never)]
pub(super) fn likeness(label: &str, known: &Words, lists: &Lists) -> Option<(Likeness, bool)> {
    if holds(label, BRAND) {
        let word = words(label)
            .filter(|part| holds(part, BRAND))
            .all(|part| lists.has(List::Word, part));
        return Some((Likeness::Exact, word));
    }
    let mut best = None;
    let mut consider = |part: &str, found: Option<Likeness>| {
        let Some(found) = found else { return };
        let word = lists.is_word(part);
        if best.is_none_or(|other| (found, word) < other) {
            best = Some((found, word));
        }
    };
    if label.bytes().any(is_hyphen) {
        // `ama-zon`, `a-mazon-support` and `a-m-a-z-o-n-account`.
        let spelt = (0..words(label).count()).any(|from| {
            let mut left = BRAND;
            words(label)
                .skip(from)
                .map_while(|part| {
                    left = left.strip_prefix(part)?;
                    Some(left.is_empty())
                })
                .any(|whole| whole)
        });
        if spelt {
            consider(BRAND, Some(Likeness::Near));
        }
    }
    for part in words(label) {
        consider(part, nearness(part));
        let bare = without_digits(part);
        if bare != part {
            consider(bare, nearness(bare));
        }
        if part.len() > edit::LONGEST {
            // `amaconcustomersupport`: what stands before the service's words.
            if let Some(first) = known.first_long(part, 4) {
                consider(&part[..first], nearness(&part[..first]));
            }
        }
        if lists.matches(List::Stem, part) {
            consider(part, Some(Likeness::Farther));
        }
    }
    best
}

/// How near a part comes to the name, digits and letter pairs read as what they look like.
fn nearness(part: &str) -> Option<Likeness> {
    // Too short or too long, with a pair for a letter too.
    if !(3..=edit::LONGEST + 1).contains(&part.len()) {
        return None;
    }
    let mut best = edit::cost(part.as_bytes(), BRAND);
    // Digits for letters: `4m4z0n`, `ama20n`.
    let mut digits = [0; edit::LONGEST + 1];
    let digits = &mut digits[..part.len()];
    for (to, byte) in digits.iter_mut().zip(part.bytes()) {
        *to = match byte {
            b'0' => b'o',
            b'1' => b'l',
            b'2' => b'z',
            b'3' => b'e',
            b'4' => b'a',
            b'5' => b's',
            other => other,
        };
    }
    if digits != part.as_bytes() {
        best = best.min(edit::cost(digits, BRAND).saturating_add(1));
    }
    // Pairs for letters: `arnazon`, `annazon`, `clmazon`.
    for (pair, letter) in [(b"rn", b'm'), (b"nn", b'm'), (b"cl", b'a'), (b"vv", b'w')] {
        if let Some(at) = digits.windows(2).position(|two| two == pair) {
            let letters = [&digits[..at], &[letter], &digits[at + 2..]].concat();
            best = best.min(edit::cost(&letters, BRAND).saturating_add(1));
        }
    }
    if digits.len() == BRAND.len() {
        let mut letters = digits.to_vec();
        sort_by(&mut letters, u8::cmp);
        if letters == *b"aamnoz" {
            best = best.min(edit::TWO);
        }
    }
    // Two slips make many words of six letters; a `z` in them makes few.
    let z = digits.contains(&b'z');
    match best {
        0..=edit::ONE => Some(Likeness::Near),
        cost if cost <= edit::TWO && z => Some(Likeness::Far),
        cost if cost <= edit::MOST && part.len() > 4 => Some(Likeness::Farther),
        _ => None,
    }
}
