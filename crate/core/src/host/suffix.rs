//! Where a host's registrable domain begins, by the public suffix list.
//!
//! The algorithm is the list's own: <https://github.com/publicsuffix/list/wiki/Format>.

use super::{
    BRAND, hash,
    short::{holds, top},
};
use crate::bits::BitReader;
use std::sync::LazyLock;

/// Built by `build.rs`, which describes it.
const DATA: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/suffixes.bin"));

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

/// Labels of rules that have the name in them.
const OWN_RULES: [&str; 3] = ["amazon", "amazonaws", "amazonwebservices"];

/// The rules, ready to be asked.
struct Table {
    /// How many rules have a hash that begins lower.
    offsets: Box<[u16; (1 << Self::FIRST) + 1]>,
    /// What follows the first bits of each hash, and a bit that says "private"; sorted.
    rules: Vec<u32>,
}

impl Table {
    /// Bits of a hash that say where among the rules it is.
    const FIRST: u32 = 12;

    fn new() -> Self {
        const REST: u32 = hash::BITS - Table::FIRST;
        let mut bits = BitReader::new(DATA);
        let count = bits.number(16) as usize;
        let mut table = Self {
            offsets: Box::new([0; (1 << Self::FIRST) + 1]),
            rules: Vec::with_capacity(count),
        };
        let mut hash = 0;
        for rule in 1..=count {
            hash += bits.rice(hash::GAP_BITS);
            let private = bits.number(1) as u32;
            table
                .rules
                .push(((hash as u32) << 1 & ((2 << REST) - 1)) | private);
            table.offsets[(hash >> REST) as usize + 1] = rule as u16;
        }
        let mut last = 0;
        for offset in table.offsets.iter_mut() {
            last = last.max(*offset);
            *offset = last;
        }
        table
    }

    /// Whether a rule has this hash, and if so whether it is a private one.
    fn find(&self, hash: u64) -> Option<bool> {
        let first = (hash >> (64 - Self::FIRST)) as usize;
        let rules = usize::from(self.offsets[first])..usize::from(self.offsets[first + 1]);
        let rules = &self.rules[rules];
        let wanted = (hash << Self::FIRST >> (64 + Self::FIRST - hash::BITS)) as u32;
        let at = rules.partition_point(|rule| rule >> 1 < wanted);
        let rule = rules.get(at).filter(|rule| **rule >> 1 == wanted)?;
        Some(rule & 1 == 1)
    }
}

/// How a host falls apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    /// Where the registrable domain begins; none where the whole host is a
    /// public suffix or an IP address.
    pub(crate) site: Option<usize>,
    /// Where the public suffix begins.
    pub(crate) suffix: usize,
    /// The suffix is in the list's private section.
    pub(crate) private: bool,
}

/// The last label of a host is in the list by itself, or all below it are: `com` and, by `*.np`,
/// `np`, and not `pdf`.
pub(crate) fn is_listed(host: &str) -> bool {
    let label = host.rsplit('.').next().unwrap_or_default();
    let label = label.bytes().rev().fold(hash::START, hash::add);
    let below = [b'.', b'*'].into_iter().fold(label, hash::add);
    TABLE.find(label).or_else(|| TABLE.find(below)).is_some()
}

/// Takes apart a host in lower-case ASCII without a trailing dot.
pub(crate) fn split(host: &str) -> Split {
    if is_address(host) {
        return Split {
            site: None,
            suffix: host.len(),
            private: false,
        };
    }
    // Label starts from the right; the rule that covers most labels wins.
    let bytes = host.as_bytes();
    let mut state = hash::START;
    let mut end = bytes.len();
    let mut best = host.len() - top(host).len();
    let mut private = false;
    let mut wildcard = None;
    loop {
        let start = bytes[..end]
            .iter()
            .rposition(|byte| *byte == b'.')
            .map_or(0, |dot| dot + 1);
        // No rule has the name in it but these: any other was sought until its hash was a rule's.
        let label = &host[start..end];
        if holds(label, BRAND) && !OWN_RULES.contains(&label) {
            break;
        }
        state = bytes[start..end]
            .iter()
            .rev()
            .fold(state, |state, byte| hash::add(state, *byte));
        if let Some(section) = wildcard {
            if TABLE.find(hash::add(state, b'!')).is_some() {
                // An exception: the rule without its first label holds.
                best = (end + 1).min(bytes.len());
                private = section;
                break;
            }
            (best, private) = (start, section);
        }
        if let Some(section) = TABLE.find(state) {
            (best, private) = (start, section);
        }
        if start == 0 {
            break;
        }
        state = hash::add(state, b'.');
        wildcard = TABLE.find(hash::add(state, b'*'));
        end = start - 1;
    }
    let site = best.checked_sub(1).map(|dot| {
        bytes[..dot]
            .iter()
            .rposition(|byte| *byte == b'.')
            .map_or(0, |dot| dot + 1)
    });
    Split {
        site,
        suffix: best,
        private,
    }
}

