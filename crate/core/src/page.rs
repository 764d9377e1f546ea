//! The judgement of documents and of typed text: cues, structure and addresses fused.

use crate::bank::is_called;
use crate::cue::{Finder, Hit, Meaning, Mode};
use crate::decimal::decimal;
use crate::fusion::{Fusion, Number, Numbers};
use crate::host::{HostCue, HostFacts, Hosts};
use crate::manner::Manner;
use crate::order::{sort_by, sort_dedup};
use crate::reason::Reasons;
use crate::text::{Folder, Text, first};
use crate::{
    Address, AddressParser, CueKind, Engine, Field, Level, Owner, PageFacts, Reason, Trap, Verdict,
    Words, country_of,
};
use std::ops::Range;

#[cfg(feature = "study")]
mod study;

/// Bytes of folded text within which cues count as said together.
const WINDOW: usize = 1_600;

/// Bytes before an advice verb in which evidence is what it warns of.
const ADVICE_BEFORE: usize = 40;

/// Bytes behind it.
const ADVICE_BEHIND: usize = 140;

/// Bytes of text that the manner is read in; of longer ones the stretch where the evidence stands.
const MANNER_TEXT: usize = 2_400;

/// Bytes of that stretch before the evidence.
const MANNER_BEFORE: usize = 200;

/// Log-odds of the model of manner from which it is told among the reasons.
const MANNER_TELLS: f64 = 1.1;

/// Log-odds from which the manner may be one of the two kinds that a warning needs: in
/// cross-validation no innocent that is Amazon by its words alone comes so far.
const SURE: f64 = 1.0;

/// Weight of words that talk about fraud from which they make an article: scams seldom call
/// themselves one.
const ARTICLE: f64 = 3.0;

/// Sentences that talk about fraud from which a site is an article, all of which is read as one.
const ARTICLE_SENTENCES: usize = 3;

/// Bytes around evidence that are its own where a sentence does not end: a speech recogniser's do not.
const CARRIED: usize = 120;

/// Log-odds that evidence must come to where what stands around it is left out: the rest may have
/// been its explanation.
const APART_MARGIN: f64 = 2.0;

/// Bytes of text up to which a page that calls itself Amazon is taken at its title's word.
const FORM_PAGE: usize = 3_000;

/// Weight from which a cue of the brand is a claim to be it, and no mention.
const CLAIM: f64 = 1.5;

/// Log-odds of a form whose secret goes to another site.
const ELSEWHERE: f64 = 2.5;

/// Log-odds against a message that leads to Amazon alone.
const OWN_LINKS: f64 = 1.5;

/// Bytes of text below which a message has one subject.
const SHORT_MESSAGE: usize = 500;

/// Most hosts of each sort that are looked at: the reader tells no more.
const MOST_HOSTS: usize = 300;

/// Most headings that are read.
const MOST_HEADINGS: usize = 40;

/// Most descriptions of pictures that are read.
const MOST_ALTS: usize = 40;

/// Bytes of hidden text that are read.
const MOST_HIDDEN: usize = 8 * 1024;

/// Most reasons a verdict tells.
const MOST_REASONS: usize = 5;

/// Most places a reason marks in the page.
const MOST_WORDS: usize = 3;

#[cfg(feature = "study")]
pub use study::{Manners, Study};

/// What is needed to read text.
pub(crate) struct Reader {
    reasons: Reasons,
    folder: Folder,
    finder: Finder,
    manner: Manner,
    fusion: Fusion,
    marks: Marks,
}

impl Reader {
    /// Reads the shipped data.
    pub(crate) fn new() -> Self {
        let reasons = Reasons::new();
        let finder = Finder::new(&reasons);
        Self {
            reasons,
            folder: Folder::new(),
            finder,
            manner: Manner::new(
                include_bytes!("../data/manner.bin"),
                include_str!("../data/masks.tsv"),
            ),
            fusion: Fusion::new(include_str!("../data/fusion.tsv")),
            marks: Marks::new(include_str!(concat!(env!("OUT_DIR"), "/structure.tsv"))),
        }
    }
}

