//! The manner of a text: how people write who want something from a stranger, in contrast to how
//! notices, letters, chats and articles are written.
//!
//! A linear model over hashed pieces of folded text, few of which have a weight, learned from real
//! messages by `cargo xtask train`; docs/MODEL.md is its card. Names of firms and of tools, numbers,
//! addresses and handles are each one token, so that it learns the manner and not the name.

use crate::bits::BitReader;
#[cfg(feature = "study")]
use crate::bits::writer::Writer;
use crate::order::sort_by;
use crate::turns::{Turn, turns};
use std::ops::Range;

/// Bits of a piece's hash: so many that two pieces seldom share their hash.
const BITS: u32 = 19;

/// Slots that pieces fall into.
#[cfg_attr(not(feature = "study"), expect(unreachable_pub))]
pub const SLOTS: usize = 1 << BITS;

/// Bytes of a model before its weights: log-odds of a weight of 1 and the bias, both as `f32` with
/// the low byte first.
const HEAD: usize = 8;

/// Bits in which a model says how many weights it has.
const COUNT_BITS: u32 = 16;

/// Low bits of a gap in Rice's code: gaps between 20,000 of 524,288 slots are 26 on average.
const GAP_BITS: u32 = 4;

/// Letters that the beginning of a word has, so that its inflected forms count as one, alone and in pairs.
const STEM: usize = 4;

/// Fewest letters of an ASCII word that tells something alone; shorter ones only tell the language.
const TELLING: usize = 3;

/// Fewest digits of a number to call.
const PHONE: u32 = 8;

/// How many consecutive words are shown as the most telling ones.
const SHOWN: usize = 8;

// FNV-1a, <http://www.isthe.com/chongo/tech/comp/fnv/>, with an offset basis for each sort of piece.
const WORD: u32 = 0x811c_9dc5;
const PAIR: u32 = 0x811c_9dc6;
const BEGINNING: u32 = 0x811c_9dc7;

// Tokens for what counts as one token, whatever it is; none of these is the hash of a word.
const FIRM: u32 = 1;
const TOOL: u32 = 2;
const ADDRESS: u32 = 3;
const NUMBER: u32 = 4;
const PHONE_NUMBER: u32 = 5;

// Stand before what somebody says who speaks first, as if each word made a pair with them; and before the
// first word of such a turn.
const SAYS: u32 = 6;
const BEGINS: u32 = 7;

/// Hash of bytes, from the offset basis `start`.
fn hash_bytes(start: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(start, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

fn hash(start: u32, text: &str) -> u32 {
    hash_bytes(start, text.as_bytes())
}

/// Hash of a text, 32 bits of FNV-1a.
#[cfg(feature = "study")]
pub fn fnv1a(text: &str) -> u32 {
    hash(WORD, text)
}

/// The hash of two consecutive tokens.
fn pair(first: u32, second: u32) -> u32 {
    hash_bytes(PAIR ^ first, &second.to_le_bytes())
}

/// Knuth's multiplicative hashing spreads the hashes over the slots.
fn slot(hash: u32) -> usize {
    (hash.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}

/// Whether a letter is of a script without blanks, in which each letter is a token.
fn is_token(c: char) -> bool {
    ('\u{3040}'..'\u{fb00}').contains(&c)
}

/// Whether a chunk of folded text is an address or begins with a host name.
fn is_address(chunk: &str) -> bool {
    let chunk = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    if chunk.contains("://") || chunk.starts_with("www.") {
        return true;
    }
    let host = chunk.split(['/', '?', ':']).next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(head, tail)| {
        let is_name = |name: &str| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        };
        tail.len() >= 2
            && tail.bytes().all(|byte| byte.is_ascii_lowercase())
            && !head.is_empty()
            && is_name(head)
    })
}

/// The names that count as one token: those of firms whose name is borrowed, and of tools.
struct Masks {
    /// The hash of each name and its token, sorted.
    masks: Vec<(u32, u32)>,
    /// Bloom filter of those hashes: nearly all words are none of the names.
    may_be: [u64; 64],
}

impl Masks {
    fn new(data: &str) -> Self {
        let mut masks: Vec<_> = data
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let (name, mask) = line.split_once('\t')?;
                let mask = match mask {
                    "firm" => FIRM,
                    "tool" => TOOL,
                    _ => return None,
                };
                Some((hash(WORD, name), mask))
            })
            .collect();
        sort_by(&mut masks, Ord::cmp);
        let mut may_be = [0; 64];
        for (name, _) in &masks {
            may_be[*name as usize / 64 % 64] |= 1 << (name % 64);
        }
        Self { masks, may_be }
    }

    fn of(&self, word: u32) -> Option<u32> {
        if self.may_be[word as usize / 64 % 64] >> (word % 64) & 1 == 0 {
            return None;
        }
        let names = &self.masks;
        let at = names.binary_search_by_key(&word, |(name, _)| *name).ok()?;
        Some(names[at].1)
    }
}

