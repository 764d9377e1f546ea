//! Which cues a text can hold at all: one pass over its bytes.
//!
//! Each way of a pattern needs one of a few literals. A window of up to eight bytes is picked out
//! of each, with rare bytes first; the keys of a text, which needs ask for anyway, tell where four
//! bytes (or three) stand that windows begin with. There it looks at the bytes behind the first
//! two, and compares the window only where those stand, too. An Aho–Corasick automaton scans as
//! fast, but takes 0.19 s to build at every start of the background.

use super::key::{self, blanked, rarity};
use super::keys::Keys;

/// Bits of a key in the sets.
const SET_BITS: u32 = 16;

/// Bits of a window's key.
const BITS: u32 = 14;

const KEYS: usize = 1 << BITS;

/// Windows to look back at for the same one.
const ALIKE: usize = 6;

/// How much better a window is that begins as another does, in steps of [`rarity`].
///
/// With half of it 12 % more places of English pages are looked at; with twice of it 7 % fewer, but
/// 14 % more windows stand there, as they are shorter.
const KNOWN: usize = 40;

/// How much better a window is by each byte more.
///
/// With 12, a third more windows stand in English pages than with 24, and from there on fewer by 3 %.
const LONGER: usize = 30;

/// A set of keys: a bit each.
type Set = [u64; (1 << SET_BITS) / 64];

/// One window, and a way of a cue that needs it.
#[derive(Clone, Default, PartialEq)]
struct Gram {
    /// Its bytes, least significant first.
    bytes: u64,
    /// As many low bits as it has bytes.
    mask: u64,
    way: u16,
}

/// All windows.
pub(crate) struct Grams {
    /// By their keys, and those of one key by their ways.
    grams: Vec<Gram>,
    /// Where those of each key begin, and where the last end.
    first: Vec<u16>,
    /// With the keys of a window's first four bytes, or of three if it has no more.
    keys: Keys,
    /// Keys of the first four bytes of windows of fewer than six, and of the three of others.
    short: Box<Set>,
    /// Keys of four bytes behind the first two of all others.
    middle: Box<Set>,
}

impl Grams {
    /// Takes literals of three bytes or more, and for each the way of a cue that needs it: with
    /// another, one of them. Fewer than 65,536.
    pub(crate) fn new(literals: impl FnOnce(&mut dyn FnMut(&[u8], u16))) -> Self {
        let [mut short, mut middle] = std::array::from_fn(|_| Box::new([0; (1 << SET_BITS) / 64]));
        let mut keys = Keys::new();
        let mut grams: Vec<Gram> = Vec::new();
        let mut first = vec![0; KEYS + 1];
        literals(&mut |literal, way| {
            let window = window(literal, &keys);
            let mut bytes = [0; 8];
            bytes[..window.len()].copy_from_slice(window);
            let gram = Gram {
                bytes: u64::from_le_bytes(bytes),
                mask: low(u64::MAX, window.len()),
                way,
            };
            // Long literals of a way often begin alike, mostly those one after the other.
            if grams.iter().rev().take(ALIKE).any(|other| *other == gram) {
                return;
            }
            first[gram.key()] += 1;
            if window.len() == 3 {
                keys.note(blanked_four(gram.bytes, 3), 3);
                put(&mut short, gram.bytes as u32);
            } else {
                keys.note(blanked_four(gram.bytes, 4), 4);
                match window.len() {
                    4 | 5 => put(&mut short, gram.bytes as u32),
                    _ => put(&mut middle, (gram.bytes >> 16) as u32),
                }
            }
            grams.push(gram);
        });
        // Counted; from here on where the next one of the key goes, from the last one down.
        let mut sum = 0;
        for place in &mut first {
            sum += *place;
            *place = sum;
        }
        let mut sorted = vec![Gram::default(); grams.len()];
        for gram in grams.into_iter().rev() {
            let place = &mut first[gram.key()];
            *place -= 1;
            sorted[usize::from(*place)] = gram;
        }
        Self {
            grams: sorted,
            first,
            keys,
            short,
            middle,
        }
    }

    /// Keys that know how windows begin.
    pub(crate) fn keys(&self) -> Keys {
        self.keys.clone()
    }

