//! One automaton over the text, a pattern only where its literals stand.

use super::{Cue, Meaning, anchor, read};
use crate::reason::Reasons;
use crate::text::Text;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::ops::Range;

/// Most places at which one cue is told: the rest adds nothing and a hostile text has millions.
const MOST_PLACES: usize = 8;

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
    automaton: Option<AhoCorasick>,
    /// Cues of each literal of the automaton.
    owners: Vec<Vec<u16>>,
    /// Cues without a literal, held against every text.
    always: Vec<u16>,
}

impl Finder {
    /// Reads the shipped cues.
    pub(crate) fn new(reasons: &Reasons) -> Self {
        let cues = read(reasons);
        let mut literals: Vec<(Vec<u8>, Vec<u16>)> = Vec::new();
        let mut always = Vec::new();
        let mut index = std::collections::HashMap::new();
        for (number, cue) in cues.iter().enumerate() {
            let number = number as u16;
            match anchor::anchors(&cue.pattern) {
                Some(set) => {
                    for literal in set {
                        let at = *index.entry(literal.clone()).or_insert_with(|| {
                            literals.push((literal, Vec::new()));
                            literals.len() - 1
                        });
                        literals[at].1.push(number);
                    }
                }
                None => always.push(number),
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(literals.iter().map(|(literal, _)| literal))
            .ok();
        Self {
            cues,
            automaton,
            owners: literals.into_iter().map(|(_, owners)| owners).collect(),
            always,
        }
    }

    /// A cue by its index.
    pub(crate) fn cue(&self, index: usize) -> &Cue {
        &self.cues[index]
    }

    /// The cues in a text, by their place.
    pub(crate) fn find(&self, text: &Text) -> Vec<Hit> {
        let mut found = Vec::new();
        // The end of the stretch in which each cue was last looked for, and its places so far.
        let mut done = vec![(0usize, 0usize); self.cues.len()];
        let mut sentence = 0..0;
        if let Some(automaton) = &self.automaton {
            for literal in automaton.find_overlapping_iter(&text.folded) {
                let at = literal.start();
                for &cue in &self.owners[literal.pattern().as_usize()] {
                    let cue = usize::from(cue);
                    if done[cue].1 >= MOST_PLACES || literal.end() <= done[cue].0 {
                        continue;
                    }
                    if !(sentence.start <= at && at < sentence.end) {
                        sentence = text.sentence_near(at, REACH);
                    }
                    self.look(cue, text, sentence.clone(), &mut done[cue], &mut found);
                }
            }
        }
        for &cue in &self.always {
            let cue = usize::from(cue);
            let whole = 0..text.folded.len();
            self.look(cue, text, whole, &mut done[cue], &mut found);
        }
        found.sort_by_key(|hit| (hit.place.start, hit.cue));
        found
    }

    fn look(
        &self,
        cue: usize,
        text: &Text,
        stretch: Range<usize>,
        done: &mut (usize, usize),
        found: &mut Vec<Hit>,
    ) {
        let from = stretch.start.max(done.0.min(stretch.end));
        done.0 = stretch.end;
        let Some(regex) = self.cues[cue].regex() else {
            return;
        };
        let bytes = &text.folded.as_bytes()[from..stretch.end];
        // One place a stretch is enough for what a sentence says.
        if let Some(place) = regex.find(bytes) {
            done.1 += 1;
            found.push(Hit {
                cue,
                place: text.whole_letters(from + place.start()..from + place.end()),
            });
        }
    }

    /// What a hit means.
    pub(crate) fn meaning(&self, hit: &Hit) -> Meaning {
        self.cues[hit.cue].meaning
    }
}
