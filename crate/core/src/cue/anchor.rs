//! Which parts of a pattern its literals are to be looked for by. Worked out by the build script.
//!
//! A pattern is anchored by a set of literals of which every match holds one: those that a few
//! runs of its parts can match. Only where the runs stand is laid down; the library reads the
//! literals out of the tree.

use super::node::{Class, bytes, tag};

/// Most literals a pattern may be anchored by.
const MOST: usize = 96;

/// Most literals that parts in a row may multiply to.
const MOST_IN_ROW: usize = 32;

/// Parts of a pattern, one behind the other in its data: where they begin, and their number.
pub(crate) type Run = (usize, u8);

/// The data of a pattern and of all fragments.
struct Reading<'a> {
    data: &'a [u8],
    /// Where the pattern ends. Fragments are closed.
    tree: usize,
    /// Where each fragment stands in the data.
    fragments: &'a [usize],
    classes: &'a [Class],
}

/// How many literals, and the length of the shortest.
type Extent = (usize, usize);

/// Literals that a match holds one of.
#[derive(Clone)]
struct Best {
    extent: Extent,
    runs: Vec<Run>,
}

/// What a part of a pattern can match.
struct Found {
    /// All of it, where that is few literals.
    exact: Option<Extent>,
    /// The literals to look for, where it needs any.
    best: Option<Best>,
}

/// The runs that a pattern is anchored by, as `cue/patterns.rs` reads them.
///
/// `data` begins with the pattern's tree, which is so long; `fragments` says where those of the
/// fragments are.
///
/// # Errors
/// When it needs no literal of three bytes.
pub(crate) fn runs(
    data: &[u8],
    tree: usize,
    fragments: &[usize],
    classes: &[Class],
) -> Result<Vec<u8>, String> {
    let reading = Reading {
        data,
        tree,
        fragments,
        classes,
    };
    let best = reading.ways(&mut 0).best;
    let mut runs = best.ok_or("no literal of three bytes to look for")?.runs;
    runs.sort_unstable();
    runs.dedup();
    let mut bytes = vec![u8::try_from(runs.len()).map_err(|_| "over 255 runs")?];
    let mut end = 0;
    for (at, parts) in runs {
        let mut distance = at.checked_sub(end).ok_or("runs overlap")?;
        while distance >= 255 {
            bytes.push(255);
            distance -= 255;
        }
        bytes.extend([distance as u8, parts]);
        end = at;
        for _ in 0..parts {
            reading.part(&mut end);
        }
    }
    Ok(bytes)
}

/// Long literals first, then few of them: they hit seldom by chance.
fn rank((count, shortest): Extent) -> (usize, usize) {
    (shortest.min(10), MOST.saturating_sub(count))
}

fn better(a: Option<Best>, b: Option<Best>) -> Option<Best> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if rank(a.extent) >= rank(b.extent) {
            a
        } else {
            b
        }),
        (a, b) => a.or(b),
    }
}

/// A run of exact parts, if it is of use.
fn usable(extent: Extent, run: Run) -> Option<Best> {
    (extent.0 <= MOST && extent.1 >= 3).then(|| Best {
        extent,
        runs: vec![run],
    })
}

