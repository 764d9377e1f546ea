//! The literals of which a pattern needs one: what the automaton looks for.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Most literals a pattern may be anchored by.
const MOST: usize = 96;

/// Most literals that parts in a row may multiply to.
const MOST_IN_A_ROW: usize = 32;

/// Literals of which every match of `pattern` holds at least one; none where there is no such set.
pub(crate) fn anchors(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let hir = ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern)
        .ok()?;
    let Needs { best, .. } = needs(&hir);
    best
}

/// What a part of a pattern needs.
#[derive(Default)]
struct Needs {
    /// All that it can match, where that is few literals.
    exact: Option<Vec<Vec<u8>>>,
    /// The best set of which each match holds one.
    best: Option<Vec<Vec<u8>>>,
}

/// Long literals first, then few of them: they hit seldom by chance.
fn rank(set: &[Vec<u8>]) -> (usize, usize) {
    let shortest = set.iter().map(Vec::len).min().unwrap_or(0).min(10);
    (shortest, MOST.saturating_sub(set.len()))
}

fn better(a: Option<Vec<Vec<u8>>>, b: Option<Vec<Vec<u8>>>) -> Option<Vec<Vec<u8>>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if rank(&a) >= rank(&b) { a } else { b }),
        (a, b) => a.or(b),
    }
}

fn usable(set: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    (!set.is_empty() && set.len() <= MOST && set.iter().all(|literal| literal.len() >= 3))
        .then(|| set.to_vec())
}

fn needs(hir: &Hir) -> Needs {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => exact(vec![Vec::new()]),
        HirKind::Literal(literal) => exact(vec![literal.0.to_vec()]),
        HirKind::Class(class) => match small(class) {
            Some(set) => exact(set),
            None => Needs::default(),
        },
        HirKind::Capture(capture) => needs(&capture.sub),
        HirKind::Repetition(repetition) => {
            let inner = needs(&repetition.sub);
            match (repetition.min, repetition.max) {
                (0, Some(1)) => match inner.exact {
                    Some(mut set) if set.len() < MOST => {
                        set.push(Vec::new());
                        Needs {
                            exact: Some(set),
                            best: None,
                        }
                    }
                    _ => Needs::default(),
                },
                (0, _) => Needs::default(),
                (1, Some(1)) => inner,
                _ => Needs {
                    exact: None,
                    best: inner.best,
                },
            }
        }
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            let mut every = Some(Vec::new());
            let mut exact_all = true;
            for part in parts {
                let inner = needs(part);
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
                    best: better(usable(&all), every),
                    exact: Some(all),
                }
            } else {
                Needs {
                    exact: None,
                    best: every,
                }
            }
        }
        HirKind::Concat(parts) => {
            let mut best = None;
            let mut run: Option<Vec<Vec<u8>>> = Some(vec![Vec::new()]);
            let mut whole = true;
            for part in parts {
                let inner = needs(part);
                best = better(best, inner.best);
                run = match (run, inner.exact) {
                    (Some(run), Some(set)) if run.len() * set.len() <= MOST_IN_A_ROW => Some(
                        run.iter()
                            .flat_map(|head| {
                                set.iter().map(move |tail| [head.as_slice(), tail].concat())
                            })
                            .collect(),
                    ),
                    (run, set) => {
                        whole = false;
                        best = better(best, run.as_deref().and_then(usable));
                        set.or(Some(vec![Vec::new()]))
                    }
                };
            }
            best = better(best, run.as_deref().and_then(usable));
            Needs {
                exact: run.filter(|_| whole),
                best,
            }
        }
    }
}

fn exact(set: Vec<Vec<u8>>) -> Needs {
    Needs {
        best: usable(&set),
        exact: Some(set),
    }
}

fn small(class: &Class) -> Option<Vec<Vec<u8>>> {
    match class {
        Class::Bytes(class) => {
            let bytes: Vec<Vec<u8>> = class
                .iter()
                .flat_map(|range| range.start()..=range.end())
                .take(5)
                .map(|byte| vec![byte])
                .collect();
            (bytes.len() <= 4).then_some(bytes)
        }
        Class::Unicode(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let found = anchors(pattern).map(|mut set| {
                set.sort();
                set
            });
            assert_eq!(found, wanted, "{pattern}");
        }
    }
}
