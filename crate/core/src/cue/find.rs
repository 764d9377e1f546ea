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

/// A sentence, or what is in reach of it, with what it can hold.
struct Stretch {
    place: Range<usize>,
    keys: Keys,
    room: Room,
    /// The part of it that `room` has read.
    read: Range<usize>,
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
        let mut found = Vec::new();
        if text.folded.is_empty() {
            return found;
        }
        // The end of the stretch in which each cue was last looked for, and its places so far.
        let mut done = vec![(0usize, 0usize); self.cues.len()];
        let mut stretch = Stretch {
            place: 0..0,
            keys: Keys::new(),
            room: Room::default(),
            read: 0..0,
        };
        let bytes = text.folded.as_bytes();
        let (mut places, mut near) = (Vec::new(), Vec::new());
        let mut blanked = Blanked::default();
        for sentence in text.sentences() {
            blanked.read(&bytes[sentence.clone()]);
            self.grams.read(&blanked, &mut stretch.keys, &mut places);
            // Of a long sentence the keys are those of what is in reach, at each place.
            stretch.place = match sentence.len() {
                0..=REACH => sentence.clone(),
                _ => 0..0,
            };
            for at in places.iter().map(|at| sentence.start + *at as usize) {
                self.grams.at(bytes, at, |cue| {
                    let cue = usize::from(cue);
                    if done[cue].1 >= MOST_PLACES || at < done[cue].0 {
                        return;
                    }
                    if !stretch.place.contains(&at) {
                        stretch.place = text.sentence_near(at, REACH);
                        blanked.read(&bytes[stretch.place.clone()]);
                        self.grams.read(&blanked, &mut stretch.keys, &mut near);
                    }
                    if self.cues[cue].counts(mode) {
                        self.look(cue, text, &mut stretch, &mut done[cue], &mut found);
                    }
                });
            }
        }
        #[cfg(feature = "study")]
        found.retain(|hit| !self.muted.contains(&hit.cue));
        // A stretch at a time they come in order already.
        sort_by(&mut found, |a, b| {
            (a.place.start, a.cue).cmp(&(b.place.start, b.cue))
        });
        found
    }

    fn look(
        &self,
        cue: usize,
        text: &Text,
        stretch: &mut Stretch,
        done: &mut (usize, usize),
        found: &mut Vec<Hit>,
    ) {
        let Range { start, end } = stretch.place;
        let from = start.max(done.0.min(end));
        done.0 = end;
        if from > start {
            // The pattern is held against what begins here, in the middle of a word maybe.
            stretch.keys.begin(&text.folded.as_bytes()[from..end]);
        }
        if !self.need(cue).is_met(&stretch.keys) {
            return;
        }
        let bytes = &text.folded.as_bytes()[from..end];
        if stretch.read != (from..end) {
            stretch.read = from..end;
            stretch.room.read(bytes);
        }
        // One place a stretch is enough for what a sentence says.
        if let Some(place) = self.program(cue).find(bytes, &mut stretch.room) {
            done.1 += 1;
            found.push(Hit {
                cue,
                place: text.whole_letters(from + place.start..from + place.end),
            });
        }
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

#[cfg(test)]
mod tests;