impl Reading<'_> {
    /// Reads the part that begins at `at`, and moves behind it.
    fn part(&self, at: &mut usize) -> Found {
        let start = *at;
        let exact = |extent| Found {
            exact: Some(extent),
            best: usable(extent, (start, 1)),
        };
        let nothing = Found {
            exact: None,
            best: None,
        };
        match self.byte(at) {
            tag::EDGE | tag::START | tag::END => exact((1, 0)),
            tag::CLASS => {
                let class = &self.classes[usize::from(self.byte(at))];
                let count = bytes(class).count();
                if count <= 4 {
                    exact((count, 1))
                } else {
                    nothing
                }
            }
            tag::GAP => {
                self.byte(at);
                nothing
            }
            tag::REPEAT => {
                let least = self.byte(at);
                self.byte(at);
                let inner = self.ways(at);
                if least == 0 {
                    return nothing;
                }
                Found {
                    exact: None,
                    ..inner
                }
            }
            tag::OPTIONAL => match self.ways(at).exact {
                Some((count, _)) if count < MOST => Found {
                    exact: Some((count + 1, 0)),
                    best: None,
                },
                _ => nothing,
            },
            tag::OPEN => {
                let inner = self.ways(at);
                let whole = inner.exact.and_then(|extent| usable(extent, (start, 1)));
                Found {
                    best: better(whole, inner.best),
                    ..inner
                }
            }
            tag::FRAGMENT => {
                let mut there = self.fragments[usize::from(self.byte(at))];
                self.part(&mut there)
            }
            _ => {
                while *at != self.tree
                    && self.data.get(*at).is_some_and(|byte| *byte >= tag::LITERAL)
                {
                    *at += 1;
                }
                exact((1, *at - start))
            }
        }
    }

    fn byte(&self, at: &mut usize) -> u8 {
        *at += 1;
        self.data[*at - 1]
    }

    /// Reads ways up to their end, and moves behind it.
    fn ways(&self, at: &mut usize) -> Found {
        let mut exact = Some((0, usize::MAX));
        let mut every = Some(Best {
            extent: (0, usize::MAX),
            runs: Vec::new(),
        });
        let sum = |a: Extent, b: Extent| (a.0 + b.0, a.1.min(b.1));
        loop {
            let found = self.row(at);
            exact = exact
                .zip(found.exact)
                .map(|(a, b)| sum(a, b))
                .filter(|extent| extent.0 <= MOST);
            every = every
                .zip(found.best)
                .map(|(mut a, b)| {
                    a.extent = sum(a.extent, b.extent);
                    a.runs.extend(b.runs);
                    a
                })
                .filter(|best| best.extent.0 <= MOST);
            if *at == self.tree || self.byte(at) == tag::CLOSE {
                return Found { exact, best: every };
            }
        }
    }

    /// Reads parts up to the end of their row. Exact parts one behind the other are a run.
    fn row(&self, at: &mut usize) -> Found {
        let mut best = None;
        let mut whole = true;
        let (mut extent, mut run) = ((1, 0), (*at, 0));
        while *at != self.tree && !matches!(self.data[*at], tag::OR | tag::CLOSE) {
            let start = *at;
            let found = self.part(at);
            best = better(best, found.best);
            match found.exact {
                Some(part) if extent.0 * part.0 <= MOST_IN_ROW => {
                    extent = (extent.0 * part.0, extent.1 + part.1);
                    run.1 += 1;
                }
                exact => {
                    whole = false;
                    best = better(best, usable(extent, run));
                    (extent, run) = match exact {
                        Some(part) => (part, (start, 1)),
                        None => ((1, 0), (*at, 0)),
                    };
                }
            }
        }
        Found {
            exact: whole.then_some(extent),
            best: better(best, usable(extent, run)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::Parser;
    use super::super::patterns::Patterns;
    use super::*;

    #[test]
    fn finds_what_a_pattern_needs() {
        for (pattern, wanted) in [
            (r"press (?:1|one)\b", vec!["press 1", "press one"]),
            (r"(?:your )?account.{0,20}locked", vec!["account"]),
            (r"\d+ (?:refund|money)", vec![" money", " refund"]),
            (r"\w+ \d+", vec![]),
            (r"cancell?ed", vec!["canceled", "cancelled"]),
            (r"one of.{0,9}\d|\d\d and two", vec![" and two", "one of"]),
            (r"\d\x01\x01 [ab]ct", vec!["tool act", "tool bct"]),
        ] {
            let mut parser = Parser::default();
            let node = parser.parse(pattern).expect("a pattern");
            let mut tree = vec![0, 0];
            node.write(&mut tree).expect("is short");
            tree[0] = tree.len() as u8 - 2;
            let mut fragments = vec![6, 0];
            let tool = parser.parse("tool").expect("a pattern");
            tool.write_closed(&mut fragments).expect("is short");
            let whole = [&tree[2..], &fragments].concat();
            let length = tree.len() - 2;
            let runs = runs(&whole, length, &[length + 2], &parser.classes).unwrap_or(vec![0]);
            let mut data = vec![parser.classes.len() as u8];
            data.extend(parser.classes.concat());
            data.push(1);
            data.extend(fragments);
            data.extend(tree);
            data.extend(runs);
            let mut found = Vec::new();
            Patterns::new(data.leak()).literals(0, None, |literal, _| {
                found.push(String::from_utf8(literal.to_vec()).expect("ASCII"));
            });
            found.sort();
            assert_eq!(found, wanted, "{pattern}");
        }
    }
}
