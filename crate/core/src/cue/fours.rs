//! How often runs of four bytes occur in the texts of honest people; used by the build script.

use super::key::{self, blanked};
use std::collections::HashMap;

/// How often four bytes that the table lacks are taken to occur, per million: half of its least.
const UNLISTED: f64 = 5.0;

/// `data/fours.tsv`.
pub(crate) struct Fours {
    fours: HashMap<[u8; 4], f64>,
    /// Sums of those that begin with the same three bytes.
    threes: HashMap<[u8; 3], f64>,
}

impl Fours {
    /// Reads the lines of the table: four bytes, with a blank written as a dot and a byte beyond ASCII
    /// as `%` and two hexadecimal digits; and how often they occur, per million bytes.
    ///
    /// # Errors
    /// Says which line is malformed.
    pub(crate) fn read<'a>(
        lines: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, String> {
        let mut fours = HashMap::new();
        let mut threes: HashMap<_, f64> = HashMap::new();
        for (four, count) in lines {
            let wrong = || format!("fours.tsv: {four} {count}");
            let bytes = read_four(four).ok_or_else(wrong)?;
            let count: f64 = count.parse().map_err(|_| wrong())?;
            fours.insert(bytes, count);
            *threes.entry([bytes[0], bytes[1], bytes[2]]).or_default() += count;
        }
        Ok(Self { fours, threes })
    }

    /// How often four bytes, as the keys have them, occur in a row.
    pub(crate) fn of(&self, four: [u8; 4]) -> f64 {
        self.fours.get(&four).copied().unwrap_or(UNLISTED)
    }

    /// About how often a literal of three bytes or more occurs: each further byte as often as it
    /// follows the three before it, and half of the time where nothing is known of those.
    pub(crate) fn frequency(&self, literal: &[u8]) -> f64 {
        let blanked: Vec<u8> = literal.iter().map(|byte| blanked(*byte)).collect();
        let three = |three: &[u8]| self.threes.get(three).copied().unwrap_or(0.0);
        let first = three(blanked.get(..3).unwrap_or_default()) + UNLISTED;
        key::fours(&blanked).fold(first, |frequency, four| {
            frequency * self.of(four) / (three(&four[..3]) + 2.0 * UNLISTED)
        })
    }
}

fn read_four(text: &str) -> Option<[u8; 4]> {
    let mut rest = text.bytes();
    let mut four = [0; 4];
    for byte in &mut four {
        *byte = match rest.next()? {
            b'.' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? << 4 | digit()?) as u8
            }
            ascii => ascii,
        };
    }
    rest.next().is_none().then_some(four)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_table_has_and_guesses_the_rest() {
        let lines = [
            (".the", "4000"),
            ("the.", "3000"),
            ("%C3%BCr.", "100"),
            ("ther", "1000"),
        ];
        let fours = Fours::read(lines.into_iter()).expect("a table");
        assert_eq!(fours.of(*b" the"), 4000.0);
        assert_eq!(fours.of([0xC3, 0xBC, b'r', b' ']), 100.0);
        assert_eq!(fours.of(*b"zzzz"), UNLISTED);
        assert_eq!(fours.frequency(b"the"), 4000.0 + UNLISTED);
        // In three of four places where "the" occurs, the word ends with it.
        let share = fours.frequency(b" the ") / fours.frequency(b" the");
        assert!((0.74..0.76).contains(&share), "{share}");
        assert_eq!(fours.frequency(b"#the-"), fours.frequency(b" the "));
        assert_eq!(fours.frequency(b"zzzz"), UNLISTED / 2.0);
        for wrong in [("the", "1"), ("there", "1"), ("%C", "1"), (".the", "many")] {
            assert!(Fours::read([wrong].into_iter()).is_err(), "{wrong:?}");
        }
    }
}