/// What Amazon's own pages are made of, and what others' are.
struct Marks {
    ids: Vec<(&'static str, f64)>,
    secrets: Vec<&'static str>,
    buttons: Vec<&'static str>,
    offers: Vec<&'static str>,
    takers: Vec<&'static str>,
}

impl Marks {
    fn new(data: &'static str) -> Self {
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
    fn copied<'a>(&self, ids: impl Iterator<Item = &'a String>) -> f64 {
        let mut found: Vec<(&str, f64)> = ids
            .take(500)
            .filter_map(|id| {
                let mut ids = self.ids.iter();
                ids.find(|(known, _)| id.eq_ignore_ascii_case(known))
                    .copied()
            })
            .collect();
        sort_by(&mut found, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        found.dedup();
        let first = found.first().map_or(0.0, |(_, weight)| *weight);
        let others: f64 = found.iter().skip(1).map(|(_, weight)| 0.4 * weight).sum();
        first + others.min(2.0)
    }

    /// The page has a button of Amazon's for those who let people sign in or pay with it.
    fn serves(&self, facts: &PageFacts, text: &Text) -> bool {
        let names = [&facts.link_hosts, &facts.style_hosts];
        names
            .iter()
            .any(|names| names.iter().any(|name| has_part(name, &self.buttons)))
            || self.offers.iter().any(|words| text.folded.contains(words))
    }

    /// The field asks for what only the owner should know.
    fn is_secret(&self, field: &Field) -> bool {
        field.kind == "password"
            || field.autocomplete.starts_with("cc-")
            || self.secrets.iter().copied().any(is_called(field))
    }
}

/// One of the parts, which are in lower case, stands in the text.
#[inline(never)]
fn has_part(text: &str, parts: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    parts.iter().any(|part| text.contains(part))
}

/// Names of hosts in folded text, with their places.
fn hosts_in(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
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

/// Where a piece of evidence stands.
#[derive(Clone, Debug, PartialEq)]
enum Zone {
    /// In the text, at this place of the folded text.
    Text(Range<usize>),
    /// In the title, a heading or the sender: counts for the whole document. The words it was.
    Head(String),
    /// In no words.
    Facts,
}

#[derive(Clone, Debug)]
struct Evidence {
    reason: u16,
    kind: CueKind,
    weight: f64,
    zone: Zone,
}

/// Something that speaks against a warning.
struct Against {
    meaning: Meaning,
    weight: f64,
    /// Its place in the folded text; none where it stands in a title or heading.
    at: Option<usize>,
}

/// All that speaks for and against.
#[derive(Default)]
struct Case {
    evidence: Vec<Evidence>,
    against: Vec<Against>,
    /// Where the sentences begin that name somebody else of that name; none in title and headings.
    namesakes: Vec<Option<usize>>,
    /// Its title names somebody else of that name.
    is_namesake: bool,
    /// A page at an address of its own, and no message.
    is_site: bool,
    /// Its sender poses as Amazon.
    poses: bool,
    /// Title and headings, folded.
    heads: Vec<String>,
}

impl Case {
    fn add(&mut self, reasons: &Reasons, code: &str, weight: f64, zone: Zone) {
        if let Some((reason, kind)) = reasons.find(code) {
            self.evidence.push(Evidence {
                reason,
                kind,
                weight,
                zone,
            });
        }
    }

    /// Takes in what was found in one text.
    fn read(&mut self, finder: &Finder, text: &Text, hits: &[Hit], head: bool) {
        let is_threat = |at: usize| {
            hits.iter()
                .filter(|hit| finder.meaning(hit) == Meaning::Threat)
                .any(|hit| (hit.place.start..=hit.place.end + 1).contains(&at))
        };
        let advice: Vec<(Range<usize>, &Range<usize>)> = hits
            .iter()
            .filter(|hit| finder.meaning(hit) == Meaning::Advice && !is_threat(hit.place.start))
            .map(|hit| (text.sentence(hit.place.start), &hit.place))
            .collect();
        for hit in hits {
            let cue = finder.cue(hit.cue);
            match cue.meaning {
                Meaning::Evidence { reason, kind } => {
                    // A speech recogniser's sentences do not end: only what stands near is meant.
                    let is_advised = advice.iter().any(|(sentence, advice)| {
                        let near =
                            advice.start.saturating_sub(ADVICE_BEFORE)..advice.end + ADVICE_BEHIND;
                        sentence.contains(&hit.place.start) && near.contains(&hit.place.start)
                    });
                    if is_advised {
                        continue;
                    }
                    let zone = if head {
                        Zone::Head(text.original(hit.place.clone()).1.to_owned())
                    } else {
                        Zone::Text(hit.place.clone())
                    };
                    self.evidence.push(Evidence {
                        reason,
                        kind,
                        weight: cue.weight,
                        zone,
                    });
                }
                meaning @ (Meaning::Talk | Meaning::Story | Meaning::Genuine | Meaning::Advice) => {
                    self.against.push(Against {
                        meaning,
                        // What a title says, the whole text is about.
                        weight: cue.weight * if head { 1.5 } else { 1.0 },
                        at: (!head).then_some(hit.place.start),
                    });
                }
                Meaning::Namesake => self
                    .namesakes
                    .push((!head).then(|| text.sentence(hit.place.start).start)),
                Meaning::Threat => {}
            }
        }
    }

    /// Takes away what is no evidence from such a sender, or of somebody else of that name.
    ///
    /// Where a page lies and what it is made of stays: who sent it is the page's own word.
    ///
    /// A sender that is not heard, in a page that may have made it up, counts where the text asks
    /// for nothing.
    fn discount(&mut self, sender: &Sender, is_heard: bool, text: &Text) {
        use CueKind as K;
        let namesakes = std::mem::take(&mut self.namesakes);
        let counts = is_heard
            || (self.evidence.iter()).all(|one| one.zone == Zone::Facts || asks_nothing(one));
        self.evidence.retain(|one| {
            if one.zone == Zone::Facts {
                return true;
            }
            // Amazon's own mail may say all that Amazon says; never what only the crime says.
            if sender.is_amazon && counts {
                return matches!(
                    one.kind,
                    K::Remote | K::RemoteCode | K::Secrecy | K::GiftCard | K::Press | K::Bank
                );
            }
            // A bank's own mail speaks of the account and the card there; what it forwards in other
            // names, such as invoices of those who use it for payment, is judged as it is.
            if sender.is_bank && counts {
                return !matches!(one.kind, K::Bank | K::Account | K::Credential | K::Refund);
            }
            let sentence = match &one.zone {
                Zone::Text(place) => Some(text.sentence(place.start).start),
                _ => None,
            };
            // Who names the river may name the shop, too; to be the shop is another thing.
            one.kind != K::Brand
                || namesakes.is_empty()
                || one.weight >= CLAIM && !namesakes.contains(&sentence)
        });
    }

    /// The stretch of the text that speaks most for a warning among those that may warn at all, with
    /// all that belongs to the whole document, and what it comes to without its manner.
    fn worst(&self, reader: &Reader, mode: Mode, text: &Text, scope: Scope) -> Reading<'_> {
        // Windows that overlap by half: as many as the text is long, not as it has cues.
        let mut starts: Vec<usize> = self
            .evidence
            .iter()
            .filter_map(|one| match &one.zone {
                Zone::Text(place) => Some(place.start / (WINDOW / 2) * (WINDOW / 2)),
                _ => None,
            })
            .collect();
        starts.push(0);
        sort_dedup(&mut starts);
        let mut worst = Reading::default();
        let mut most = (false, f64::NEG_INFINITY);
        for start in starts {
            let evidence: Vec<&Evidence> = self
                .evidence
                .iter()
                .filter(|one| match &one.zone {
                    Zone::Text(place) => (start..start + WINDOW).contains(&place.start),
                    _ => true,
                })
                .collect();
            let places = match scope {
                Scope::Around => vec![around(&evidence)],
                Scope::Apart => carrying(&evidence, text),
            };
            let only_mentions = only_mentions(&evidence, mode, &reader.reasons);
            let mut numbers = self.numbers(&evidence, &places, mode);
            numbers.mark(Number::Mention, only_mentions);
            // What cannot warn whatever its manner stands behind what can, however much it is.
            let mut kinds = vec![CueKind::Learned];
            for one in &evidence {
                insert(&mut kinds, one.kind);
            }
            let weighs = (
                kinds_warn(&kinds, only_mentions, || true),
                reader.fusion.log_odds(&numbers),
            );
            if weighs > most {
                most = weighs;
                worst = Reading {
                    places: match scope {
                        Scope::Around => vec![manner_place(&evidence, text)],
                        Scope::Apart => places,
                    },
                    evidence,
                    numbers,
                    only_mentions,
                };
            }
        }
        worst
    }

    /// Evidence may be read without what stands around it: it is more than any letter has, and the
    /// text is no article, which tells every step of the crime in sentences of its own.
    fn stands_alone(&self, evidence: &[&Evidence], text: &Text) -> bool {
        let mut kinds = Vec::new();
        for one in evidence {
            insert(&mut kinds, one.kind);
        }
        let mut talks: Vec<Option<usize>> = self
            .against
            .iter()
            .filter(|one| one.meaning == Meaning::Talk)
            .map(|one| one.at.map(|at| text.sentence(at).start))
            .collect();
        sort_dedup(&mut talks);
        (kinds.len() >= 3 || is_graver(evidence))
            && !(self.is_site && talks.len() >= ARTICLE_SENTENCES)
    }

    /// What evidence comes to, with all that speaks against a warning in titles, headings and at
    /// these places.
    fn numbers(&self, within: &[&Evidence], places: &[Range<usize>], mode: Mode) -> Numbers {
        let mut numbers = Numbers::default();
        for one in within {
            numbers.add(one.kind, one.weight);
        }
        numbers.mark(Number::Graver, is_graver(within));
        numbers.mark(Number::Sender, self.poses);
        numbers.mark(Number::Site, self.is_site);
        numbers.mark(Number::Typed, mode == Mode::Typed);
        let counts = |at: usize| places.iter().any(|place| place.contains(&at));
        let total = |meaning: Meaning| -> f64 {
            let mut told = usize::MAX;
            self.against
                .iter()
                .filter(|one| one.meaning == meaning)
                .filter(|one| one.at.is_none_or(counts))
                // One word may stand in the lists of several languages.
                .filter(|one| {
                    one.at
                        .is_none_or(|at| std::mem::replace(&mut told, at) != at)
                })
                .map(|one| one.weight)
                .sum()
        };
        numbers.set(Number::Story, total(Meaning::Story));
        numbers.set(Number::Genuine, total(Meaning::Genuine));
        if mode == Mode::Page {
            let talk = total(Meaning::Talk);
            numbers.set(Number::Talk, talk);
            if talk >= ARTICLE {
                numbers.set(Number::ArticleKinds, numbers.kinds());
            }
            numbers.set(Number::Advice, total(Meaning::Advice));
        }
        numbers
    }
}

/// How much of the text a reading takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Evidence, and what stands around it.
    Around,
    /// The sentences that carry evidence, and no others: whoever writes a scam can put any words
    /// around it.
    Apart,
}

/// A stretch of a text, read.
#[derive(Default)]
struct Reading<'a> {
    evidence: Vec<&'a Evidence>,
    /// What it comes to.
    numbers: Numbers,
    /// As the function of that name has it.
    only_mentions: bool,
    /// Places of the folded text in which its manner is read.
    places: Vec<Range<usize>>,
}

