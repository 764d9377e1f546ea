//! All that speaks for and against a warning in one document, and which stretch of it is judged.

use super::Reader;
use super::sender::Sender;
use crate::CueKind;
use crate::cue::{Finder, Hit, Meaning, Mode};
use crate::fusion::{Number, Numbers};
use crate::order::{insert, sort_by, sort_dedup};
use crate::reason::Reasons;
use crate::text::Text;
use crate::turns::turns;
use std::ops::Range;

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

/// Weight of words that talk about fraud from which they make an article: scams seldom call
/// themselves one.
const ARTICLE: f64 = 3.0;

/// Sentences that talk about fraud from which a site is an article, all of which is read as one.
const ARTICLE_SENTENCES: usize = 3;

/// Bytes around evidence that are its own where a sentence does not end: a speech recogniser's do not.
const CARRIED: usize = 120;

/// Weight from which a cue of the brand is a claim to be it, and no mention.
pub(super) const CLAIM: f64 = 1.5;

/// Log-odds of the model of manner from which it is told among the reasons.
const MANNER_TELLS: f64 = 1.1;

/// The same in a conversation: on texts that the models had not seen, no less sure there.
const TALK_TELLS: f64 = 0.5;

/// Log-odds from which the manner may be one of the two kinds that a warning needs: in
/// cross-validation no innocent that is Amazon by its words alone comes so far. A conversation need
/// not.
const SURE: f64 = 1.0;

/// Log-odds of manner from which it is told, in a conversation or not.
pub(super) fn manner_tells(is_talk: bool) -> f64 {
    if is_talk { TALK_TELLS } else { MANNER_TELLS }
}

/// Log-odds of a sender that poses as Amazon, and of one that is its bare name, which its own text
/// messages bear as well.
const POSES: f64 = 2.5;
const BARE_NAME: f64 = 1.0;

/// How much more counts in a title what speaks against a warning.
const IN_TITLE: f64 = 1.5;

/// Where a piece of evidence stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Zone {
    /// In the text, at this place of the folded text.
    Text(Range<usize>),
    /// In the title, a heading or the sender: counts for the whole document. The words it was.
    Head(String),
    /// In no words.
    Facts,
}

#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) reason: u16,
    pub(super) kind: CueKind,
    pub(super) weight: f64,
    pub(super) zone: Zone,
}

/// Something that speaks against a warning.
pub(super) struct Against {
    pub(super) meaning: Meaning,
    pub(super) weight: f64,
    /// Its place in the folded text; none where it stands in the title.
    pub(super) at: Option<usize>,
}

/// All that speaks for and against.
#[derive(Default)]
pub(super) struct Case {
    pub(super) evidence: Vec<Evidence>,
    pub(super) against: Vec<Against>,
    /// Where the sentences begin that name somebody else of that name; none in the title.
    pub(super) namesakes: Vec<Option<usize>>,
    /// Its title names somebody else of that name.
    pub(super) is_namesake: bool,
    /// A page at an address of its own, and no message.
    pub(super) is_site: bool,
    /// Its sender poses as Amazon.
    pub(super) poses: bool,
    /// Title and headings, folded.
    pub(super) heads: Vec<String>,
}

impl Case {
    pub(super) fn add(&mut self, reasons: &Reasons, code: &str, weight: f64, zone: Zone) {
        if let Some((reason, kind)) = reasons.find(code) {
            self.put(reason, kind, weight, zone);
        }
    }

    pub(super) fn put(&mut self, reason: u16, kind: CueKind, weight: f64, zone: Zone) {
        self.evidence.push(Evidence {
            reason,
            kind,
            weight,
            zone,
        });
    }

    /// Takes in what the sender, as the page shows it, says to be.
    pub(super) fn hear(&mut self, reasons: &Reasons, sender: &Sender, from: &str) {
        let zone = || Zone::Head(from.to_owned());
        if sender.plays_amazon {
            self.poses = !sender.is_bare;
            let weight = if sender.is_bare { BARE_NAME } else { POSES };
            self.add(reasons, "brand_sender", weight, zone());
        }
        for cue in &sender.cues {
            self.add(reasons, cue.code, cue.weight, zone());
        }
    }

