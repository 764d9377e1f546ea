//! Whether a stretch of text can hold a cue at all, before its pattern is held against it.
//!
//! A pattern such as "install … AnyDesk" needs a literal of each of two sets, and most
//! sentences with one of them lack the other. What a way of a pattern needs is read from its tree
//! when it is first asked for, as questions about keys of three or four bytes; a stretch is turned
//! into the set of its own keys once.

use super::key;
use super::keys::{ALWAYS, BITS, DIGIT, Keys};
use super::node::{Class, Node, bytes};
use crate::order::sort_by;

/// Most bytes of a class that are asked for one by one.
const MOST_BYTES: usize = 4;

/// Most repetitions of a part that are asked for: a key has no more bytes.
const MOST_TIMES: u8 = 4;

/// What a way of a pattern needs: questions, starting with the first.
///
/// Where a key is missing, the question behind it is asked. Asked in memory order, so that the
/// processor can prefetch.
pub(crate) struct Need(Vec<Ask>);

/// A question about a key, and where to go on if it is there: an index, or one of the ends.
#[derive(Clone, Copy)]
struct Ask {
    key: u16,
    there: u16,
}

/// A question before it has its place, with where to go on if the key is missing.
struct Fork {
    ask: Ask,
    missing: u16,
}

// The ends; no question has such an index.
const MET: u16 = u16::MAX;
const UNMET: u16 = u16::MAX - 1;

/// What a part of a pattern needs, and about how often a stretch has that by chance.
struct Tree {
    wants: Wants,
    chance: f32,
    /// How many questions it takes on average.
    cost: f32,
}

enum Wants {
    /// Both keys must be present; equal where there is only one.
    Keys([u16; 2]),
    /// Each of these, maybe none.
    All(Vec<Tree>),
    /// One of these.
    One(Vec<Tree>),
}

/// What is known of the text before a part.
#[derive(Clone, Copy, Default)]
struct Before {
    /// Its last bytes, as the keys have them; zero where they are not known.
    bytes: [u8; 3],
    /// A word that begins here has a blank before it in the keys.
    edge: bool,
}

/// Bloom filter of the anchors' three-byte keys.
///
/// The anchors are the literals that a way is looked for by.
pub(crate) struct AnchorKeys([u64; 1 << (ANCHOR_BITS - 6)]);

/// Bits of such a key.
const ANCHOR_BITS: u32 = 12;

impl AnchorKeys {
    pub(crate) fn new() -> Self {
        Self([0; 1 << (ANCHOR_BITS - 6)])
    }

    pub(crate) fn add(&mut self, literal: &[u8]) {
        for key in Self::keys(literal) {
            self.0[key / 64] |= 1 << (key % 64);
        }
    }

    /// Whether a literal of three bytes or more may be part of an anchor.
    fn hold(&self, literal: &[u8]) -> bool {
        literal.len() >= 3 && Self::keys(literal).all(|key| self.0[key / 64] >> (key % 64) & 1 == 1)
    }

    fn keys(literal: &[u8]) -> impl Iterator<Item = usize> {
        let threes = literal.windows(3);
        threes.map(|three| {
            key::of(
                u32::from_le_bytes([three[0], three[1], three[2], 0]),
                ANCHOR_BITS,
            )
        })
    }
}

impl Need {
    /// Reads the tree of a way, whose classes are numbers in `classes`; `at_edge` says that it begins
    /// at the edge of a word. It is asked only where one of its `anchors` stands, so they come last.
    pub(crate) fn new(node: &Node, at_edge: bool, classes: &[Class], anchors: &AnchorKeys) -> Self {
        let mut before = Before {
            edge: at_edge,
            ..Before::default()
        };
        let tree = Reading { classes, anchors }.part(node, &mut before, false);
        let mut forks = Vec::new();
        let first = put(&tree, MET, UNMET, &mut forks);
        Self::in_rows(&forks, first)
    }

