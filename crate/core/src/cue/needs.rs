//! Whether a stretch of text can hold a cue at all, before its pattern is held against it.
//!
//! A pattern such as "install … AnyDesk" needs a literal of each of two sets, and most
//! sentences with one of them lack the other. The build script lays the sets down as keys
//! of three or four bytes; a stretch is turned into the set of its own keys once.

use super::key;

const WORDS: usize = (1 << key::NEED_BITS) / 64;

/// What each cue needs.
pub(crate) struct Needs {
    /// Keys of all sets, one set after the other.
    keys: Vec<u16>,
    /// Where the keys of each set end.
    ends: Vec<u16>,
    /// Sets of all ways, one way after the other.
    sets: Vec<u16>,
    /// Where the sets of each way end.
    ways: Vec<u16>,
    /// Where the ways of each cue end. A cue without one may stand anywhere.
    cues: Vec<u16>,
}

/// The keys of a stretch of text.
pub(crate) struct Keys {
    set: Box<[u64; WORDS]>,
    /// Words of the set that are not zero: far fewer than all.
    touched: Vec<u16>,
}

impl Keys {
    pub(crate) fn new() -> Self {
        Self {
            set: Box::new([0; WORDS]),
            touched: Vec::new(),
        }
    }

    /// Takes the keys of `text` in the place of any others. A word begins and ends it.
    pub(crate) fn read(&mut self, text: &[u8]) {
        for word in self.touched.drain(..) {
            self.set[usize::from(word)] = 0;
        }
        self.add(text.iter().chain(b" "));
    }

    /// Adds the keys of a word that begins where `text` does.
    pub(crate) fn begin(&mut self, text: &[u8]) {
        self.add(text.iter().chain(b" ").take(3));
    }

    fn add<'a>(&mut self, bytes: impl Iterator<Item = &'a u8>) {
        let mut four = u32::from(b' ') << 24;
        for &byte in bytes {
            four = four >> 8 | u32::from(key::blanked(byte)) << 24;
            self.put(four);
            self.put(four >> 8);
            if four & 0x8080_8080 != 0 {
                self.put_edges(four.to_le_bytes());
            }
        }
    }

    /// A letter of another script is the edge of an ASCII word, too.
    fn put_edges(&mut self, four: [u8; 4]) {
        let ends = four[3] >= 0x80 && key::is_word(four[2]);
        for start in [0, 1] {
            let begins = four[start] >= 0x80 && key::is_word(four[start + 1]);
            for (first, last) in [(true, false), (false, true), (true, true)] {
                if (begins || !first) && (ends || !last) {
                    let mut edged = four;
                    if first {
                        edged[start] = b' ';
                    }
                    if last {
                        edged[3] = b' ';
                    }
                    self.put(u32::from_le_bytes(edged) >> (8 * start));
                }
            }
        }
    }

    /// Puts the key of four bytes, or of three.
    fn put(&mut self, bytes: u32) {
        let key = key::of(bytes, key::NEED_BITS);
        let word = &mut self.set[key / 64];
        if *word == 0 {
            self.touched.push((key / 64) as u16);
        }
        *word |= 1 << (key % 64);
    }

    fn has(&self, key: u16) -> bool {
        let key = usize::from(key);
        self.set[key / 64] >> (key % 64) & 1 == 1
    }
}

impl Needs {
    /// Reads what the build script wrote: the sets with the number and the list of their
    /// keys, then the cues with the numbers and lists of their ways and of the ways' sets.
    pub(crate) fn new(data: &[u8]) -> Self {
        let mut needs = Self {
            keys: Vec::new(),
            ends: Vec::new(),
            sets: Vec::new(),
            ways: Vec::new(),
            cues: Vec::new(),
        };
        let mut rest = data;
        let sets = number(&mut rest);
        for _ in 0..sets {
            list(&mut rest, &mut needs.keys);
            needs.ends.push(needs.keys.len() as u16);
        }
        while let [ways, tail @ ..] = rest {
            rest = tail;
            for _ in 0..*ways {
                list(&mut rest, &mut needs.sets);
                needs.ways.push(needs.sets.len() as u16);
            }
            needs.cues.push(needs.ways.len() as u16);
        }
        needs
    }

    /// Whether a stretch with these keys can hold the cue.
    pub(crate) fn met(&self, cue: usize, keys: &Keys) -> bool {
        let mut ways = range(&self.cues, cue);
        ways.is_empty()
            || ways.any(|way| {
                self.sets[range(&self.ways, way)].iter().all(|&set| {
                    self.keys[range(&self.ends, usize::from(set))]
                        .iter()
                        .any(|&key| keys.has(key))
                })
            })
    }
}

/// The part of a list of lists that `ends` says is the one at `index`.
fn range(ends: &[u16], index: usize) -> std::ops::Range<usize> {
    let start = index.checked_sub(1).map_or(0, |before| ends[before]);
    usize::from(start)..usize::from(ends[index])
}

fn number(rest: &mut &[u8]) -> u16 {
    match *rest {
        [low, high, tail @ ..] => {
            *rest = tail;
            u16::from_le_bytes([*low, *high])
        }
        _ => 0,
    }
}

fn list(rest: &mut &[u8], to: &mut Vec<u16>) {
    if let [count, tail @ ..] = *rest {
        *rest = tail;
        for _ in 0..*count {
            to.push(number(rest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_needs_a_literal_of_each_set_of_a_way() {
        let key = |text: &[u8; 4]| {
            (key::of(u32::from_le_bytes(*text), key::NEED_BITS) as u16).to_le_bytes()
        };
        let (install, desk, get) = (key(b"inst"), key(b"desk"), key(b"get\0"));
        let mut data = vec![2, 0];
        data.push(2);
        data.extend([install, get].concat());
        data.push(1);
        data.extend(desk);
        // The first cue needs both sets, the second may stand anywhere, the third needs the last.
        data.extend([1, 2, 0, 0, 1, 0, 0, 1, 1, 1, 0]);
        let needs = Needs::new(&data);
        let mut keys = Keys::new();
        for (text, wanted) in [
            ("please install anydesk", [true, true, true]),
            ("desk\u{3042}get", [true, true, true]),
            ("please install it", [false, true, false]),
            ("the desk is what i get", [true, true, true]),
            ("a desk", [false, true, true]),
            ("", [false, true, false]),
        ] {
            keys.read(text.as_bytes());
            let met = [0, 1, 2].map(|cue| needs.met(cue, &keys));
            assert_eq!(met, wanted, "{text}");
        }
    }
}
