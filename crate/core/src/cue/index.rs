//! What the finder asks of a text before it looks for a pattern, worked out from the patterns
//! by the build script: at every start it would take longer than all else.

use super::anchor::{self, Set, anchors};
use super::key;
use super::node::{Class, Node};
use std::collections::{BTreeMap, BTreeSet};

/// The windows of the literals that the patterns need, with their cues, and what else each
/// pattern needs: the sets of keys, each once, and per cue its ways, each the numbers of its sets.
#[derive(Default)]
pub(crate) struct Index {
    windows: BTreeMap<Vec<u8>, BTreeSet<u16>>,
    numbers: BTreeMap<Vec<u16>, u16>,
    sets: Vec<Vec<u16>>,
    cues: Vec<Vec<Vec<u16>>>,
}

impl Index {
    /// Reads the tree of the next pattern.
    ///
    /// # Errors
    /// When one needs no literal of three bytes.
    pub(crate) fn add(&mut self, node: &Node, classes: &[Class]) -> Result<(), String> {
        let (needed, ways) =
            anchors(node, classes).ok_or("no literal of three bytes to look for")?;
        let cue = u16::try_from(self.cues.len()).map_err(|_| "too many cues")?;
        for literal in needed {
            self.windows
                .entry(window(&literal))
                .or_default()
                .insert(cue);
        }
        self.add_ways(&ways);
        Ok(())
    }

    /// What [`super::gram::Grams`] reads.
    pub(crate) fn grams(&self) -> Vec<u8> {
        let mut windows: Vec<_> = self.windows.iter().collect();
        windows.sort_by_key(|(window, _)| key::of_window(window));
        let mut grams = Vec::new();
        for (window, owners) in windows {
            grams.push(window.len() as u8);
            grams.extend(window);
            grams.push(u8::try_from(owners.len()).expect("fewer than 256 cues need one window"));
            grams.extend(owners.iter().flat_map(|owner| owner.to_le_bytes()));
        }
        grams
    }

    /// What [`super::needs::Needs`] reads.
    pub(crate) fn needs(&self) -> Vec<u8> {
        let short = |count: usize| u16::try_from(count).expect("counted with 16 bits");
        let byte = |count: usize| u8::try_from(count).expect("counted with 8 bits");
        short(self.sets.iter().map(Vec::len).sum());
        let mut bytes = short(self.sets.len()).to_le_bytes().to_vec();
        for set in &self.sets {
            bytes.push(byte(set.len()));
            bytes.extend(set.iter().flat_map(|key| key.to_le_bytes()));
        }
        for ways in &self.cues {
            bytes.push(byte(ways.len()));
            for way in ways {
                bytes.push(byte(way.len()));
                bytes.extend(way.iter().flat_map(|set| set.to_le_bytes()));
            }
        }
        bytes
    }

    fn add_ways(&mut self, ways: &[Vec<Set>]) {
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
        *self.numbers.entry(set).or_insert_with_key(|set| {
            self.sets.push(set.clone());
            next
        })
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
    keys.sort_unstable();
    keys.dedup();
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
