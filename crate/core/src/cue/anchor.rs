//! Which parts of a pattern give the literals that it is looked for by. Worked out by the build script.
//!
//! A pattern is anchored by a set of literals of which every match contains at least one: the literals
//! that a few runs of its parts can spell. Of all such sets the rarest is taken. Only the places of the
//! runs are stored; the library reads the literals from the tree.

use super::fours::Fours;
use super::node::{Class, bytes, tag, written};

/// Most literals a pattern may be anchored by.
const MOST: usize = 96;

/// Most literals that parts in a row may multiply to.
const MOST_IN_ROW: usize = 32;

/// Fixed cost of a literal, added to its occurrences per million bytes: it is spelt at every start.
const EACH: f64 = 2.0;

/// Consecutive parts of a pattern in its data: where they begin, and how many they are.
type Run = (usize, u8);

/// What is needed to read patterns.
pub(crate) struct Anchors<'a> {
    pub(crate) fours: &'a Fours,
    pub(crate) classes: &'a [Class],
    /// The trees of the fragments.
    pub(crate) fragments: &'a [Vec<u8>],
}

/// The tree of a pattern or of a fragment.
struct Reading<'a> {
    anchors: &'a Anchors<'a>,
    tree: &'a [u8],
}

/// Literals of which every match contains at least one.
#[derive(Clone)]
struct Best {
    cost: f64,
    count: usize,
    runs: Vec<Run>,
}

/// What a part of a pattern can match.
struct Found {
    /// Everything it can match, where that is a few literals.
    exact: Option<Vec<Vec<u8>>>,
    /// The literals to look for, where every match contains one.
    best: Option<Best>,
}

impl Found {
    fn nothing() -> Self {
        Self {
            exact: None,
            best: None,
        }
    }
}

impl Anchors<'_> {
    /// The tree of a pattern with a mark before each run of parts that it is anchored by.
    ///
    /// # Errors
    /// When no literal of three bytes is part of every match.
    pub(crate) fn marked(&self, tree: &[u8]) -> Result<Vec<u8>, String> {
        let reading = Reading {
            anchors: self,
            tree,
        };
        let best = reading.ways(&mut 0).best;
        let mut runs = best.ok_or("no literal of three bytes to look for")?.runs;
        runs.sort_unstable();
        runs.dedup();
        let (first, ends) = way_ends(tree);
        let in_ways = runs.iter().all(|(at, _)| *at >= first);
        let mut marked = Vec::new();
        let (mut before, mut way) = (0, 0);
        for (at, parts) in runs {
            marked.extend(&tree[before..at]);
            before = at;
            let mut mark = tag::RUN;
            let its_way = ends.iter().position(|end| at < *end);
            if in_ways && its_way > Some(way) {
                way += 1;
                mark |= tag::NEXT_WAY;
            }
            match parts {
                1 => marked.push(mark),
                _ => marked.extend([mark | tag::SEVERAL, written(parts)?]),
            }
        }
        marked.extend(&tree[before..]);
        Ok(marked)
    }

    /// A run of parts that match these literals, if the pattern can be anchored by it.
    fn usable(&self, literals: &[Vec<u8>], run: Run) -> Option<Best> {
        let mut literals: Vec<&[u8]> = literals.iter().map(Vec::as_slice).collect();
        literals.sort_unstable();
        literals.dedup();
        let shortest = literals.iter().map(|literal| literal.len()).min()?;
        let cost = |literal: &&[u8]| EACH + self.fours.frequency(literal);
        (literals.len() <= MOST && shortest >= 3).then(|| Best {
            cost: literals.iter().map(cost).sum(),
            count: literals.len(),
            runs: vec![run],
        })
    }
}

fn better(a: Option<Best>, b: Option<Best>) -> Option<Best> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a.cost <= b.cost { a } else { b }),
        (a, b) => a.or(b),
    }
}

