//! Which brand an address imitates.
//!
//! The rules are Chrome's (`components/lookalikes`): skeletons of confusable
//! letters, one edit, one swap, a brand inside a longer name, a real address in
//! front of another one. Beside them stand the service's own words (refund,
//! renewal, support), which make a crime of a name that is otherwise only odd,
//! and the guards: the river, its people, farm machines, those who trade there.
//!
//! A name alone is a claim to be Amazon ([`CueKind::Brand`]); that it is dressed
//! up (misspelt, put in front, on a throw-away suffix) is another kind of
//! evidence ([`CueKind::Address`]). Where the name is explained by something
//! innocent, the second is not given.

use super::{
    BRAND, HostCue,
    letters::Letters,
    likeness::{Likeness, likeness},
    lists::{List, Listed, Listing, Lists},
    owner::{Entry, Owners},
    short::{find, holds, is_hyphen, labels, parts, split_before, top, without_digits},
    suffix::{self, Split, octets},
    word::{Found, Word, Words},
};
use crate::order::sort_by;
use crate::text::{first, lower};
use crate::{Address, CueKind};
use std::net::Ipv4Addr;

/// A line a kind: its name, then its values, sorted; a letter is followed by what it looks like.
const DATA: &str = include_str!(concat!(env!("OUT_DIR"), "/addresses.tsv"));
/// Weight from which a name counts as dressed up.
const LOOKALIKE: f64 = 3.0;

/// Log-odds (natural logarithm) that things in an address add, set by hand and held against the hosts of
/// docs/MODEL.md.
mod weight {
    /// The name stands in front of an `@`: that it claims to be Amazon, and how.
    pub(super) const USER_CLAIM: f64 = 2.0;
    pub(super) const USER_WITH_NAME: f64 = 4.0;
    /// What stands there looks like a host.
    pub(super) const USER_LIKE_HOST: f64 = 3.0;
    /// An IP address.
    pub(super) const NUMBER: f64 = 1.0;
    pub(super) const SHORTENER: f64 = 0.3;
    /// A shop of Amazon's stands anywhere in a path or a query.
    pub(super) const SHOP_EMBEDDED: f64 = 1.0;
    /// A path begins with one, where the host does not explain it.
    pub(super) const SHOP_CLAIM: f64 = 1.5;
    /// Each word of the service beside the name, up to [`MOST_SERVICES`].
    pub(super) const SERVICE: f64 = 0.5;
    pub(super) const MOST_SERVICES: usize = 3;
    pub(super) const FREE_HOST: f64 = 0.5;
    /// A product's name beside enough of the service: that it claims to be Amazon, and how.
    pub(super) const PRODUCT: f64 = 1.5;
    /// A product's name beside less.
    pub(super) const PRODUCT_ALONE: f64 = 0.5;

    /// The name, letter by letter.
    pub(super) const EXACT: f64 = 4.0;
    /// The same where something innocent explains it.
    pub(super) const EXPLAINED: f64 = 1.0;
    pub(super) const NEAR: f64 = 3.5;
    pub(super) const FAR: f64 = 2.0;
    pub(super) const FARTHER: f64 = 1.5;
    /// A public suffix in the middle of the name.
    pub(super) const SUFFIX_INSIDE: f64 = 1.5;
    /// A suffix sold in bulk, or a host where anyone publishes.
    pub(super) const BULK: f64 = 1.0;
}
/// Bytes of a host that are looked at; the longest that the DNS carries is 253.
const READ: usize = 256;
/// Letters beside the name from which they are no slip.
const RUN_ON: usize = 4;

/// What the rules need to know, ready to be asked.
pub(super) struct Lookalikes {
    letters: Letters,
    pub(super) words: Words,
    pub(super) lists: Lists,
}

/// A part of a host that is or resembles the name.
#[derive(Clone, Copy, Debug)]
struct Imitation {
    likeness: Likeness,
    /// In the registrable domain rather than in front of it.
    in_site: bool,
    /// The part is an innocent word too.
    word: bool,
    /// Letters were put in to look like others.
    disguised: bool,
    /// A word of trade stands in the same label.
    trade: bool,
    /// A word of the river stands in the same label.
    nature: bool,
    /// Other letters run on from the name, as in a company's own.
    run_on: bool,
}

