//! The literals that a pattern needs: what a text is searched for before the pattern is.

use super::key::{blanked, is_word};
use super::node::{Class, Node};

/// Most literals a pattern may be anchored by.
const MOST: usize = 96;

/// The edge of a word, in a literal: no byte of any text.
const EDGE: u8 = 0xFF;

/// How a pattern is read.
#[derive(Clone, Copy)]
struct Reading<'a> {
    /// The classes of the pattern.
    classes: &'a [Class],
    /// Most literals that parts in a row may multiply to.
    row: usize,
    /// Edges of words belong to the literals.
    edges: bool,
}

/// Most ways to match that are told apart.
const MOST_WAYS: usize = 12;

/// Most sets that are asked of one way.
const MOST_SETS: usize = 3;

/// Literals of which a match holds at least one.
pub(crate) type Set = Vec<Vec<u8>>;

/// What every match of `pattern` holds; none where no literal is needed.
///
/// First the set that is looked for in the whole text; then the ways in which the pattern
/// can match, each the sets of which a match holds one literal each, at most [`MOST_SETS`].
/// In the ways, a blank stands for any mark and, at either end, for the edge of a word.
pub(crate) fn anchors(pattern: &Node, classes: &[Class]) -> Option<(Set, Vec<Vec<Set>>)> {
    let Needs { best, .. } = Reading {
        classes,
        row: 32,
        edges: false,
    }
    .needs(pattern);
    let Needs { mut ways, .. } = Reading {
        classes,
        row: 96,
        edges: true,
    }
    .needs(pattern);
    for way in &mut ways {
        way.sort_by_key(|set| std::cmp::Reverse(rank(set)));
        way.dedup();
        way.truncate(MOST_SETS);
    }
    Some((best?, ways))
}

/// What a part of a pattern needs.
struct Needs {
    /// All that it can match, where that is few literals.
    exact: Option<Set>,
    /// The best set of which each match holds one.
    best: Option<Set>,
    /// The ways to match, never none; a way without a set asks for nothing.
    ways: Vec<Vec<Set>>,
}

impl Needs {
    fn nothing() -> Self {
        Self {
            exact: None,
            best: None,
            ways: vec![Vec::new()],
        }
    }
}

/// Long literals first, then few of them: they hit seldom by chance.
fn rank(set: &[Vec<u8>]) -> (usize, usize) {
    let shortest = set.iter().map(Vec::len).min().unwrap_or(0).min(10);
    (shortest, MOST.saturating_sub(set.len()))
}

fn better(a: Option<Set>, b: Option<Set>) -> Option<Set> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if rank(&a) >= rank(&b) { a } else { b }),
        (a, b) => a.or(b),
    }
}