/// Pieces of one document that were seen: each counts once.
struct SlotSet(Vec<u64>);

impl SlotSet {
    fn new() -> Self {
        Self(vec![0; SLOTS / 64])
    }

    /// Notes a piece, and returns whether it is seen for the first time.
    fn add(&mut self, slot: usize) -> bool {
        let bit = 1u64 << (slot % 64);
        let is_new = self.0[slot / 64] & bit == 0;
        self.0[slot / 64] |= bit;
        is_new
    }
}

/// Takes a text apart into tokens, and makes pieces of these.
struct Pieces<'a> {
    masks: &'a Masks,
    /// Called with each piece's slot and its token's place.
    each: &'a mut dyn FnMut(usize, Range<usize>),
    before: Option<u32>,
    /// In a conversation, who spoke first speaks.
    is_first: bool,
    /// Nothing was said yet in this turn.
    begins: bool,
    digits: u32,
    /// Where the digits began.
    number: usize,
    /// Where the last token ended.
    end: usize,
}

impl Pieces<'_> {
    fn text(&mut self, text: &str) {
        let mut turns = turns(text);
        if turns.is_empty() {
            turns.push(Turn {
                place: 0..text.len(),
                is_first: false,
            });
        }
        for Turn { place, is_first } in turns {
            (self.is_first, self.begins) = (is_first, true);
            for chunk in text[place].split_ascii_whitespace() {
                self.chunk(chunk, chunk.as_ptr().addr() - text.as_ptr().addr());
            }
        }
        self.number_ends();
        self.before = None;
    }

    fn chunk(&mut self, chunk: &str, at: usize) {
        let marks = chunk.bytes().fold((false, false), |(mail, dot), byte| {
            (mail || byte == b'@', dot || matches!(byte, b'.' | b'/'))
        });
        if marks.0 {
            // A handle or a mail address tells who collected the text, not how it is written.
            return;
        }
        if marks.1 && is_address(chunk) {
            self.number_ends();
            return self.token(ADDRESS, at..at + chunk.len());
        }
        let mut start = None;
        for (index, c) in chunk.char_indices() {
            let place = at + index..at + index + c.len_utf8();
            if c.is_alphabetic() && !is_token(c) {
                start = start.or(Some(index));
                continue;
            }
            if let Some(start) = start.take() {
                self.word(&chunk[start..index], at + start);
            }
            if c.is_ascii_digit() {
                if self.digits == 0 {
                    self.number = place.start;
                }
                self.digits += 1;
                self.end = place.end;
            } else if is_token(c) || matches!(c, '!' | '?' | '$' | '£' | '€' | '₹') {
                self.number_ends();
                // All currency signs are one token.
                let c = if matches!(c, '£' | '€' | '₹') {
                    '$'
                } else {
                    c
                };
                self.token(hash(WORD, c.encode_utf8(&mut [0; 4])), place);
            }
        }
        if let Some(start) = start {
            self.word(&chunk[start..], at + start);
        }
    }

    fn word(&mut self, word: &str, at: usize) {
        self.number_ends();
        let place = at..at + word.len();
        let whole = hash(WORD, word);
        let mask = self.masks.of(whole);
        let stem = (mask.is_none())
            .then(|| word.char_indices().nth(STEM))
            .flatten()
            .map(|(end, _)| hash(BEGINNING, &word[..end]));
        if let Some(stem) = stem {
            self.alone(stem, true, &place);
        }
        let tells = mask.is_some() || word.len() >= TELLING;
        self.alone(mask.unwrap_or(whole), tells, &place);
        self.paired(mask.or(stem).unwrap_or(whole), place);
    }

    /// Ends a number; digits with blanks and punctuation between them are one.
    fn number_ends(&mut self) {
        let digits = std::mem::take(&mut self.digits);
        if digits > 0 {
            let token = if digits >= PHONE {
                PHONE_NUMBER
            } else {
                NUMBER
            };
            self.token(token, self.number..self.end);
        }
    }

    fn token(&mut self, token: u32, place: Range<usize>) {
        self.alone(token, true, &place);
        self.paired(token, place);
    }

    /// A piece of one token, which by itself may tell nothing. Where who spoke first says it, that is one
    /// more: an order is another thing than the answer to it.
    fn alone(&mut self, token: u32, tells: bool, place: &Range<usize>) {
        if tells {
            (self.each)(slot(token), place.clone());
        }
        if self.is_first {
            (self.each)(slot(pair(SAYS, token)), place.clone());
            if self.begins {
                (self.each)(slot(pair(BEGINS, token)), place.clone());
            }
        }
    }

    fn paired(&mut self, token: u32, place: Range<usize>) {
        self.begins = false;
        if let Some(before) = self.before.replace(token) {
            (self.each)(slot(pair(before, token)), place);
        }
    }
}