/// What stands around the name.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    /// A public suffix in the middle: `amazon.co.jp.` or `amazon-co-uk.` before the real one.
    suffix_inside: bool,
    /// A suffix that is sold in bulk.
    odd_suffix: bool,
    /// A host where anyone publishes.
    free: bool,
    /// `www.` and more labels than a site of its own would have.
    deep: bool,
    /// Different words of the service.
    services: usize,
    /// Words that such names have in common with others.
    fillers: usize,
    trade: bool,
}

/// A host's name, taken apart.
struct Name<'a> {
    /// What stands before the suffix.
    body: &'a str,
    suffix: &'a str,
    /// The body with its letters read as what they look like.
    skeleton: &'a str,
    /// Known words of the skeleton.
    found: &'a [Found],
    /// Number of the label that the registrable domain begins with.
    site_label: usize,
    listed: Listed,
    around: Around,
}

impl Name<'_> {
    /// Whether a label of the skeleton has a word of this kind that is no part of one of the service:
    /// `fund` in `refund` is none of its own.
    fn has_in(&self, label: &str, kind: Word) -> bool {
        let start = label.as_ptr() as usize - self.skeleton.as_ptr() as usize;
        let end = start + label.len();
        self.found.iter().any(|word| {
            let is_part = || {
                self.found.iter().any(|whole| {
                    whole.kind == Word::Service
                        && whole.counts
                        && whole.start <= word.start
                        && word.end <= whole.end
                })
            };
            word.kind == kind && word.counts && word.start >= start && word.end <= end && !is_part()
        })
    }
}

impl Lookalikes {
    /// Reads the shipped data.
    pub(super) fn new() -> Self {
        let mut letters = Letters::new();
        let mut words = Vec::new();
        let mut domains = Vec::new();
        let mut lists = <[Vec<_>; List::COUNT]>::default();
        for line in DATA.lines() {
            let mut values = line.split('\t');
            let kind = values.next().unwrap_or_default();
            if kind == "letter" {
                while let (Some(letter), Some(like)) = (values.next(), values.next()) {
                    letters.add(letter, like);
                }
            } else if kind == "name" {
                letters.name(values);
            } else if let Some(word) = Word::named(kind) {
                words.extend(values.map(|value| (word, value)));
            } else if let Some(listing) = Listing::named(kind) {
                domains.extend(values.map(|value| (listing, value)));
            } else if let Some(list) = List::named(kind) {
                lists[list as usize] = values.collect();
            }
        }
        Self {
            letters,
            words: Words::new(words),
            lists: Lists::new(&domains, lists),
        }
    }

    /// What makes the address of a host that nobody in the lists owns suspect.
    pub(super) fn cues(
        &self,
        owners: &Owners,
        address: &Address,
        host: &str,
        split: Split,
    ) -> Vec<HostCue> {
        let mut cues = Vec::new();
        let mut add = |code, kind, weight| cues.push(HostCue { code, kind, weight });
        let host = first(host, READ);
        let split = if split.suffix > host.len() {
            suffix::split(host)
        } else {
            split
        };

        if !address.user_info.is_empty() {
            let user = self.letters.skeleton(first(&address.user_info, READ));
            if holds(&user, BRAND) {
                add("brand_claim", CueKind::Brand, weight::USER_CLAIM);
                add(
                    "address_user_info",
                    CueKind::Address,
                    weight::USER_WITH_NAME,
                );
            } else if user.contains('.') {
                add(
                    "address_user_info",
                    CueKind::Address,
                    weight::USER_LIKE_HOST,
                );
            }
        }
        if split.site.is_none() {
            if is_public_number(host) {
                add("address_number", CueKind::Address, weight::NUMBER);
                if plays_shop(&address.path, owners) {
                    add("brand_claim", CueKind::Brand, weight::SHOP_CLAIM);
                }
            }
        } else {
            let listed = self.lists.listed(host, split);
            if listed.shortener {
                add("address_shortener", CueKind::Address, weight::SHORTENER);
            } else if !listed.guard {
                let shop_in_path = plays_shop(&address.path, owners);
                self.name_cues(host, split, listed, shop_in_path, &mut add);
            }
        }
        if names_shop(&address.path, owners) || names_shop(&address.query, owners) {
            add("address_embedded", CueKind::Address, weight::SHOP_EMBEDDED);
        }
        sort_by(&mut cues, |a, b| b.weight.total_cmp(&a.weight));
        cues
    }

