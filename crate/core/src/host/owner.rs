//! Looks up who owns a host.

use super::{
    hash,
    short::{domains, split_before, top},
    suffix::Split,
};

/// The build script describes them.
const DATA: &str = include_str!(concat!(env!("OUT_DIR"), "/owners.tsv"));

/// Keys of a label.
const KEYS: usize = 1 << 12;

/// Owner of a domain of Amazon's under which its customers have theirs.
const HOSTING: &str = "h";

/// The end of a chain.
const NONE: u16 = u16::MAX;

/// The lists, ready to be asked.
pub(super) struct Owners {
    /// Parent domains, stored once.
    above: Vec<&'static str>,
    domains: Vec<Domain>,
    /// The first domain of each key.
    first: Box<[u16; KEYS]>,
}

/// A domain and whose it is.
struct Domain {
    /// What stands before its first dot.
    label: String,
    /// Which of [`Owners::above`] stands behind it.
    above: u16,
    /// The next domain whose label has the same key.
    next: u16,
    /// None of a bank.
    owner: Option<&'static str>,
}

/// Who owns a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Amazon.
    Amazon,
    /// Amazon, and others write there.
    Community,
    /// A customer of Amazon's cloud, or one of its services: the list of suffixes does not know it yet.
    Customer,
    /// A bank, by the domain that is listed.
    Bank(String),
    /// A remote-access tool, by its id.
    Tool(&'static str),
}

impl Owners {
    pub(super) fn new() -> Self {
        let mut owners = Self {
            above: Vec::new(),
            domains: Vec::new(),
            first: Box::new([NONE; KEYS]),
        };
        let mut label = String::new();
        for line in DATA.lines() {
            if let Some(above) = line.strip_prefix('.') {
                owners.above.push(above);
                continue;
            }
            let (rest, owner) = match line.split_once('=') {
                Some((rest, owner)) => (rest, Some(owner)),
                None => (line, None),
            };
            // A capital tells how many letters are those of the label before.
            let shared = rest.bytes().next().filter(u8::is_ascii_uppercase);
            label.truncate(shared.map_or(0, |shared| usize::from(shared - b'A')));
            label.push_str(&rest[usize::from(shared.is_some())..]);
            let first = &mut owners.first[key(&label)];
            let next = std::mem::replace(first, owners.domains.len() as u16);
            owners.domains.push(Domain {
                label: label.clone(),
                above: owners.above.len() as u16 - 1,
                next,
                owner,
            });
        }
        owners
    }

    /// Owner of a host: of itself, or of a domain above it down to its registrable
    /// one, or of its whole top-level domain.
    pub(super) fn of(&self, host: &str, split: Split) -> Option<Entry> {
        let site = &host[split.site.unwrap_or(0)..];
        domains(host)
            .take_while(|domain| domain.len() >= site.len())
            // Brand top-level domains, such as `.amazon`, but for what their customers have there.
            .chain((!split.private).then(|| top(host)))
            .find_map(|domain| {
                Some(match self.get(domain)?.owner {
                    Some(HOSTING) if host.strip_prefix("www.").unwrap_or(host) != domain => {
                        Entry::Customer
                    }
                    Some("a" | HOSTING) => Entry::Amazon,
                    Some("c") => Entry::Community,
                    Some(tool) => Entry::Tool(&tool[1..]),
                    None => Entry::Bank(domain.to_owned()),
                })
            })
    }

    /// How a host falls apart that stands where Amazon's customers have theirs: each of them has
    /// its own, as under a public suffix.
    pub(super) fn hosting(&self, host: &str, split: Split) -> Option<Split> {
        let suffix = split.site.filter(|at| *at > 0)?;
        (self.get(&host[suffix..])?.owner == Some(HOSTING)).then_some(Split {
            site: Some(0),
            suffix,
            private: true,
        })
    }

    /// Domains of the banks.
    pub(super) fn banks(&self) -> impl Iterator<Item = String> {
        self.domains
            .iter()
            .filter(|domain| domain.owner.is_none())
            .map(|domain| [&domain.label, ".", self.above[usize::from(domain.above)]].concat())
    }

    fn get(&self, domain: &str) -> Option<&Domain> {
        let (label, above) = split_before(domain, |byte| byte == b'.');
        let above = above.strip_prefix('.').unwrap_or_default();
        let mut next = self.first[key(label)];
        loop {
            let domain = self.domains.get(usize::from(next))?;
            if self.above[usize::from(domain.above)] == above && domain.label == label {
                return Some(domain);
            }
            next = domain.next;
        }
    }
}

fn key(label: &str) -> usize {
    let hash = label.bytes().fold(hash::START, hash::add);
    (hash >> 32) as usize % KEYS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::suffix::split;

    #[test]
    fn every_bank_is_known_by_its_domain() {
        let owners = Owners::new();
        let rows = include_str!("../../data/banks.tsv").lines();
        let rows = rows.filter(|line| !line.starts_with('#')).skip(1);
        let mut domains = Vec::new();
        for row in rows {
            let domain = row.split('\t').next().unwrap_or_default();
            let wanted = Some(Entry::Bank(domain.to_owned()));
            for host in [domain.to_owned(), format!("www.{domain}")] {
                assert_eq!(owners.of(&host, split(&host)), wanted, "{host}");
            }
            domains.push(domain.to_owned());
        }
        let mut listed: Vec<_> = owners.banks().collect();
        listed.sort();
        domains.sort();
        assert_eq!(listed, domains);
    }
}