impl Reading<'_> {
    /// What its manner is read in: its places, title and headings.
    fn parts<'a>(&self, case: &'a Case, text: &'a Text) -> Vec<&'a str> {
        let places = self.places.iter().map(|place| &text.folded[place.clone()]);
        places
            .chain(case.heads.iter().map(String::as_str))
            .collect()
    }
}

/// From a window before the first evidence in the text to one behind the last.
fn around(evidence: &[&Evidence]) -> Range<usize> {
    let places = || placed(evidence).map(|place| place.start);
    let first = places().min().unwrap_or(0).saturating_sub(WINDOW);
    let last = places().max().unwrap_or(0).saturating_add(WINDOW);
    first..last + 1
}

/// The sentences that carry evidence, in order.
fn carrying(evidence: &[&Evidence], text: &Text) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = placed(evidence)
        .map(|place| {
            let start = text.sentence(place.start).start;
            let end = text.sentence(place.end).end;
            let near = place.start.saturating_sub(CARRIED)..place.end + CARRIED;
            text.whole_letters(start.max(near.start)..end.min(near.end))
        })
        .collect();
    sort_by(&mut places, |a, b| a.start.cmp(&b.start));
    places.dedup_by(|next, last| {
        let meets = next.start <= last.end;
        if meets {
            last.end = last.end.max(next.end);
        }
        meets
    });
    places
}