    /// What the host's own name tells.
    fn name_cues(
        &self,
        host: &str,
        split: Split,
        listed: Listed,
        shop_in_path: bool,
        add: &mut impl FnMut(&'static str, CueKind, f64),
    ) {
        let Some(site_at) = split.site else { return };
        let body = &host[..split.suffix.saturating_sub(1)];
        let skeleton = self.letters.skeleton(body);
        let found = self.words.found_in(&skeleton);
        let around = self.around(host, split, listed, &skeleton, &found);
        // Labels keep their number under folding, bytes do not.
        let site_label = labels(&host[..site_at]).count() - 1;
        let best = self.best(&Name {
            body,
            suffix: &host[split.suffix..],
            skeleton: &skeleton,
            found: &found,
            site_label,
            listed,
            around,
        });
        let weight = match best {
            Some(hit) => weighs(hit, around),
            None => 0.0,
        };
        if weight > 0.0 {
            add("brand_claim", CueKind::Brand, weight / 2.0);
        }
        if weight >= LOOKALIKE {
            let embedded = best.is_some_and(|hit| !hit.in_site && hit.likeness == Likeness::Exact);
            let code = if embedded {
                "address_embedded"
            } else {
                "address_lookalike"
            };
            add(code, CueKind::Address, weight / 2.0);
        } else if weight == 0.0 {
            if shop_in_path && (around.services > 0 || around.odd_suffix || around.free) {
                add("brand_claim", CueKind::Brand, weight::SHOP_CLAIM);
            }
            self.product_cues(&skeleton, site_label, around, &found, add);
            return;
        }
        if weight > 0.0 && around.services > 0 {
            add(
                "address_words",
                CueKind::Address,
                weight::SERVICE * around.services.min(weight::MOST_SERVICES) as f64,
            );
        }
        if weight > 0.0 && around.free {
            add("address_free_host", CueKind::Address, weight::FREE_HOST);
        }
    }

    /// The part of a name that says most to be the brand.
    fn best(&self, name: &Name) -> Option<Imitation> {
        let mut best: Option<Imitation> = None;
        for (at, (written, label)) in labels(name.body).zip(labels(name.skeleton)).enumerate() {
            let Some(hit) = self.hit(name, at == name.site_label, written, label) else {
                continue;
            };
            if best.is_none_or(|best| weighs(hit, name.around) > weighs(best, name.around)) {
                best = Some(hit);
            }
        }
        // `ama.zon.com`: the dots of the address stand inside the name.
        let dotted = || labels(name.skeleton).flat_map(str::bytes).eq(BRAND.bytes());
        if best.is_none() && dotted() && !self.lists.is_public(name.suffix) {
            best = Some(Imitation {
                likeness: Likeness::Near,
                in_site: true,
                word: false,
                disguised: true,
                trade: false,
                nature: false,
                run_on: false,
            });
        }
        best
    }

    /// What a label is to the brand, as it is `written` and with its letters read as what they look like.
    fn hit(&self, name: &Name, in_site: bool, written: &str, label: &str) -> Option<Imitation> {
        let (likeness, word) = likeness(label, &self.words, &self.lists)?;
        if !name.around.suffix_inside && self.lists.is_public(name.suffix) {
            return None;
        }
        let nature = name.has_in(label, Word::Nature);
        // A customer may be called so; where anyone signs up, not beside a word of the service.
        let speaks = name.listed.free && name.around.services > 0 && !nature;
        if !in_site && name.listed.tenant && !speaks {
            return None;
        }
        Some(Imitation {
            likeness,
            in_site,
            word,
            disguised: written != label,
            trade: name.has_in(label, Word::Trade),
            nature,
            run_on: runs_on(written, label),
        })
    }

    /// `primerefund-desk`, `kindle-helpline`: no name, but a product and the service's words.
    fn product_cues(
        &self,
        skeleton: &str,
        site_label: usize,
        around: Around,
        found: &[Found],
        add: &mut impl FnMut(&'static str, CueKind, f64),
    ) {
        let label = labels(skeleton).nth(site_label).unwrap_or_default();
        let offset = label.as_ptr() as usize - skeleton.as_ptr() as usize;
        let end = offset + label.len();
        let product = found.iter().find(|word| {
            matches!(word.kind, Word::Product | Word::Shared)
                && word.start >= offset
                && word.end <= end
                && word.counts
                // `alexanderservices` begins with `alexa` and is a person's name.
                && !self.lists.is_word(&skeleton[word.start..end])
        });
        let Some(product) = product else { return };
        let own = product.kind == Word::Product;
        let is_plan = |word: &Found| {
            word.kind != Word::Shared && self.lists.has(List::Plan, &skeleton[word.start..word.end])
        };
        // `prime` is a common word: it needs a word of subscription.
        if !own && !found.iter().any(|word| word.counts && is_plan(word)) {
            return;
        }
        let evidence = around.services
            + usize::from(own)
            + usize::from(around.odd_suffix || around.free)
            + usize::from(around.suffix_inside);
        if around.services == 0 || around.trade {
            return;
        }
        if evidence >= 2 {
            add("brand_claim", CueKind::Brand, weight::PRODUCT);
            add("address_words", CueKind::Address, weight::PRODUCT);
        } else {
            add("address_words", CueKind::Address, weight::PRODUCT_ALONE);
        }
    }

    fn around(
        &self,
        host: &str,
        split: Split,
        listed: Listed,
        skeleton: &str,
        found: &[Found],
    ) -> Around {
        let mut services: Vec<&str> = Vec::new();
        let mut fillers = 0;
        let mut trade = false;
        for word in found {
            let text = &skeleton[word.start..word.end];
            match word.kind {
                // `care` within `careers`, `order` within `orders`: one thing, counted once.
                Word::Service
                    if word.counts && !services.iter().any(|other| holds(other, text)) =>
                {
                    services.retain(|other| !holds(text, other));
                    services.push(text);
                }
                Word::Filler => fillers += usize::from(word.counts),
                Word::Trade => trade |= word.counts,
                _ => {}
            }
        }
        let depth = labels(skeleton).count();
        let suffix = &host[split.suffix..];
        Around {
            suffix_inside: parts(skeleton, |byte| byte == b'.' || is_hyphen(byte))
                .any(|part| self.lists.matches(List::SuffixInside, without_digits(part))),
            odd_suffix: self.lists.has(List::Suffix, top(suffix)),
            free: split.private || listed.free,
            deep: depth > 2 || (depth == 2 && skeleton.starts_with("www")),
            services: services.len(),
            fillers,
            trade,
        }
    }
}

/// A name that runs on into other letters, as `amazonfilters` does, and not into `www` or a slip.
fn runs_on(written: &str, label: &str) -> bool {
    let Some(at) = find(label, BRAND) else {
        return false;
    };
    let (before, behind) = (&label[..at], &label[at + BRAND.len()..]);
    written == label
        && label.len() >= BRAND.len() + RUN_ON
        && label.bytes().all(|byte| byte.is_ascii_lowercase())
        && !before.starts_with("www")
        && !before.starts_with("http")
        && !behind.starts_with("com")
        && !behind.starts_with("aws")
}

/// Log-odds of a hit with what stands around it; from [`LOOKALIKE`] on it is one.
fn weighs(hit: Imitation, around: Around) -> f64 {
    let Around {
        suffix_inside,
        odd_suffix,
        free,
        deep,
        ..
    } = around;
    let services = around.services + around.fillers.min(1);
    let bulk = odd_suffix || free;
    let context = suffix_inside || bulk || services > 0;
    let when = |holds, weight| if holds { weight } else { 0.0 };
    let extra = when(suffix_inside, weight::SUFFIX_INSIDE)
        + when(bulk, weight::BULK)
        + weight::SERVICE * services.min(weight::MOST_SERVICES) as f64;
    if hit.word
        && !(suffix_inside || hit.likeness == Likeness::Exact && (free || around.services > 0))
    {
        return 0.0;
    }
    match hit.likeness {
        // `portalamazonia`: a filler proves nothing beside the river.
        Likeness::Exact if hit.nature && !(suffix_inside || bulk || around.services > 0) => 0.0,
        Likeness::Exact if (hit.trade || hit.run_on) && !context => weight::EXPLAINED,
        Likeness::Exact => weight::EXACT + extra,
        Likeness::Near if hit.in_site || context || deep || hit.disguised => weight::NEAR + extra,
        Likeness::Near => LOOKALIKE,
        Likeness::Far if suffix_inside || bulk || deep && services > 0 => {
            weight::FAR + extra.max(weight::BULK)
        }
        Likeness::Farther if suffix_inside || bulk && services > 0 => weight::FARTHER + extra,
        Likeness::Far | Likeness::Farther => 0.0,
    }
}

/// Whether a path begins with the address of a shop of Amazon's.
fn plays_shop(path: &str, owners: &Owners) -> bool {
    path.strip_prefix('/')
        .is_some_and(|path| names_shop(split_before(path, |byte| byte == b'/').0, owners))
}

/// Whether a path or a query has the address of a shop of Amazon's as a part of its own.
fn names_shop(text: &str, owners: &Owners) -> bool {
    let text = first(text, 2048);
    // Most have no name in them, and are not copied.
    if !text.bytes().any(|byte| byte | 0x20 == b'z') {
        return false;
    }
    // An address in a query has its slashes encoded.
    let text = lower(text).replace("%2f", "/");
    let is_stop = |byte| matches!(byte, b'/' | b'=' | b'&' | b'?' | b'@' | b':' | b'%');
    parts(&text, is_stop)
        .map(|part| part.strip_prefix("www.").unwrap_or(part))
        .filter(|part| {
            part.strip_prefix(BRAND)
                .is_some_and(|rest| rest.starts_with('.'))
        })
        .any(|part| owners.of(part, suffix::split(part)) == Some(Entry::Amazon))
}

/// An IP address, as URL parsers write one, that is not of a network of one's own.
fn is_public_number(host: &str) -> bool {
    if let Some((first, _)) = host.split_once(':') {
        // A group without leading zeros: unique local (RFC 4193) and link-local (RFC 4291).
        let is_own = first.len() == 4
            && ["fc", "fd", "fe8", "fe9", "fea", "feb"]
                .iter()
                .any(|own| first.starts_with(own));
        return !is_own && !matches!(host, "::" | "::1");
    }
    octets(host).map(Ipv4Addr::from).is_some_and(|address| {
        !(address.is_private()
            || address.is_loopback()
            || address.is_link_local()
            || address.is_unspecified()
            // Shared by a provider's customers: RFC 6598.
            || matches!(address.octets(), [100, 64..=127, ..]))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Hosts, tests::address};
    use super::is_public_number;
    use crate::CueKind;
    use proptest::{prelude::*, sample};
    use std::collections::BTreeSet;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn kinds(hosts: &Hosts, url: &str) -> BTreeSet<CueKind> {
        hosts
            .look(&address(url))
            .cues
            .iter()
            .map(|cue| cue.kind)
            .collect()
    }

    /// One for every rule: two kinds of evidence each.
    #[test]
    fn plays_amazon() {
        let hosts = Hosts::new();
        for (rule, url) in [
            (
                "a word of the service",
                "https://secure-amazon-refund.example/",
            ),
            (
                "in another language",
                "https://amazon-rueckerstattung.example/",
            ),
            (
                "in front of the real site",
                "https://amazon.co.uk.evil.example/",
            ),
            (
                "with its suffix spelt out",
                "https://www.amazon-co-uk.evil.example/",
            ),
            ("another suffix", "https://amazon.shop/"),
            ("a letter left out", "https://amzon.com/"),
            ("a letter put in", "https://amazzon.co.uk/"),
            ("a neighbour's key", "https://amszon.de/"),
            ("a flipped bit", "https://aeazon.com/"),
            ("two letters swapped", "https://amaozn.com/"),
            ("hyphens", "https://ama-zon.com/"),
            ("spelt with hyphens", "https://a-m-a-z-o-n-account.example/"),
            ("dots", "https://ama.zon.com/"),
            ("digits", "https://4m4z0n.com/"),
            ("letter pairs", "https://arnazon.com/"),
            ("Cyrillic", "https://аmаzоn.com/"),
            ("accents", "https://ámázón.com/"),
            ("a letter with a hook", "https://amazoŋ.com/"),
            (
                "two slips in front of a played suffix",
                "https://www.anazom.co.jp.evil.example/",
            ),
            ("two slips and a bulk suffix", "https://amaozom.login.top/"),
            ("free hosting", "https://amazonjp.fly.dev/"),
            (
                "a bucket of Amazon's own cloud",
                "https://amazon-login.s3.amazonaws.com/",
            ),
            ("a user name", "https://amazon.com@evil.example/"),
            (
                "a number with the shop in its path",
                "http://198.51.100.7/www.amazon.com/signin",
            ),
            (
                "a product with two words",
                "https://primerefund-desk.example/",
            ),
            (
                "a product of Amazon's alone",
                "https://kindle-helpline.example/",
            ),
            (
                "a product run together with words",
                "https://kindlehelpnumber.com/",
            ),
            ("a hyphen in the name", "https://a-mazon-support.com/"),
            ("a Cyrillic letter for another", "https://amazoп.com/"),
            ("in kana", "https://アマゾン-確認.example/"),
            ("in Cyrillic", "https://амазон.shop/"),
            ("in Devanagari", "https://अमेज़न-सहायता.example/"),
            (
                "a region of Amazon's cloud that no list has yet",
                "https://amazon-login.s3.mx-north-7.amazonaws.com/",
            ),
            (
                "run together with the service's words",
                "https://amaconcustomersupport.xyz/",
            ),
            (
                "a country's suffix that anybody buys",
                "https://amazon-refund.ac/",
            ),
            (
                "where anyone signs up",
                "https://amazon-refund-support.zendesk.com/",
            ),
            ("where anyone blogs", "https://amazon-login.wordpress.com/"),
            (
                "a number with the shop in its path in capitals",
                "http://198.51.100.7/WWW.AMAZON.COM/signin",
            ),
            (
                "a number with a smaller shop in its path",
                "http://198.51.100.7/www.amazon.com.sg/signin",
            ),
        ] {
            let kinds = kinds(&hosts, url);
            assert!(
                kinds.contains(&CueKind::Brand) && kinds.contains(&CueKind::Address),
                "{rule}: {url}: {kinds:?}"
            );
        }
    }

    /// One for every guard: never two kinds.
    #[test]
    fn plays_nobody() {
        let hosts = Hosts::new();
        for (guard, url) in [
            ("Amazon", "https://www.amazon.co.uk/refund"),
            ("Amazon's cloud", "https://ec2.amazonaws.com/"),
            (
                "Amazon's pictures at a carrier",
                "https://a.media-amazon.com.akamaized.net/",
            ),
            ("the river", "https://amazonrainforest.example/"),
            ("a charity", "https://amazonwatch.org/"),
            ("a newspaper of the river", "https://portalamazonia.com/"),
            ("a maker of filters", "https://www.amazonfilters.co.uk/"),
            ("a name in full", "https://alexanderservices.com/support"),
            ("prime homes", "https://primesecurityservices.com/"),
            (
                "a customer of a new region of the cloud",
                "https://pictures.s3.mx-north-7.amazonaws.com/",
            ),
            ("farm machines", "https://www.amazone.de/"),
            ("a state", "https://portal.amazonas.gov.br/"),
            ("a family name", "https://mazon.com/"),
            ("a word", "https://amazing-deals.shop/"),
            ("a month", "https://ramazanpidesi.example/"),
            ("a battery", "https://www.amaron.com/"),
            ("a country", "https://aragon.live/"),
            ("a tenant", "https://amazon.okta.com/"),
            ("a university", "https://amazon.mit.edu/"),
            ("another", "https://amazon-login.ox.ac.uk/"),
            ("a name of one", "https://amazon.ac.uk/"),
            ("an authority", "https://amazon-service.gob.mx/"),
            ("a customer's desk", "https://amazon.zendesk.com/"),
            (
                "a blog of the river",
                "https://amazonriverblog.wordpress.com/",
            ),
            (
                "one that cares for it",
                "https://amazonrainforestprotection.wordpress.com/",
            ),
            ("a provider's network", "http://100.64.0.7/amazon.com"),
            (
                "those who trade there",
                "https://amazonsellerlawyer.example/",
            ),
            ("a craft", "https://amazonplumbing.example/"),
            ("prime meat", "https://primecuts.example/"),
            (
                "prime support, one word only",
                "https://prime-support.example/",
            ),
            ("one's own network", "http://192.168.0.1/amazon.com"),
            (
                "a shop's name in a query",
                "https://news.example/?q=amazon.com",
            ),
            ("a shortener", "https://bit.ly/x"),
            ("nothing", "https://example.com/"),
        ] {
            let kinds = kinds(&hosts, url);
            assert!(kinds.len() < 2, "{guard}: {url}: {kinds:?}");
        }
    }

    #[test]
    fn a_shop_is_recognised_however_it_is_written() {
        let hosts = Hosts::new();
        for url in [
            "https://news.example/?u=https://www.amazon.com/",
            "https://news.example/?u=https%3A%2F%2Fwww.amazon.com",
            "https://news.example/?u=https%3a%2f%2famazon.co.uk%3Fa",
            "https://news.example/WWW.AMAZON.COM/",
            "https://news.example/amazon.at",
            "https://news.example/amazon.lu",
            "https://news.example/amazon.com.ng",
            "https://news.example/amazon.com.co",
        ] {
            let cues = hosts.look(&address(url)).cues;
            assert!(
                cues.iter().any(|cue| cue.code == "address_embedded"),
                "{url}: {cues:?}"
            );
        }
        for url in [
            "https://news.example/business/amazon/strategy",
            "https://news.example/amazon.example",
            "https://news.example/myamazon.com",
            "https://news.example/?q=amazon.com.evil.example",
        ] {
            assert_eq!(hosts.look(&address(url)).cues, [], "{url}");
        }
    }

    proptest! {
        #[test]
        fn numbers_are_told_as_the_library_tells_them(
            // Beginnings that count, among others.
            first in sample::select(&[0u8, 10, 100, 127, 169, 172, 192, 198][..]),
            second in prop_oneof![15..=33u8, 63..=64u8, 127..=128u8, 160..=170u8, Just(254)],
            third in any::<u8>(),
            groups in (0xf800..=0xffffu16, any::<[u16; 2]>()),
            shift in sample::select(&[0u32, 0, 0, 16, 96, 112, 127][..]),
        ) {
            let four = Ipv4Addr::new(first, second, third, 1);
            let (group, [middle, last]) = groups;
            let six = Ipv6Addr::from([group, middle, 0, 0, 0, 0, 0, last]);
            let six = Ipv6Addr::from_bits(six.to_bits() >> shift);
            let is_shared = first == 100 && (64..128).contains(&second);
            let is_own = four.is_private()
                || four.is_loopback()
                || four.is_link_local()
                || is_shared;
            prop_assert_eq!(is_public_number(&four.to_string()), !is_own);
            prop_assert!(!is_public_number("0.0.0.0"));
            let is_own = six.is_unique_local() || six.is_unicast_link_local();
            let is_here = six.is_loopback() || six.is_unspecified();
            let address = address(&format!("http://[{six}]/"));
            prop_assert_eq!(is_public_number(&address.host), !is_own && !is_here);
        }

        #[test]
        fn any_address_is_looked_at(
            host in "(xn--)?\\PC{0,40}(amazon)?[-.]{0,2}\\PC{0,40}",
            path in "\\PC{0,60}",
            user_info in "\\PC{0,20}",
        ) {
            thread_local!(static HOSTS: Hosts = Hosts::new());
            let address = crate::Address { host, path, user_info, ..Default::default() };
            HOSTS.with(|hosts| hosts.look(&address));
        }
    }
}
