//! What domains and parts of addresses are listed as.

use super::{short::domains, suffix::Split};
use crate::{tool::fits, words::Vocabulary};

/// Domains, each with what it is listed as, and the other lists.
pub(super) struct Lists {
    domains: Vocabulary,
    /// What each of the domains is listed as.
    listings: Vec<Listing>,
    /// The values of each [`List`], sorted.
    lists: [Vec<&'static str>; List::COUNT],
}

/// What is listed beside the kinds of words and the [`Listing`]s of domains.
#[derive(Clone, Copy, Debug)]
pub(super) enum List {
    /// Banks on whose pages others write what they want paid.
    Invoice,
    /// Hosts where people read their mail.
    Mail,
    /// Words of joining, leaving and paying for a plan.
    Plan,
    /// Patterns of suffixes that universities, authorities and forces alone get.
    Public,
    /// Patterns of beginnings of the name with slips.
    Stem,
    /// Top-level domains that are sold in bulk.
    Suffix,
    /// Patterns of parts of a name that play a public suffix.
    SuffixInside,
    /// Innocent words near the name.
    Word,
}

impl List {
    pub(super) const COUNT: usize = Self::Word as usize + 1;

    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "invoice" => Self::Invoice,
            "mail" => Self::Mail,
            "plan" => Self::Plan,
            "public" => Self::Public,
            "stem" => Self::Stem,
            "suffix" => Self::Suffix,
            "suffix_inside" => Self::SuffixInside,
            "word" => Self::Word,
            _ => return None,
        })
    }
}

/// What a domain is listed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listing {
    /// Innocent, for all that it is called.
    Guard,
    /// What stands in front of it is the name of a customer.
    Tenant,
    /// Anyone publishes there.
    Free,
    Shortener,
    /// Brings parcels, and writes of whose they are.
    Carrier,
}

impl Listing {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "guard" => Self::Guard,
            "tenant" => Self::Tenant,
            "carrier" => Self::Carrier,
            "free" => Self::Free,
            "shortener" => Self::Shortener,
            _ => return None,
        })
    }
}

/// What a host, its site or any domain above it is listed as.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Listed {
    pub(super) guard: bool,
    pub(super) tenant: bool,
    pub(super) free: bool,
    pub(super) shortener: bool,
    pub(super) carrier: bool,
}

impl Lists {
    pub(super) fn new(
        domains: &[(Listing, &'static str)],
        lists: [Vec<&'static str>; List::COUNT],
    ) -> Self {
        Self {
            domains: Vocabulary::new(domains.iter().map(|(_, domain)| *domain)),
            listings: domains.iter().map(|(listing, _)| *listing).collect(),
            lists,
        }
    }

    fn list(&self, list: List) -> &[&'static str] {
        &self.lists[list as usize]
    }

    /// Universities, authorities and forces alone get this suffix.
    #[inline(never)]
    pub(super) fn is_public(&self, suffix: &str) -> bool {
        domains(suffix).any(|suffix| self.matches(List::Public, suffix))
    }

    /// Whether a text is one of a list.
    pub(super) fn has(&self, list: List, text: &str) -> bool {
        self.list(list).binary_search(&text).is_ok()
    }

    /// Whether a text is one of a list whose values are patterns.
    pub(super) fn matches(&self, list: List, text: &str) -> bool {
        let text = text.as_bytes();
        // Most begin or end otherwise.
        let may = |pattern: Option<&u8>, text| pattern == Some(&b'*') || pattern == text;
        self.list(list).iter().any(|pattern| {
            let pattern = pattern.as_bytes();
            may(pattern.first(), text.first())
                && may(pattern.last(), text.last())
                && fits(pattern, text)
        })
    }

    /// All that a host is listed as.
    pub(super) fn listed(&self, host: &str, split: Split) -> Listed {
        let mut listed = Listed::default();
        let site = &host[split.site.unwrap_or(0)..];
        for domain in domains(host) {
            let is_site = domain.len() == site.len();
            for index in self.domains.same(domain) {
                match self.listings[index] {
                    Listing::Guard => listed.guard |= is_site,
                    Listing::Tenant => listed.tenant = true,
                    Listing::Free => listed.free = true,
                    Listing::Carrier => listed.carrier |= is_site,
                    Listing::Shortener => listed.shortener |= is_site || domain.len() == host.len(),
                }
            }
        }
        listed
    }

    /// A parcel carrier's own host.
    pub(super) fn is_carrier(&self, host: &str, split: Split) -> bool {
        self.listed(host, split).carrier
    }

    /// A bank on whose pages others write what they want paid.
    pub(super) fn has_invoices(&self, site: &str) -> bool {
        self.has(List::Invoice, site)
    }

    /// A host where people read their mail.
    pub(super) fn is_mail(&self, host: &str) -> bool {
        domains(host).any(|domain| self.has(List::Mail, domain))
    }

    /// `amazing` and what begins with it.
    pub(super) fn is_word(&self, part: &str) -> bool {
        self.list(List::Word)
            .iter()
            .any(|word| part.starts_with(word))
    }
}
