//! One pass over the text, a pattern only where its literals stand.

use super::gram::Grams;
use super::need::{Blanked, Keys, Need};
use super::node::Node;
use super::patterns::Patterns;
use super::run::{Program, Room};
use super::{Cue, Meaning, Mode, read};
use crate::order::sort_by;
use crate::reason::Reasons;
use crate::text::Text;
use std::ops::Range;
use std::sync::OnceLock;

/// Most places at which one cue is told: the rest adds nothing and a hostile text has millions.
const MOST_PLACES: usize = 6;

/// Bytes of a sentence that a pattern is held against, on each side of its literal.
///
/// Bounds the time on text that never ends a sentence.
const REACH: usize = 400;

/// A cue that was found.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// Index of the cue.
    pub(crate) cue: usize,
    /// Its place in the folded text.
    pub(crate) place: Range<usize>,
}

/// All cues, ready to look for.
pub(crate) struct Finder {
    cues: Vec<Cue>,
    grams: Grams,
    patterns: Patterns,
    /// What is made of each pattern: when first needed, because most never are. Needs are by
    /// themselves, because they are asked for a thousand times as often.
    needs: Vec<OnceLock<Need>>,
    made: Vec<Made>,
    /// Cues that are not told.
    #[cfg(feature = "study")]
    pub(crate) muted: std::collections::BTreeSet<usize>,
}

/// What is made of one pattern.
#[derive(Default)]
struct Made {
    /// Read once for both.
    tree: OnceLock<Node>,
    program: OnceLock<Program>,
}

/// One search of one text.
struct Search<'a> {
    finder: &'a Finder,
    text: &'a Text<'a>,
    mode: Mode,
    /// A sentence, or what is in reach of a place in a long one, and its keys.
    stretch: Range<usize>,
    keys: Keys,
    /// The text of the stretch, as the keys have it.
    blanked: Blanked,
    room: Room,
    /// The part of the stretch that `room` has read.
    read: Range<usize>,
    /// The end of the stretch in which each cue was last looked for, and its places so far.
    done: Vec<(usize, usize)>,
    found: Vec<Hit>,
}

impl Finder {
    /// Reads the shipped cues.
    pub(crate) fn new(reasons: &Reasons) -> Self {
        let patterns = Patterns::new(include_bytes!(concat!(
            env!("OUT_DIR"),
            "/cue_patterns.bin"
        )));
        let grams = Grams::new(|tell| {
            for cue in 0..patterns.count() {
                patterns.literals(cue, |literal| tell(literal, cue as u16));
            }
        });
        Self {
            cues: read(reasons),
            grams,
            needs: (0..patterns.count()).map(|_| OnceLock::new()).collect(),
            made: (0..patterns.count()).map(|_| Made::default()).collect(),
            patterns,
            #[cfg(feature = "study")]
            muted: std::collections::BTreeSet::new(),
        }
    }

    /// A cue by its index.
    pub(crate) fn cue(&self, index: usize) -> &Cue {
        &self.cues[index]
    }

    /// The cues in a text that count in it, by their place.
    pub(crate) fn find(&self, text: &Text, mode: Mode) -> Vec<Hit> {
        if text.folded.is_empty() {
            return Vec::new();
        }
        let mut search = Search {
            finder: self,
            text,
            mode,
            stretch: 0..0,
            keys: Keys::new(),
            blanked: Blanked::default(),
            room: Room::default(),
            read: 0..0,
            done: vec![(0, 0); self.cues.len()],
            found: Vec::new(),
        };
        let mut places = Vec::new();
        for sentence in text.sentences() {
            search.take(sentence.clone(), &mut places);
            if sentence.len() > REACH {
                // The keys are those of what is in reach, at each place.
                search.stretch = 0..0;
            }
            for at in places.iter().map(|at| sentence.start + *at as usize) {
                let bytes = text.folded.as_bytes();
                self.grams.at(bytes, at, |cue| search.look(cue.into(), at));
            }
        }
        let mut found = search.found;
        #[cfg(feature = "study")]
        found.retain(|hit| !self.muted.contains(&hit.cue));
        // A stretch at a time they come in order already.
        sort_by(&mut found, |a, b| {
            (a.place.start, a.cue).cmp(&(b.place.start, b.cue))
        });
        found
    }

    fn tree(&self, cue: usize) -> &Node {
        self.made[cue].tree.get_or_init(|| self.patterns.node(cue))
    }

    fn need(&self, cue: usize) -> &Need {
        self.needs[cue].get_or_init(|| Need::new(self.tree(cue), &self.patterns.classes))
    }

    fn program(&self, cue: usize) -> &Program {
        self.made[cue]
            .program
            .get_or_init(|| Program::new(self.tree(cue), &self.patterns.classes))
    }

    /// What a hit means.
    pub(crate) fn meaning(&self, hit: &Hit) -> Meaning {
        self.cues[hit.cue].meaning
    }
}

impl Search<'_> {
    /// Goes on to a stretch, and notes the places in it where a window may begin.
    fn take(&mut self, stretch: Range<usize>, places: &mut Vec<u32>) {
        self.blanked
            .read(&self.text.folded.as_bytes()[stretch.clone()]);
        self.finder
            .grams
            .read(&self.blanked, &mut self.keys, places);
        self.stretch = stretch;
    }

    /// Looks for a cue in the stretch, one of whose windows stands at a place.
    fn look(&mut self, cue: usize, at: usize) {
        let (last_end, count) = self.done[cue];
        if count >= MOST_PLACES || at < last_end || !self.finder.cues[cue].counts(self.mode) {
            return;
        }
        if !self.stretch.contains(&at) {
            self.take(self.text.sentence_near(at, REACH), &mut Vec::new());
        }
        let Range { start, end } = self.stretch;
        let from = start.max(last_end.min(end));
        self.done[cue].0 = end;
        let bytes = &self.text.folded.as_bytes()[from..end];
        if from > start {
            // The pattern is held against what begins here, in the middle of a word maybe.
            self.keys.begin(bytes);
        }
        if !self.finder.need(cue).is_met(&self.keys) {
            return;
        }
        if self.read != (from..end) {
            self.read = from..end;
            self.room.read(bytes);
        }
        // One place a stretch is enough for what a sentence says.
        if let Some(place) = self.finder.program(cue).find(bytes, &mut self.room) {
            self.done[cue].1 += 1;
            self.found.push(Hit {
                cue,
                place: self
                    .text
                    .whole_letters(from + place.start..from + place.end),
            });
        }
    }
}

#[cfg(test)]
mod tests;
