//! Which cues a text can contain at all, found in one pass over its bytes.
//!
//! Each way of a pattern needs one of a few literals, and each literal has a window: some of its
//! bytes, beginning with four that are rare in the texts of honest people (`cue/window.rs`), or with
//! three where it has no more. The keys of a text, which `need` asks for anyway, tell where windows
//! may begin. There the bytes behind the first two are looked up, and the window is compared only
//! where these fit, too. An Aho–Corasick automaton scans as fast, but takes 0.19 s to build at every
//! start of the background.

use super::key::{self, blanked};
use super::keys::Keys;
use crate::bits::word;

/// Bits of a key in the sets.
const SET_BITS: u32 = 16;

/// Bits of a window's key.
const BITS: u32 = 14;

const KEYS: usize = 1 << BITS;

/// How many windows to look back at for an equal one.
const ALIKE: usize = 6;

/// Most bytes of a window.
const AFTER: usize = 8;

/// Most bytes of the literal before its window that are compared, too.
const BEFORE: usize = 4;

/// A set of keys: a bit each.
type Set = [u64; (1 << SET_BITS) / 64];

/// One window, and a way of a cue that needs it.
#[derive(Clone, Default, PartialEq)]
struct Gram {
    /// Its bytes from where it begins, least significant first.
    bytes: u64,
    /// The bytes before those, the last one most significant.
    before: u32,
    way: u16,
    /// How many high bits of `bytes` are unused.
    free: u8,
    /// How many low bits of `before` are unused.
    free_before: u8,
}

/// All windows.
pub(crate) struct Grams {
    /// Ordered by key, and those of one key by way.
    grams: Vec<Gram>,
    /// Where those of each key begin, and where the last end.
    first: Vec<u16>,
    /// Knows the keys of each window's first four bytes, or three if it has no more.
    keys: Keys,
    /// Keys of the first four bytes of windows of four or five, and of all bytes of those of three.
    short: Box<Set>,
    /// Keys of the four bytes behind the first two of all longer windows.
    middle: Box<Set>,
}

impl Grams {
    /// Takes literals of three bytes or more, each with where its window begins and a way of a cue
    /// that needs it, or one of several; fewer than 65,536 in all.
    pub(crate) fn new(literals: impl FnOnce(&mut dyn FnMut(&[u8], usize, u16))) -> Self {
        let [mut short, mut middle] = std::array::from_fn(|_| Box::new([0; (1 << SET_BITS) / 64]));
        let mut keys = Keys::new();
        let mut grams: Vec<Gram> = Vec::new();
        let mut first = vec![0; KEYS + 1];
        literals(&mut |literal, start, way| {
            let gram = Gram::new(literal, start, way);
            // Long literals of a way often begin alike, mostly consecutive ones.
            if grams.iter().rev().take(ALIKE).any(|other| *other == gram) {
                return;
            }
            first[gram.key()] += 1;
            let begins = gram.keyed().min(4);
            keys.note(blanked_four(gram.bytes, begins), begins);
            match gram.keyed() {
                6 => put(&mut middle, (gram.bytes >> 16) as u32),
                _ => put(&mut short, gram.bytes as u32),
            }
            grams.push(gram);
        });
        // So far a count for each key; from here on where its next window goes, filled from the end.
        let mut sum = 0;
        for place in &mut first {
            sum += *place;
            *place = sum;
        }
        let mut sorted = vec![Gram::default(); grams.len()];
        for gram in grams.into_iter().rev() {
            let place = &mut first[gram.key()];
            *place -= 1;
            sorted[usize::from(*place)] = gram;
        }
        Self {
            grams: sorted,
            first,
            keys,
            short,
            middle,
        }
    }

    /// Keys that know with which bytes windows begin.
    pub(crate) fn keys(&self) -> Keys {
        self.keys.clone()
    }

