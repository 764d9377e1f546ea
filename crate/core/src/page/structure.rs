//! What a page is made of: its forms, pictures and links.

use super::case::{Against, CLAIM, Case, Zone, asks_nothing};
use super::sender::calls_itself_amazon;
use crate::bank::is_called;
use crate::cue::Meaning;
use crate::decimal::decimal;
use crate::order::sort_by;
use crate::text::Text;
use crate::{Address, CueKind, Engine, Field, Form, Owner, PageFacts, Trap};
use std::ops::Range;

/// Bytes of text up to which a page that calls itself Amazon is taken at its title's word.
const FORM_PAGE: usize = 3_000;

/// Log-odds of a way to keep the reader.
const TRAP: f64 = 1.5;

/// Part of its log-odds that each further mark of Amazon's pages adds, and most that these add.
const FURTHER: f64 = 0.4;
const FURTHER_MOST: f64 = 2.0;

/// Log-odds of Amazon's own pictures beside a secret field.
const IMAGES: f64 = 1.5;

/// Log-odds of a secret field on a page that plays Amazon.
const CREDENTIALS: f64 = 3.2;

/// Log-odds of a stranger's host that a message names which says to be Amazon.
const STRANGER: f64 = 1.2;

/// Log-odds of a form whose secret goes to another site.
const ELSEWHERE: f64 = 2.5;

/// Log-odds against a message that leads to Amazon alone.
const OWN_LINKS: f64 = 1.5;

/// Bytes of text below which a message has one subject.
const SHORT_MESSAGE: usize = 500;

/// Most hosts of each sort that are looked at: the reader tells no more.
const MOST_HOSTS: usize = 300;

/// Most `id` attributes that are looked at, as many as the reader tells.
const MOST_IDS: usize = 300;

/// What Amazon's own pages are made of, and what others' are.
pub(super) struct Marks {
    ids: Vec<(&'static str, f64)>,
    secrets: Vec<&'static str>,
    buttons: Vec<&'static str>,
    offers: Vec<&'static str>,
    takers: Vec<&'static str>,
}

impl Marks {
    pub(super) fn new(data: &'static str) -> Self {
        let mut marks = Self {
            ids: Vec::new(),
            secrets: Vec::new(),
            buttons: Vec::new(),
            offers: Vec::new(),
            takers: Vec::new(),
        };
        for line in data.lines() {
            let mut cells = line.split('\t');
            match (cells.next(), cells.next(), cells.next()) {
                (Some("id"), Some(id), Some(weight)) => {
                    marks.ids.push((id, decimal(weight).unwrap_or(0.0)));
                }
                (Some("secret"), Some(word), _) => marks.secrets.push(word),
                (Some("button"), Some(words), _) => marks.buttons.push(words),
                (Some("offer"), Some(words), _) => marks.offers.push(words),
                (Some("taker"), Some(site), _) => marks.takers.push(site),
                _ => {}
            }
        }
        marks
    }

    /// The strongest mark and a part of the others, up to what two strong ones make.
    pub(super) fn copied<'a>(&self, ids: impl Iterator<Item = &'a String>) -> f64 {
        let mut found: Vec<(&str, f64)> = ids
            .filter_map(|id| {
                let mut ids = self.ids.iter();
                ids.find(|(known, _)| id.eq_ignore_ascii_case(known))
                    .copied()
            })
            .collect();
        sort_by(&mut found, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        found.dedup();
        let first = found.first().map_or(0.0, |(_, weight)| *weight);
        let others: f64 = found.iter().skip(1).map(|(_, weight)| weight).sum();
        first + (FURTHER * others).min(FURTHER_MOST)
    }

    /// The page has a button of Amazon's for those who let people sign in or pay with it.
    pub(super) fn serves(&self, facts: &PageFacts, text: &Text) -> bool {
        let names = [&facts.link_hosts, &facts.style_hosts];
        names
            .iter()
            .any(|names| names.iter().any(|name| has_part(name, &self.buttons)))
            || self.offers.iter().any(|words| text.folded.contains(words))
    }

    /// The field asks for what only the owner should know.
    pub(super) fn is_secret(&self, field: &Field) -> bool {
        field.kind == "password"
            || field.autocomplete.starts_with("cc-")
            || self.secrets.iter().copied().any(is_called(field))
    }
}

impl Engine {
    /// What the page's make tells.
    pub(super) fn structure(&self, url: &str, facts: &PageFacts, text: &Text, case: &mut Case) {
        let reasons = &self.reader().reasons;
        for trap in &facts.traps {
            let code = match trap {
                Trap::FullScreen => "trap_full_screen",
                Trap::LoopingSound => "trap_sound",
                Trap::BlockedExit => "trap_exit",
            };
            case.add(reasons, code, TRAP, Zone::Facts);
        }
        let marks = &self.reader().marks;
        if url.is_empty() && self.sends_home(facts) {
            return;
        }
        let fields = facts.fields();
        let named = fields.iter().flat_map(|field| [&field.id, &field.name]);
        let ids = facts.ids.iter().take(MOST_IDS).chain(named);
        let copied = marks.copied(ids);
        if copied > 0.0 {
            case.add(reasons, "brand_page", copied, Zone::Facts);
        }
        if !fields.iter().any(|field| marks.is_secret(field)) {
            return;
        }
        let amazons = facts
            .image_hosts
            .iter()
            .chain(&facts.style_hosts)
            .take(MOST_HOSTS)
            .any(|host| self.hosts.owner(host) == Owner::Amazon);
        if amazons && !marks.serves(facts, text) {
            case.add(reasons, "brand_images", IMAGES, Zone::Facts);
        }
        // An article about Amazon has a sign-in of its own; a form page is short and says who it is.
        let copies = case
            .evidence
            .iter()
            .any(|one| one.kind == CueKind::Structure);
        let title = self.reader().folder.fold(&facts.title).folded;
        let titled =
            !case.is_namesake && calls_itself_amazon(&title) && facts.text.len() < FORM_PAGE;
        if copies || titled {
            case.add(reasons, "form_credentials", CREDENTIALS, Zone::Facts);
        }
        if self.sends_elsewhere(url, facts) {
            case.add(reasons, "form_elsewhere", ELSEWHERE, Zone::Facts);
        }
    }