/// The model.
pub(crate) struct Manner {
    masks: Masks,
    /// One for each slot; most are 0.
    weights: Vec<i8>,
    /// Log-odds of a weight of 1.
    step: f64,
    /// Log-odds of a text of no pieces.
    bias: f64,
}

impl Manner {
    /// Reads a model as [`pack`] writes it. One that is too short knows nothing.
    pub(crate) fn new(model: &[u8], masks: &str) -> Self {
        let number = |at: usize| match model.get(at..at + 4) {
            Some(&[a, b, c, d]) => f64::from(f32::from_le_bytes([a, b, c, d])),
            _ => 0.0,
        };
        let mut bits = BitReader::new(model.get(HEAD..).unwrap_or_default());
        let mut weights = vec![0; SLOTS];
        let mut slot = 0;
        for _ in 0..bits.number(COUNT_BITS) {
            slot += bits.rice(GAP_BITS) as usize;
            let ones = bits.ones();
            let size = i8::try_from(ones / 2 + 1).unwrap_or(i8::MAX);
            if let Some(weight) = weights.get_mut(slot) {
                *weight = if ones.is_multiple_of(2) { size } else { -size };
            }
            slot += 1;
        }
        Self {
            masks: Masks::new(masks),
            weights,
            step: number(0),
            bias: number(4),
        }
    }

    fn weight(&self, slot: usize) -> i32 {
        i32::from(self.weights[slot])
    }

    /// Calibrated log-odds that a document of these parts is a scam; 0 is even among the texts
    /// that the model was learned from.
    pub(crate) fn log_odds(&self, parts: &[&str]) -> f64 {
        let mut seen = SlotSet::new();
        let (mut sum, mut count) = (0, 0);
        self.pieces(parts, |slot, _| {
            if seen.add(slot) {
                sum += self.weight(slot);
                count += 1;
            }
        });
        self.bias + self.step * f64::from(sum) * length(count)
    }

    /// The slots of a document's pieces, each once, in the order of the text.
    #[cfg(feature = "study")]
    pub(crate) fn slots(&self, parts: &[&str]) -> Vec<usize> {
        let mut seen = SlotSet::new();
        let mut slots = Vec::new();
        self.pieces(parts, |slot, _| {
            if seen.add(slot) {
                slots.push(slot);
            }
        });
        slots
    }