impl Reading<'_> {
    /// Reads the part that begins at `at`, and moves behind it.
    fn part(&self, at: &mut usize) -> Found {
        let start = *at;
        match self.byte(at) {
            tag::EDGE | tag::START | tag::END => self.exact(start, vec![Vec::new()]),
            tag::CLASS => {
                let class = &self.anchors.classes[self.number(at)];
                let bytes: Vec<_> = bytes(class).map(|byte| vec![byte]).collect();
                if bytes.len() <= 4 {
                    self.exact(start, bytes)
                } else {
                    Found::nothing()
                }
            }
            tag::GAP => {
                self.byte(at);
                Found::nothing()
            }
            tag::REPEAT => self.repeat(at),
            tag::OPTIONAL => self.optional(at),
            tag::OPEN => self.group(start, at),
            tag::FRAGMENT => self.fragment(start, at),
            _ => {
                let literal = self.tree[start..].iter();
                *at = start + literal.take_while(|byte| **byte >= tag::LITERAL).count();
                self.exact(start, vec![self.tree[start..*at].to_vec()])
            }
        }
    }

    /// The part that begins at `start` and matches these literals and nothing else.
    fn exact(&self, start: usize, literals: Vec<Vec<u8>>) -> Found {
        Found {
            best: self.anchors.usable(&literals, (start, 1)),
            exact: Some(literals),
        }
    }

    fn repeat(&self, at: &mut usize) -> Found {
        let least = self.number(at);
        self.byte(at);
        let inner = self.ways(at);
        if least == 0 {
            return Found::nothing();
        }
        Found {
            exact: None,
            ..inner
        }
    }

    fn optional(&self, at: &mut usize) -> Found {
        match self.ways(at).exact {
            Some(mut literals) if literals.len() < MOST => {
                literals.push(Vec::new());
                Found {
                    exact: Some(literals),
                    best: None,
                }
            }
            _ => Found::nothing(),
        }
    }

    fn group(&self, start: usize, at: &mut usize) -> Found {
        let inner = self.ways(at);
        let literals = inner.exact.as_deref().unwrap_or_default();
        let whole = self.anchors.usable(literals, (start, 1));
        Found {
            best: better(whole, inner.best),
            ..inner
        }
    }

    fn fragment(&self, start: usize, at: &mut usize) -> Found {
        let tree = &self.anchors.fragments[self.number(at)];
        let inner = Reading { tree, ..*self }.part(&mut 0);
        // A fragment that is a run by itself stands for the runs marked within it.
        Found {
            best: inner.best.map(|best| Best {
                runs: vec![(start, 1)],
                ..best
            }),
            ..inner
        }
    }

    fn byte(&self, at: &mut usize) -> u8 {
        *at += 1;
        self.tree[*at - 1]
    }

    fn number(&self, at: &mut usize) -> usize {
        usize::from(self.byte(at) - tag::LITERAL)
    }

    /// Reads ways up to their end, and moves behind it.
    fn ways(&self, at: &mut usize) -> Found {
        let mut exact = Some(Vec::new());
        let mut every = Some(Best {
            cost: 0.0,
            count: 0,
            runs: Vec::new(),
        });
        loop {
            let found = self.row(at);
            exact = exact
                .zip(found.exact)
                .map(|(a, b)| [a, b].concat())
                .filter(|literals| literals.len() <= MOST);
            every = every
                .zip(found.best)
                .map(|(a, b)| Best {
                    cost: a.cost + b.cost,
                    count: a.count + b.count,
                    runs: [a.runs, b.runs].concat(),
                })
                .filter(|best| best.count <= MOST);
            if *at == self.tree.len() || self.byte(at) == tag::CLOSE {
                return Found { exact, best: every };
            }
        }
    }

    /// Reads parts up to the end of their row. Consecutive exact parts are a run as long as they
    /// multiply to few literals; where they would be too many, the first parts are dropped.
    fn row(&self, at: &mut usize) -> Found {
        let mut best = None;
        let mut whole = true;
        let mut run: Vec<(usize, Vec<Vec<u8>>)> = Vec::new();
        while *at != self.tree.len() && !matches!(self.tree[*at], tag::OR | tag::CLOSE) {
            let start = *at;
            let found = self.part(at);
            best = better(best, found.best);
            let Some(part) = found.exact else {
                run.clear();
                whole = false;
                continue;
            };
            run.push((start, part));
            while run.len() > 1 && count(&run) > MOST_IN_ROW {
                run.remove(0);
                whole = false;
            }
            // A shorter run may have fewer literals that are just as rare.
            for first in 0..run.len() {
                best = better(best, self.run(&run[first..]));
            }
        }
        Found {
            best,
            exact: whole.then(|| spell(&run)),
        }
    }

    /// A run of parts, each with what it can match, if the pattern can be anchored by it.
    fn run(&self, parts: &[(usize, Vec<Vec<u8>>)]) -> Option<Best> {
        let (start, _) = parts.first()?;
        let count = u8::try_from(parts.len()).ok()?;
        self.anchors.usable(&spell(parts), (*start, count))
    }
}

