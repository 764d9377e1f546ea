//! The reason codes with their kinds.

use crate::CueKind;

/// `reasons.tsv`, read.
pub(crate) struct Reasons(Vec<(&'static str, CueKind)>);

impl Reasons {
    /// Reads the shipped codes.
    pub(crate) fn new() -> Self {
        Self(
            include_str!("../data/reasons.tsv")
                .lines()
                .filter(|line| !line.starts_with('#'))
                .skip(1)
                .filter_map(|line| {
                    let (code, kind) = line.split_once('\t')?;
                    Some((code, CueKind::named(kind)?))
                })
                .collect(),
        )
    }

    /// Index and kind of a code.
    pub(crate) fn find(&self, code: &str) -> Option<(u16, CueKind)> {
        let index = self.0.iter().position(|(known, _)| *known == code)?;
        Some((u16::try_from(index).ok()?, self.0[index].1))
    }

    /// The code at an index.
    pub(crate) fn code(&self, index: u16) -> &'static str {
        self.0.get(usize::from(index)).map_or("", |(code, _)| *code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_kind_and_is_there_once() {
        let reasons = Reasons::new();
        let lines = include_str!("../data/reasons.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .count();
        assert_eq!(reasons.0.len(), lines - 1, "a line with an unknown kind");
        for (index, (code, kind)) in reasons.0.iter().enumerate() {
            assert_eq!(
                reasons.find(code).map(|(at, _)| usize::from(at)),
                Some(index),
                "{code} stands twice"
            );
            assert_eq!(
                serde_json::to_value(kind)
                    .ok()
                    .as_ref()
                    .and_then(|kind| kind.as_str())
                    .and_then(CueKind::named),
                Some(*kind)
            );
        }
    }
}
