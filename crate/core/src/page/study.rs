//! What a verdict rests on, for `cargo xtask train`: never part of what ships.

use super::{
    APART_MARGIN, Case, MANNER_TELLS, Reading, SURE, Scope, Text, beside, kinds_of, kinds_warn,
};
use crate::cue::{Mode, blanked, fours};
use crate::fusion::{Number, Numbers};
use crate::host::HostFacts;
use crate::{CueKind, Engine, PageFacts};
use std::collections::BTreeSet;

/// How the judge came to its verdict on one text.
#[derive(Clone, Debug, Default)]
pub struct Study {
    /// All of the stretch that speaks most for a warning.
    whole: Part,
    /// The sentences that carry evidence, where they may be read without the others.
    apart: Option<Part>,
    /// Indices of the cues that were found, in the order of the cue files.
    pub cues: BTreeSet<usize>,
    /// Written by the person who reads: its manner is not looked at.
    pub is_typed: bool,
    /// Slots of the words beside what the text says to be.
    beside: Vec<usize>,
}

/// What was read of a text, and what it comes to.
#[derive(Clone, Debug, Default)]
struct Part {
    numbers: Numbers,
    /// Kinds of the evidence that counts.
    kinds: Vec<CueKind>,
    /// Amazon is named and nobody says to be it.
    only_mentions: bool,
    /// Slots of the pieces that the model of manner reads, each once.
    slots: Vec<usize>,
}

/// The log-odds of a model of manner.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// Of the stretch that speaks most for a warning.
    pub whole: f64,
    /// Of the sentences that carry evidence.
    apart: f64,
    /// Of the words beside what the text says to be.
    beside: f64,
}

impl Study {
    /// Slots of the pieces that a model of manner is taught by.
    pub fn slots(&self) -> &[usize] {
        &self.whole.slots
    }

    /// What a model of manner, which gives the log-odds of slots, makes of it.
    pub fn manners(&self, model: impl Fn(&[usize]) -> f64) -> Manners {
        Manners {
            whole: model(&self.whole.slots),
            apart: self.apart.as_ref().map_or(0.0, |apart| model(&apart.slots)),
            beside: model(&self.beside),
        }
    }

    /// What all of it comes to; `manner` is none for a fusion that knows of none.
    pub fn numbers(&self, manner: Option<Manners>) -> Numbers {
        self.numbers_of(&self.whole, manner.map(|manner| manner.whole))
    }

    /// Log-odds that it is warned of by a fusion, which gives those of numbers; none where nothing
    /// may warn.
    pub fn log_odds(
        &self,
        fusion: impl Fn(&Numbers) -> f64,
        manner: Option<Manners>,
    ) -> Option<f64> {
        let part = |part: &Part, of: Option<f64>, margin: f64| {
            let odds = fusion(&self.numbers_of(part, of)) - margin;
            let beside = manner.map(|manner| manner.beside);
            self.may_warn(part, odds, of, beside).then_some(odds)
        };
        let whole = part(&self.whole, manner.map(|manner| manner.whole), 0.0);
        let apart = self.apart.as_ref().and_then(|apart| {
            part(apart, manner.map(|manner| manner.apart), APART_MARGIN).filter(|odds| *odds >= 0.0)
        });
        match whole {
            Some(odds) if odds >= 0.0 => whole,
            _ => apart.or(whole),
        }
    }

    fn numbers_of(&self, part: &Part, manner: Option<f64>) -> Numbers {
        let mut numbers = part.numbers.clone();
        if let Some(manner) = manner.filter(|_| self.has_manner(part)) {
            numbers.set(Number::Manner, manner);
        }
        numbers
    }

    /// The kinds of evidence are those of a warning, where all comes to such log-odds.
    fn may_warn(
        &self,
        part: &Part,
        log_odds: f64,
        manner: Option<f64>,
        beside: Option<f64>,
    ) -> bool {
        let mut kinds = part.kinds.clone();
        let has_manner = self.has_manner(part);
        if has_manner && manner.is_some_and(|manner| manner >= MANNER_TELLS) {
            kinds.push(CueKind::Learned);
        }
        kinds_warn(&kinds, part.only_mentions, || {
            has_manner && log_odds >= SURE && beside.is_some_and(|beside| beside >= MANNER_TELLS)
        })
    }

    fn has_manner(&self, part: &Part) -> bool {
        !part.kinds.is_empty() && !self.is_typed
    }
}

impl Engine {
    /// Leaves cues out, by the indices that [`Study::cues`] gives, until the next call.
    pub fn mute(&mut self, cues: BTreeSet<usize>) {
        if let Some(reader) = self.reader_mut() {
            reader.finder.muted = cues;
        }
    }

    /// Studies a document as [`Engine::judge_page`] judges it; nothing where its owner is known.
    pub fn study_page(&self, url: &str, facts: &PageFacts) -> Study {
        let parsed = (self.parse)(url);
        let address = parsed.as_ref().map(|address| self.hosts.look(address));
        if address.as_ref().and_then(HostFacts::unread).is_some() {
            return Study::default();
        }
        let text = self.reader().folder.fold(&facts.text);
        let is_heard = self.is_heard(parsed.as_ref(), facts);
        let case = self.case(url, address.as_ref(), is_heard, facts, &text);
        let mut study = self.study(&case, &text, Mode::Page);
        for head in std::iter::once(&facts.title).chain(&facts.heading) {
            let head = self.reader().folder.fold(head);
            let hits = self.reader().finder.find(&head, Mode::Page);
            study.cues.extend(hits.iter().map(|hit| hit.cue));
        }
        study
    }

    /// Studies typed text as [`Engine::judge_typed`] judges it.
    pub fn study_typed(&self, text: &str) -> Study {
        let text = self.reader().folder.fold(text);
        self.study(&self.typed_case(&text), &text, Mode::Typed)
    }

    /// Every four bytes in a row of a text as the keys of cues have it: folded, each mark a blank
    /// and each digit a nought.
    pub fn fours(&self, text: &str) -> Vec<[u8; 4]> {
        let folded = self.reader().folder.fold(text).folded;
        let blanked: Vec<u8> = folded.bytes().map(blanked).collect();
        fours(&blanked).collect()
    }

    fn study(&self, case: &Case, text: &Text, mode: Mode) -> Study {
        let reader = self.reader();
        let read = |scope| case.worst(reader, mode, text, scope);
        let part = |read: &Reading| Part {
            numbers: read.numbers.clone(),
            kinds: kinds_of(&read.evidence),
            only_mentions: read.only_mentions,
            slots: reader.manner.slots(&read.parts(case, text)),
        };
        let (whole, apart) = (read(Scope::Around), read(Scope::Apart));
        let stands_alone = mode == Mode::Page && case.stands_alone(&apart.evidence, text);
        let hits = reader.finder.find(text, mode);
        Study {
            whole: part(&whole),
            apart: stands_alone.then(|| part(&apart)),
            cues: hits.iter().map(|hit| hit.cue).collect(),
            is_typed: mode == Mode::Typed,
            beside: reader.manner.slots(&[&beside(&whole.evidence, text)]),
        }
    }
}
