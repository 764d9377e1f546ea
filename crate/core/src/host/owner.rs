//! Whose a host is, by the lists.

use super::owned::{CUT, HYPHENED, label};
use super::suffix::Split;
use std::borrow::Cow;

/// Built by `build.rs`, which describes it.
const LINES: &str = include_str!(concat!(env!("OUT_DIR"), "/owners.tsv"));

/// The lists, ready to be asked.
pub(super) struct Owners {
    /// What stands behind the first dot of domains, in order, and where their entries begin.
    above: Vec<(&'static str, usize)>,
    /// What stands before it, in order among those of the same group, and whose it is.
    entries: Vec<(Cow<'static, str>, Owned)>,
}

/// An owner; the name of a bank has a mark in it.
type Owned = &'static str;

/// Who owns a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Amazon.
    Amazon,
    /// A bank, by its name.
    Bank(String),
    /// A remote-access tool, by its id.
    Tool(&'static str),
}

impl Owners {
    pub(super) fn new() -> Self {
        let mut owners = Self {
            above: Vec::new(),
            entries: Vec::new(),
        };
        for line in LINES.lines() {
            if let Some(above) = line.strip_prefix('.') {
                owners.above.push((above, owners.entries.len()));
                continue;
            }
            owners.entries.push(match line.split_once('\t') {
                Some((label, owner)) => (Cow::Borrowed(label), owner),
                None => (label(line).into(), line),
            });
        }
        owners
    }

    /// Owner of a host: of itself, or of a domain above it down to its registrable
    /// one, or of its whole top-level domain.
    pub(super) fn of(&self, host: &str, split: Split) -> Option<Entry> {
        let site = split.site.unwrap_or(0);
        let mut start = 0;
        loop {
            if let Some(entry) = self.get(&host[start..]) {
                return Some(entry);
            }
            match host[start..].find('.') {
                Some(dot) if start + dot < site => start += dot + 1,
                _ => break,
            }
        }
        // Brand top-level domains, such as `.amazon`.
        host.rfind('.').and_then(|dot| self.get(&host[dot + 1..]))
    }

    /// Domains of the banks.
    pub(super) fn banks(&self) -> impl Iterator<Item = String> {
        (0..self.above.len()).flat_map(move |group| {
            self.group(group)
                .iter()
                .filter(|(_, owner)| !owner.starts_with('='))
                .map(move |(label, _)| [label, ".", self.above[group].0].concat())
        })
    }

    /// The entries of a group.
    fn group(&self, group: usize) -> &[(Cow<'static, str>, Owned)] {
        let end = self.above.get(group + 1).map(|(_, start)| *start);
        &self.entries[self.above[group].1..end.unwrap_or(self.entries.len())]
    }

    fn get(&self, domain: &str) -> Option<Entry> {
        let (label, above) = domain.split_once('.').unwrap_or((domain, ""));
        let group = self
            .above
            .binary_search_by(|(other, _)| (*other).cmp(above));
        let group = self.group(group.ok()?);
        let at = group.binary_search_by(|(other, _)| (**other).cmp(label));
        let owner = group[at.ok()?].1;
        Some(match owner.strip_prefix('=') {
            Some("a") => Entry::Amazon,
            Some(tool) => Entry::Tool(&tool[1..]),
            None => Entry::Bank(owner.replace([CUT, HYPHENED], "")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::suffix::split;

    #[test]
    fn every_bank_has_its_domain_and_its_name() {
        let owners = Owners::new();
        let rows = include_str!("../../data/banks.tsv").lines();
        let rows = rows.filter(|line| !line.starts_with('#')).skip(1);
        let mut domains = Vec::new();
        for row in rows {
            let mut cells = row.split('\t');
            let (Some(domain), Some(name)) = (cells.next(), cells.next()) else {
                panic!("{row}");
            };
            let wanted = Some(Entry::Bank(name.to_owned()));
            assert_eq!(owners.of(domain, split(domain)), wanted, "{domain}");
            domains.push(domain.to_owned());
        }
        let mut listed: Vec<_> = owners.banks().collect();
        listed.sort();
        domains.sort();
        assert_eq!(listed, domains);
    }
}
