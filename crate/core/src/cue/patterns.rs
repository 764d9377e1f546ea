//! The cues' patterns, as the build script laid them down.

use super::node::{Class, Node, bytes, tag, way_ends};

/// The patterns of all cues.
pub(crate) struct Patterns {
    /// The sets of bytes that they share.
    pub(crate) classes: Vec<Class>,
    /// All fragments, one behind the other.
    shared: &'static [u8],
    /// What begins with each fragment.
    fragments: Vec<&'static [u8]>,
    cues: Vec<Pattern>,
}

/// The pattern of a cue.
#[derive(Clone, Copy)]
struct Pattern {
    tree: &'static [u8],
    /// The runs of parts that it is looked for by, and what stands behind them.
    runs: &'static [u8],
}

impl Patterns {
    /// Reads what the build script wrote: number of classes, the classes; number of fragments,
    /// length and tree of each; then of each cue length and tree, number of runs and of each run
    /// how far behind the one before it begins and how many parts it has. The fragments count as
    /// though they stood behind the tree.
    pub(crate) fn new(mut data: &'static [u8]) -> Self {
        let mut patterns = Self {
            classes: Vec::new(),
            shared: &[],
            fragments: Vec::new(),
            cues: Vec::new(),
        };
        for _ in 0..number(take(&mut data, 1)) {
            let mut class = [0; 32];
            class.copy_from_slice(take(&mut data, 32));
            patterns.classes.push(class);
        }
        let count = number(take(&mut data, 1));
        patterns.shared = data;
        for _ in 0..count {
            let length = number(take(&mut data, 2));
            patterns.fragments.push(data);
            take(&mut data, length);
        }
        while !data.is_empty() {
            let length = number(take(&mut data, 2));
            let tree = take(&mut data, length);
            patterns.cues.push(Pattern { tree, runs: data });
            for _ in 0..number(take(&mut data, 1)) {
                distance(&mut data);
                take(&mut data, 1);
            }
        }
        patterns
    }

    /// How many cues there are.
    pub(crate) fn count(&self) -> usize {
        self.cues.len()
    }

    /// The tree of a cue's pattern.
    pub(crate) fn node(&self, cue: usize) -> Node {
        Node::read(&mut &*self.cues[cue].tree, &self.fragments)
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
        let Pattern { tree, mut runs } = self.cues[cue];
        let (first, mut ends) = way_ends(tree);
        let mut at = 0;
        for _ in 0..number(take(&mut runs, 1)) {
            at += distance(&mut runs);
            if at < first {
                // The first run then, as they stand in order.
                ends = vec![tree.len()];
            }
            let mut data = match tree.get(at..) {
                Some(data) if !data.is_empty() => data,
                _ => &self.shared[at - tree.len()..],
            };
            let before = data.len();
            let parts: Vec<Node> = (0..number(take(&mut runs, 1)))
                .map(|_| Node::read_part(&mut data, &self.fragments))
                .collect();
            let rest = Rest {
                parts: &parts,
                rest: None,
            };
            let mut start = 0;
            for (way, end) in ends.iter().enumerate() {
                let is_its_own = match tree.get(at) {
                    Some(_) => (start..*end).contains(&at),
                    // Of a fragment: of all ways that have any.
                    None => tree[start..*end].contains(&tag::FRAGMENT),
                };
                if is_its_own && of.is_none_or(|of| of == way) {
                    self.spell(&rest, &mut Vec::new(), &mut |literal: &[u8]| {
                        tell(literal, way)
                    });
                }
                start = *end;
            }
            at += before - data.len();
        }
        ends.len()
    }

    /// Puts all that the rest of a run can match behind `literal`.
    fn spell(&self, rest: &Rest, literal: &mut Vec<u8>, tell: &mut impl FnMut(&[u8])) {
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
        tell: &mut impl FnMut(&[u8]),
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
