//! What the finder asks of a text before it looks for a pattern, worked out from the patterns.
//!
//! At the start and not in the build script: it takes less time than the tables take to
//! download.

use super::anchor::{self, Set, anchors};
use super::key;
use super::node::{Class, Node};
use crate::order::sort_dedup;
use std::collections::HashMap;

/// The patterns of all cues, as the build script laid them down.
pub(crate) struct Patterns {
    /// The sets of bytes that they share.
    pub(crate) classes: Vec<Class>,
    fragments: Vec<&'static [u8]>,
    /// Where the tree of each cue begins.
    trees: Vec<&'static [u8]>,
}

impl Patterns {
    /// Reads what the build script wrote: number of classes, the classes; number of fragments,
    /// length and tree of each; then the tree of each cue. Gives the trees too.
    pub(crate) fn new(mut data: &'static [u8]) -> (Self, Vec<Node>) {
        let mut patterns = Self {
            classes: Vec::new(),
            fragments: Vec::new(),
            trees: Vec::new(),
        };
        let take = |data: &mut &'static [u8], count: usize| {
            let (head, rest) = data.split_at(count.min(data.len()));
            *data = rest;
            head
        };
        let number = |bytes: &[u8]| {
            bytes
                .iter()
                .rev()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte))
        };
        for _ in 0..number(take(&mut data, 1)) {
            let mut class = [0; 32];
            class.copy_from_slice(take(&mut data, 32));
            patterns.classes.push(class);
        }
        for _ in 0..number(take(&mut data, 1)) {
            let length = number(take(&mut data, 2));
            patterns.fragments.push(take(&mut data, length));
        }
        let mut nodes = Vec::new();
        while !data.is_empty() {
            patterns.trees.push(data);
            nodes.push(Node::read(&mut data, &patterns.fragments));
        }
        (patterns, nodes)
    }

    /// The tree of a cue's pattern.
    pub(crate) fn node(&self, cue: usize) -> Node {
        Node::read(&mut self.trees[cue].as_ref(), &self.fragments)
    }
}

/// The windows of the literals that the patterns need, with their cues, and what else each
/// pattern needs: the sets of keys, each once, and per cue its ways, each the numbers of its sets.
#[derive(Default)]
pub(crate) struct Index {
    pub(crate) windows: Vec<(Vec<u8>, u16)>,
    pub(crate) numbers: HashMap<Vec<u16>, u16>,
    pub(crate) sets: Vec<Vec<u16>>,
    pub(crate) cues: Vec<Vec<Vec<u16>>>,
}

impl Index {
    /// Reads the trees of all patterns.
    pub(crate) fn new(nodes: &[Node], classes: &[Class]) -> Self {
        let mut index = Self::default();
        for (cue, node) in nodes.iter().enumerate() {
            // The tests see to it that every pattern needs a literal.
            let (needed, ways) = anchors(node, classes).unwrap_or_default();
            for literal in needed {
                index.windows.push((window(&literal), cue as u16));
            }
            index.add(&ways);
        }
        index
    }

    fn add(&mut self, ways: &[Vec<Set>]) {
        // Where one way needs nothing, there is nothing to ask.
        if ways.iter().any(Vec::is_empty) {
            self.cues.push(Vec::new());
            return;
        }
        let ways = ways
            .iter()
            .map(|way| way.iter().map(|set| self.number(keys(set))).collect())
            .collect();
        self.cues.push(ways);
    }

    fn number(&mut self, set: Vec<u16>) -> u16 {
        let next = self.sets.len() as u16;
        let number = *self.numbers.entry(set).or_insert_with_key(|set| {
            self.sets.push(set.clone());
            next
        });
        number
    }
}

/// One key a literal: of its four rarest bytes in a row, or of its three bytes.
fn keys(set: &anchor::Set) -> Vec<u16> {
    // Words that the texts in question have anyway tell little.
    const EXPECTED: [&str; 4] = [" amazon ", " prime ", " account ", " your "];
    let told = |four: &&[u8]| {
        let expected = EXPECTED.iter().any(|word| {
            word.as_bytes()
                .windows(four.len())
                .any(|part| part == *four)
        });
        (!expected, four.iter().map(rarity).sum::<usize>())
    };
    let mut keys: Vec<u16> = set
        .iter()
        .map(|literal| {
            let four = literal.windows(literal.len().min(4)).max_by_key(told);
            let mut bytes = [0; 4];
            if let Some(four) = four {
                bytes[..four.len()].copy_from_slice(four);
            }
            key::of(u32::from_le_bytes(bytes), key::NEED_BITS) as u16
        })
        .collect();
    sort_dedup(&mut keys);
    keys
}

/// Up to eight bytes of a literal, beginning where four rare bytes stand.
fn window(literal: &[u8]) -> Vec<u8> {
    let last = literal.len().saturating_sub(4);
    let start = (0..=last)
        .max_by_key(|&at| {
            let head: usize = literal[at..].iter().take(4).map(rarity).sum();
            (
                head + 4 * (literal.len() - at).min(8),
                std::cmp::Reverse(at),
            )
        })
        .unwrap_or(0);
    literal[start..].iter().copied().take(8).collect()
}

/// Place of a byte among all by its frequency in running text; as in any count of European languages.
fn rarity(byte: &u8) -> usize {
    const PLACES: [u8; 256] = {
        const COMMON: &[u8] = b" etaoinsrhldcumfpgywbvkxjqz0123456789";
        let mut places = [20; 256];
        let mut place = 0;
        while place < COMMON.len() {
            places[COMMON[place] as usize] = place as u8;
            place += 1;
        }
        places
    };
    usize::from(PLACES[usize::from(*byte)])
}