    /// Calls `found` with each way that needs a window that stands at a place of `text`, maybe
    /// more than once.
    pub(crate) fn at(&self, text: &[u8], at: usize, mut found: impl FnMut(u16)) {
        let word = match text[at..].first_chunk::<8>() {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => {
                let mut bytes = [0; 8];
                bytes[..text.len() - at].copy_from_slice(&text[at..]);
                u64::from_le_bytes(bytes)
            }
        };
        if has(&self.middle, set_key((word >> 16) as u32)) {
            self.compare(word, key(word, 6), &mut found);
        }
        if has(&self.short, set_key(word as u32)) {
            self.compare(word, key(word, 4), &mut found);
        }
        if has(&self.short, set_key(low(word, 3) as u32)) {
            self.compare(word, key(word, 3), &mut found);
        }
    }

    fn compare(&self, word: u64, key: usize, found: &mut impl FnMut(u16)) {
        let grams = usize::from(self.first[key])..usize::from(self.first[key + 1]);
        for gram in &self.grams[grams] {
            if word & gram.mask == gram.bytes {
                found(gram.way);
            }
        }
    }
}

impl Gram {
    fn key(&self) -> usize {
        let keyed = match self.mask.count_ones() / 8 {
            3 => 3,
            4 | 5 => 4,
            _ => 6,
        };
        key(self.bytes, keyed)
    }
}

/// The first bytes of a word, up to eight of them.
fn low(word: u64, count: usize) -> u64 {
    word & u64::MAX >> (64 - 8 * count)
}

/// The first bytes of a word as [`Keys`] has them, up to four.
fn blanked_four(word: u64, count: usize) -> u32 {
    let bytes = low(word, count).to_le_bytes();
    let kept = bytes[..count].iter().rev();
    kept.fold(0, |four, byte| four << 8 | u32::from(blanked(*byte)))
}

/// Key of a word's first bytes, by Knuth's multiplicative hashing: the golden ratio of 2^64.
fn key(word: u64, count: usize) -> usize {
    (low(word, count).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS)) as usize
}

fn set_key(bytes: u32) -> usize {
    key::of(bytes, SET_BITS)
}

fn put(set: &mut Set, bytes: u32) {
    let key = set_key(bytes);
    set[key / 64] |= 1 << (key % 64);
}

fn has(set: &Set, key: usize) -> bool {
    set[key / 64] >> (key % 64) & 1 == 1
}

/// Up to eight bytes of a literal, beginning where four rare bytes stand, above all such as begin
/// other windows already: the fewer ways to begin, the fewer places to look at.
fn window<'a>(literal: &'a [u8], begun: &Keys) -> &'a [u8] {
    let (mut start, mut best) = (0, 0);
    for (at, four) in literal.windows(4).enumerate() {
        let rare: usize = four.iter().map(|byte| rarity(*byte)).sum();
        let four = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
        let known = begun.begins(blanked_four(four.into(), 4), 4);
        let told = rare + KNOWN * usize::from(known) + LONGER * (literal.len() - at).min(8);
        if told > best {
            (start, best) = (at, told);
        }
    }
    &literal[start..literal.len().min(start + 8)]
}

#[cfg(test)]
mod tests {
    use super::super::keys::Blanked;
    use super::*;

    #[test]
    fn finds_every_window_and_no_other() {
        let literals = [
            ("amaz", 1),
            ("otp", 2),
            ("anydesk", 3),
            ("press one", 4),
            ("press one", 4),
            ("otp", 5),
        ];
        let grams = Grams::new(|tell| {
            for (literal, cue) in literals {
                tell(literal.as_bytes(), cue);
            }
        });
        let (mut found, mut places) = (Vec::new(), Vec::new());
        let text = b"amazing: press one, otp, anydes anydesk otp";
        let mut blanked = Blanked::default();
        blanked.read(text);
        grams.keys().read(&blanked, &mut places);
        for at in places.into_iter().map(|at| at as usize) {
            grams.at(text, at, |cue| found.push((at, cue)));
        }
        found.sort();
        found.dedup();
        assert_eq!(
            found,
            [(0, 1), (9, 4), (20, 2), (20, 5), (32, 3), (40, 2), (40, 5)]
        );
    }
}
