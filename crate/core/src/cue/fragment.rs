//! Parts that many patterns share.

/// Replaces the names of fragments by the fragments.
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