/// Places of evidence in the folded text.
fn placed<'a>(evidence: &'a [&Evidence]) -> impl Iterator<Item = &'a Range<usize>> {
    evidence.iter().filter_map(|one| match &one.zone {
        Zone::Text(place) => Some(place),
        _ => None,
    })
}

/// Amazon is named and nobody says to be it: the evidence is that of any letter of a shop or a bank,
/// or, where the person typed it, what anybody searches for.
fn only_mentions(evidence: &[&Evidence], mode: Mode, reasons: &Reasons) -> bool {
    use CueKind as K;
    let is_typed = mode == Mode::Typed;
    evidence.iter().all(|one| match one.kind {
        K::Brand | K::Address => is_typed || one.weight < CLAIM,
        K::Call => reasons.code(one.reason) != "caller_tells",
        K::Structure | K::Account | K::Flaw => is_typed,
        K::Bank => is_typed && one.weight < CLAIM,
        K::Refund => !is_typed || reasons.code(one.reason) != "refund_overpaid",
        K::Charge | K::Urgency | K::Learned => true,
        _ => false,
    })
}

/// Evidence of what Amazon writes too, which tells of no way to whoever wrote it.
fn asks_nothing(one: &Evidence) -> bool {
    use CueKind as K;
    matches!(
        one.kind,
        K::Brand | K::Charge | K::Account | K::Refund | K::Urgency
    )
}

/// Puts a kind into a list that has each once; says whether it is a new one.
fn insert(kinds: &mut Vec<CueKind>, kind: CueKind) -> bool {
    let is_new = !kinds.contains(&kind);
    if is_new {
        kinds.push(kind);
    }
    is_new
}

/// Evidence of these kinds, each of them once, is of this crime and no other fraud, and of two
/// kinds. `only_mentions` as the function of that name has it. `is_apart` tells whether the manner is
/// that of the words beside who the text says to be.
fn kinds_warn(kinds: &[CueKind], only_mentions: bool, is_apart: impl Fn() -> bool) -> bool {
    use CueKind as K;
    let has = |wanted: &[CueKind]| wanted.iter().any(|kind| kinds.contains(kind));
    // Any shop and any bank writes so of Amazon; in the manner of a demand they do not.
    if only_mentions && !has(&[K::Learned]) {
        return false;
    }
    let told = kinds.iter().filter(|kind| **kind != K::Learned).count();
    // The manner weighs, and is one of the two only beside who somebody says to be: it knows no
    // names, but it may have learned the very words of any other cue.
    let two = told >= 2 || has(&[K::Learned]) && has(&[K::Brand, K::Structure]) && is_apart();
    let theme = has(&[K::Brand, K::Address, K::Structure, K::Remote, K::RemoteCode])
        // The fake virus page, and the false security team: they, too, end with a stranger in the
        // computer or the savings elsewhere.
        || (has(&[K::Flaw]) && has(&[K::Call, K::Trap, K::Bank]))
        // The call's bait, whoever is named: an order that nobody made and a number against it.
        || (has(&[K::Charge]) && has(&[K::Call]) && (has(&[K::Learned]) || told >= 4))
        // Its end: a refund that was too much, and the bank or gift cards.
        || (has(&[K::Refund]) && has(&[K::Bank, K::GiftCard, K::Secrecy]))
        // Money in secret.
        || (has(&[K::Secrecy]) && has(&[K::Bank, K::GiftCard]));
    theme && two
}

