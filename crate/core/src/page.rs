//! The judgement of documents and of typed text: cues, structure and addresses fused.

use crate::cue::{Finder, Meaning, Mode};
use crate::fusion::Fusion;
use crate::host::HostFacts;
use crate::manner::Manner;
use crate::order::insert;
use crate::reason::Reasons;
use crate::text::{Folder, Text, first};
use crate::{Address, Engine, Level, PageFacts, Verdict};

mod case;
mod reasons;
mod sender;
mod structure;
#[cfg(feature = "study")]
mod study;

use case::{Case, Evidence, Reading, Scope, Zone, beside, manner_place, manner_tells};
use sender::Sender;
use structure::Marks;

/// Log-odds that evidence must come to where what stands around it is left out: the rest may have
/// been its explanation.
const APART_MARGIN: f64 = 2.0;

/// Log-odds of disguised words: of the first, of each, and of all of them at most.
const DISGUISED: f64 = 1.0;
const DISGUISED_MORE: f64 = 0.5;
const DISGUISED_MOST: f64 = 3.5;

/// Log-odds of hidden text in the crime's own words.
const HIDDEN: f64 = 1.2;

/// Most headings that are read.
const MOST_HEADINGS: usize = 40;

/// Most descriptions of pictures that are read.
const MOST_ALTS: usize = 40;

/// Bytes of hidden text that are read.
const MOST_HIDDEN: usize = 8 * 1024;

#[cfg(feature = "study")]
pub use study::{MannerOdds, Manners, Study};

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
        case.hear(&reader.reasons, &sender, &facts.from);
        let hits = reader.finder.find(text, Mode::Page);
        case.read(&reader.finder, text, &hits, false);
        let disguised = text.disguised.len() + self.heads(facts, &mut case);
        self.links(facts, text, &mut case);
        // One odd word may be a slip; a text full of them is written past a filter.
        if disguised >= 2 {
            let zone = match text.disguised.first() {
                Some(place) => Zone::Text(place.clone()),
                None => Zone::Head(facts.title.clone()),
            };
            let weight = (DISGUISED + DISGUISED_MORE * disguised as f64).min(DISGUISED_MOST);
            case.add(&reader.reasons, "text_disguised", weight, zone);
        }
        // Amazon's own forms are no copies.
        if address.is_none_or(|facts| !facts.is_community) {
            self.structure(url, facts, text, &mut case);
        }
        self.unseen(facts, &mut case);
        case.discount(&sender, is_heard, text);
        case
    }

    /// Takes in the title and the headings; gives how many words of theirs are disguised.
    fn heads(&self, facts: &PageFacts, case: &mut Case) -> usize {
        let reader = self.reader();
        let mut disguised = 0;
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
        disguised
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
                    let zone = Zone::Head(alt.original(hit.place).1.to_owned());
                    case.put(reason, kind, cue.weight, zone);
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
            case.add(&reader.reasons, "hidden_text", HIDDEN, Zone::Facts);
        }
    }

    fn conclude(&self, case: &Case, text: &Text, mode: Mode) -> Verdict {
        let read = |scope| case.worst(self.reader(), mode, text, scope);
        let verdict = self.weigh(case, read(Scope::Around), text, mode, 0.0);
        if verdict.level != Level::Quiet || mode == Mode::Typed {
            return verdict;
        }
        let apart = read(Scope::Apart);
        if !case.may_stand_apart(&apart.evidence, text) {
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
        let evidence = &read.evidence;
        let manner_of = |parts: &[&str]| manner.log_odds(parts);
        let read_manner = read
            .has_manner(mode)
            .then(|| manner_of(&read.parts(case, text)));
        let sum = read.sum(read_manner);
        let score = fusion.log_odds(&sum.numbers) - margin;
        let beside = || manner_of(&[&beside(evidence, text)]);
        let warns = score >= 0.0 && sum.may_warn(score, beside);
        let learned = read_manner
            .filter(|manner| *manner >= manner_tells(read.is_talk))
            .and_then(|manner| self.learned(manner, evidence, text));
        let told: Vec<&Evidence> = evidence.iter().copied().chain(&learned).collect();
        Verdict {
            level: if warns { Level::Caution } else { Level::Quiet },
            score,
            reasons: self.reasons(&told, (mode == Mode::Page).then_some(text)),
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
}

#[cfg(test)]
mod tests;