    /// Lays each question right before the one that is asked where its key is missing.
    fn in_rows(forks: &[Fork], first: u16) -> Self {
        let mut asks: Vec<Ask> = Vec::new();
        let mut places = vec![None; forks.len()];
        let is_put = |places: &[Option<u16>], fork: u16| {
            let place = places.get(usize::from(fork));
            place.is_none_or(|place| place.is_some())
        };
        let mut rows = vec![first];
        while let Some(mut next) = rows.pop() {
            if is_put(&places, next) && !asks.is_empty() {
                continue;
            }
            while !is_put(&places, next) {
                let Fork { ask, missing } = &forks[usize::from(next)];
                places[usize::from(next)] = Some(asks.len() as u16);
                asks.push(*ask);
                rows.push(ask.there);
                next = *missing;
            }
            asks.push(Ask {
                key: ALWAYS as u16,
                there: next,
            });
        }
        for ask in &mut asks {
            if let Some(Some(place)) = places.get(usize::from(ask.there)) {
                ask.there = *place;
            }
        }
        Self(asks)
    }

    /// Whether a stretch with these keys can hold the pattern.
    pub(crate) fn is_met(&self, keys: &Keys) -> bool {
        let mut at = 0;
        loop {
            let rest = self.0.get(at..).unwrap_or_default();
            let Some(ask) = rest.iter().find(|ask| keys.has(ask.key)) else {
                return false;
            };
            if ask.there >= UNMET {
                return ask.there == MET;
            }
            at = usize::from(ask.there);
        }
    }
}

/// Emits questions last to first; returns the index of the first.
fn put(tree: &Tree, met: u16, unmet: u16, forks: &mut Vec<Fork>) -> u16 {
    let mut fork = |key: u16, there: u16| {
        forks.push(Fork {
            ask: Ask { key, there },
            missing: unmet,
        });
        (forks.len() - 1) as u16
    };
    match &tree.wants {
        Wants::Keys([first, second]) if first == second => fork(*first, met),
        Wants::Keys([first, second]) => {
            let second = fork(*second, met);
            fork(*first, second)
        }
        Wants::All(parts) => parts
            .iter()
            .rfold(met, |next, part| put(part, next, unmet, forks)),
        Wants::One(parts) => parts
            .iter()
            .rfold(unmet, |next, part| put(part, met, next, forks)),
    }
}

impl Tree {
    fn nothing() -> Self {
        Self {
            wants: Wants::All(Vec::new()),
            chance: 1.0,
            cost: 0.0,
        }
    }

    /// Orders the parts so that a missing key is found at least cost.
    fn all(mut parts: Vec<Tree>) -> Self {
        parts.retain(|part| !part.is_nothing());
        let rank = |part: &Self| part.cost / (1.0 - part.chance);
        sort_by(&mut parts, |a, b| rank(a).total_cmp(&rank(b)));
        let (mut chance, mut cost) = (1.0, 0.0);
        for part in &parts {
            cost += chance * part.cost;
            chance *= part.chance;
        }
        Self {
            wants: Wants::All(parts),
            chance,
            cost,
        }
    }

    /// Orders the parts so that a present key is found at least cost.
    fn one(mut parts: Vec<Tree>) -> Self {
        if parts.iter().any(Self::is_nothing) {
            return Self::nothing();
        }
        let rank = |part: &Self| part.cost / part.chance;
        sort_by(&mut parts, |a, b| rank(a).total_cmp(&rank(b)));
        let (mut missing, mut cost) = (1.0, 0.0);
        for part in &parts {
            cost += missing * part.cost;
            missing *= 1.0 - part.chance;
        }
        Self {
            wants: Wants::One(parts),
            chance: 1.0 - missing,
            cost,
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(&self.wants, Wants::All(parts) if parts.is_empty())
    }
}

impl Before {
    /// Keeps what is known whichever of the two is the text before.
    fn or(&mut self, other: &Self) {
        let counts = |before: &Self| before.edge || before.bytes[2] == b' ';
        self.edge = counts(self) && counts(other);
        let mut same = true;
        for at in (0..3).rev() {
            same &= self.bytes[at] == other.bytes[at];
            if !same {
                self.bytes[at] = 0;
            }
        }
    }
}

/// Reads trees.
struct Reading<'a> {
    classes: &'a [Class],
    anchors: &'a AnchorKeys,
}

