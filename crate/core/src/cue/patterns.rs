//! The cues' patterns, as the build script laid them down.

use super::node::{Class, Node, bytes, tag};

/// Mark on the first run of a further way, beside its number of parts.
pub(crate) const NEXT_WAY: u8 = 0x80;

/// The patterns of all cues.
pub(crate) struct Patterns {
    /// The sets of bytes that they share.
    pub(crate) classes: Vec<Class>,
    fragments: Vec<Pattern>,
    /// The trees of the fragments.
    trees: Vec<&'static [u8]>,
    cues: Vec<Pattern>,
}

/// The pattern of a cue or a fragment.
#[derive(Clone, Copy)]
struct Pattern {
    tree: &'static [u8],
    /// The runs of parts that it is looked for by, and what stands behind them.
    runs: &'static [u8],
}

impl Patterns {
    /// Reads what the build script wrote: number of classes, the classes; number of fragments; then
    /// of each fragment and of each cue length and tree, number of runs, and of each run how far
    /// behind the one before it begins and how many parts it has, with [`NEXT_WAY`] maybe.
    pub(crate) fn new(mut data: &'static [u8]) -> Self {
        let classes = (0..number(take(&mut data, 1)))
            .map(|_| {
                let mut class = [0; 32];
                class.copy_from_slice(take(&mut data, 32));
                class
            })
            .collect();
        let fragments: Vec<_> = (0..number(take(&mut data, 1)))
            .map(|_| Pattern::read(&mut data))
            .collect();
        let mut cues = Vec::new();
        while !data.is_empty() {
            cues.push(Pattern::read(&mut data));
        }
        Self {
            classes,
            trees: fragments.iter().map(|fragment| fragment.tree).collect(),
            fragments,
            cues,
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

    /// Tells the literals of which every match of a cue's pattern holds one, each with the way
    /// ([`Node::ways`]) that needs it, or those of one way, and gives the number of ways.
    ///
    /// One, the whole pattern, where a literal is that of all ways together.
    pub(crate) fn literals(
        &self,
        cue: usize,
        of: Option<usize>,
        mut tell: impl FnMut(&[u8], usize),
    ) -> usize {
        let mut last = 0;
        self.cues[cue].each_run(|way, parts, count| {
            last = way;
            if of.is_none_or(|of| of == way) {
                self.spell_run(parts, count, &mut |literal| tell(literal, way));
            }
        });
        last + 1
    }

    /// Tells all that so many parts can match.
    fn spell_run(&self, mut parts: &'static [u8], count: usize, tell: &mut dyn FnMut(&[u8])) {
        if let ([tag::FRAGMENT, number, ..], 1) = (parts, count) {
            let fragment = &self.fragments[usize::from(*number)];
            return fragment.each_run(|_, parts, count| self.spell_run(parts, count, tell));
        }
        let parts: Vec<Node> = (0..count)
            .map(|_| Node::read_part(&mut parts, &self.trees))
            .collect();
        let rest = Rest {
            parts: &parts,
            rest: None,
        };
        self.spell(&rest, &mut Vec::new(), tell);
    }

    /// Puts all that the rest of a run can match behind `literal`.
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
    fn read(data: &mut &'static [u8]) -> Self {
        let length = number(take(data, 2));
        let tree = take(data, length);
        let runs = *data;
        for _ in 0..number(take(data, 1)) {
            distance(data);
            take(data, 1);
        }
        Self { tree, runs }
    }

    /// Tells the way of each run, what begins with it, and how many parts of that it has.
    fn each_run(&self, mut tell: impl FnMut(usize, &'static [u8], usize)) {
        let mut runs = self.runs;
        let (mut at, mut way) = (0, 0);
        for _ in 0..number(take(&mut runs, 1)) {
            at += distance(&mut runs);
            let parts = number(take(&mut runs, 1)) as u8;
            way += usize::from(parts & NEXT_WAY != 0);
            let parts_there = self.tree.get(at..).unwrap_or_default();
            tell(way, parts_there, usize::from(parts & !NEXT_WAY));
        }
    }
}

/// What of a run is still to be spelt.
struct Rest<'a> {
    parts: &'a [Node],
    /// What stands behind them.
    rest: Option<&'a Rest<'a>>,
}

/// A number that may be larger than a byte: as many bytes of 255 as it holds, and what is left.
fn distance(data: &mut &'static [u8]) -> usize {
    let mut sum = 0;
    loop {
        let byte = number(take(data, 1));
        sum += byte;
        if byte < 255 {
            return sum;
        }
    }
}

fn take(data: &mut &'static [u8], count: usize) -> &'static [u8] {
    let (head, rest) = data.split_at(count.min(data.len()));
    *data = rest;
    head
}

/// Least significant byte first.
fn number(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}
