//! Whose a host is, by the lists.

use super::suffix::Split;

/// Sorted lines of domain, tab and owner; built by `build.rs`.
const LINES: &str = include_str!(concat!(env!("OUT_DIR"), "/owners.tsv"));

/// The lists, ready to be asked.
pub(super) struct Owners {
    /// Domain and what stands behind it, sorted by domain.
    entries: Vec<(&'static str, &'static str)>,
}

/// Who owns a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Amazon.
    Amazon,
    /// A bank, by its name.
    Bank(&'static str),
    /// A remote-access tool, by its id.
    Tool(&'static str),
}

impl Owners {
    pub(super) fn new() -> Self {
        Self {
            entries: LINES
                .lines()
                .filter_map(|line| line.split_once('\t'))
                .collect(),
        }
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
    pub(super) fn banks(&self) -> impl Iterator<Item = &'static str> {
        self.entries
            .iter()
            .filter(|(_, owner)| owner.starts_with('b'))
            .map(|(domain, _)| *domain)
    }

    fn get(&self, domain: &str) -> Option<Entry> {
        let at = self
            .entries
            .binary_search_by(|(other, _)| (*other).cmp(domain))
            .ok()?;
        let owner = self.entries[at].1;
        Some(match owner.split_at_checked(1)? {
            ("a", _) => Entry::Amazon,
            ("b", name) => Entry::Bank(name),
            ("t", id) => Entry::Tool(id),
            _ => return None,
        })
    }
}
