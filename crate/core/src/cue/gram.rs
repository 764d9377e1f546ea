//! Which cues a text can hold at all: one pass over its bytes.
//!
//! Each pattern needs one of a few literals. The build script picks a window of up to
//! eight bytes out of each, with rare bytes first; the pass looks every four (or three)
//! bytes up in a bit set and compares the window only where the bit is set. The
//! Aho–Corasick automaton that stood here before scanned as fast, but took 0.19 s to
//! build at every start of the background, and it cannot be built beforehand.

use super::key::{self, GRAM_BITS as BITS};

const KEYS: usize = 1 << BITS;

/// One window: where it stands, which cues need it.
struct Gram {
    /// Its bytes, least significant first.
    bytes: u64,
    /// As many low bits as it has bytes.
    mask: u64,
    /// Its cues, as a range of `owners`.
    owners: (u16, u16),
}

/// All windows.
pub(crate) struct Grams {
    grams: Vec<Gram>,
    owners: Vec<u16>,
    /// Bits by the key of a window's first four bytes, and of those that have only three.
    four: Box<[u64; KEYS / 64]>,
    three: Box<[u64; KEYS / 64]>,
    /// First gram of each key.
    first: Vec<u16>,
}

impl Gram {
    fn key(&self) -> usize {
        key::of((self.bytes & self.mask) as u32, BITS)
    }
}

impl Grams {
    /// Reads what the build script wrote, in the order of the keys: per window its length, bytes,
    /// number of owners, owners.
    pub(crate) fn new(data: &[u8]) -> Self {
        let mut grams = Vec::new();
        let mut owners = Vec::new();
        let mut rest = data;
        while let [len, tail @ ..] = rest {
            let len = usize::from(*len);
            let (window, tail) = tail.split_at(len);
            let [count, tail @ ..] = tail else { break };
            let (list, tail) = tail.split_at(2 * usize::from(*count));
            let mut bytes = [0; 8];
            bytes[..len].copy_from_slice(window);
            let from = owners.len() as u16;
            owners.extend(
                list.chunks_exact(2)
                    .map(|pair| u16::from_le_bytes([pair[0], pair[1]])),
            );
            grams.push(Gram {
                bytes: u64::from_le_bytes(bytes),
                mask: u64::MAX >> (64 - 8 * len),
                owners: (from, owners.len() as u16),
            });
            rest = tail;
        }
        let mut four = Box::new([0; KEYS / 64]);
        let mut three = Box::new([0; KEYS / 64]);
        let mut first = vec![0u16; KEYS + 1];
        for gram in &grams {
            let key = gram.key();
            let set = if gram.mask >= 0xFFFF_FFFF {
                &mut four
            } else {
                &mut three
            };
            set[key / 64] |= 1 << (key % 64);
            first[key + 1] += 1;
        }
        for key in 0..KEYS {
            first[key + 1] += first[key];
        }
        Self {
            grams,
            owners,
            four,
            three,
            first,
        }
    }

    /// Calls `found` with each place of a window and the cues that need it.
    pub(crate) fn scan(&self, text: &[u8], mut found: impl FnMut(usize, &[u16])) {
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

    fn compare(&self, word: u64, key: usize, at: usize, found: &mut impl FnMut(usize, &[u16])) {
        let range = usize::from(self.first[key])..usize::from(self.first[key + 1]);
        for gram in &self.grams[range] {
            if word & gram.mask == gram.bytes {
                let (from, to) = gram.owners;
                found(at, &self.owners[usize::from(from)..usize::from(to)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_window_and_no_other() {
        let mut data = Vec::new();
        let mut windows = [("amaz", 1u16), ("otp", 2), ("anydesk", 3), ("press on", 4)];
        windows.sort_by_key(|(window, _)| key::of_window(window.as_bytes()));
        for (window, owner) in windows {
            data.push(window.len() as u8);
            data.extend(window.bytes());
            data.push(1);
            data.extend(owner.to_le_bytes());
        }
        let grams = Grams::new(&data);
        let mut found = Vec::new();
        grams.scan(
            b"amazing: press one, otp, anydes anydesk otp",
            |at, owners| {
                found.push((at, owners.to_vec()));
            },
        );
        assert_eq!(
            found,
            [
                (0, vec![1]),
                (9, vec![4]),
                (20, vec![2]),
                (32, vec![3]),
                (40, vec![2])
            ]
        );
    }
}
