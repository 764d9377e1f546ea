//! Letters that look like others.

use super::{
    BRAND,
    short::{holds, labels},
};
use crate::text::{CONFUSABLES, Confusables, fold_char, is_invisible};
use std::borrow::Cow;

/// The letters that stand for one of `a` to `z`.
pub(super) struct Letters {
    /// Those beside Unicode's.
    own: Confusables,
    /// The name in other letters, as it looks in these.
    names: Vec<String>,
}

impl Letters {
    /// Those of Unicode's list alone.
    pub(super) fn new() -> Self {
        Self {
            own: Confusables::default(),
            names: Vec::new(),
        }
    }

    /// Adds a look-alike letter.
    pub(super) fn add(&mut self, letter: &str, like: &str) {
        self.own.add(letter, like);
    }

    /// Adds ways to write the name in other letters; after all letters.
    pub(super) fn name<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        self.names = names.map(|name| self.skeleton(name).into_owned()).collect();
    }

    /// Host or user name with punycode taken out of its labels and every letter
    /// as the one it looks like. Labels stay labels.
    pub(super) fn skeleton<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let stays = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        let is_coded = text.starts_with("xn--") || holds(text, ".xn--");
        if !is_coded && text.bytes().all(stays) {
            return text.into();
        }
        let mut skeleton = String::with_capacity(text.len());
        for (at, label) in labels(text).enumerate() {
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
        match self.names.iter().find(|name| holds(&skeleton, name)) {
            Some(name) => skeleton.replace(name.as_str(), BRAND).into(),
            None => skeleton.into(),
        }
    }

    fn like(&self, letter: char) -> Option<u8> {
        self.own.get(letter).or_else(|| CONFUSABLES.get(letter))
    }

    fn push(&self, letter: char, skeleton: &mut String) {
        if letter.is_ascii() {
            skeleton.push(letter.to_ascii_lowercase());
            return;
        }
        if let Some(like) = self.like(letter) {
            skeleton.push(char::from(like));
            return;
        }
        fold_char(letter, |part| {
            if part == '.' || is_invisible(part) {
                return;
            }
            match self.like(part) {
                Some(like) => skeleton.push(char::from(like)),
                None => skeleton.push(part),
            }
        });
    }
}
