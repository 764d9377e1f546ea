//! One pass over the text, a pattern only where its literals stand.

use super::gram::Grams;
use super::keys::{Blanked, Keys};
use super::need::{AnchorKeys, Need};
use super::node::Node;
use super::patterns::Patterns;
use super::run::{Program, Room};
use super::{Cue, Meaning, Mode, read};
use crate::order::sort_by;
use crate::reason::Reasons;
use crate::text::Text;
use std::ops::Range;
use std::sync::OnceLock;

/// Most places at which one cue is reported: a hostile text has millions. A few would do for whoever
/// wants them used up before the scam begins.
const MOST_PLACES: usize = 60;

/// Bytes on each side of its literal that a pattern is held against at least, within the sentence.
const REACH: usize = 200;

/// Most bytes of a sentence that a pattern is held against at once.
///
/// Bounds the time on text that never ends a sentence, as a speech recogniser writes it.
const MOST_BYTES: usize = 800;

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
    ways: Vec<Way>,
    /// What is made of each pattern when it is first needed; most never are.
    made: Vec<Made>,
    /// Cues that are left out.
    #[cfg(feature = "study")]
    pub(crate) muted: std::collections::BTreeSet<usize>,
}

/// An alternative of a pattern, which is enough for a match and is looked for by itself.
struct Way {
    cue: u16,
    /// Its index among the pattern's ways; none where it is the whole pattern.
    number: Option<u16>,
    /// Made when first needed.
    need: OnceLock<Need>,
}

/// What is made of one pattern.
#[derive(Default)]
struct Made {
    /// Read once, for the program and for the needs of all ways.
    tree: OnceLock<Node>,
    program: OnceLock<Program>,
}

/// One search of one text.
struct Search<'a> {
    finder: &'a Finder,
    text: &'a Text<'a>,
    mode: Mode,
    sentence: Range<usize>,
    /// The sentence, or what is in reach of a place in a long one, and its keys.
    stretch: Range<usize>,
    keys: Keys,
    /// Number of the stretch, from 1 on.
    number: u32,
    /// The text of the stretch, as the keys have it.
    blanked: Blanked,
    room: Room,
    /// The part of the stretch that `room` has read.
    read: Range<usize>,
    /// The stretch in which each way was last asked for.
    asked: Vec<u32>,
    done: Vec<Done>,
    found: Vec<Hit>,
}

/// How far one cue was looked for.
#[derive(Clone, Copy, Default)]
struct Done {
    /// The last stretch that the pattern was held against.
    stretch: u32,
    /// The end of the last stretch that it was found in; it is looked for only from there on.
    end: usize,
    /// Its places so far.
    places: usize,
}

impl Finder {
    /// Reads the shipped cues.
    pub(crate) fn new(reasons: &Reasons) -> Self {
        let patterns = Patterns::new(include_bytes!(concat!(
            env!("OUT_DIR"),
            "/cue_patterns.bin"
        )));
        let mut ways = Vec::new();
        let grams = Grams::new(|tell| {
            let mut starts = include_bytes!(concat!(env!("OUT_DIR"), "/cue_windows.bin"))
                .iter()
                .flat_map(|two| [two & 15, two >> 4]);
            for cue in 0..patterns.count() {
                let first = ways.len();
                let count = patterns.literals(cue, None, |literal, way| {
                    let start = starts.next().unwrap_or_default();
                    tell(literal, start.into(), (first + way) as u16)
                });
                ways.extend((0..count).map(|way| Way {
                    cue: cue as u16,
                    number: (count > 1).then_some(way as u16),
                    need: OnceLock::new(),
                }));
            }
        });
        Self {
            cues: read(reasons),
            grams,
            ways,
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

    /// The cues in a text that count in it, in order of their places.
    pub(crate) fn find(&self, text: &Text, mode: Mode) -> Vec<Hit> {
        if text.folded.is_empty() {
            return Vec::new();
        }
        let mut search = Search {
            finder: self,
            text,
            mode,
            sentence: 0..0,
            stretch: 0..0,
            keys: self.grams.keys(),
            number: 0,
            blanked: Blanked::default(),
            room: Room::default(),
            read: 0..0,
            asked: vec![0; self.ways.len()],
            done: vec![Done::default(); self.cues.len()],
            found: Vec::new(),
        };
        let mut places = Vec::new();
        for sentence in text.sentences() {
            search.sentence = sentence.clone();
            search.take(sentence.clone(), &mut places);
            if sentence.len() > MOST_BYTES {
                // At each place the keys are to be those of what is in reach.
                search.stretch = 0..0;
            }
            for at in places.iter().map(|at| sentence.start + *at as usize) {
                let bytes = text.folded.as_bytes();
                self.grams.at(bytes, at, |way| search.look(way.into(), at));
            }
        }
        let mut found = search.found;
        #[cfg(feature = "study")]
        found.retain(|hit| !self.muted.contains(&hit.cue));
        // Stretches come in order already.
        sort_by(&mut found, |a, b| {
            (a.place.start, a.cue).cmp(&(b.place.start, b.cue))
        });
        found
    }

    fn tree(&self, cue: usize) -> &Node {
        self.made[cue].tree.get_or_init(|| self.patterns.node(cue))
    }

    fn need<'a>(&self, way: &'a Way) -> &'a Need {
        let cue = usize::from(way.cue);
        way.need.get_or_init(|| {
            let mut anchors = AnchorKeys::new();
            let of = way.number.map(usize::from);
            self.patterns
                .literals(cue, of, |literal, _| anchors.add(literal));
            let tree = self.tree(cue);
            let (at_edge, part) = match way.number {
                Some(number) => {
                    let (at_edge, ways) = tree.ways();
                    (at_edge, &ways[usize::from(number)])
                }
                None => (false, tree),
            };
            Need::new(part, at_edge, &self.patterns.classes, &anchors)
        })
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
        self.keys.read(&self.blanked, places);
        self.stretch = stretch;
        self.number += 1;
    }

    /// Looks for a way of a cue in the stretch, one of whose windows stands at a place.
    fn look(&mut self, way: usize, at: usize) {
        let Range { start, end } = self.sentence;
        if self.stretch.end < end.min(at + REACH) {
            let near = at.saturating_sub(REACH)..at + MOST_BYTES - REACH;
            self.take(near.start.max(start)..near.end.min(end), &mut Vec::new());
        }
        if self.asked[way] == self.number {
            return;
        }
        self.asked[way] = self.number;
        let way = &self.finder.ways[way];
        let cue = usize::from(way.cue);
        let done = &mut self.done[cue];
        if done.stretch == self.number
            || done.places >= MOST_PLACES
            || !self.finder.cues[cue].counts(self.mode)
        {
            return;
        }
        let Range { start, end } = self.stretch;
        let from = start.max(done.end.min(end));
        let bytes = &self.text.folded.as_bytes()[from..end];
        if from > start {
            // What the pattern is held against begins here, maybe in the middle of a word.
            self.keys.begin(bytes);
        }
        if !self.finder.need(way).is_met(&self.keys) {
            return;
        }
        done.stretch = self.number;
        if self.read != (from..end) {
            self.read = from..end;
            self.room.read(bytes);
        }
        // One place in a stretch is enough to say what the sentence says.
        if let Some(place) = self.finder.program(cue).find(bytes, &mut self.room) {
            (done.end, done.places) = (end, done.places + 1);
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