    /// Takes in what was found in one text.
    pub(super) fn read(&mut self, finder: &Finder, text: &Text, hits: &[Hit], head: bool) {
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
                    self.put(reason, kind, cue.weight, zone);
                }
                meaning @ (Meaning::Talk | Meaning::Story | Meaning::Genuine | Meaning::Advice) => {
                    self.against.push(Against {
                        meaning,
                        // What a title says, the whole text is about.
                        weight: cue.weight * if head { IN_TITLE } else { 1.0 },
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
    pub(super) fn discount(&mut self, sender: &Sender, is_heard: bool, text: &Text) {
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
            // A bank's own mail speaks of the account and the card there, and names the shop that was
            // paid; what it forwards in other names, such as invoices of those who use it for payment,
            // is judged as it is.
            if sender.is_bank && counts {
                let names_a_shop = one.kind == K::Brand && one.weight < CLAIM;
                let is_its_own =
                    matches!(one.kind, K::Bank | K::Account | K::Credential | K::Refund);
                return !names_a_shop && !is_its_own;
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
    pub(super) fn worst(
        &self,
        reader: &Reader,
        mode: Mode,
        text: &Text,
        scope: Scope,
    ) -> Reading<'_> {
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
            let stretch = manner_place(&evidence, text);
            let is_talk = mode == Mode::Page
                && !evidence.is_empty()
                && !turns(&text.folded[stretch.clone()]).is_empty();
            let mut numbers = self.numbers(&evidence, &places, mode);
            numbers.mark(Number::Mention, only_mentions);
            // What cannot warn whatever its manner stands behind what can, however much it is.
            let mut kinds = kinds_of(&evidence);
            kinds.push(CueKind::Learned);
            let weighs = (
                kinds_warn(&kinds, only_mentions, is_talk, || true),
                reader.fusion.log_odds(&numbers),
            );
            if weighs > most {
                most = weighs;
                worst = Reading {
                    places: match scope {
                        Scope::Around => vec![stretch],
                        Scope::Apart => places,
                    },
                    evidence,
                    numbers,
                    only_mentions,
                    is_talk,
                };
            }
        }
        worst
    }

    /// Evidence may be read without what stands around it: it is more than any letter has, and the
    /// text is no article, which tells every step of the crime in sentences of its own.
    pub(super) fn may_stand_apart(&self, evidence: &[&Evidence], text: &Text) -> bool {
        let mut talks: Vec<Option<usize>> = self
            .against
            .iter()
            .filter(|one| one.meaning == Meaning::Talk)
            .map(|one| one.at.map(|at| text.sentence(at).start))
            .collect();
        sort_dedup(&mut talks);
        (kinds_of(evidence).len() >= 3 || is_graver(evidence))
            && !(self.is_site && talks.len() >= ARTICLE_SENTENCES)
    }

    /// What evidence comes to, with all that speaks against a warning in the title and at these
    /// places.
    pub(super) fn numbers(
        &self,
        within: &[&Evidence],
        places: &[Range<usize>],
        mode: Mode,
    ) -> Numbers {
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
pub(super) enum Scope {
    /// Evidence, and what stands around it.
    Around,
    /// The sentences that carry evidence, and no others: whoever writes a scam can put any words
    /// around it.
    Apart,
}

/// A stretch of a text, read.
#[derive(Default)]
pub(super) struct Reading<'a> {
    pub(super) evidence: Vec<&'a Evidence>,
    /// What it comes to.
    pub(super) numbers: Numbers,
    /// As the function of that name has it.
    pub(super) only_mentions: bool,
    /// The text in which its evidence stands is a conversation.
    pub(super) is_talk: bool,
    /// Places of the folded text in which its manner is read.
    pub(super) places: Vec<Range<usize>>,
}

impl Reading<'_> {
    /// What its manner is read in: its places, title and headings.
    pub(super) fn parts<'a>(&self, case: &'a Case, text: &'a Text) -> Vec<&'a str> {
        let places = self.places.iter().map(|place| &text.folded[place.clone()]);
        places
            .chain(case.heads.iter().map(String::as_str))
            .collect()
    }

    /// Whether its manner is looked at: what people type themselves is not in the scammer's.
    pub(super) fn has_manner(&self, mode: Mode) -> bool {
        mode == Mode::Page && !self.evidence.is_empty()
    }

    /// What it comes to with its manner, as [`Sum::new`] has it.
    pub(super) fn sum(&self, manner: Option<f64>) -> Sum {
        let (kinds, numbers) = (kinds_of(&self.evidence), self.numbers.clone());
        Sum::new(numbers, &kinds, self.only_mentions, manner, self.is_talk)
    }
}

/// What a reading comes to with its manner.
pub(super) struct Sum {
    pub(super) numbers: Numbers,
    /// Kinds of the evidence, the manner among them where it tells, each once.
    kinds: Vec<CueKind>,
    only_mentions: bool,
    is_talk: bool,
}

impl Sum {
    /// `evidence` are its kinds, each once; `manner` the log-odds of its manner, none where that is
    /// not looked at; `is_talk` whether it is a conversation.
    pub(super) fn new(
        mut numbers: Numbers,
        evidence: &[CueKind],
        only_mentions: bool,
        manner: Option<f64>,
        is_talk: bool,
    ) -> Self {
        let mut kinds = evidence.to_vec();
        if let Some(manner) = manner {
            numbers.set(Number::Manner, manner);
            if is_talk {
                numbers.set(Number::Turns, manner);
            }
            if manner >= manner_tells(is_talk) {
                kinds.push(CueKind::Learned);
            }
        }
        Self {
            numbers,
            kinds,
            only_mentions,
            is_talk,
        }
    }

    /// The kinds of evidence are those of a warning, where all comes to such log-odds.
    /// `beside` gives the log-odds of the manner of the words beside the evidence.
    pub(super) fn may_warn(&self, log_odds: f64, beside: impl Fn() -> f64) -> bool {
        let is_talk = self.is_talk;
        kinds_warn(&self.kinds, self.only_mentions, is_talk, || {
            (is_talk || log_odds >= SURE) && beside() >= manner_tells(is_talk)
        })
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
pub(super) fn asks_nothing(one: &Evidence) -> bool {
    use CueKind as K;
    matches!(
        one.kind,
        K::Brand | K::Charge | K::Account | K::Refund | K::Urgency
    )
}

/// The kinds of evidence, each once.
pub(super) fn kinds_of(evidence: &[&Evidence]) -> Vec<CueKind> {
    let mut kinds = Vec::new();
    for one in evidence {
        insert(&mut kinds, one.kind);
    }
    kinds
}

/// Evidence of these kinds, each of them once, is of this crime and no other fraud, and of two
/// kinds. `only_mentions` as the function of that name has it. `is_talk` tells whether they are of a
/// conversation, `is_apart` whether the manner is that of the words beside the evidence.
pub(super) fn kinds_warn(
    kinds: &[CueKind],
    only_mentions: bool,
    is_talk: bool,
    is_apart: impl Fn() -> bool,
) -> bool {
    use CueKind as K;
    let has = |wanted: &[CueKind]| wanted.iter().any(|kind| kinds.contains(kind));
    // Any shop and any bank writes so of Amazon; in the manner of a demand they do not.
    if only_mentions && !has(&[K::Learned]) {
        return false;
    }
    let told = kinds.iter().filter(|kind| **kind != K::Learned).count();
    // The manner weighs, and is one of the two only beside who somebody says to be: it knows no
    // names, but it may have learned the very words of any other cue. In a conversation it knows who
    // leads and who follows.
    let may_be_one = is_talk || has(&[K::Brand, K::Structure]);
    let two = told >= 2 || has(&[K::Learned]) && may_be_one && is_apart();
    let theme = has(&[K::Brand, K::Address, K::Structure, K::Remote, K::RemoteCode])
        // The fake virus page, and the false security team: they, too, end with a stranger in the
        // computer or the savings elsewhere.
        || (has(&[K::Flaw]) && has(&[K::Call, K::Trap, K::Bank]))
        // The call's bait, whoever is named: an order that nobody made and a number against it.
        || (has(&[K::Charge]) && has(&[K::Call]) && (has(&[K::Learned]) || told >= 4))
        // Its end: a refund that was too much, and the bank or gift cards.
        || (has(&[K::Refund]) && has(&[K::Bank, K::GiftCard, K::Secrecy]))
        // Money in secret.
        || (has(&[K::Secrecy]) && has(&[K::Bank, K::GiftCard]))
        // The same, and the computer that is not safe, as somebody is led to them line by line.
        || (is_talk && has(&[K::Learned]) && has(&[K::Bank, K::GiftCard, K::Secrecy, K::Flaw]));
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

/// What stands beside the words of the evidence, in the stretch that its manner is read in: wherever
/// they stand, for a cue is not told at every place.
pub(super) fn beside(evidence: &[&Evidence], text: &Text) -> String {
    let mut names: Vec<&str> = evidence
        .iter()
        .filter_map(|one| match &one.zone {
            Zone::Text(place) => text.folded.get(place.clone()),
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
pub(super) fn manner_place(evidence: &[&Evidence], text: &Text) -> Range<usize> {
    let len = text.folded.len();
    if len <= MANNER_TEXT {
        return 0..len;
    }
    let first = placed(evidence).map(|place| place.start).min();
    let start = first.unwrap_or(0).saturating_sub(MANNER_BEFORE);
    text.whole_letters(start..(start + MANNER_TEXT).min(len))
}
