//! Which cues a text can hold at all: one pass over its bytes.
//!
//! Each pattern needs one of a few literals. A window of up to eight bytes is picked out of
//! each, with rare bytes first; the pass looks every four (or three) bytes up in a bit set and
//! compares the window only where the bit is set. An Aho–Corasick automaton scans as fast, but
//! takes 0.19 s to build at every start of the background.

use super::key::{self, rarity};

/// Bits of a window's key.
const BITS: u32 = 14;

const KEYS: usize = 1 << BITS;

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
    /// Bits by the key of a window's first four bytes, and of those that have only three.
    four: Box<[u64; KEYS / 64]>,
    three: Box<[u64; KEYS / 64]>,
    /// First gram of each key.
    first: Box<[u16; KEYS]>,
}

impl Grams {
    pub(crate) fn new() -> Self {
        Self {
            grams: Vec::new(),
            owners: Vec::new(),
            four: Box::new([0; KEYS / 64]),
            three: Box::new([0; KEYS / 64]),
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
        let key = key::of(bytes as u32, BITS);
        let set = if window.len() > 3 {
            &mut self.four
        } else {
            &mut self.three
        };
        set[key / 64] |= 1 << (key % 64);
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
        for at in 0..text.len() {
            let word = match text[at..].first_chunk::<8>() {
                Some(bytes) => u64::from_le_bytes(*bytes),
                None => {
                    let mut bytes = [0; 8];
                    bytes[..text.len() - at].copy_from_slice(&text[at..]);
                    u64::from_le_bytes(bytes)
                }
            };
            let key4 = key::of(word as u32, BITS);
            let is_set = |set: &[u64], key: usize| set[key / 64] >> (key % 64) & 1 == 1;
            let four = is_set(&self.four[..], key4);
            if four {
                self.compare(word, key4, at, &mut found);
            }
            let key3 = key::of(word as u32 & 0xFF_FFFF, BITS);
            // The same bucket is not gone through twice.
            if is_set(&self.three[..], key3) && !(four && key3 == key4) {
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