impl Reading<'_> {
    /// Reads a part, and moves `before` behind it; `ends` says that a word that it ends with ends there.
    fn part(&self, node: &Node, before: &mut Before, ends: bool) -> Tree {
        match node {
            Node::Literal(literal) => self.literal(literal, before, ends),
            Node::Class(class) => {
                let class = &self.classes[usize::from(*class)];
                let mut bytes: Vec<u8> = bytes(class).map(key::blanked).collect();
                sort_by(&mut bytes, Ord::cmp);
                bytes.dedup();
                if bytes.len() > MOST_BYTES {
                    *before = Before::default();
                    return Tree::nothing();
                }
                self.either(bytes.iter(), before, |byte, before| {
                    self.literal(&[*byte], before, ends)
                })
            }
            Node::Repeat(part, 0, Some(1)) => {
                let mut inside = *before;
                self.part(part, &mut inside, ends);
                before.or(&inside);
                Tree::nothing()
            }
            Node::Repeat(_, 0, _) => {
                *before = Before::default();
                Tree::nothing()
            }
            Node::Repeat(part, 1, Some(1)) => self.part(part, before, ends),
            Node::Repeat(part, least, _) => {
                let times = (*least).min(MOST_TIMES);
                let needs = (0..times).map(|_| self.part(part, before, false));
                let needs = Tree::all(needs.collect());
                *before = Before::default();
                needs
            }
            Node::Edge | Node::Start => {
                before.edge = true;
                Tree::nothing()
            }
            Node::End => Tree::nothing(),
            Node::Row(parts) => {
                let needs = parts.iter().enumerate().map(|(at, part)| {
                    let ends = match parts.get(at + 1) {
                        Some(next) => matches!(next, Node::Edge | Node::End),
                        None => ends,
                    };
                    self.part(part, before, ends)
                });
                Tree::all(needs.collect())
            }
            Node::Either(parts) => self.either(parts.iter(), before, |part, before| {
                self.part(part, before, ends)
            }),
        }
    }

    fn literal(&self, literal: &[u8], before: &mut Before, ends: bool) -> Tree {
        let ([first, ..], [.., last]) = (literal, literal) else {
            return Tree::nothing();
        };
        let mut bytes = Vec::with_capacity(literal.len() + 4);
        bytes.extend(before.bytes.iter().filter(|byte| **byte != 0));
        if bytes.is_empty() && before.edge && key::is_word(*first) {
            bytes.push(b' ');
        }
        bytes.extend(literal.iter().map(|byte| key::blanked(*byte)));
        *before = Before::default();
        before
            .bytes
            .iter_mut()
            .rev()
            .zip(bytes.iter().rev())
            .for_each(|(to, from)| *to = *from);
        if ends && key::is_word(*last) {
            bytes.push(b' ');
        }
        // The two rarest windows, the rarest last.
        let mut rarest = [(0, 0); 2];
        for window in bytes.windows(bytes.len().clamp(3, 4)) {
            let mut four = [0; 4];
            four[..window.len()].copy_from_slice(window);
            let four = u32::from_le_bytes(four);
            let rarity = if EXPECTED.contains(&four) {
                1
            } else {
                1 + window.iter().map(|byte| rarity_of(*byte)).sum::<usize>()
            };
            if rarity > rarest[1].0 {
                rarest = [rarest[1], (rarity, four)];
            } else if rarity > rarest[0].0 {
                rarest[0] = (rarity, four);
            }
        }
        let [second, first] = match rarest {
            [_, (0, _)] if bytes.contains(&DIGIT) => [(rarity_of(DIGIT), u32::from(DIGIT)); 2],
            [_, (0, _)] => return Tree::nothing(),
            [(0, _), only] => [only, only],
            both => both,
        };
        // Estimate: 80 keys a sentence among 16,384; the result hardly depends on it.
        let chance =
            |(rarity, _): (usize, u32)| (0.005 + 80.0 / (1 + rarity * rarity) as f32).min(1.0);
        Tree {
            wants: Wants::Keys([first, second].map(|(_, four)| key::of(four, BITS) as u16)),
            chance: if self.anchors.hold(literal) {
                1.0
            } else {
                chance(first) * chance(second)
            },
            cost: 1.0 + chance(first),
        }
    }

    fn either<T>(
        &self,
        parts: impl Iterator<Item = T>,
        before: &mut Before,
        read: impl Fn(T, &mut Before) -> Tree,
    ) -> Tree {
        let mut behind: Option<Before> = None;
        let needs = parts.map(|part| {
            let mut inside = *before;
            let tree = read(part, &mut inside);
            match &mut behind {
                Some(behind) => behind.or(&inside),
                None => behind = Some(inside),
            }
            tree
        });
        let tree = Tree::one(needs.collect());
        *before = behind.unwrap_or_default();
        tree
    }
}