    /// The consecutive words on one line that speak most for a scam, if any do.
    pub(crate) fn telling(&self, text: &str) -> Option<Range<usize>> {
        let sum = |row: &[(Range<usize>, i32)]| row.iter().map(|(_, sum)| sum).sum::<i32>();
        let mut most = 0;
        let mut telling = None;
        for line in text.split('\n') {
            let start = line.as_ptr().addr() - text.as_ptr().addr();
            let mut words: Vec<(Range<usize>, i32)> = Vec::new();
            self.pieces(&[line], |slot, place| {
                let weight = self.weight(slot);
                match words.last_mut() {
                    Some((last, sum)) if *last == place => *sum += weight,
                    _ => words.push((place, weight)),
                }
            });
            for row in words.windows(SHOWN.min(words.len()).max(1)) {
                if sum(row) > most {
                    most = sum(row);
                    telling = Some(start + row[0].0.start..start + row[row.len() - 1].0.end);
                }
            }
        }
        telling
    }

    fn pieces(&self, parts: &[&str], mut each: impl FnMut(usize, Range<usize>)) {
        let mut pieces = Pieces {
            masks: &self.masks,
            each: &mut each,
            before: None,
            is_first: false,
            begins: false,
            digits: 0,
            number: 0,
            end: 0,
        };
        for part in parts {
            pieces.text(part);
        }
    }
}

/// What the sum of a text's weights is multiplied by, so that long texts and short ones are vectors of
/// the same length: 1 by the root of the number of their pieces.
#[cfg_attr(not(feature = "study"), expect(unreachable_pub))]
pub fn length(pieces: usize) -> f64 {
    1.0 / (pieces.max(1) as f64).sqrt()
}

/// Steps from 0 to the weight that is farthest from it; with more of them it judges no better.
#[cfg(feature = "study")]
const STEPS: f64 = 7.0;

