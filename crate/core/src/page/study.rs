//! What a verdict rests on, for `cargo xtask train`: never part of what ships.

use super::{Case, MANNER_TELLS, SURE, Text, beside, insert, kinds_warn, only_mentions, parts};
use crate::cue::{Mode, blanked, fours};
use crate::fusion::{Number, Numbers};
use crate::{CueKind, Engine, Owner, PageFacts};
use std::collections::BTreeSet;

/// How the judge came to its verdict on one text.
#[derive(Clone, Debug, Default)]
pub struct Study {
    numbers: Numbers,
    /// Kinds of the evidence that counts.
    kinds: Vec<CueKind>,
    /// Amazon is named and nobody says to be it.
    only_mentions: bool,
    /// Indices of the cues that were found, in the order of the cue files.
    pub cues: BTreeSet<usize>,
    /// Written by the person who reads: its manner is not looked at.
    pub is_typed: bool,
    /// Slots of the pieces that the model of manner reads, each once.
    pub slots: Vec<usize>,
    /// Those of the words beside what the text says to be.
    pub beside: Vec<usize>,
}

impl Study {
    /// What it comes to, with the log-odds that a model of manner gives it.
    pub fn numbers(&self, manner: Option<f64>) -> Numbers {
        let mut numbers = self.numbers.clone();
        if let Some(manner) = manner.filter(|_| self.has_manner()) {
            numbers.set(Number::Manner, manner);
        }
        numbers
    }

    /// Its kinds of evidence are those of a warning, where all comes to such log-odds, with the
    /// log-odds that a model of manner gives the text and the words beside what it says to be.
    pub fn may_warn(&self, log_odds: f64, manner: Option<[f64; 2]>) -> bool {
        let mut kinds = self.kinds.clone();
        let manner = manner.filter(|_| self.has_manner());
        if manner.is_some_and(|[whole, _]| whole >= MANNER_TELLS) {
            kinds.push(CueKind::Learned);
        }
        kinds_warn(&kinds, self.only_mentions, || {
            log_odds >= SURE && manner.is_some_and(|[_, beside]| beside >= MANNER_TELLS)
        })
    }

    fn has_manner(&self) -> bool {
        !self.kinds.is_empty() && !self.is_typed
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
        let address = (self.parse)(url).map(|address| self.hosts.look(&address));
        if address
            .as_ref()
            .is_some_and(|address| address.owner != Owner::Unknown)
        {
            return Study::default();
        }
        let text = self.reader().folder.fold(&facts.text);
        let case = self.case(url, address.as_ref(), facts, &text);
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
        let (worst, numbers) = case.worst(&self.reader().fusion, mode);
        let hits = self.reader().finder.find(text, mode);
        let mut kinds = Vec::new();
        for one in &worst {
            insert(&mut kinds, one.kind);
        }
        Study {
            numbers,
            kinds,
            only_mentions: only_mentions(&worst),
            cues: hits.iter().map(|hit| hit.cue).collect(),
            is_typed: mode == Mode::Typed,
            slots: self.reader().manner.slots(&parts(case, &worst, text)),
            beside: self.reader().manner.slots(&[&beside(&worst, text)]),
        }
    }
}