impl Reading<'_> {
    fn usable(self, set: &[Vec<u8>]) -> Option<Set> {
        let set = if self.edges {
            set.iter().map(|literal| plain(literal)).collect()
        } else {
            set.to_vec()
        };
        (!set.is_empty() && set.len() <= MOST && set.iter().all(|literal| literal.len() >= 3))
            .then_some(set)
    }

    fn needs(self, node: &Node) -> Needs {
        match node {
            Node::Edge if self.edges => self.exact(vec![vec![EDGE]]),
            Node::Edge | Node::Start | Node::End => self.exact(vec![Vec::new()]),
            Node::Literal(literal) => self.exact(vec![literal.clone()]),
            Node::Class(class) => match self.small(*class) {
                Some(set) => self.exact(set),
                None => Needs::nothing(),
            },
            Node::Repeat(node, least, most) => {
                let inner = self.needs(node);
                match (least, most) {
                    (0, Some(1)) => match inner.exact {
                        Some(mut set) if set.len() < MOST => {
                            set.push(Vec::new());
                            Needs {
                                exact: Some(set),
                                ..Needs::nothing()
                            }
                        }
                        _ => Needs::nothing(),
                    },
                    (0, _) => Needs::nothing(),
                    (1, Some(1)) => inner,
                    _ => Needs {
                        exact: None,
                        ..inner
                    },
                }
            }
            Node::Either(parts) => self.any(parts.iter().map(|part| vec![part])),
            Node::Row(parts) => self.row(&parts.iter().collect::<Vec<_>>()),
        }
    }

    /// The bytes of a class of few.
    fn small(self, class: u8) -> Option<Set> {
        let class = self.classes.get(usize::from(class))?;
        let bytes: Vec<Vec<u8>> = (0..=u8::MAX)
            .filter(|byte| class[usize::from(byte >> 3)] >> (byte & 7) & 1 == 1)
            .take(5)
            .map(|byte| vec![byte])
            .collect();
        (bytes.len() <= 4).then_some(bytes)
    }

    /// What one of several rows needs.
    fn any<'a>(self, rows: impl Iterator<Item = Vec<&'a Node>>) -> Needs {
        let mut all = Vec::new();
        let mut every = Some(Vec::new());
        let mut exact_all = true;
        let mut ways = Vec::new();
        for row in rows {
            let inner = match row[..] {
                [only] => self.needs(only),
                _ => self.row(&row),
            };
            ways.extend(inner.ways);
            match inner.exact {
                Some(set) if exact_all => all.extend(set),
                _ => exact_all = false,
            }
            every = match (every, inner.best) {
                (Some(mut every), Some(best)) => {
                    every.extend(best);
                    Some(every)
                }
                _ => None,
            };
        }
        all.sort();
        all.dedup();
        let every = every
            .map(|mut set| {
                set.sort();
                set.dedup();
                set
            })
            .filter(|set| set.len() <= MOST);
        if exact_all && all.len() <= MOST {
            Needs {
                ways: vec![self.usable(&all).into_iter().collect()],
                best: better(self.usable(&all), every),
                exact: Some(all),
            }
        } else {
            Needs {
                exact: None,
                ways: either(ways, &every),
                best: every,
            }
        }
    }

    /// What several parts in a row need.
    fn row(self, parts: &[&Node]) -> Needs {
        let mut best = None;
        let mut run: Option<Set> = Some(vec![Vec::new()]);
        let mut whole = true;
        let mut ways = vec![Vec::new()];
        for (at, part) in parts.iter().enumerate() {
            let inner = match part {
                Node::Either(inner) if self.edges => {
                    // The edges around an alternation are edges of each of its parts.
                    let before = at.checked_sub(1).and_then(|at| edge(parts, at));
                    let behind = edge(parts, at + 1);
                    self.any(inner.iter().map(|part| {
                        let part = match part {
                            Node::Row(parts) => parts.iter().collect(),
                            _ => vec![part],
                        };
                        before.into_iter().chain(part).chain(behind).collect()
                    }))
                }
                _ => self.needs(part),
            };
            // What is exact goes into the run.
            if inner.exact.is_none() {
                ways = both(ways, inner.ways, &inner.best);
            }
            best = better(best, inner.best);
            run = match (run, inner.exact) {
                (Some(run), Some(set)) if run.len() * set.len() <= self.row => Some(
                    run.iter()
                        .flat_map(|head| {
                            set.iter().map(move |tail| [head.as_slice(), tail].concat())
                        })
                        .collect(),
                ),
                (run, set) => {
                    whole = false;
                    let ended = run.as_deref().and_then(|run| self.usable(run));
                    ways.iter_mut().for_each(|way| way.extend(ended.clone()));
                    best = better(best, ended);
                    set.or(Some(vec![Vec::new()]))
                }
            };
        }
        let ended = run.as_deref().and_then(|run| self.usable(run));
        ways.iter_mut().for_each(|way| way.extend(ended.clone()));
        Needs {
            exact: run.filter(|_| whole),
            best: better(best, ended),
            ways,
        }
    }

    fn exact(self, set: Set) -> Needs {
        let best = self.usable(&set);
        Needs {
            ways: vec![best.clone().into_iter().collect()],
            best,
            exact: Some(set),
        }
    }
}

/// The part at a place in a row, if it is the edge of a word.
fn edge<'a>(parts: &[&'a Node], at: usize) -> Option<&'a Node> {
    parts.get(at).copied().filter(|part| **part == Node::Edge)
}