/// The bytes of a model of the weights of all slots.
///
/// After the head come the number of weights that are not 0 and, for each of them, the slots skipped
/// since the last one in Rice's code and its index in 1, -1, 2, -2 and so on in unary: so many ones and
/// a zero.
///
/// # Panics
/// When there are more weights than 65,535.
#[cfg(feature = "study")]
pub fn pack(weights: &[f64], bias: f64) -> Vec<u8> {
    let most = weights
        .iter()
        .fold(0.0, |most: f64, weight| most.max(weight.abs()));
    let step = (most / STEPS).max(f64::MIN_POSITIVE);
    let values: Vec<_> = weights
        .iter()
        .map(|weight| (weight / step).round() as i8)
        .enumerate()
        .filter(|(_, value)| *value != 0)
        .collect();
    let count = u16::try_from(values.len()).expect("so many are not kept");
    let mut bits = Writer::default();
    bits.number(count.into(), COUNT_BITS);
    let mut next = 0;
    for (slot, value) in values {
        bits.rice((slot - next) as u64, GAP_BITS);
        let size = u64::from(value.unsigned_abs());
        bits.ones(2 * size - 2 + u64::from(value < 0));
        next = slot + 1;
    }
    let head = [step, bias].map(|number| (number as f32).to_le_bytes());
    [&head.concat()[..], &bits.bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MASKS: &str = "# name\tmask\namazon\tfirm\nnetflix\tfirm\nanydesk\ttool\n";

    fn tokens(text: &str) -> Vec<(usize, Range<usize>)> {
        let mut tokens = Vec::new();
        Manner::new(&[], MASKS).pieces(&[text], |slot, place| {
            tokens.push((slot, place));
        });
        tokens
    }

    fn slots(text: &str) -> Vec<usize> {
        tokens(text).into_iter().map(|(slot, _)| slot).collect()
    }

    #[test]
    fn names_numbers_and_addresses_are_one_token_each() {
        for (one, other) in [
            ("your amazon account", "your netflix account"),
            ("pay 39.99 now", "pay 8 now"),
            ("call 818 492-9813 now", "call +44 20 7946 0018 now"),
            ("go to http://a.example/b?c now", "go to evil.example now"),
            ("pay $5", "pay £5"),
            ("hi @someone there", "hi a@b.example there"),
        ] {
            assert_eq!(slots(one), slots(other), "{one}");
        }
        assert_ne!(slots("amazon"), slots("anydesk"));
        assert_ne!(slots("call 1"), slots("call 818 492 9813"));
        assert_ne!(slots("end. now"), slots("end.now"));
    }

    #[test]
    fn pieces_are_words_pairs_and_beginnings() {
        assert_eq!(slots("pay now").len(), 3);
        assert_eq!(slots("refund now").len(), 4);
        assert_eq!(slots("返金").len(), 3);
        // Of a short word only its pairs.
        assert_eq!(slots("to pay").len(), 2);
        assert!(slots("-- @x").is_empty());
        let places: Vec<_> = tokens("pay  12 now")
            .into_iter()
            .map(|(_, at)| at)
            .collect();
        assert_eq!(places, [0..3, 5..7, 5..7, 8..11, 8..11]);
    }

    #[test]
    fn what_the_first_says_are_pieces_of_their_own() {
        let lines = |first, other| format!("{first}: ok do it now\n{other}: ok\n{first}: so");
        let (one, two) = (slots(&lines("may", "ada")), slots(&lines("ada", "may")));
        let said = |token| slot(pair(SAYS, hash(WORD, token)));
        let begun = |token| slot(pair(BEGINS, hash(WORD, token)));
        for slots in [&one, &two] {
            // Short words, too, which tell only the language elsewhere.
            for word in ["ok", "do", "it", "now", "so"] {
                assert!(slots.contains(&said(word)), "{word}");
            }
            assert!(slots.contains(&begun("ok")) && slots.contains(&begun("so")));
            assert!(!slots.contains(&begun("do")));
            assert!(!slots.contains(&said("may")) && !slots.contains(&said("ada")));
        }
        let reply = slots("may: hi\nada: yes\nmay: so");
        assert!(!reply.contains(&said("yes")));
        assert!(!slots("ok do it now").contains(&said("now")));
    }

    #[test]
    fn a_model_says_what_its_weights_say() {
        let mut manner = Manner::new(&[], MASKS);
        (manner.step, manner.bias) = (0.5, -1.0);
        manner.weights[slots("pay")[0]] = 4;
        manner.weights[slots("hello")[1]] = -6;
        let odds = |text| manner.log_odds(&[text]);
        assert!((odds("pay") - 1.0).abs() < 1e-9);
        assert!((odds("pay pay") - (-1.0 + 2.0 / 2f64.sqrt())).abs() < 1e-9);
        assert!(odds("hello") < -1.0 && (odds("") + 1.0).abs() < 1e-9);
        assert_eq!(manner.telling("oh so pay"), Some(3..9));
        assert_eq!(manner.telling("oh so\npay"), Some(6..9));
        assert_eq!(manner.telling("hello"), None);
        assert_eq!(manner.telling(""), None);
        assert_eq!(Manner::new(&[1, 2], MASKS).log_odds(&["pay"]), 0.0);
    }

    #[test]
    fn the_shipped_model_is_whole() {
        let manner = Manner::new(include_bytes!("../data/manner.bin"), "");
        assert!(manner.weights.iter().filter(|weight| **weight != 0).count() > 5_000);
        assert!(manner.step > 0.0 && manner.step < 10.0);
        assert!(Masks::new(include_str!("../data/masks.tsv")).masks.len() > 100);
    }

    #[cfg(feature = "study")]
    #[test]
    fn what_is_packed_is_read_again() {
        let mut weights = vec![0.0; SLOTS];
        weights[0] = -3.0;
        weights[1] = 0.2;
        weights[256] = 0.6;
        weights[SLOTS - 1] = 3.5;
        let model = pack(&weights, 0.5);
        let manner = Manner::new(&model, MASKS);
        assert_eq!((manner.step, manner.bias), (0.5, 0.5));
        for (slot, weight) in [(0, -6), (1, 0), (255, 0), (256, 1), (SLOTS - 1, 7)] {
            assert_eq!(manner.weight(slot), weight, "{slot}");
        }
        assert_eq!(
            manner.weights.iter().filter(|weight| **weight != 0).count(),
            3
        );
    }
}
