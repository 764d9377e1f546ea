//! What a verdict rests on, for `cargo xtask train`: never part of what ships.

use super::{Case, Mode, Text, Zone, may_warn};
use crate::{Engine, Owner, PageFacts};
use std::collections::BTreeSet;

/// Bytes of text before the first cue and behind the last that a learner is shown.
const MARGIN: usize = 200;

/// Most bytes of text that a learner is shown.
const MOST: usize = 2_400;

/// How the judge came to its verdict on one text.
#[derive(Clone, Debug, Default)]
pub struct Study {
    /// Log-odds by the cues.
    pub log_odds: f64,
    /// The evidence is of this crime and of two kinds: without that no score warns.
    pub may_warn: bool,
    /// Indices of the cues that were found, in the order of the cue files.
    pub cues: BTreeSet<usize>,
    /// Folded text around the cues that count, with the title and the headings.
    pub words: String,
}

impl Engine {
    /// Leaves cues out, by the indices that [`Study::cues`] gives, until the next call.
    pub fn mute(&mut self, cues: BTreeSet<usize>) {
        self.reader.finder.muted = cues;
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
        let text = self.reader.folder.fold(&facts.text);
        let case = self.case(address.as_ref(), facts, &text);
        let mut study = self.study(&case, &text, Mode::Page);
        for head in std::iter::once(&facts.title).chain(&facts.heading) {
            let head = self.reader.folder.fold(head);
            let hits = self.reader.finder.find(&head);
            study.cues.extend(hits.iter().map(|hit| hit.cue));
            study.words.push('\n');
            study.words.push_str(&head.folded);
        }
        study
    }

    /// Studies typed text as [`Engine::judge_typed`] judges it.
    pub fn study_typed(&self, text: &str) -> Study {
        let text = self.reader.folder.fold(text);
        self.study(&self.typed_case(&text), &text, Mode::Typed)
    }

    fn study(&self, case: &Case, text: &Text, mode: Mode) -> Study {
        let (worst, log_odds) = case.worst(mode);
        let places = || {
            worst.iter().filter_map(|one| match &one.zone {
                Zone::Text(place) => Some(place),
                _ => None,
            })
        };
        let start = places().map(|place| place.start).min().unwrap_or(0);
        let end = places().map(|place| place.end).max().unwrap_or(start);
        let start = start.saturating_sub(MARGIN);
        let end = (end + MARGIN).min(start + MOST).min(text.folded.len());
        let hits = self.reader.finder.find(text);
        Study {
            log_odds,
            may_warn: may_warn(&worst),
            cues: hits.iter().map(|hit| hit.cue).collect(),
            words: text.folded[text.whole_letters(start..end)].to_owned(),
        }
    }
}