    /// Every form with a secret in it goes to Amazon: whose page this is, where its address is not known.
    fn sends_home(&self, facts: &PageFacts) -> bool {
        let marks = &self.reader().marks;
        let asks = |form: &&Form| form.fields.iter().any(|field| marks.is_secret(field));
        let mut asking = facts.forms.iter().filter(asks).peekable();
        let is_amazons = |host: &String| self.hosts.owner(host) == Owner::Amazon;
        asking.peek().is_some()
            && asking
                .all(|Form { targets, .. }| !targets.is_empty() && targets.iter().all(is_amazons))
    }

    /// A form with a secret in it goes to another site, of which nobody knows whose it is.
    fn sends_elsewhere(&self, url: &str, facts: &PageFacts) -> bool {
        let marks = &self.reader().marks;
        let here = self.place(url).site;
        let is_elsewhere = |host: &String| {
            let site = self.hosts.site(host);
            site != here
                && matches!(self.hosts.owner(host), Owner::Unknown)
                && !marks.takers.contains(&site.as_str())
        };
        !here.is_empty()
            && facts.forms.iter().any(|form| {
                form.targets.iter().take(MOST_HOSTS).any(is_elsewhere)
                    && form.fields.iter().any(|field| marks.is_secret(field))
            })
    }

    /// Hosts that the text names or links to. A link to a look-alike says nothing of the brand.
    pub(super) fn links(&self, facts: &PageFacts, text: &Text, case: &mut Case) {
        // Whoever says to be Amazon names Amazon's addresses; who names it in a short message
        // with a link has no other subject.
        let is_short = !case.is_site && text.folded.len() < SHORT_MESSAGE;
        let claims = case
            .evidence
            .iter()
            .any(|one| one.kind == CueKind::Brand && (is_short || one.weight >= CLAIM));
        let named: Vec<_> = hosts_in(&text.folded).take(MOST_HOSTS).collect();
        let mut hosts = named.iter();
        if claims && let Some((_, place)) = hosts.find(|(host, _)| self.hosts.is_stranger(host)) {
            let zone = Zone::Text(place.clone());
            case.add(&self.reader().reasons, "address_elsewhere", STRANGER, zone);
        }
        let linked = facts.link_hosts.iter().take(MOST_HOSTS);
        let linked = linked.map(|host| (host.as_str(), None));
        let named = named.into_iter().map(|(host, place)| (host, Some(place)));
        let (mut own, mut others) = (false, false);
        for (host, place) in named.chain(linked) {
            let address = Address {
                scheme: "https".into(),
                host: host.to_owned(),
                ..Address::default()
            };
            let looked = self.hosts.look(&address);
            let is_own = looked.owner == Owner::Amazon && !looked.is_community;
            own |= is_own;
            others |= !is_own;
            for cue in looked.cues {
                if cue.kind == CueKind::Address {
                    let zone = match &place {
                        Some(place) => Zone::Text(place.clone()),
                        None => Zone::Facts,
                    };
                    case.add(&self.reader().reasons, cue.code, cue.weight, zone);
                }
            }
        }
        // What leads to Amazon alone, and asks for nothing else, is of no use to anybody else.
        if own && !others && !case.is_site && !case.poses && case.evidence.iter().all(asks_nothing)
        {
            case.against.push(Against {
                meaning: Meaning::Genuine,
                weight: OWN_LINKS,
                at: None,
            });
        }
    }
}

/// One of the parts, which are in lower case, stands in the text.
#[inline(never)]
fn has_part(text: &str, parts: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    parts.iter().any(|part| text.contains(part))
}

/// Names of hosts in folded text, with their places.
pub(super) fn hosts_in(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let of_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let bytes = text.as_bytes();
    let mut from = 0;
    // From full stop to full stop: no name of a host is without one.
    std::iter::from_fn(move || {
        loop {
            let stop = from + text.get(from..)?.find('.')?;
            // That of a sentence.
            if !bytes.get(stop + 1).is_some_and(of_host) {
                from = stop + 1;
                continue;
            }
            let before = bytes[from..stop]
                .iter()
                .rev()
                .take_while(|byte| of_host(byte));
            let start = stop - before.count();
            let behind = bytes[stop..].iter().take_while(|byte| of_host(byte));
            let end = stop + behind.count();
            from = end;
            let word = &text[start..end];
            if let Some(host) = host_of(word) {
                let start = start + word.find(host).unwrap_or_default();
                return Some((host, start..start + host.len()));
            }
        }
    })
}

/// The host's name that a word is, without the marks around it.
fn host_of(word: &str) -> Option<&str> {
    let host = word.trim_matches(['.', '-']);
    let (head, tail) = host.rsplit_once('.')?;
    let is_host = host.len() <= 253
        && !head.is_empty()
        && tail.len() >= 2
        && tail.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_host.then_some(host)
}