/// What only the crime asks for, in whatever manner.
fn is_graver(evidence: &[&Evidence]) -> bool {
    evidence.iter().any(|one| {
        matches!(
            one.kind,
            CueKind::Secrecy | CueKind::Bank | CueKind::RemoteCode | CueKind::Credential
        )
    })
}

/// What stands beside the words of what the text says to be, in the stretch that its manner is read
/// in: wherever they stand, for a cue is not told at every place.
fn beside(evidence: &[&Evidence], text: &Text) -> String {
    let mut names: Vec<&str> = evidence
        .iter()
        .filter_map(|one| match &one.zone {
            Zone::Text(place) if one.kind == CueKind::Brand => text.folded.get(place.clone()),
            _ => None,
        })
        .collect();
    // The longer first: the name itself is a part of them.
    sort_by(&mut names, |a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    names.dedup();
    let stretch = text.folded[manner_place(evidence, text)].to_owned();
    names
        .into_iter()
        .fold(stretch, |rest, name| rest.replace(name, " "))
}

/// The stretch of the folded text that the manner is read in.
fn manner_place(evidence: &[&Evidence], text: &Text) -> Range<usize> {
    let len = text.folded.len();
    if len <= MANNER_TEXT {
        return 0..len;
    }
    let first = placed(evidence).map(|place| place.start).min();
    let start = first.unwrap_or(0).saturating_sub(MANNER_BEFORE);
    text.whole_letters(start..(start + MANNER_TEXT).min(len))
}

impl Engine {
    /// Judges a document at `url` (empty where it has none) by what was read in it.
    pub fn judge_page(&self, url: &str, facts: &PageFacts) -> Verdict {
        self.judge_frame(url, facts, false)
    }

    /// The same of one that may be `framed`: shown in another document.
    pub(crate) fn judge_frame(&self, url: &str, facts: &PageFacts, framed: bool) -> Verdict {
        let parsed = (self.parse)(url);
        let address = parsed.as_ref().map(|address| self.hosts.look(address));
        if let Some(verdict) = address.as_ref().and_then(HostFacts::unread) {
            return verdict;
        }
        let text = self.reader().folder.fold(&facts.text);
        // Mail programs show the body of a message in a frame, and without a title.
        let is_body = framed && facts.title.is_empty();
        let site = if is_body { "" } else { url };
        let is_heard = self.is_heard(parsed.as_ref(), facts);
        let case = self.case(site, address.as_ref(), is_heard, facts, &text);
        let mut verdict = self.conclude(&case, &text, Mode::Page);
        verdict.owner = address.unwrap_or_default().owner;
        verdict.bank_like = self.bank_signs.are_in(facts);
        verdict
    }

    /// Whether the sender is one that mail has: a page of one's own can show any.
    fn is_heard(&self, address: Option<&Address>, facts: &PageFacts) -> bool {
        !facts.from.is_empty() && address.is_none_or(|address| self.hosts.is_mail(&address.host))
    }

    /// All that speaks for and against in a document whose text was folded, a site of its own at
    /// `url` or, where that is empty, a message.
    fn case(
        &self,
        url: &str,
        address: Option<&HostFacts>,
        is_heard: bool,
        facts: &PageFacts,
        text: &Text,
    ) -> Case {
        let reader = self.reader();
        let mut case = Case {
            is_site: !url.is_empty() && address.is_some() && facts.from.is_empty(),
            ..Case::default()
        };
        for cue in address.iter().flat_map(|facts| &facts.cues) {
            case.add(&reader.reasons, cue.code, cue.weight, Zone::Facts);
        }
        let sender = Sender::of(&facts.from, &self.hosts, self.parse, &reader.folder);
        if sender.plays_amazon {
            case.poses = !sender.is_bare;
            case.add(
                &reader.reasons,
                "brand_sender",
                if sender.is_bare { 1.0 } else { 2.5 },
                Zone::Head(facts.from.clone()),
            );
        }
        for cue in &sender.cues {
            case.add(
                &reader.reasons,
                cue.code,
                cue.weight,
                Zone::Head(facts.from.clone()),
            );
        }
        let hits = reader.finder.find(text, Mode::Page);
        case.read(&reader.finder, text, &hits, false);
        let mut disguised = text.disguised.len();
        let headings = facts.heading.iter().take(MOST_HEADINGS);
        for head in std::iter::once(&facts.title).chain(headings) {
            let head = reader.folder.fold(head);
            let hits = reader.finder.find(&head, Mode::Page);
            disguised += head.disguised.len();
            let spoken = (case.against.len(), case.namesakes.len());
            case.read(&reader.finder, &head, &hits, true);
            if case.heads.is_empty() {
                case.is_namesake = case.namesakes.contains(&None);
            } else {
                // The title says what the whole is about, a heading what stands under it.
                case.against.truncate(spoken.0);
                case.namesakes.truncate(spoken.1);
            }
            case.heads.push(head.folded);
        }
        self.links(facts, text, &mut case);
        // One odd word may be a slip; a text full of them is written past a filter.
        if disguised >= 2 {
            let zone = match text.disguised.first() {
                Some(place) => Zone::Text(place.clone()),
                None => Zone::Head(facts.title.clone()),
            };
            case.add(
                &reader.reasons,
                "text_disguised",
                (1.0 + 0.5 * disguised as f64).min(3.5),
                zone,
            );
        }
        // Amazon's own forms are no copies.
        if address.is_none_or(|facts| !facts.is_community) {
            self.structure(url, facts, text, &mut case);
        }
        self.unseen(facts, &mut case);
        case.discount(&sender, is_heard, text);
        case
    }

    /// Judges text that somebody types into a page at `url`.
    ///
    /// The reasons carry no words: typed text is scored and forgotten.
    pub fn judge_typed(&self, url: &str, text: &str) -> Verdict {
        let reader = self.reader();
        let text = reader.folder.fold(text);
        let mut verdict = self.conclude(&self.typed_case(&text), &text, Mode::Typed);
        verdict.owner = self.owner(url);
        verdict
    }

    /// All that speaks for and against in typed text that was folded.
    fn typed_case(&self, text: &Text) -> Case {
        let finder = &self.reader().finder;
        let mut case = Case::default();
        case.read(finder, text, &finder.find(text, Mode::Typed), false);
        case
    }

    /// What stands in pictures' descriptions and in text that nobody can see.
    fn unseen(&self, facts: &PageFacts, case: &mut Case) {
        let reader = self.reader();
        for alt in facts.image_alts.iter().take(MOST_ALTS) {
            let alt = reader.folder.fold(alt);
            for hit in reader.finder.find(&alt, Mode::Page) {
                let cue = reader.finder.cue(hit.cue);
                if let Meaning::Evidence { reason, kind } = cue.meaning {
                    case.evidence.push(Evidence {
                        reason,
                        kind,
                        weight: cue.weight,
                        zone: Zone::Head(alt.original(hit.place).1.to_owned()),
                    });
                }
            }
        }
        let hidden = first(&facts.hidden_text, MOST_HIDDEN);
        let hidden = reader.folder.fold(hidden);
        let mut kinds = Vec::new();
        for hit in reader.finder.find(&hidden, Mode::Page) {
            match reader.finder.meaning(&hit) {
                Meaning::Evidence { kind, .. } => {
                    insert(&mut kinds, kind);
                }
                // An article keeps its other half folded away.
                Meaning::Talk | Meaning::Advice | Meaning::Story => return,
                _ => {}
            }
        }
        // Menus and templates are hidden everywhere: only the crime's own words, said twice over.
        if kinds.len() >= 2 && case.evidence.iter().any(|one| !kinds.contains(&one.kind)) {
            case.add(&reader.reasons, "hidden_text", 1.2, Zone::Facts);
        }
    }

    /// What the page's make tells.
    fn structure(&self, url: &str, facts: &PageFacts, text: &Text, case: &mut Case) {
        let reasons = &self.reader().reasons;
        for trap in &facts.traps {
            let code = match trap {
                Trap::FullScreen => "trap_full_screen",
                Trap::LoopingSound => "trap_sound",
                Trap::BlockedExit => "trap_exit",
            };
            case.add(reasons, code, 1.5, Zone::Facts);
        }
        let fields = || {
            facts
                .forms
                .iter()
                .flat_map(|form| &form.fields)
                .chain(&facts.loose_fields)
        };
        let marks = &self.reader().marks;
        let ids = facts
            .ids
            .iter()
            .chain(fields().flat_map(|field| [&field.id, &field.name]));
        let copied = marks.copied(ids);
        if copied > 0.0 {
            case.add(reasons, "brand_page", copied, Zone::Facts);
        }
        if !fields().any(|field| marks.is_secret(field)) {
            return;
        }
        let amazons = facts
            .image_hosts
            .iter()
            .chain(&facts.style_hosts)
            .take(MOST_HOSTS)
            .any(|host| self.hosts.owner(host) == Owner::Amazon);
        if amazons && !marks.serves(facts, text) {
            case.add(reasons, "brand_images", 1.5, Zone::Facts);
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
            case.add(reasons, "form_credentials", 3.2, Zone::Facts);
        }
        if self.sends_elsewhere(url, facts) {
            case.add(reasons, "form_elsewhere", ELSEWHERE, Zone::Facts);
        }
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
    fn links(&self, facts: &PageFacts, text: &Text, case: &mut Case) {
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
            case.add(&self.reader().reasons, "address_elsewhere", 1.2, zone);
        }
        let linked = facts.link_hosts.iter().take(MOST_HOSTS);
        let linked = linked.map(|host| (host.as_str(), None));
        let named = named.into_iter().map(|(host, place)| (host, Some(place)));
        let (mut own, mut others) = (false, false);
        for (host, place) in named.chain(linked) {
            let address = Address {
                scheme: "https".to_owned(),
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

    fn conclude(&self, case: &Case, text: &Text, mode: Mode) -> Verdict {
        let read = |scope| case.worst(self.reader(), mode, text, scope);
        let verdict = self.weigh(case, read(Scope::Around), text, mode, 0.0);
        if verdict.level != Level::Quiet || mode == Mode::Typed {
            return verdict;
        }
        let apart = read(Scope::Apart);
        if !case.stands_alone(&apart.evidence, text) {
            return verdict;
        }
        let apart = self.weigh(case, apart, text, mode, APART_MARGIN);
        match apart.level {
            Level::Quiet => verdict,
            _ => apart,
        }
    }

    /// The verdict on what was read, which must come to `margin` log-odds.
    fn weigh(&self, case: &Case, read: Reading, text: &Text, mode: Mode, margin: f64) -> Verdict {
        let Reader { fusion, manner, .. } = self.reader();
        let parts = read.parts(case, text);
        let Reading {
            evidence: mut worst,
            mut numbers,
            only_mentions,
            ..
        } = read;
        // What people type themselves is not in the scammer's manner.
        let mut learned = None;
        if mode == Mode::Page && !worst.is_empty() {
            let log_odds = manner.log_odds(&parts);
            numbers.set(Number::Manner, log_odds);
            if log_odds >= MANNER_TELLS {
                learned = self.learned(log_odds, &worst, text);
            }
        }
        worst.extend(&learned);
        let score = fusion.log_odds(&numbers) - margin;
        let is_apart =
            || score >= SURE && manner.log_odds(&[&beside(&worst, text)]) >= MANNER_TELLS;
        let mut kinds = Vec::new();
        for one in &worst {
            insert(&mut kinds, one.kind);
        }
        let level = if score >= 0.0 && kinds_warn(&kinds, only_mentions, is_apart) {
            Level::Caution
        } else {
            Level::Quiet
        };
        Verdict {
            level,
            score,
            reasons: self.reasons(&worst, (mode == Mode::Page).then_some(text)),
            ..Verdict::default()
        }
    }

    /// The manner as evidence, with the words that weigh most.
    fn learned(&self, weight: f64, evidence: &[&Evidence], text: &Text) -> Option<Evidence> {
        let (reason, kind) = self.reader().reasons.find("learned_text")?;
        let place = manner_place(evidence, text);
        let zone = match self.reader().manner.telling(&text.folded[place.clone()]) {
            Some(words) => Zone::Text(place.start + words.start..place.start + words.end),
            None => Zone::Facts,
        };
        Some(Evidence {
            reason,
            kind,
            weight,
            zone,
        })
    }

    /// The evidence by its codes, most telling first.
    fn reasons(&self, evidence: &[&Evidence], text: Option<&Text>) -> Vec<Reason> {
        let mut codes: Vec<(u16, CueKind, f64, Vec<&Zone>)> = Vec::new();
        for one in evidence {
            match codes.iter_mut().find(|(reason, ..)| *reason == one.reason) {
                Some((_, _, weight, zones)) => {
                    *weight = weight.max(one.weight);
                    zones.push(&one.zone);
                }
                None => codes.push((one.reason, one.kind, one.weight, vec![&one.zone])),
            }
        }
        // What leads to the loss comes first: a stranger in the computer, the bank.
        let grave = |kind: CueKind| matches!(kind, CueKind::Remote | CueKind::Bank);
        // What words say tells people more than that they are like others.
        let learned = |kind: CueKind| kind == CueKind::Learned;
        sort_by(&mut codes, |a, b| {
            grave(b.1)
                .cmp(&grave(a.1))
                .then(learned(a.1).cmp(&learned(b.1)))
                .then(b.2.total_cmp(&a.2))
                .then(a.0.cmp(&b.0))
        });
        // Then one reason of each kind before a second of any: the banner has room for three.
        let mut told = Vec::new();
        let (first, second): (Vec<_>, Vec<_>) = codes
            .into_iter()
            .partition(|code| insert(&mut told, code.1));
        first
            .into_iter()
            .chain(second)
            .take(MOST_REASONS)
            .map(|(reason, kind, _, zones)| Reason {
                code: self.reader().reasons.code(reason).into(),
                kind,
                words: text.map_or_else(Vec::new, |text| words(&zones, text)),
            })
            .collect()
    }
}

/// The page's own words, those with a place in its text first.
fn words(zones: &[&Zone], text: &Text) -> Vec<Words> {
    let placed = zones.iter().filter_map(|zone| match zone {
        Zone::Text(place) => {
            let (range, original) = text.original(place.clone());
            let (start, end) = text.utf16(range);
            Some(Words {
                text: original.to_owned(),
                start,
                end,
            })
        }
        _ => None,
    });
    let heads = zones.iter().filter_map(|zone| match zone {
        Zone::Head(head) => Some(Words {
            text: head.clone(),
            start: 0,
            end: 0,
        }),
        _ => None,
    });
    let mut words: Vec<Words> = Vec::new();
    for one in placed.chain(heads) {
        if words.last() != Some(&one) {
            words.push(one);
        }
        if words.len() == MOST_WORDS {
            break;
        }
    }
    words
}

/// Who says to have sent a message.
#[derive(Debug, Default, PartialEq)]
struct Sender {
    /// The address is Amazon's.
    is_amazon: bool,
    /// The address is a bank's.
    is_bank: bool,
    /// The name or the address names Amazon, and the address is not Amazon's.
    plays_amazon: bool,
    /// A name alone, and Amazon's: text messages of its own bear it, and others may.
    is_bare: bool,
    /// What makes its host suspect.
    cues: Vec<HostCue>,
}

impl Sender {
    fn of(from: &str, hosts: &Hosts, parse: AddressParser, folder: &Folder) -> Self {
        if from.trim().is_empty() {
            return Self::default();
        }
        let folded = folder.fold(from).folded;
        let host = from
            .rsplit_once('@')
            .map(|(_, host)| {
                host.chars()
                    .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
                    .collect::<String>()
            })
            .unwrap_or_default();
        let looked = parse(&format!("https://{host}/"))
            .map(|address| hosts.look(&address))
            .unwrap_or_default();
        if looked.owner == Owner::Amazon {
            return Self {
                is_amazon: true,
                ..Self::default()
            };
        }
        let folded = match folded.rsplit_once('@') {
            Some((own, _)) if looked.is_customers => own,
            _ => &folded,
        };
        let names = folded
            .match_indices("amazon")
            .any(|(at, name)| !names_another(&folded[at + name.len()..], hosts))
            || folded
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| {
                    let rest = word.strip_prefix("amz");
                    rest.is_some_and(|rest| rest.is_empty() || hosts.is_service(rest))
                        || ["amzon", "amazn", "amzn", "arnazon"]
                            .iter()
                            .any(|name| word.starts_with(name))
                })
            || plays_prime(folded, hosts);
        Self {
            is_amazon: false,
            is_bank: matches!(looked.owner, Owner::Bank { .. }),
            plays_amazon: names,
            is_bare: folded == "amazon",
            cues: looked
                .cues
                .into_iter()
                .filter(|cue| cue.kind == CueKind::Address)
                .collect(),
        }
    }
}

/// The name or the address is Prime alone, or Prime with a service, or with a country behind it:
/// others have it in their names.
fn plays_prime(from: &str, hosts: &Hosts) -> bool {
    from.split(['<', '@']).any(|part| {
        let words = part.split(|c: char| !c.is_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let is_country = |word: &str| word == "uk" || country_of(&["-", word].concat()).is_some();
        words
            .iter()
            .position(|word| *word == "prime")
            .is_some_and(|at| {
                words.len() == 1
                    || words.get(at + 1).is_some_and(|word| is_country(word))
                    || words.iter().any(|word| hosts.is_service(word))
            })
    })
}

/// A part of a folded title begins with the name, or ends with it in few words: "sign in to …".
fn calls_itself_amazon(title: &str) -> bool {
    title
        .split(['|', '-', '–', '—', '•', '·', ':'])
        .map(str::trim)
        .any(|part| {
            // A service of somebody else's for those who use Amazon.
            let serves = part.contains("for amazon") || part.contains("amazon seller");
            let is_named = part.starts_with("amazon") || part.ends_with(" amazon");
            let is_sellers = matches!(part, "seller central" | "amazon seller central");
            is_sellers || is_named && !serves && part.split(' ').count() <= 4
        })
        || title.starts_with("amazon")
}

/// What follows `amazon` makes it the river, its land, the parrots, the women or the machines of
/// that name, or those who look after them.
fn names_another(rest: &str, hosts: &Hosts) -> bool {
    let word = |rest: &str| {
        let end = rest.find(|c: char| !c.is_alphanumeric());
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    ["a", "as", "e", "ia", "ian", "en", "ica"].contains(&word(rest).as_str())
        || rest.starts_with("ite")
        || hosts.is_nature(&word(rest.trim_start_matches([' ', '-'])))
}

#[cfg(test)]
mod tests;