    /// Calls `found` with each way of which a window begins at a place of `text`, maybe more than
    /// once.
    pub(crate) fn at(&self, text: &[u8], at: usize, mut found: impl FnMut(u16)) {
        let (head, tail) = text.split_at(at);
        let word = word(tail);
        let before = u32::from_le_bytes(head.last_chunk().copied().unwrap_or_else(|| {
            let mut bytes = [0; BEFORE];
            bytes[BEFORE - head.len()..].copy_from_slice(head);
            bytes
        }));
        let mut compare = |key: usize| {
            let grams = usize::from(self.first[key])..usize::from(self.first[key + 1]);
            for gram in &self.grams[grams] {
                if gram.stands(word, before) {
                    found(gram.way);
                }
            }
        };
        let [six, four, three] = [
            has(&self.middle, set_key((word >> 16) as u32)),
            has(&self.short, set_key(word as u32)),
            has(&self.short, set_key(low(word, 3) as u32)),
        ];
        // One branch for all three: at most places none is there.
        if !(six | four | three) {
            return;
        }
        if six {
            compare(key(word, 6));
        }
        if four {
            compare(key(word, 4));
        }
        if three {
            compare(key(word, 3));
        }
    }
}

impl Gram {
    fn new(literal: &[u8], start: usize, way: u16) -> Self {
        let (head, tail) = literal.split_at(start.min(literal.len()));
        let (led, length) = (head.len().min(BEFORE), tail.len().min(AFTER));
        let mut bytes = [0; AFTER];
        bytes[..length].copy_from_slice(&tail[..length]);
        let mut before = [0; BEFORE];
        before[BEFORE - led..].copy_from_slice(&head[head.len() - led..]);
        Self {
            bytes: u64::from_le_bytes(bytes),
            before: u32::from_le_bytes(before),
            way,
            free: 8 * (AFTER - length) as u8,
            free_before: 8 * (BEFORE - led) as u8,
        }
    }

    /// Whether it stands where `word` begins, with `before` in front of it.
    fn stands(&self, word: u64, before: u32) -> bool {
        // All 32 bits of `before` may be unused, and a `u32` cannot be shifted by 32.
        let differs_before = u64::from(before ^ self.before) >> self.free_before;
        ((word ^ self.bytes) << self.free) | differs_before == 0
    }

    /// How many of its first bytes make its key.
    fn keyed(&self) -> usize {
        match AFTER - usize::from(self.free) / 8 {
            3 => 3,
            4 | 5 => 4,
            _ => 6,
        }
    }

    fn key(&self) -> usize {
        key(self.bytes, self.keyed())
    }
}

/// The first bytes of a word, up to eight of them.
fn low(word: u64, count: usize) -> u64 {
    word & u64::MAX >> (64 - 8 * count)
}

/// The first bytes of a word, at most four, as [`Keys`] has them.
fn blanked_four(word: u64, count: usize) -> u32 {
    let bytes = low(word, count).to_le_bytes();
    let kept = bytes[..count].iter().rev();
    kept.fold(0, |four, byte| four << 8 | u32::from(blanked(*byte)))
}

/// Key of a word's first bytes, by Knuth's multiplicative hashing: the golden ratio of 2^64.
fn key(word: u64, count: usize) -> usize {
    (low(word, count).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS)) as usize
}

fn set_key(bytes: u32) -> usize {
    key::of(bytes, SET_BITS)
}

fn put(set: &mut Set, bytes: u32) {
    let key = set_key(bytes);
    set[key / 64] |= 1 << (key % 64);
}

fn has(set: &Set, key: usize) -> bool {
    set[key / 64] >> (key % 64) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::super::keys::Blanked;
    use super::*;

    #[test]
    fn finds_every_window_and_no_other() {
        let literals = [
            ("amaz", 0, 1),
            ("otp", 0, 2),
            ("anydesk", 2, 3),
            ("press one", 3, 4),
            ("press one", 3, 4),
            ("otp", 0, 5),
            ("my anydesk", 5, 6),
            ("express one", 5, 7),
        ];
        let grams = Grams::new(|tell| {
            for (literal, start, cue) in literals {
                tell(literal.as_bytes(), start, cue);
            }
        });
        let (mut found, mut places) = (Vec::new(), Vec::new());
        let text = b"amazing: press one, otp, anydes anydesk otp";
        let mut blanked = Blanked::default();
        blanked.read(text);
        grams.keys().read(&blanked, &mut places);
        for at in places.into_iter().map(|at| at as usize) {
            grams.at(text, at, |cue| found.push((at, cue)));
        }
        found.sort();
        found.dedup();
        assert_eq!(
            found,
            [(0, 1), (12, 4), (20, 2), (20, 5), (34, 3), (40, 2), (40, 5)]
        );
    }
}
