//! The words in a host's name: the service's, and those that make a name innocent.

use super::BRAND;
use crate::{order::sort_by, words::Vocabulary};

/// Shorter words are taken for themselves only where they stand alone.
const LONG_WORD: usize = 5;

/// What a word in a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Service,
    /// Common in such names and in others.
    Filler,
    /// The name of a product that Amazon alone has.
    Product,
    /// One that others have too.
    Shared,
    Trade,
    Nature,
}

impl Word {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "service" => Self::Service,
            "filler" => Self::Filler,
            "product" => Self::Product,
            "shared" => Self::Shared,
            "trade" => Self::Trade,
            "nature" => Self::Nature,
            _ => return None,
        })
    }
}

/// The words that are known.
pub(super) struct Words {
    vocabulary: Vocabulary,
    kinds: Vec<(Word, &'static str)>,
}

/// A known word in a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) kind: Word,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Long enough, or a word of its own.
    pub(super) counts: bool,
}

impl Words {
    pub(super) fn new(kinds: Vec<(Word, &'static str)>) -> Self {
        Self {
            vocabulary: Vocabulary::new(kinds.iter().map(|(_, word)| *word)),
            kinds,
        }
    }

    /// A word of the services that such addresses play.
    pub(super) fn is_service(&self, word: &str) -> bool {
        self.kinds.contains(&(Word::Service, word))
    }

    /// A word of the river, its people and beasts.
    pub(super) fn is_nature(&self, word: &str) -> bool {
        self.kinds.contains(&(Word::Nature, word))
    }

    /// The first place from `from` on where a word stands that is long enough to be taken for itself.
    pub(super) fn first_long(&self, text: &str, from: usize) -> Option<usize> {
        (from..text.len()).find(|at| {
            self.vocabulary
                .at(text.as_bytes(), *at)
                .any(|(_, word)| word.len() >= LONG_WORD)
        })
    }

    /// The known words of a body, those of one kind and end longest first.
    // Within its caller, both would be slower.
    #[inline(never)]
    pub(super) fn found_in(&self, skeleton: &str) -> Vec<Found> {
        let bytes = skeleton.as_bytes();
        let edge =
            |at: Option<&u8>| at.is_none_or(|byte| !byte.is_ascii_alphabetic() && byte.is_ascii());
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(start) = self.vocabulary.may_stand(bytes, from) {
            let words = self.vocabulary.at(bytes, start);
            found.extend(words.map(|(index, word)| Found {
                kind: self.kinds[index].0,
                start,
                end: start + word.len(),
                counts: false,
            }));
            from = start + 1;
        }
        for at in 0..found.len() {
            let Found {
                kind, start, end, ..
            } = found[at];
            // `kindlehelpnumber`: a word begins where another ends.
            let joins = |place| {
                found.iter().any(|word| {
                    (word.start == place || word.end == place)
                        && (word.kind == Word::Product || word.end - word.start >= LONG_WORD)
                })
            };
            // `amazonlogin`, `amazonslogin`, `myamazon`.
            let after_brand = |at: usize| bytes[..at].ends_with(BRAND.as_bytes());
            let begins = start == 0
                || edge(bytes.get(start - 1))
                || after_brand(start)
                || bytes[start - 1] == b's' && after_brand(start - 1);
            let ends = edge(bytes.get(end)) || bytes[end..].starts_with(BRAND.as_bytes());
            let long = end - start >= LONG_WORD;
            found[at].counts = match kind {
                Word::Service | Word::Filler => {
                    long || (begins || joins(start)) && (ends || joins(end))
                }
                Word::Trade | Word::Nature => {
                    begins && ends || end - start >= 4 && (begins || ends)
                }
                Word::Product | Word::Shared => begins || ends,
            };
        }
        sort_by(&mut found, |a, b| {
            a.start.cmp(&b.start).then(b.end.cmp(&a.end))
        });
        found
    }
}
