// Shared by the build script, which writes the owners, and the library, which reads them.

/// Stands in the name of a bank behind the part that its domain is called after.
pub(crate) const CUT: char = '\u{1}';

/// As [`CUT`], for domains with hyphens between the words.
pub(crate) const HYPHENED: char = '\u{2}';

/// The label of a domain that is called as a bank is, up to the mark in its name.
pub(crate) fn label(name: &str) -> String {
    let cut = name.find([CUT, HYPHENED]).unwrap_or(name.len());
    let is_hyphened = name[cut..].starts_with(HYPHENED);
    let mut label = String::with_capacity(cut);
    for byte in name[..cut].bytes() {
        if byte.is_ascii_alphanumeric() {
            label.push(char::from(byte.to_ascii_lowercase()));
        } else if is_hyphened && !label.ends_with('-') {
            label.push('-');
        }
    }
    label
}