/// A literal with blanks for marks, and for edges where a word begins or ends it.
fn plain(literal: &[u8]) -> Vec<u8> {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| is_word(*byte));
    let begins = literal.first() == Some(&EDGE);
    let ends = literal.last() == Some(&EDGE);
    let mut plain: Vec<u8> = literal
        .iter()
        .copied()
        .filter(|byte| *byte != EDGE)
        .map(blanked)
        .collect();
    if ends && is_word(plain.last()) {
        plain.push(b' ');
    }
    if begins && is_word(plain.first()) {
        plain.insert(0, b' ');
    }
    plain
}

/// The ways of an alternation, of which `every` is the best single set.
fn either(ways: Vec<Vec<Set>>, every: &Option<Set>) -> Vec<Vec<Set>> {
    // Ways that ask for one set alone are one way that asks for any of them.
    let (alone, mut ways): (Vec<_>, Vec<_>) = ways.into_iter().partition(|way| way.len() == 1);
    let mut any: Set = alone.into_iter().flatten().flatten().collect();
    any.sort();
    any.dedup();
    let fits = any.len() <= MOST;
    if !any.is_empty() {
        ways.push(vec![any]);
    }
    if fits && ways.len() <= MOST_WAYS && ways.iter().all(|way| !way.is_empty()) {
        ways
    } else {
        vec![every.clone().into_iter().collect()]
    }
}

/// The ways of two parts in a row; the second's best single set where they would be too many.
fn both(first: Vec<Vec<Set>>, second: Vec<Vec<Set>>, best: &Option<Set>) -> Vec<Vec<Set>> {
    let second = if first.len() * second.len() <= MOST_WAYS {
        second
    } else {
        vec![best.clone().into_iter().collect()]
    };
    first
        .iter()
        .flat_map(|head| second.iter().map(|tail| [head.as_slice(), tail].concat()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::parse::Parser;
    use super::*;

    fn anchors(pattern: &str) -> Option<(Set, Vec<Vec<Set>>)> {
        let mut parser = Parser::default();
        let node = parser.parse(pattern).expect("a pattern");
        super::anchors(&node, &parser.classes)
    }

    #[test]
    fn finds_what_a_pattern_needs() {
        for (pattern, wanted) in [
            (r"press (?:1|one)\b", Some(vec!["press 1", "press one"])),
            (r"(?:your )?account.{0,20}locked", Some(vec!["account"])),
            (r"\d+ (?:refund|money)", Some(vec![" refund", " money"])),
            (r"\w+ \d+", None),
            (r"cancell?ed", Some(vec!["cancelled", "canceled"])),
        ] {
            let wanted = wanted.map(|set| {
                let mut set: Vec<Vec<u8>> = set.iter().map(|s| s.as_bytes().to_vec()).collect();
                set.sort();
                set
            });
            let found = anchors(pattern).map(|(mut set, _)| {
                set.sort();
                set
            });
            assert_eq!(found, wanted, "{pattern}");
        }
    }

    #[test]
    fn tells_the_ways_to_match_apart() {
        for (pattern, wanted) in [
            (r"press (?:1|one)\b", vec![vec!["press 1 |press one "]]),
            (
                r"\b(?:install\w*|get)\b.{0,50}\b(?:any ?desk)\b",
                vec![vec![" any desk | anydesk ", " get | install"]],
            ),
            (
                r"refund.{0,9}bank|gift.{0,9}card|voucher",
                vec![
                    vec!["refund", "bank"],
                    vec!["gift", "card"],
                    vec!["voucher"],
                ],
            ),
            (
                r"refund.{0,9}bank|gift\w+|\d account",
                vec![vec!["refund", "bank"], vec![" account|gift"]],
            ),
            (r"(?:\w+ )?account", vec![vec!["account"]]),
            (r"account(?: locked)*", vec![vec!["account"]]),
            (r"(?:one .{0,3}two|\d+) account", vec![vec![" account"]]),
        ] {
            let (_, ways) = anchors(pattern).expect("needs a literal");
            let found: Vec<Vec<String>> = ways
                .into_iter()
                .map(|way| {
                    way.into_iter()
                        .map(|mut set| {
                            set.sort();
                            String::from_utf8(set.join(&b'|')).expect("ASCII")
                        })
                        .collect()
                })
                .collect();
            assert_eq!(found, wanted, "{pattern}");
        }
    }
}
