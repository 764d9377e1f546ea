//! How many slips of the finger, or of the eye, lie between two short words.

/// Cost of one ordinary slip.
pub(super) const ONE: u8 = 4;
/// Two slips.
pub(super) const TWO: u8 = 8;
/// The most that is told apart.
pub(super) const MOST: u8 = TWO + 2;
/// Longer words are not compared: two slips lie no further from a name of six letters.
pub(super) const LONGEST: usize = 9;
const LENGTH: usize = LONGEST + 1;

/// Damerau–Levenshtein distance (optimal string alignment) with weights:
/// [`ONE`] for a letter left out, put in, or replaced by a neighbour on a keyboard
/// or by one flipped bit; less for a doubled letter, two swapped ones and letters
/// that look or sound alike; more for letters that nobody confuses.
///
/// `u8::MAX` where either word is longer than [`LONGEST`], or where it costs more than [`MOST`].
pub(super) fn cost(word: &[u8], name: &str) -> u8 {
    let name = name.as_bytes();
    if word.len() > LONGEST || name.len() > LONGEST || word.len() + 3 < name.len() {
        return u8::MAX;
    }
    // A letter that the name lacks is replaced or put in, and one left out is neither.
    let lacking = word.iter().filter(|letter| !name.contains(letter));
    let least: usize = lacking.map(|letter| least_cost(*letter)).sum();
    let left_out = name.len().saturating_sub(word.len());
    if least + left_out * usize::from(ONE) > usize::from(MOST) {
        return u8::MAX;
    }
    match distance(word, name) {
        cost if cost > MOST => u8::MAX,
        cost => cost,
    }
}

/// The distance of two words, none longer than [`LONGEST`].
fn distance(word: &[u8], name: &[u8]) -> u8 {
    let mut table = [[0u8; LENGTH]; LENGTH];
    for (at, row) in table.iter_mut().enumerate().take(word.len() + 1) {
        row[0] = at as u8 * ONE;
    }
    for (at, cell) in table[0].iter_mut().enumerate().take(name.len() + 1) {
        *cell = at as u8 * ONE;
    }
    for w in 1..=word.len() {
        for n in 1..=name.len() {
            let (have, want) = (word[w - 1], name[n - 1]);
            let doubled = w > 1 && word[w - 2] == have;
            let put_in = table[w - 1][n] + if doubled || have == b'-' { 3 } else { ONE };
            let left_out = table[w][n - 1] + ONE;
            let replaced = table[w - 1][n - 1] + replace(have, want);
            let mut least = put_in.min(left_out).min(replaced);
            if w > 1 && n > 1 && have == name[n - 2] && word[w - 2] == want && have != want {
                least = least.min(table[w - 2][n - 2] + 3);
            }
            table[w][n] = least;
        }
    }
    table[word.len()][name.len()]
}

/// Letters that look or sound alike.
const ALIKE: [&[u8]; 5] = [b"mn", b"sz", b"aeou", b"0o", b"2z"];

/// What a letter costs at least that stands for another or is put in.
fn least_cost(letter: u8) -> usize {
    if ALIKE.iter().any(|group| group.contains(&letter)) {
        2
    } else {
        3
    }
}

fn replace(have: u8, want: u8) -> u8 {
    if have == want {
        return 0;
    }
    if ALIKE
        .iter()
        .any(|group| group.contains(&have) && group.contains(&want))
    {
        return 2;
    }
    if (have ^ want).count_ones() == 1 || neighbours(want).contains(&have) {
        ONE
    } else {
        6
    }
}

/// Keys beside a key on QWERTY, QWERTZ and AZERTY keyboards, and letters that
/// are a part of it to the eye.
fn neighbours(key: u8) -> &'static [u8] {
    match key {
        b'a' => b"qwszxy12p",
        b'm' => b"njklpr",
        b'z' => b"acsxtguhey67",
        b'o' => b"ipklc90",
        b'n' => b"bhjmr",
        _ => b"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_not_compared_is_far(word in "[amzonesu2-]{0,9}|[a-z0-9]{3,9}") {
            let cost = cost(word.as_bytes(), "amazon");
            if word.len() > 2 && cost == u8::MAX {
                prop_assert!(distance(word.as_bytes(), b"amazon") > MOST);
            }
        }
    }

    #[test]
    fn slips() {
        for (word, wanted) in [
            ("amazon", 0..=0),
            ("amzon", 1..=ONE),
            ("amazoon", 1..=ONE),
            ("amaozn", 1..=ONE),
            ("amazom", 1..=ONE),
            ("amozon", 1..=ONE),
            ("amszon", 1..=ONE),
            ("aeazon", 1..=ONE),
            ("amezom", 1..=ONE),
            ("amaozom", ONE + 1..=TWO),
            ("anazom", 1..=ONE),
            ("maison", ONE + 1..=u8::MAX),
            ("aragon", ONE + 1..=u8::MAX),
            ("amateur", TWO + 1..=u8::MAX),
            ("", u8::MAX..=u8::MAX),
            ("amazonamazon", u8::MAX..=u8::MAX),
        ] {
            let cost = cost(word.as_bytes(), "amazon");
            assert!(wanted.contains(&cost), "{word}: {cost}");
        }
    }
}
