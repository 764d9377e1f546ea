//! The judgement of documents and of typed text: cues, structure and addresses fused.

use crate::cue::{Finder, Hit, Meaning};
use crate::host::Hosts;
use crate::reason::Reasons;
use crate::text::{Folder, Text};
use crate::{
    AddressParser, CueKind, Engine, Level, Owner, PageFacts, Reason, Trap, Verdict, Words,
};
use std::collections::BTreeMap;
use std::ops::Range;

/// Log-odds before any evidence: the crime is rare among what people read.
const PRIOR: f64 = -3.6;

/// Bytes of folded text within which cues count as said together.
const WINDOW: usize = 1_600;

/// Most reasons a verdict tells.
const MOST_REASONS: usize = 5;

/// Most places a reason marks in the page.
const MOST_WORDS: usize = 3;

/// What is needed to read text.
pub(crate) struct Reader {
    reasons: Reasons,
    folder: Folder,
    finder: Finder,
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
        }
    }
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

/// All that speaks for and against.
#[derive(Default)]
struct Case {
    evidence: Vec<Evidence>,
    /// Different ways in which the text talks about fraud.
    talk: f64,
    /// Words of a genuine notice.
    genuine: f64,
    /// Sentences that advise.
    advice: usize,
}

/// Who reads.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// A document that somebody else wrote.
    Page,
    /// The person's own words.
    Typed,
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
    fn read(&mut self, finder: &Finder, text: &Text, hits: &[Hit], mode: Mode, head: bool) {
        let advice: Vec<Range<usize>> = hits
            .iter()
            .filter(|hit| finder.meaning(hit) == Meaning::Advice)
            .map(|hit| text.sentence(hit.place.start))
            .collect();
        self.advice += advice.len();
        for hit in hits {
            let cue = finder.cue(hit.cue);
            if cue.typed_only && mode != Mode::Typed {
                continue;
            }
            match cue.meaning {
                Meaning::Evidence { reason, kind } => {
                    if advice
                        .iter()
                        .any(|sentence| sentence.contains(&hit.place.start))
                    {
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
                Meaning::Talk => self.talk += cue.weight,
                Meaning::Genuine => self.genuine += cue.weight,
                Meaning::Advice => {}
            }
        }
    }

    /// The densest stretch of the text, with all that belongs to the whole document.
    fn densest(&self) -> Vec<&Evidence> {
        let mut best: Vec<&Evidence> = Vec::new();
        let mut best_sum = f64::NEG_INFINITY;
        let mut starts: Vec<usize> = self
            .evidence
            .iter()
            .filter_map(|one| match &one.zone {
                Zone::Text(place) => Some(place.start),
                _ => None,
            })
            .collect();
        starts.push(0);
        starts.sort_unstable();
        starts.dedup();
        for start in starts {
            let within: Vec<&Evidence> = self
                .evidence
                .iter()
                .filter(|one| match &one.zone {
                    Zone::Text(place) => (start..start + WINDOW).contains(&place.start),
                    _ => true,
                })
                .collect();
            let sum = sum(&within);
            if sum > best_sum {
                best_sum = sum;
                best = within;
            }
        }
        best
    }
}

/// The strongest cue of each kind in full; a second one of the kind adds little that is new.
fn sum(evidence: &[&Evidence]) -> f64 {
    let mut by_kind: BTreeMap<CueKind, (f64, f64)> = BTreeMap::new();
    for one in evidence {
        let (first, second) = by_kind.entry(one.kind).or_default();
        if one.weight > *first {
            *second = *first;
            *first = one.weight;
        } else if one.weight > *second {
            *second = one.weight;
        }
    }
    by_kind
        .values()
        .map(|(first, second)| first + 0.25 * second)
        .sum()
}

impl Engine {
    /// Judges a document at `url` (empty where it has none) by what was read in it.
    pub fn judge_page(&self, url: &str, facts: &PageFacts) -> Verdict {
        let reader = &self.reader;
        let address = (self.parse)(url).map(|address| self.hosts.look(&address));
        let owner = address
            .as_ref()
            .map(|facts| facts.owner.clone())
            .unwrap_or_default();
        match owner {
            Owner::Amazon | Owner::Bank { .. } => {
                return Verdict {
                    owner,
                    score: PRIOR,
                    ..Verdict::default()
                };
            }
            Owner::RemoteTool { .. } => {
                return Verdict {
                    level: Level::Notice,
                    score: PRIOR,
                    reasons: vec![Reason {
                        code: "remote_tool_page".to_owned(),
                        kind: CueKind::Remote,
                        words: Vec::new(),
                    }],
                    owner,
                    bank_like: false,
                };
            }
            Owner::Unknown => {}
        }
        let mut case = Case::default();
        for cue in address.iter().flat_map(|facts| &facts.cues) {
            case.add(&reader.reasons, cue.code, cue.weight, Zone::Facts);
        }
        let sender = Sender::of(&facts.from, &self.hosts, self.parse, &reader.folder);
        let text = reader.folder.fold(&facts.text);
        let hits = reader.finder.find(&text);
        case.read(&reader.finder, &text, &hits, Mode::Page, false);
        for head in std::iter::once(&facts.title).chain(&facts.heading) {
            let head = reader.folder.fold(head);
            let hits = reader.finder.find(&head);
            case.read(&reader.finder, &head, &hits, Mode::Page, true);
        }
        if sender.plays_amazon {
            case.add(
                &reader.reasons,
                "brand_sender",
                2.5,
                Zone::Head(facts.from.clone()),
            );
        }
        if text.disguised.len() >= 2 {
            case.add(
                &reader.reasons,
                "text_disguised",
                2.0,
                Zone::Text(text.disguised[0].clone()),
            );
        }
        self.structure(facts, &mut case);
        if sender.is_amazon {
            // Amazon's own mail may say all that Amazon says; never what only the crime says.
            case.evidence.retain(|one| {
                matches!(
                    one.kind,
                    CueKind::Remote | CueKind::RemoteCode | CueKind::Secrecy | CueKind::GiftCard
                )
            });
        }
        let mut verdict = self.conclude(&case, Some(&text), Mode::Page);
        verdict.owner = owner;
        verdict.bank_like = self.bank_signs.are_in(facts);
        verdict
    }

    /// Judges text that somebody types into a page at `url`.
    ///
    /// The reasons carry no words: typed text is scored and forgotten.
    pub fn judge_typed(&self, url: &str, text: &str) -> Verdict {
        let reader = &self.reader;
        let text = reader.folder.fold(text);
        let hits = reader.finder.find(&text);
        let mut case = Case::default();
        case.read(&reader.finder, &text, &hits, Mode::Typed, false);
        let mut verdict = self.conclude(&case, None, Mode::Typed);
        verdict.owner = self.owner(url);
        verdict
    }

    /// What the page's make tells.
    fn structure(&self, facts: &PageFacts, case: &mut Case) {
        let reasons = &self.reader.reasons;
        for trap in &facts.traps {
            let code = match trap {
                Trap::FullScreen => "trap_full_screen",
                Trap::LoopingSound => "trap_sound",
                Trap::BlockedExit => "trap_exit",
            };
            case.add(reasons, code, 1.5, Zone::Facts);
        }
        let amazons = facts
            .image_hosts
            .iter()
            .chain(&facts.style_hosts)
            .any(|host| self.hosts.owner(host) == Owner::Amazon);
        let fields = facts
            .forms
            .iter()
            .flat_map(|form| &form.fields)
            .chain(&facts.loose_fields);
        let asks = fields.fold(false, |asks, field| {
            asks || field.kind == "password"
                || field.autocomplete.starts_with("cc-")
                || ["card", "cvv", "iban", "password"]
                    .iter()
                    .any(|word| field.name.to_ascii_lowercase().contains(word))
        });
        let plays = case
            .evidence
            .iter()
            .any(|one| one.kind == CueKind::Brand || one.kind == CueKind::Structure);
        if asks && plays {
            case.add(reasons, "form_credentials", 2.5, Zone::Facts);
        }
        if amazons && asks {
            case.add(reasons, "brand_images", 1.5, Zone::Facts);
        }
    }

    fn conclude(&self, case: &Case, text: Option<&Text>, mode: Mode) -> Verdict {
        let densest = case.densest();
        let mut score = PRIOR + sum(&densest);
        if mode == Mode::Page {
            // Scams seldom call themselves one; three such words make an article.
            let article = if case.talk >= 3.0 { 8.0 } else { 0.0 };
            score -= article + 1.2 * case.talk.min(6.0) + 0.6 * (case.advice as f64).min(6.0);
        }
        score -= 1.5 * case.genuine.min(3.0);
        let has = |kinds: &[CueKind]| densest.iter().any(|one| kinds.contains(&one.kind));
        let theme = has(&[
            CueKind::Brand,
            CueKind::Address,
            CueKind::Structure,
            CueKind::Remote,
            CueKind::RemoteCode,
            CueKind::Flaw,
        ]);
        let mut kinds: Vec<CueKind> = densest.iter().map(|one| one.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.retain(|kind| *kind != CueKind::Learned);
        let level = if score >= 0.0 && theme && kinds.len() >= 2 {
            Level::Caution
        } else {
            Level::Quiet
        };
        Verdict {
            level,
            score,
            reasons: self.reasons(&densest, text),
            ..Verdict::default()
        }
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
        codes.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        codes
            .into_iter()
            .take(MOST_REASONS)
            .map(|(reason, kind, _, zones)| Reason {
                code: self.reader.reasons.code(reason).to_owned(),
                kind,
                words: text.map_or_else(Vec::new, |text| words(&zones, text)),
            })
            .collect()
    }
}

/// The page's own words, those with a place in its text first.
fn words(zones: &[&Zone], text: &Text) -> Vec<Words> {
    let mut words: Vec<Words> = Vec::new();
    for zone in zones {
        if let Zone::Text(place) = zone {
            let (range, original) = text.original(place.clone());
            words.push(Words {
                text: original.to_owned(),
                start: text.utf16(range.start),
                end: text.utf16(range.end),
            });
        }
    }
    for zone in zones {
        if let Zone::Head(head) = zone {
            words.push(Words {
                text: head.clone(),
                start: 0,
                end: 0,
            });
        }
    }
    words.dedup();
    words.truncate(MOST_WORDS);
    words
}

/// Who says to have sent a message.
#[derive(Debug, Default, PartialEq)]
struct Sender {
    /// The address is Amazon's.
    is_amazon: bool,
    /// The name or the address names Amazon, and the address is not Amazon's.
    plays_amazon: bool,
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
        let owner = parse(&format!("https://{host}/"))
            .map(|address| hosts.owner(&address.host))
            .unwrap_or_default();
        if owner == Owner::Amazon {
            return Self {
                is_amazon: true,
                plays_amazon: false,
            };
        }
        let names = ["amazon", "amzon", "amazn", "amzn", "arnazon", "prime"]
            .iter()
            .any(|name| {
                folded
                    .match_indices(name)
                    .any(|(at, _)| *name != "prime" || starts_word(&folded, at, name.len()))
            })
            || folded.starts_with("amz");
        Self {
            is_amazon: false,
            plays_amazon: names,
        }
    }
}

fn starts_word(text: &str, at: usize, len: usize) -> bool {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    !letter(at.checked_sub(1).and_then(|before| bytes.get(before))) && !letter(bytes.get(at + len))
}

#[cfg(test)]
mod tests;