/// Whether a host is an IP address, as URL parsers write one.
pub(crate) fn is_address(host: &str) -> bool {
    host.bytes().any(|byte| byte == b':') || octets(host).is_some()
}

/// The numbers of an IPv4 address as URL parsers write one.
///
/// The library's reader also takes what only people write; it is 3 KB of the module.
pub(crate) fn octets(host: &str) -> Option<[u8; 4]> {
    // Most end in a letter, and are not taken apart.
    if !host.as_bytes().last().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let mut octets = [0; 4];
    let mut labels = host.split('.');
    for octet in &mut octets {
        *octet = labels.next()?.parse().ok()?;
    }
    labels.next().is_none().then_some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;
    use crate::host::Hosts;

    /// After the checks that come with the list:
    /// <https://github.com/publicsuffix/list/blob/main/tests/test_psl.txt>.
    #[test]
    fn registrable_domains() {
        for (host, wanted) in [
            ("com", None),
            ("example.com", Some("example.com")),
            ("b.example.com", Some("example.com")),
            ("co.uk", None),
            ("www.amazon.co.uk", Some("amazon.co.uk")),
            ("gc.email.amazon.co.uk", Some("amazon.co.uk")),
            ("amazon.co.uk.evil.example", Some("evil.example")),
            ("ck", None),
            ("test.ck", None),
            ("b.test.ck", Some("b.test.ck")),
            ("www.ck", Some("www.ck")),
            ("www.www.ck", Some("www.ck")),
            ("city.kobe.jp", Some("city.kobe.jp")),
            ("www.city.kobe.jp", Some("city.kobe.jp")),
            ("b.c.kobe.jp", Some("b.c.kobe.jp")),
            ("a.b.c.kobe.jp", Some("b.c.kobe.jp")),
            // A town is a site: its rule is left out.
            ("kyoto.jp", None),
            ("ide.kyoto.jp", Some("ide.kyoto.jp")),
            ("b.ide.kyoto.jp", Some("ide.kyoto.jp")),
            ("anyone.github.io", Some("anyone.github.io")),
            (
                "xn--85x722f.xn--55qx5d.cn",
                Some("xn--85x722f.xn--55qx5d.cn"),
            ),
            ("localhost", None),
            ("printer.local", Some("printer.local")),
            ("192.0.2.1", None),
            ("2001:db8::1", None),
            ("", None),
            (".", Some(".")),
            ("..", Some(".")),
        ] {
            assert_eq!(split(host).site.map(|at| &host[at..]), wanted, "{host}");
        }
    }

    #[test]
    fn what_ends_a_host() {
        for host in ["amazon.com", "amazon.com.np", "np", "www.city.kobe.jp"] {
            assert!(is_listed(host), "{host}");
        }
        for host in ["invoice.pdf", "readme.txt", "printer.local", ""] {
            assert!(!is_listed(host), "{host}");
        }
    }

    #[test]
    fn a_name_that_was_sought_is_no_suffix() {
        // The hash of the first is that of a rule.
        for host in ["amazon-refund-34879.com", "amazon-refund-34880.com"] {
            let split = split(host);
            assert_eq!(
                (split.site, &host[split.suffix..]),
                (Some(0), "com"),
                "{host}"
            );
        }
    }

    #[test]
    fn private_suffixes() {
        assert!(split("anyone.github.io").private);
        assert!(!split("www.amazon.co.uk").private);
    }

    /// Every rule of the list, with names under it, against another implementation
    /// that carries the same list.
    #[test]
    fn agrees_with_psl() {
        for (rule, _) in rules().filter(|(_, kind)| *kind == Kind::Shipped) {
            let name = rule.trim_start_matches("*.").trim_start_matches('!');
            for host in [
                name.to_owned(),
                format!("a.{name}"),
                format!("b.a.{name}"),
                format!("c.b.a.{name}"),
            ] {
                let wanted = psl::domain_str(&host);
                // psl 2.1 forgets an outer wildcard where an inner one begins, as in
                // `*.run.app` and `*.mtls.run.app` for the host `mtls.run.app`.
                if rule.starts_with("*.") && host == name {
                    continue;
                }
                assert_eq!(split(&host).site.map(|at| &host[at..]), wanted, "{host}");
            }
        }
    }

    /// The rules that are left out, because each host is one's own there.
    #[test]
    fn hosts_of_amazons_customers_are_told_apart() {
        let hosts = Hosts::new();
        let mut tried = 0;
        for (rule, _) in rules().filter(|(_, kind)| *kind == Kind::Hosting) {
            let name = rule.trim_start_matches("*.");
            for host in [format!("a.{name}"), format!("b.a.{name}")] {
                assert_eq!(hosts.site(&host), host);
                assert_eq!(hosts.owner(&host), Owner::Unknown, "{host}");
                tried += 1;
            }
        }
        assert!(tried > 1_500, "{tried}");
    }

    /// The rules that are left out, because they are those of a town or a school.
    #[test]
    fn a_town_is_one_site() {
        let mut tried = 0;
        for (name, _) in rules().filter(|(_, kind)| *kind == Kind::Place) {
            for host in [name.to_owned(), format!("a.{name}"), format!("b.a.{name}")] {
                let site = split(&host).site.map(|at| &host[at..]);
                assert!(site.is_some_and(|site| name.ends_with(site)), "{host}");
                tried += 1;
            }
        }
        assert!(tried > 5_000, "{tried}");
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Kind {
        Shipped,
        /// Amazon's customers have their hosts there.
        Hosting,
        Place,
    }

    /// The rules of the list.
    fn rules() -> impl Iterator<Item = (&'static str, Kind)> {
        let cells = |table: &'static str| {
            let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
            rows.filter_map(|row| row.split('\t').next().zip(row.split('\t').nth(1)))
        };
        let hosting: Vec<String> = cells(include_str!("../../data/amazon.tsv"))
            .filter(|(_, what)| *what == "hosting")
            .map(|(domain, _)| format!(".{domain}"))
            .collect();
        cells(include_str!("../../data/public_suffixes.tsv")).map(move |(rule, section)| {
            let whole = format!(".{rule}");
            let is_plain = !rule.starts_with(['*', '!']);
            let kind = if hosting.iter().any(|domain| whole.ends_with(domain)) {
                Kind::Hosting
            } else if section == "icann" && is_plain && rule.split('.').count() > 2 {
                Kind::Place
            } else {
                Kind::Shipped
            };
            (rule, kind)
        })
    }

    /// The hash of a name may be a rule's by chance: not of one that we list.
    #[test]
    fn what_is_listed_is_no_suffix_by_chance() {
        let cells = |table: &'static str| {
            let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
            rows.map(|row| row.split('\t').collect::<Vec<_>>())
        };
        let owned = [
            include_str!("../../data/amazon.tsv"),
            include_str!("../../data/banks.tsv"),
        ];
        let tools = cells(include_str!("../../data/tools.tsv"));
        let listed: Vec<_> = owned
            .into_iter()
            .flat_map(|table| cells(table).map(|row| row[0]))
            .chain(
                tools
                    .filter(|row| matches!(row[1], "site" | "relay"))
                    .map(|row| row[3]),
            )
            .collect();
        assert!(listed.len() > 3_500, "{}", listed.len());
        let hosting: Vec<_> = rules()
            .filter_map(|(rule, kind)| (kind == Kind::Hosting).then_some(rule))
            .collect();
        for name in listed.into_iter().filter(|name| !hosting.contains(name)) {
            for host in [name.to_owned(), format!("www.{name}")] {
                let site = split(&host).site.map(|at| &host[at..]);
                assert_eq!(site, psl::domain_str(&host), "{host}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_falls_apart(host in "\\PC{0,40}") {
            let split = split(&host);
            let site = split.site.map(|at| &host[at..]);
            proptest::prop_assert!(site.is_none_or(|site| host.ends_with(site)));
        }
    }
}
