//! What a verdict rests on, for `cargo xtask train`: never part of what ships.

use super::case::{Sum, kinds_of};
use super::{APART_MARGIN, Case, MOST_HEADINGS, Reading, Scope, Text, beside};
use crate::cue::{Mode, blanked, fours};
use crate::fusion::Numbers;
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
    /// Written by the person who reads.
    pub is_typed: bool,
}

/// What was read of a text, and what it comes to.
#[derive(Clone, Debug, Default)]
struct Part {
    numbers: Numbers,
    /// Kinds of the evidence that counts.
    kinds: Vec<CueKind>,
    /// Amazon is named and nobody says to be it.
    only_mentions: bool,
    has_manner: bool,
    /// Slots of the pieces that the model of manner reads, each once.
    slots: Vec<usize>,
    /// Those of the words beside the evidence.
    beside: Vec<usize>,
    /// It is a conversation.
    is_talk: bool,
}

impl Part {
    fn sum(&self, manner: Option<f64>) -> Sum {
        let manner = manner.filter(|_| self.has_manner);
        Sum::new(
            self.numbers.clone(),
            &self.kinds,
            self.only_mentions,
            manner,
            self.is_talk,
        )
    }

    /// Log-odds less a margin; none where nothing may warn.
    fn log_odds(
        &self,
        fusion: impl Fn(&Numbers) -> f64,
        manner: Option<MannerOdds>,
        margin: f64,
    ) -> Option<f64> {
        let sum = self.sum(manner.map(|manner| manner.read));
        let odds = fusion(&sum.numbers) - margin;
        let beside = || manner.map_or(0.0, |manner| manner.beside);
        sum.may_warn(odds, beside).then_some(odds)
    }
}

/// What a model of manner makes of one reading: log-odds (natural logarithm).
#[derive(Clone, Copy, Debug, Default)]
pub struct MannerOdds {
    /// Of what was read.
    pub read: f64,
    /// Of the words beside the evidence.
    beside: f64,
}

/// The same of both readings of a text.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// Of the stretch that speaks most for a warning.
    pub whole: MannerOdds,
    /// Of the sentences that carry evidence.
    apart: MannerOdds,
}

impl Study {
    /// Slots of the pieces that a model of manner is taught by.
    pub fn slots(&self) -> &[usize] {
        &self.whole.slots
    }

    /// What a model of manner, which gives the log-odds of slots, makes of it.
    pub fn manners(&self, model: impl Fn(&[usize]) -> f64) -> Manners {
        let of = |part: &Part| MannerOdds {
            read: model(&part.slots),
            beside: model(&part.beside),
        };
        Manners {
            whole: of(&self.whole),
            apart: self.apart.as_ref().map_or_else(MannerOdds::default, of),
        }
    }

    /// What all of it comes to; `manner` is none for a fusion that knows of none.
    pub fn numbers(&self, manner: Option<Manners>) -> Numbers {
        self.whole
            .sum(manner.map(|manner| manner.whole.read))
            .numbers
    }

    /// Log-odds that it is warned of by a fusion, which gives those of numbers; none where nothing
    /// may warn.
    pub fn log_odds(
        &self,
        fusion: impl Fn(&Numbers) -> f64,
        manner: Option<Manners>,
    ) -> Option<f64> {
        let whole = (self.whole).log_odds(&fusion, manner.map(|manner| manner.whole), 0.0);
        if whole.is_some_and(|odds| odds >= 0.0) {
            return whole;
        }
        let apart = manner.map(|manner| manner.apart);
        (self.apart.as_ref())
            .and_then(|part| part.log_odds(&fusion, apart, APART_MARGIN))
            .filter(|odds| *odds >= 0.0)
            .or(whole)
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
        let headings = facts.heading.iter().take(MOST_HEADINGS);
        for head in std::iter::once(&facts.title).chain(headings) {
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
        let part = |read: &Reading| {
            let beside = beside(&read.evidence, text);
            Part {
                numbers: read.numbers.clone(),
                kinds: kinds_of(&read.evidence),
                only_mentions: read.only_mentions,
                has_manner: read.has_manner(mode),
                slots: reader.manner.slots(&read.parts(case, text)),
                beside: reader.manner.slots(&[&beside]),
                is_talk: read.is_talk,
            }
        };
        let (whole, apart) = (read(Scope::Around), read(Scope::Apart));
        let stands_alone = mode == Mode::Page && case.may_stand_apart(&apart.evidence, text);
        let hits = reader.finder.find(text, mode);
        Study {
            whole: part(&whole),
            apart: stands_alone.then(|| part(&apart)),
            cues: hits.iter().map(|hit| hit.cue).collect(),
            is_typed: mode == Mode::Typed,
        }
    }
}
