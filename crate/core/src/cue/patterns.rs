//! The cues' patterns, as the build script wrote them.

use super::node::{self, Class, Node, bytes, tag};
use std::ops::Range;

/// The patterns of all cues.
pub(crate) struct Patterns {
    /// The sets of bytes that they share.
    pub(crate) classes: Vec<Class>,
    fragments: Vec<Pattern>,
    /// The trees of the fragments.
    trees: Vec<&'static [u8]>,
    cues: Vec<Pattern>,
    /// The runs of all fragments and cues.
    runs: Vec<Run>,
}

/// The pattern of a cue or a fragment.
struct Pattern {
    tree: &'static [u8],
    /// The runs of parts that it is looked for by, in [`Patterns::runs`].
    runs: Range<usize>,
}

/// Consecutive parts.
struct Run {
    /// The data from the first of them on.
    parts: &'static [u8],
    count: u8,
    /// The way of the pattern that they belong to.
    way: u8,
}

impl Patterns {
    /// Reads what the build script wrote: the number of classes and the classes; the number of
    /// fragments; then the trees of the fragments and of all cues, each with marks before the runs
    /// that it is looked for by and [`tag::DONE`] behind it.
    pub(crate) fn new(mut data: &'static [u8]) -> Self {
        let classes = (0..take(&mut data, 1)[0])
            .map(|_| take(&mut data, 32).try_into().unwrap_or([0; 32]))
            .collect();
        let mut runs = Vec::new();
        let fragments: Vec<_> = (0..take(&mut data, 1)[0])
            .map(|_| Pattern::read(&mut data, &mut runs))
            .collect();
        let mut cues = Vec::new();
        while !data.is_empty() {
            cues.push(Pattern::read(&mut data, &mut runs));
        }
        Self {
            classes,
            trees: fragments.iter().map(|fragment| fragment.tree).collect(),
            fragments,
            cues,
            runs,
        }
    }

    /// How many cues there are.
    pub(crate) fn count(&self) -> usize {
        self.cues.len()
    }

    /// The tree of a cue's pattern.
    pub(crate) fn node(&self, cue: usize) -> Node {
        Node::read(&mut &*self.cues[cue].tree, &self.trees)
    }

    /// Passes on the literals of which every match of a cue's pattern contains one, each with the way
    /// ([`Node::ways`]) that needs it, or only those `of` one way; returns the number of ways.
    ///
    /// That is one, for the whole pattern, where all ways have their literals in common.
    pub(crate) fn literals(
        &self,
        cue: usize,
        of: Option<usize>,
        mut tell: impl FnMut(&[u8], usize),
    ) -> usize {
        let mut last = 0;
        for run in &self.runs[self.cues[cue].runs.clone()] {
            last = run.way.into();
            if of.is_none_or(|of| of == last) {
                self.spell_run(run, &mut |literal| tell(literal, last));
            }
        }
        last + 1
    }

    /// Passes on all literals that a run can spell.
    fn spell_run(&self, run: &Run, tell: &mut dyn FnMut(&[u8])) {
        if let (Some((&tag::FRAGMENT, mut rest)), 1) = (run.parts.split_first(), run.count) {
            let fragment = &self.fragments[usize::from(node::number(&mut rest))];
            for run in &self.runs[fragment.runs.clone()] {
                self.spell_run(run, tell);
            }
            return;
        }
        let mut parts = run.parts;
        let parts: Vec<Node> = (0..run.count)
            .map(|_| Node::read_part(&mut parts, &self.trees))
            .collect();
        let rest = Rest {
            parts: &parts,
            rest: None,
        };
        self.spell(&rest, &mut Vec::new(), tell);
    }

    /// Passes on `literal` followed by each of what the rest of a run can spell.
    fn spell(&self, rest: &Rest, literal: &mut Vec<u8>, tell: &mut dyn FnMut(&[u8])) {
        match (rest.parts, rest.rest) {
            ([part, parts @ ..], behind) => {
                let rest = Rest {
                    parts,
                    rest: behind,
                };
                self.spell_part(part, &rest, literal, tell);
            }
            ([], Some(rest)) => self.spell(rest, literal, tell),
            ([], None) => tell(literal),
        }
    }

    fn spell_part(
        &self,
        part: &Node,
        rest: &Rest,
        literal: &mut Vec<u8>,
        tell: &mut dyn FnMut(&[u8]),
    ) {
        let length = literal.len();
        match part {
            Node::Literal(more) => {
                literal.extend_from_slice(more);
                self.spell(rest, literal, tell);
            }
            Node::Class(number) => {
                let class = &self.classes[usize::from(*number)];
                for byte in bytes(class) {
                    literal.push(byte);
                    self.spell(rest, literal, tell);
                    literal.pop();
                }
            }
            // Once, or not at all.
            Node::Repeat(part, least, _) => {
                self.spell_part(part, rest, literal, tell);
                if *least == 0 {
                    self.spell(rest, literal, tell);
                }
            }
            Node::Edge | Node::Start | Node::End => self.spell(rest, literal, tell),
            Node::Row(parts) => {
                let rest = Rest {
                    parts,
                    rest: Some(rest),
                };
                self.spell(&rest, literal, tell);
            }
            Node::Either(parts) => {
                for part in parts {
                    self.spell_part(part, rest, literal, tell);
                }
            }
        }
        literal.truncate(length);
    }
}

impl Pattern {
    /// Reads a tree up to [`tag::DONE`], and moves `data` behind it.
    fn read(data: &mut &'static [u8], runs: &mut Vec<Run>) -> Self {
        let first = runs.len();
        let (mut at, mut way) = (0, 0);
        // No number is one of these bytes.
        let is_mark = |byte: &u8| (tag::DONE..=tag::LAST_RUN).contains(byte);
        while let Some(next) = data
            .get(at..)
            .and_then(|rest| rest.iter().position(is_mark))
        {
            at += next + 1;
            let mark = data[at - 1];
            if mark == tag::DONE {
                break;
            }
            way += u8::from(mark & tag::NEXT_WAY != 0);
            let mut parts = data.get(at..).unwrap_or_default();
            let mut count = 1;
            if mark & tag::SEVERAL != 0 {
                count = node::number(&mut parts);
            }
            runs.push(Run { parts, count, way });
        }
        let tree = take(data, at);
        Self {
            tree: tree.strip_suffix(&[tag::DONE]).unwrap_or(tree),
            runs: first..runs.len(),
        }
    }
}

/// The part of a run that is still to be spelt.
struct Rest<'a> {
    parts: &'a [Node],
    /// What follows them.
    rest: Option<&'a Rest<'a>>,
}

fn take(data: &mut &'static [u8], count: usize) -> &'static [u8] {
    let (head, rest) = data.split_at(count.min(data.len()));
    *data = rest;
    head
}
