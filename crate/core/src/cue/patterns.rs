//! The cues' patterns, as the build script laid them down.

use super::node::{Class, Node};

/// The patterns of all cues, as the build script laid them down.
pub(crate) struct Patterns {
    /// The sets of bytes that they share.
    pub(crate) classes: Vec<Class>,
    fragments: Vec<&'static [u8]>,
    /// The tree of each cue.
    trees: Vec<&'static [u8]>,
}

impl Patterns {
    /// Reads what the build script wrote: number of classes, the classes; number of fragments,
    /// length and tree of each; then length and tree of each cue.
    pub(crate) fn new(mut data: &'static [u8]) -> Self {
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
        while !data.is_empty() {
            let length = number(take(&mut data, 2));
            patterns.trees.push(take(&mut data, length));
        }
        patterns
    }

    /// How many cues there are.
    pub(crate) fn count(&self) -> usize {
        self.trees.len()
    }

    /// The tree of a cue's pattern.
    pub(crate) fn node(&self, cue: usize) -> Node {
        let mut tree = self.trees[cue];
        Node::read(&mut tree, &self.fragments)
    }
}
