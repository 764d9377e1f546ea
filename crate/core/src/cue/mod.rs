//! Cues: what the crime says, and what those say who only talk about it.
//!
//! They are data (`data/cues/*.tsv`); this module reads and finds them.

mod anchor;
mod find;

pub(crate) use find::{Finder, Hit};

use crate::CueKind;
use crate::text::fold_pattern;
use regex::bytes::{Regex, RegexBuilder};
use std::sync::OnceLock;

/// What a matched pattern means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Evidence of the crime, told under a reason code.
    Evidence {
        /// Index into [`crate::reason::Reasons`].
        reason: u16,
        /// Its kind.
        kind: CueKind,
    },
    /// Somebody tells others what to beware of: the sentence is no evidence.
    Advice,
    /// Words of those who talk about fraud and never of those who commit it.
    Talk,
    /// Words of those who tell what befell them or others, or may befall.
    Story,
    /// A genuine notice's words: what the crime would not say.
    Genuine,
    /// Others of the same name: the river, the people, companies.
    Namesake,
}

/// One pattern with its meaning.
pub(crate) struct Cue {
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests name cues by it"))]
    pub(crate) id: &'static str,
    pub(crate) meaning: Meaning,
    /// Held against typed text alone.
    pub(crate) typed_only: bool,
    /// Log-odds that the pattern adds where it stands alone.
    pub(crate) weight: f64,
    /// As in the data with its fragments put in, folded as the text is.
    pub(crate) pattern: String,
    regex: OnceLock<Option<Regex>>,
}

impl Cue {
    /// The compiled pattern: compiled when first needed, because most never are.
    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| compile(&self.pattern)).as_ref()
    }
}

/// Bytes, because folded text needs no Unicode classes and the engine then none of their tables.
fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .size_limit(1 << 20)
        .build()
        .ok()
}

/// The shipped cue files.
const FILES: &[&str] = &[
    include_str!("../../data/cues/any.tsv"),
    include_str!("../../data/cues/en.tsv"),
    include_str!("../../data/cues/de.tsv"),
    include_str!("../../data/cues/fr.tsv"),
    include_str!("../../data/cues/es.tsv"),
    include_str!("../../data/cues/it.tsv"),
    include_str!("../../data/cues/pt.tsv"),
    include_str!("../../data/cues/nl.tsv"),
    include_str!("../../data/cues/pl.tsv"),
    include_str!("../../data/cues/ja.tsv"),
    include_str!("../../data/cues/hi.tsv"),
    include_str!("../../data/cues/context.tsv"),
    TYPED,
];

const TYPED: &str = include_str!("../../data/cues/typed.tsv");

/// Reads the shipped cues.
pub(crate) fn read(reasons: &crate::reason::Reasons) -> Vec<Cue> {
    let fragments = fragments(include_str!("../../data/cues/fragments.tsv"));
    FILES
        .iter()
        .flat_map(|file| {
            let typed_only = *file == TYPED;
            rows(file).map(move |row| (row, typed_only))
        })
        .filter_map(|(row, typed_only)| {
            Some(Cue {
                typed_only,
                ..cue(&row, &fragments, reasons)?
            })
        })
        .collect()
}

/// Cells of the lines that carry a fact: not the comments, not the heading.
fn rows(data: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    data.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .skip(1)
        .map(|line| line.split('\t').collect())
}

/// Parts that many patterns share, by name.
fn fragments(data: &'static str) -> Vec<(String, &'static str)> {
    rows(data)
        .filter_map(|row| Some((format!("{{{}}}", row.first()?), *row.get(1)?)))
        .collect()
}

fn cue(
    row: &[&'static str],
    fragments: &[(String, &'static str)],
    reasons: &crate::reason::Reasons,
) -> Option<Cue> {
    let [id, code, language, pattern, weight, ..] = row[..] else {
        return None;
    };
    let meaning = match code {
        "advice" => Meaning::Advice,
        "talk" => Meaning::Talk,
        "story" => Meaning::Story,
        "genuine" => Meaning::Genuine,
        "namesake" => Meaning::Namesake,
        code => {
            let (reason, kind) = reasons.find(code)?;
            Meaning::Evidence { reason, kind }
        }
    };
    let mut pattern = pattern.to_owned();
    for (name, part) in fragments {
        if pattern.contains(name.as_str()) {
            pattern = pattern.replace(name.as_str(), &format!("(?:{part})"));
        }
    }
    if matches!(language, "ja" | "hi") {
        pattern = widen(&pattern);
    }
    Some(Cue {
        id,
        meaning,
        typed_only: false,
        weight: weight.parse().ok()?,
        pattern: fold_pattern(&pattern),
        regex: OnceLock::new(),
    })
}

/// Gaps of a pattern, written in letters, in bytes: three for a letter of these scripts.
fn widen(pattern: &str) -> String {
    let mut wide = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(at) = rest.find(".{0,") {
        let (head, tail) = rest.split_at(at + 4);
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        wide.push_str(head);
        let letters: u32 = tail[..digits].parse().unwrap_or(0);
        wide.push_str(&(3 * letters).to_string());
        rest = &tail[digits..];
    }
    wide + rest
}

#[cfg(test)]
mod tests;
