//! Which cues a text can hold at all: one pass over its bytes.
//!
//! Each pattern needs one of a few literals. A window of up to eight bytes is picked out of
//! each, with rare bytes first; the pass looks every three bytes up in a bit set of how windows
//! begin, then four (or three) in sets of their own, and compares the window only where the bits
//! are set. An Aho–Corasick automaton scans as fast, but
//! takes 0.19 s to build at every start of the background.

use super::key::{self, rarity};

/// Bits of a key in the sets.
const SET_BITS: u32 = 16;

/// Bits of a window's key: those of its key in the set that come first.
const BITS: u32 = 14;

const KEYS: usize = 1 << BITS;

/// A set of keys: a bit each.
type Set = [u64; (1 << SET_BITS) / 64];

/// The end of a chain.
const NONE: u16 = u16::MAX;

/// One window: what stands there, which cues need it.
struct Gram {
    /// Its bytes, least significant first.
    bytes: u64,
    /// As many low bits as it has bytes.
    mask: u64,
    /// The last of its cues, in `owners`.
    owner: u16,
    /// The next window of its key.
    next: u16,
}

/// All windows.
pub(crate) struct Grams {
    grams: Vec<Gram>,
    /// A cue, and the place of the next one of the same window.
    owners: Vec<(u16, u16)>,
    /// Keys of the first three bytes of all windows.
    start: Box<Set>,
    /// Keys of a window's first four bytes, and of those that have only three.
    four: Box<Set>,
    three: Box<Set>,
    /// First gram of each key.
    first: Box<[u16; KEYS]>,
}

impl Grams {
    pub(crate) fn new() -> Self {
        Self {
            grams: Vec::new(),
            owners: Vec::new(),
            start: Box::new([0; (1 << SET_BITS) / 64]),
            four: Box::new([0; (1 << SET_BITS) / 64]),
            three: Box::new([0; (1 << SET_BITS) / 64]),
            first: Box::new([NONE; KEYS]),
        }
    }

    /// Adds a literal of three bytes or more that a cue needs. The literals of one cue come
    /// one after the other.
    pub(crate) fn add(&mut self, literal: &[u8], cue: u16) {
        let window = window(literal);
        let mut bytes = [0; 8];
        bytes[..window.len()].copy_from_slice(window);
        let bytes = u64::from_le_bytes(bytes);
        let mask = u64::MAX >> (64 - 8 * window.len());
        let set = if window.len() > 3 {
            &mut self.four
        } else {
            &mut self.three
        };
        put(set, bytes as u32);
        put(&mut self.start, bytes as u32 & 0xFF_FFFF);
        let key = key::of(bytes as u32, BITS);
        let mut at = self.first[key];
        while let Some(gram) = self.grams.get_mut(usize::from(at)) {
            if (gram.bytes, gram.mask) == (bytes, mask) {
                if self.owners[usize::from(gram.owner)].0 != cue {
                    self.owners.push((cue, gram.owner));
                    gram.owner = (self.owners.len() - 1) as u16;
                }
                return;
            }
            at = gram.next;
        }
        self.owners.push((cue, NONE));
        self.grams.push(Gram {
            bytes,
            mask,
            owner: (self.owners.len() - 1) as u16,
            next: self.first[key],
        });
        self.first[key] = (self.grams.len() - 1) as u16;
    }

    /// Calls `found` with each place of a window and each cue that needs it.
    pub(crate) fn scan(&self, text: &[u8], mut found: impl FnMut(usize, u16)) {
        let mut three = 0;
        for (end, byte) in text.iter().enumerate() {
            three = three >> 8 | u32::from(*byte) << 16;
            if !has(&self.start, three) || end < 2 {
                continue;
            }
            let at = end - 2;
            let word = match text[at..].first_chunk::<8>() {
                Some(bytes) => u64::from_le_bytes(*bytes),
                None => {
                    let mut bytes = [0; 8];
                    bytes[..text.len() - at].copy_from_slice(&text[at..]);
                    u64::from_le_bytes(bytes)
                }
            };
            let key4 = key::of(word as u32, BITS);
            let four = has(&self.four, word as u32);
            if four {
                self.compare(word, key4, at, &mut found);
            }
            let key3 = key::of(three, BITS);
            // The same bucket is not gone through twice.
            if has(&self.three, three) && !(four && key3 == key4) {
                self.compare(word, key3, at, &mut found);
            }
        }
    }

    fn compare(&self, word: u64, key: usize, at: usize, found: &mut impl FnMut(usize, u16)) {
        let mut gram = self.first[key];
        while let Some(one) = self.grams.get(usize::from(gram)) {
            if word & one.mask == one.bytes {
                let mut owner = one.owner;
                while let Some((cue, next)) = self.owners.get(usize::from(owner)) {
                    found(at, *cue);
                    owner = *next;
                }
            }
            gram = one.next;
        }
    }
}

/// Puts the key of four bytes, or of three with a zero for the fourth.
fn put(set: &mut Set, bytes: u32) {
    let key = key::of(bytes, SET_BITS);
    set[key / 64] |= 1 << (key % 64);
}

fn has(set: &Set, bytes: u32) -> bool {
    let key = key::of(bytes, SET_BITS);
    set[key / 64] >> (key % 64) & 1 == 1
}

/// Up to eight bytes of a literal, beginning where four rare bytes stand.
fn window(literal: &[u8]) -> &[u8] {
    let (mut start, mut best) = (0, 0);
    // Of the four bytes from `at` on.
    let mut rare: usize = literal.iter().take(3).map(|byte| rarity(*byte)).sum();
    for (at, byte) in literal.iter().skip(3).enumerate() {
        rare += rarity(*byte);
        let told = rare + 4 * (literal.len() - at).min(8);
        if told > best {
            (start, best) = (at, told);
        }
        rare -= rarity(literal[at]);
    }
    &literal[start..literal.len().min(start + 8)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_window_and_no_other() {
        let mut grams = Grams::new();
        for (literal, cue) in [
            ("amaz", 1),
            ("otp", 2),
            ("anydesk", 3),
            ("press one", 4),
            ("press one", 4),
            ("otp", 5),
        ] {
            grams.add(literal.as_bytes(), cue);
        }
        let mut found = Vec::new();
        grams.scan(b"amazing: press one, otp, anydes anydesk otp", |at, cue| {
            found.push((at, cue))
        });
        assert_eq!(
            found,
            [(0, 1), (9, 4), (20, 5), (20, 2), (32, 3), (40, 5), (40, 2)]
        );
    }
}