/// Rank of a byte by its frequency in running text, as in any count of European languages.
fn rarity_of(byte: u8) -> usize {
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
    usize::from(PLACES[usize::from(byte)])
}

/// Four-byte runs of words that the texts in question have anyway: they tell little.
const EXPECTED: [u32; 24] = {
    let words = b" amazon prime account your ";
    let mut fours = [0; 24];
    let mut at = 0;
    while at < fours.len() {
        fours[at] = u32::from_le_bytes([words[at], words[at + 1], words[at + 2], words[at + 3]]);
        at += 1;
    }
    fours
};

#[cfg(test)]
mod tests {
    use super::super::keys::Blanked;
    use super::super::parse::Parser;
    use super::*;

    #[test]
    fn a_pattern_needs_a_literal_of_each_part() {
        let (mut keys, mut blanked) = (Keys::new(), Blanked::default());
        for (pattern, met, unmet) in [
            (
                r"\b(?:install\w*|get)\b.{0,50}\b(?:any ?desk)\b",
                vec![
                    "please install anydesk",
                    "get the any desk",
                    "desk\u{3042}get any",
                ],
                vec![
                    "please install it",
                    "get it on the disk",
                    "any nugget, desk",
                ],
            ),
            (
                r"press (?:1|one)\b",
                vec!["press 1", "press one."],
                vec!["press no", "press or", "express", ""],
            ),
            (
                r"refund.{0,9}bank|gift\w+|\d account",
                vec!["bank refund", "gifts", "9 account"],
                vec!["refund", "bank", "an account"],
            ),
            (
                r"^[-:] (?:the )?end$",
                vec!["- end", ": the end"],
                vec!["bend", "endless"],
            ),
            (r"(?:\w+ )*\w{2,}", vec!["", "anything"], vec![]),
            (
                r"call \d{3}|[#$] ?\d{1,3}\.\d\d\b",
                vec!["call 202", "# 1.99", "now 01.50"],
                vec!["call 2", "# 1", "$5.9", "$100"],
            ),
        ] {
            let mut parser = Parser::default();
            let node = parser.parse(pattern).expect("a pattern");
            let need = Need::new(&node, false, &parser.classes, &AnchorKeys::new());
            for (texts, wanted) in [(met, true), (unmet, false)] {
                for text in texts {
                    blanked.read(text.as_bytes());
                    keys.read(&blanked, &mut Vec::new());
                    assert_eq!(need.is_met(&keys), wanted, "{pattern} in {text:?}");
                }
            }
        }
    }
}
