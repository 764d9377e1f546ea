//! Searches in short texts. Those of the library take longer to begin than a host is long.

use std::iter;

/// What stands before the first stop, which is ASCII, and what stands from it on.
pub(crate) fn split_before(text: &str, is_stop: impl Fn(u8) -> bool) -> (&str, &str) {
    let stop = text.bytes().position(is_stop);
    text.split_at(stop.unwrap_or(text.len()))
}

/// The parts of a text between stops, which are ASCII.
pub(super) fn parts(text: &str, is_stop: impl Fn(u8) -> bool) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    iter::from_fn(move || {
        let (part, behind) = split_before(rest?, &is_stop);
        rest = behind.get(1..);
        Some(part)
    })
}

/// The labels of a host.
pub(crate) fn labels(host: &str) -> impl Iterator<Item = &str> {
    parts(host, |byte| byte == b'.')
}

/// The words of a label.
pub(super) fn words(label: &str) -> impl Iterator<Item = &str> {
    parts(label, is_hyphen)
}

pub(super) fn is_hyphen(byte: u8) -> bool {
    matches!(byte, b'-' | b'_')
}

/// A host and the domains above it.
pub(super) fn domains(host: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(host);
    iter::from_fn(move || {
        let domain = next?;
        next = split_before(domain, |byte| byte == b'.').1.get(1..);
        Some(domain)
    })
}

/// The last label of a host.
pub(crate) fn top(host: &str) -> &str {
    let stop = host.bytes().rposition(|byte| byte == b'.');
    &host[stop.map_or(0, |stop| stop + 1)..]
}

/// The first place where a text has another in it, which is not empty.
pub(super) fn find(text: &str, part: &str) -> Option<usize> {
    let part = part.as_bytes();
    let mut places = text.as_bytes().windows(part.len());
    // Most begin otherwise, and are not compared.
    places.position(|place| place[0] == part[0] && place == part)
}

/// Whether a text has another in it, which is not empty.
pub(crate) fn holds(text: &str, part: &str) -> bool {
    find(text, part).is_some()
}

/// A text without the digits at its ends.
pub(super) fn without_digits(text: &str) -> &str {
    let is_other = |byte: u8| !byte.is_ascii_digit();
    let start = text.bytes().position(is_other).unwrap_or(text.len());
    let end = text.bytes().rposition(is_other).map_or(start, |at| at + 1);
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_as_the_library_has_it(text in "[ab.0ü]{0,12}", part in "[ab]{1,3}") {
            prop_assert!(labels(&text).eq(text.split('.')));
            prop_assert_eq!(domains(&text).next(), Some(&*text));
            prop_assert!(domains(&text).skip(1).eq(text.match_indices('.').map(|(at, _)| &text[at + 1..])));
            prop_assert_eq!(Some(top(&text)), text.rsplit('.').next());
            prop_assert_eq!(find(&text, &part), text.find(&part));
            prop_assert_eq!(holds(&text, &part), text.contains(&part));
            prop_assert_eq!(without_digits(&text), text.trim_matches(|letter: char| letter.is_ascii_digit()));
        }
    }
}
