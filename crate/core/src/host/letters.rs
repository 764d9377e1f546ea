//! Letters that look like others.

use crate::text::Confusables;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The letters that stand for one of `a` to `z`.
pub(super) struct Letters(Confusables);

impl Letters {
    /// Reads Unicode's list.
    pub(super) fn new() -> Self {
        Self(Confusables::new(include_str!("../../data/confusables.tsv")))
    }

    /// Adds one.
    pub(super) fn add(&mut self, letter: &str, like: &str) {
        self.0.add(letter, like);
    }

    /// Host or user name with punycode taken out of its labels and every letter
    /// as the one it looks like. Labels stay labels.
    pub(super) fn skeleton(&self, text: &str) -> String {
        if text.is_ascii() && !text.contains("xn--") {
            return text.to_ascii_lowercase();
        }
        let mut skeleton = String::with_capacity(text.len());
        for (at, label) in text.split('.').enumerate() {
            if at > 0 {
                skeleton.push('.');
            }
            match label.strip_prefix("xn--").and_then(idna::punycode::decode) {
                Some(decoded) => decoded
                    .into_iter()
                    .for_each(|letter| self.push(letter, &mut skeleton)),
                None => label
                    .chars()
                    .for_each(|letter| self.push(letter, &mut skeleton)),
            }
        }
        skeleton
    }

    fn push(&self, letter: char, skeleton: &mut String) {
        if letter.is_ascii() {
            skeleton.push(letter.to_ascii_lowercase());
            return;
        }
        decompose_compatible(letter, |part| {
            if part == '.' {
                return;
            }
            if part.is_ascii() {
                skeleton.push(part.to_ascii_lowercase());
            } else if let Some(like) = self.0.get(part) {
                skeleton.push(char::from(like));
            } else if !is_combining_mark(part) {
                skeleton.push(part);
            }
        });
    }
}
