//! The keys of a stretch of text: which runs of three or four bytes it has.
//!
//! One pass over the stretch collects them, and notes where the window of a literal may begin.

use super::key;

/// Bits of a key.
pub(crate) const BITS: u32 = 14;

/// A digit as the keys have it: the only byte that has a key of its own.
pub(crate) const DIGIT: u8 = key::blanked(b'1');

/// A key that every stretch has.
pub(crate) const ALWAYS: usize = 1 << BITS;

/// The keys of a stretch of text, and the keys that windows begin with.
#[derive(Clone)]
pub(crate) struct Keys {
    keys: Box<[Key; ALWAYS + 1]>,
    /// Number of this stretch.
    stretch: u8,
}

/// A key of [`BITS`] bits.
#[derive(Clone, Copy, Default)]
struct Key {
    /// The last stretch that had it: a new number forgets all keys at once.
    last: u8,
    /// Which of the keys two bits longer that begin with it are those of windows: a bit each,
    /// for keys of three bytes and of four. Both share a cache line.
    begins: u8,
}

/// A text as the keys have it, padded with blanks.
#[derive(Default)]
pub(crate) struct Blanked(Vec<u8>);

/// How many blanks stand before it: one more key begins with each.
const BEFORE: usize = 3;

/// How many stand behind it: the last bytes, too, are read eight at a time.
const BEHIND: usize = 7;

/// Places that are read at once.
const AT_ONCE: usize = 4;

impl Blanked {
    /// Takes a text in place of the one before.
    pub(crate) fn read(&mut self, text: &[u8]) {
        self.0.clear();
        self.0.reserve(BEFORE + text.len() + BEHIND);
        self.0.extend([b' '; BEFORE]);
        self.0.extend(text.iter().map(|byte| key::blanked(*byte)));
        self.0.extend([b' '; BEHIND]);
    }

    /// How many bytes the text has.
    pub(crate) fn len(&self) -> usize {
        self.0.len().saturating_sub(BEFORE + BEHIND)
    }
}

impl Keys {
    pub(crate) fn new() -> Self {
        Self {
            keys: Box::new([Key::default(); ALWAYS + 1]),
            stretch: 0,
        }
    }

    /// Notes that a window begins with these three or four bytes, least significant first.
    pub(crate) fn note(&mut self, bytes: u32, count: usize) {
        let (key, bit) = begin(bytes, count);
        self.keys[key].begins |= bit;
    }

    /// Takes the keys of `text` in place of those before, as if it stood between blanks.
    ///
    /// Notes the places of the text where a window may begin.
    pub(crate) fn read(&mut self, text: &Blanked, places: &mut Vec<u32>) {
        if self.stretch == u8::MAX {
            self.keys.iter_mut().for_each(|key| key.last = 0);
            self.stretch = 0;
        }
        self.stretch += 1;
        self.put(ALWAYS);
        self.put_first(text);
        places.resize(text.len(), 0);
        let (keys, stretch) = (&mut *self.keys, self.stretch);
        let mut count = 0;
        let eights = text.0[BEFORE..].windows(8).step_by(AT_ONCE);
        for (first, eight) in (0..text.len()).step_by(AT_ONCE).zip(eights) {
            let mut eight = eight
                .first_chunk()
                .map_or(0, |eight| u64::from_le_bytes(*eight));
            for at in first..first + AT_ONCE {
                let four = eight as u32;
                eight >>= 8;
                let mut may_begin = 0;
                for (bytes, length) in [(four & 0xFF_FFFF, 3), (four, 4)] {
                    let (key, bit) = begin(bytes, length);
                    keys[key].last = stretch;
                    may_begin |= keys[key].begins & bit;
                }
                // Branch-free: written always, kept only if the count moves.
                if let Some(place) = places.get_mut(count) {
                    *place = at as u32;
                }
                count += usize::from(may_begin != 0);
            }
        }
        places.truncate(count);
        // Some of the last that were read at once may lie behind the text.
        while places.last().is_some_and(|at| *at as usize >= text.len()) {
            places.pop();
        }
        self.put_others(text);
    }

    /// Adds the keys of a word that begins where `text` does.
    pub(crate) fn begin(&mut self, text: &[u8]) {
        let mut word = Blanked::default();
        word.read(&text[..text.len().min(BEFORE)]);
        self.put_first(&word);
        self.put_others(&word);
    }

    /// Adds the keys that begin before the text.
    fn put_first(&mut self, text: &Blanked) {
        for four in key::fours(&text.0[..2 * BEFORE]).map(u32::from_le_bytes) {
            self.put(key::of(four & 0xFF_FFFF, BITS));
            self.put(key::of(four, BITS));
        }
    }

    /// Adds the key of a digit, and those of words that end at letters of other scripts.
    fn put_others(&mut self, text: &Blanked) {
        if text.0.contains(&DIGIT) {
            self.put(key::of(u32::from(DIGIT), BITS));
        }
        if !text.0.is_ascii() {
            for four in key::fours(&text.0) {
                self.put_edges(four);
            }
        }
    }

    /// Adds keys with a blank for a letter of another script: it, too, is the edge of an ASCII word.
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
                    self.put(key::of(u32::from_le_bytes(edged) >> (8 * start), BITS));
                }
            }
        }
    }

    fn put(&mut self, key: usize) {
        self.keys[key].last = self.stretch;
    }

    pub(crate) fn has(&self, key: u16) -> bool {
        self.keys[usize::from(key)].last == self.stretch
    }
}

/// The key of three or four bytes, and the bit that is theirs in [`Key::begins`].
fn begin(bytes: u32, count: usize) -> (usize, u8) {
    let key = key::of(bytes, BITS + 2);
    (key >> 2, 1 << (key & 3) << (4 * (count - 3)))
}
