//! Finds shipped words in a text.

/// Keys of the first three bytes of a word.
const KEYS: usize = 1 << 12;

/// The end of a chain.
const NONE: u16 = u16::MAX;

/// Words of three bytes or more, ready to be looked for.
pub(crate) struct Vocabulary {
    /// Each word, and the next one of its key.
    words: Vec<(&'static str, u16)>,
    first: Box<[u16; KEYS]>,
}

fn key(bytes: [u8; 3]) -> usize {
    let [a, b, c] = bytes.map(usize::from);
    (a ^ b << 4 ^ c << 7) % KEYS
}

impl Vocabulary {
    pub(crate) fn new(words: impl Iterator<Item = &'static str>) -> Self {
        let mut words: Vec<_> = words.map(|word| (word, NONE)).collect();
        let mut first = Box::new([NONE; KEYS]);
        for (index, (word, next)) in words.iter_mut().enumerate().rev() {
            if let Some(start) = word.as_bytes().first_chunk() {
                *next = std::mem::replace(&mut first[key(*start)], index as u16);
            }
        }
        Self { words, first }
    }

    /// The first place from `from` on where a word may stand.
    pub(crate) fn may_stand(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut starts = text.get(from..)?.windows(3);
        let at = starts.position(|start| self.first[key([start[0], start[1], start[2]])] != NONE);
        Some(from + at?)
    }

    /// The words that stand at a place: their numbers in ascending order, and the words.
    pub(crate) fn at<'a>(
        &'a self,
        text: &'a [u8],
        place: usize,
    ) -> impl Iterator<Item = (usize, &'static str)> + 'a {
        let text = text.get(place..).unwrap_or_default();
        let words = self.with_key_of(text);
        words.filter(|(_, word)| {
            let word = word.as_bytes();
            // Most that begin as the text does end otherwise, and are not compared.
            word.last() == text.get(word.len() - 1) && text.starts_with(word)
        })
    }

    /// The numbers of the words that a text is, in ascending order.
    pub(crate) fn same<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let words = self.with_key_of(text.as_bytes());
        words
            .filter(move |(_, word)| *word == text)
            .map(|(index, _)| index)
    }

    fn with_key_of(&self, text: &[u8]) -> impl Iterator<Item = (usize, &'static str)> {
        let start = text.first_chunk();
        let mut next = start.map_or(NONE, |start| self.first[key(*start)]);
        std::iter::from_fn(move || {
            let index = usize::from(next);
            let word;
            (word, next) = *self.words.get(index)?;
            Some((index, word))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_word_at_its_place() {
        let words = Vocabulary::new(["care", "careers", "are", "care", "ban"].into_iter());
        let text = "careers bank ca";
        let found: Vec<Vec<usize>> = (0..=text.len())
            .map(|at| {
                words
                    .at(text.as_bytes(), at)
                    .map(|(index, _)| index)
                    .collect()
            })
            .collect();
        let may_stand = |from| words.may_stand(text.as_bytes(), from);
        assert_eq!([0, 2, 9, 99].map(may_stand), [Some(0), Some(8), None, None]);
        assert_eq!(found[0], [0, 1, 3]);
        assert_eq!(found[1], [2]);
        assert_eq!(found[8], [4]);
        assert_eq!(words.same("care").collect::<Vec<_>>(), [0, 3]);
        assert_eq!(words.same("career").count(), 0);
        assert_eq!(found.iter().flatten().count(), 5);
    }
}
