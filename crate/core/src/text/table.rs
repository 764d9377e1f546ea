//! Letters as the cues have them: what [`super::letter`] makes of each, in a table that the build script
//! writes.
//!
//! A library of Unicode's decompositions would be 170 KB.

use super::small;
use std::sync::LazyLock;

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::new(include_bytes!(concat!(env!("OUT_DIR"), "/folds.bin"))));

struct Table {
    letters: Vec<u32>,
    /// Where in the data the length of what each letter folds to is.
    places: Vec<u16>,
    data: &'static [u8],
}

impl Table {
    /// Reads, for each letter that folds to anything but its lower case, the distance from the one before
    /// (LEB128), the length of what it folds to, and that itself.
    fn new(data: &'static [u8]) -> Self {
        let mut table = Self {
            letters: Vec::new(),
            places: Vec::new(),
            data,
        };
        let mut letter = 0;
        let mut at = 0;
        while at < data.len() {
            let mut shift = 0;
            loop {
                let byte = data[at];
                at += 1;
                letter += u32::from(byte & 0x7F) << shift;
                shift += 7;
                if byte < 0x80 {
                    break;
                }
            }
            table.letters.push(letter);
            table.places.push(at as u16);
            at += 1 + usize::from(data[at]);
        }
        table
    }

    fn get(&self, letter: char) -> Option<&'static str> {
        let index = self.letters.binary_search(&u32::from(letter)).ok()?;
        let at = usize::from(self.places[index]);
        let text = &self.data[at + 1..at + 1 + usize::from(self.data[at])];
        std::str::from_utf8(text).ok()
    }
}

/// Folds one character that is not ASCII, without regard to its neighbours.
pub(crate) fn fold_char(c: char, mut emit: impl FnMut(char)) {
    // Kana, Han and Hangul stand for themselves, and make up most of their texts.
    if let '\u{3001}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' = c {
        emit(c);
    } else if let Some(folded) = TABLE.get(c) {
        folded.chars().for_each(emit);
    } else {
        emit(small(c));
    }
}

/// The full-width kana for a half-width one and its voicing mark, which are two characters.
pub(crate) fn voiced(kana: char, mark: char) -> Option<char> {
    let mut full = None;
    fold_char(kana, |part| full = Some(part));
    let full = full?;
    // In Unicode the voiced kana follow the plain one.
    let (can, step) = match mark {
        '\u{ff9e}' | '\u{3099}' if full == 'ウ' => return Some('ヴ'),
        '\u{ff9e}' | '\u{3099}' => (matches!(full, 'カ'..='ヂ' | 'ツ'..='ド' | 'ハ'..='ポ'), 1),
        '\u{ff9f}' | '\u{309a}' => (matches!(full, 'ハ'..='ポ'), 2),
        _ => return None,
    };
    can.then(|| char::from_u32(u32::from(full) + step))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::letter;

    #[test]
    fn the_table_has_every_letter_of_a_script_in_which_cues_are() {
        let mut left_out = 0;
        for c in '\u{80}'..=char::MAX {
            let (mut wanted, mut found) = (String::new(), String::new());
            letter::fold_char(c, |part| wanted.push(part));
            fold_char(c, |part| found.push(part));
            if found == wanted {
                continue;
            }
            left_out += 1;
            assert_eq!(found, c.to_string());
            assert!(
                wanted.chars().all(letter::is_foreign),
                "U+{:04X}",
                u32::from(c)
            );
        }
        assert!(left_out > 1_000, "{left_out}");
    }

    #[test]
    fn voices_kana_as_unicode_does() {
        for kana in '\u{ff66}'..='\u{ff9d}' {
            let mut full = kana;
            letter::fold_char(kana, |part| full = part);
            for (half, mark) in [('\u{ff9e}', '\u{3099}'), ('\u{ff9f}', '\u{309a}')] {
                let wanted = unicode_normalization::char::compose(full, mark)
                    // ヷ and ヺ are not written with half-width marks.
                    .filter(|c| *c <= 'ヴ');
                assert_eq!(voiced(kana, half), wanted, "{kana}{half}");
            }
        }
    }
}
