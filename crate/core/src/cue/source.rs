//! The cue files as people write them. The build script reads them with this, and the tests do.

use super::{fold_char, is_invisible};

/// The files by their names, in the order in which the engine has their cues.
pub(crate) const FILES: &[&str] = &[
    "any", "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "hi", "context", "typed",
];

/// The file whose cues are held against typed text alone.
pub(crate) const TYPED: &str = "typed";

/// Cells of the lines that carry a fact: not the comments, not the heading.
pub(crate) fn rows(data: &str) -> impl Iterator<Item = Vec<&str>> {
    data.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .skip(1)
        .map(|line| line.split('\t').collect())
}

/// A pattern as the engine has it: folded as the text is, its fragments still by name.
pub(crate) fn pattern(language: &str, pattern: &str) -> String {
    let folded = fold_pattern(pattern);
    if matches!(language, "ja" | "hi") {
        widen(&folded)
    } else {
        folded
    }
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

/// Folds a cue's pattern as the text it is to meet: its letters, never its operators.
fn fold_pattern(pattern: &str) -> String {
    let mut folded = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        if c.is_ascii() {
            folded.push(c);
        } else if !is_invisible(c) {
            fold_char(c, |part| folded.push(part));
        }
    }
    folded
}
