//! Parts that many patterns share.

/// Puts the fragments in the place of their names.
pub(crate) fn expand<'a>(
    pattern: &str,
    fragments: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut whole = pattern.to_owned();
    for (name, part) in fragments {
        let name = format!("{{{name}}}");
        if whole.contains(&name) {
            whole = whole.replace(&name, &format!("(?:{part})"));
        }
    }
    whole
}