/// How many literals parts in a row can match.
fn count(parts: &[(usize, Vec<Vec<u8>>)]) -> usize {
    parts.iter().map(|(_, literals)| literals.len()).product()
}

/// All literals that parts in a row can spell.
fn spell(parts: &[(usize, Vec<Vec<u8>>)]) -> Vec<Vec<u8>> {
    parts.iter().fold(vec![Vec::new()], |heads, (_, tails)| {
        heads
            .iter()
            .flat_map(|head| tails.iter().map(move |tail| [&head[..], tail].concat()))
            .collect()
    })
}

/// Where the first way of a pattern's data begins and where each ends (`Node::ways`).
fn way_ends(tree: &[u8]) -> (usize, Vec<usize>) {
    if tree.starts_with(&[tag::EDGE, tag::OPEN]) {
        let inner = row_ends(tree, 2);
        if inner.len() > 1 && inner.last() == Some(&(tree.len() - 1)) {
            return (2, inner);
        }
    }
    (0, row_ends(tree, 0))
}

/// Where each row ends of those that begin at `at`, up to the [`tag::CLOSE`] that ends the last.
fn row_ends(tree: &[u8], mut at: usize) -> Vec<usize> {
    let (mut ends, mut depth) = (Vec::new(), 0);
    while let Some(byte) = tree.get(at) {
        match *byte {
            tag::OR if depth == 0 => ends.push(at),
            tag::CLOSE if depth == 0 => break,
            tag::CLOSE => depth -= 1,
            tag::OPEN | tag::OPTIONAL | tag::REPEAT => depth += 1,
            _ => {}
        }
        at += 1;
    }
    ends.push(at);
    ends
}

#[cfg(test)]
mod tests {
    use super::super::parse::Parser;
    use super::super::patterns::Patterns;
    use super::*;

    #[test]
    fn finds_the_rarest_that_a_pattern_needs() {
        let common = [
            "pres", "ress", "ess.", "lock", "ocke", "cked", "mone", "oney", ".mon",
        ];
        let fours = Fours::read(common.iter().map(|four| (*four, "500"))).expect("a table");
        for (pattern, ways, wanted) in [
            (r"press (?:1|one)\b", 1, vec!["press 1", "press one"]),
            (r"(?:your )?account.{0,20}locked", 1, vec!["account"]),
            (r"\d+ (?:refund|money)", 1, vec![" money", " refund"]),
            (r"\w+ \d+", 1, vec![]),
            (r"cancell?ed", 1, vec!["cancel"]),
            (
                r"locked \d|\d now|press.{0,9}account",
                3,
                vec![" now", "account", "locked "],
            ),
            (r"(?:press|lock|mone) (?:pc|tv)\d", 1, vec![" pc", " tv"]),
            (r"\b(?:locked|\d\d now)", 2, vec![" now", "locked"]),
            (r"\d\x01\x01 [ab]ct", 1, vec!["tool "]),
            (r"press\d\x01\x02\d\d", 1, vec!["desk", "view"]),
        ] {
            let mut parser = Parser::default();
            let node = parser.parse(pattern).expect("a pattern");
            let mut tree = Vec::new();
            node.write(&mut tree).expect("is short");
            let fragments: Vec<_> = ["tool", r"desk\d|view\d"]
                .map(|fragment| {
                    let mut tree = Vec::new();
                    let node = parser.parse(fragment).expect("a pattern");
                    node.write_closed(&mut tree).expect("is short");
                    tree
                })
                .into();
            let anchors = Anchors {
                fours: &fours,
                classes: &parser.classes,
                fragments: &fragments,
            };
            let mut data = vec![parser.classes.len() as u8];
            data.extend(parser.classes.concat());
            data.push(2);
            for tree in fragments.iter().chain([&tree]) {
                data.extend(anchors.marked(tree).unwrap_or(tree.clone()));
                data.push(tag::DONE);
            }
            let mut found = Vec::new();
            let count = Patterns::new(data.leak()).literals(0, None, |literal, _| {
                found.push(String::from_utf8(literal.to_vec()).expect("ASCII"));
            });
            found.sort();
            assert_eq!(
                (count, found),
                (ways, wanted.iter().map(|text| text.to_string()).collect()),
                "{pattern}"
            );
        }
    }
}
