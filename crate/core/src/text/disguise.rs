//! Words that were broken up so that a filter would not read them:
//! `a.m.a.z.o.n`, `AM#ZON`, `4CCOUNT`, `I_OCKED`.

use super::Text;
use crate::order::sort_by;

/// The words worth hiding.
#[derive(Default)]
pub(crate) struct Disguises {
    /// With their skeletons, sorted by these.
    words: Vec<(Vec<u8>, &'static str)>,
    /// For each letter the lengths of the words that begin and of those that end with it, a bit each.
    lengths: Vec<[u64; 2]>,
}

/// Most bytes of a word that is looked up.
const MOST: usize = 40;

/// Longest word written with a blank between its letters that is looked for.
const LONGEST: usize = 12;

impl Disguises {
    /// Reads `disguised.tsv`.
    pub(crate) fn new(data: &'static str) -> Self {
        let mut words = Vec::new();
        for line in data.lines().filter(|line| !line.starts_with('#')).skip(1) {
            let mut cells = line.split('\t');
            let (Some(seen), Some(meant)) = (cells.next(), cells.next()) else {
                continue;
            };
            words.push((skeleton(seen.as_bytes(), &mut [0; MOST]).to_vec(), meant));
        }
        sort_by(&mut words, |a, b| a.0.cmp(&b.0));
        let mut lengths = vec![[0; 2]; 256];
        for (word, _) in &words {
            for (at, letter) in ends(word).into_iter().enumerate() {
                lengths[usize::from(letter)][at] |= 1 << word.len();
            }
        }
        Self { words, lengths }
    }

    /// Rewrites the word from `start` on in plain letters, if it is one of those that get hidden.
    ///
    /// `from..end` is its place in the original; `is_odd` says that it has look-alike letters.
    pub(super) fn uncover(
        &self,
        text: &mut Text,
        start: usize,
        from: usize,
        end: usize,
        is_odd: bool,
    ) {
        let whole = &text.folded[start..];
        if whole.len() > MOST || whole.contains("//") || is_address(whole) {
            return;
        }
        // As one word first, then piece by piece between hyphens, slashes and full stops.
        let is_around = |c: char| !c.is_alphanumeric();
        let lead = whole.len() - whole.trim_start_matches(is_around).len();
        let core = whole.trim_matches(is_around);
        // What stands around a word is no part of it: `“AMZN”.` is a ticker symbol.
        let is_word = |word: &str| !is_odd && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_word(core) {
            return;
        }
        let core_len = core.len();
        if let Some(meant) = self.find(core) {
            if meant != core {
                replace(text, start + lead, core_len, meant, from, end);
            }
            return;
        }
        // A number behind the word is not part of it: `AM/AZON#254768`.
        let bare = core
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .trim_end_matches(is_mark);
        if bare.len() < core.len()
            && core[bare.len()..].starts_with(is_mark)
            && let Some(meant) = self.find(bare)
        {
            let len = bare.len();
            if meant != bare {
                replace(text, start + lead, len, meant, from, end);
            }
            return;
        }
        let mut pieces = Vec::new();
        let mut at = start;
        for piece in whole.split(['-', '/', '.']) {
            let word = piece.trim_start_matches(is_quote);
            let lead = piece.len() - word.len();
            let word = word.trim_end_matches(is_quote);
            if word != core
                && !is_word(word)
                && let Some(meant) = self.find(word)
                && meant != word
            {
                pieces.push((at + lead, word.len(), meant));
            }
            at += piece.len() + 1;
        }
        for (at, len, meant) in pieces.into_iter().rev() {
            replace(text, at, len, meant, from, end);
        }
    }

    /// Joins letters that are separated by single blanks, the last of them at `last`.
    pub(super) fn join_spaced(&self, text: &mut Text, last: usize) {
        let bytes = text.folded.as_bytes();
        let mut start = last;
        let mut letters = vec![bytes[last]];
        while letters.len() < LONGEST
            && start >= 2
            && bytes[start - 1] == b' '
            && bytes[start - 2].is_ascii_alphanumeric()
        {
            start -= 2;
            letters.insert(0, bytes[start]);
            // The letter must stand alone.
            if start > 0 && bytes[start - 1].is_ascii_alphanumeric() {
                return;
            }
            if letters.len() >= 5
                && let Some(meant) = self.meant(&letters)
            {
                let from = text.back(start);
                let end = text.back(last) + 1;
                let len = text.folded.len() - start;
                replace(text, start, len, meant, from, end);
                return;
            }
        }
    }

    fn find(&self, seen: &str) -> Option<&'static str> {
        if seen.len() < 4 || !seen.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        self.meant(seen.as_bytes())
    }

    /// Whether a word of so many letters that begins and ends with these may be one of the words
    /// worth hiding.
    pub(super) fn may_be(&self, ends: [u8; 2], letters: usize) -> bool {
        if letters > MOST {
            return false;
        }
        let mut may_be = true;
        for (at, letter) in ends.into_iter().enumerate() {
            let lengths = self.lengths.get(usize::from(in_skeleton(letter)));
            may_be &= lengths.is_some_and(|lengths| lengths[at] >> letters & 1 == 1);
        }
        may_be
    }

    fn meant(&self, seen: &[u8]) -> Option<&'static str> {
        let mut room = [0; MOST];
        let wanted = skeleton(seen, &mut room);
        if !self.may_be(ends(wanted), wanted.len()) {
            return None;
        }
        let at = self
            .words
            .binary_search_by(|(word, _)| word[..].cmp(wanted))
            .ok()?;
        Some(self.words[at].1)
    }
}

/// What is left of the first [`MOST`] bytes of a word when every trick is undone at once: punctuation
/// dropped, characters that get swapped for one another made the same.
fn skeleton<'a>(word: &[u8], room: &'a mut [u8; MOST]) -> &'a [u8] {
    let mut count = 0;
    for byte in word.iter().take(MOST).map(|byte| in_skeleton(*byte)) {
        room[count] = byte;
        count += usize::from(byte.is_ascii_alphanumeric());
    }
    &room[..count]
}

/// The first and the last of some letters.
fn ends(letters: &[u8]) -> [u8; 2] {
    [letters.first(), letters.last()].map(|letter| letter.copied().unwrap_or_default())
}

/// What a byte becomes in a skeleton, which then drops punctuation.
fn in_skeleton(byte: u8) -> u8 {
    match byte.to_ascii_lowercase() {
        b'l' | b'1' | b'!' | b'|' => b'i',
        b'0' => b'o',
        b'4' | b'@' => b'a',
        b'3' => b'e',
        b'5' | b'$' => b's',
        b'7' => b't',
        other => other,
    }
}

/// Whether a mark may stand for a letter in a word.
pub(super) const fn is_mark(c: char) -> bool {
    matches!(c, '#' | '$' | '@' | '*' | '_' | '.' | '/' | '|' | '-' | '!')
}

/// Whether a mark stands around words, and for no letter in one.
fn is_quote(c: char) -> bool {
    !c.is_alphanumeric() && !is_mark(c)
}

/// Whether a word is a mail address, host name or file path; those are judged elsewhere.
fn is_address(word: &str) -> bool {
    word.contains('@') && word.contains('.')
        || word.rsplit_once('.').is_some_and(|(head, tail)| {
            head.len() >= 4 && tail.len() >= 2 && tail.bytes().all(|b| b.is_ascii_alphabetic())
        })
}

/// Replaces folded text by `meant`, all of which leads back to the original word.
fn replace(text: &mut Text, at: usize, len: usize, meant: &str, from: usize, end: usize) {
    let behind = at + len;
    let first = text.back(at).max(from);
    let last = text.back(behind - 1).clamp(first, end.saturating_sub(1));
    let moved = |place: usize| place - len + meant.len();
    let rest = text.folded.split_off(behind);
    let rest_origin = text.back(behind);
    let after = text.marks.partition_point(|mark| mark.0 as usize <= behind);
    let rest_marks: Vec<_> = text.marks[after..]
        .iter()
        .map(|mark| (moved(mark.0 as usize) as u32, mark.1))
        .collect();
    text.cut(at);
    for (index, c) in meant.char_indices() {
        // All letters but the last lead to the word's first, so that whole words are found.
        let origin = if index + c.len_utf8() == meant.len() {
            last
        } else {
            first
        };
        let folded = text.folded.len() as u32;
        match text.marks.last_mut() {
            Some(mark) if mark.0 == folded => mark.1 = origin as u32,
            _ => text.marks.push((folded, origin as u32)),
        }
        text.folded.push(c);
    }
    // Later pieces of this word were replaced first: shift them.
    let before = text.disguised.iter().rposition(|place| place.end <= at);
    let later = text.disguised.split_off(before.map_or(0, |at| at + 1));
    text.disguised.extend(
        later
            .into_iter()
            .filter(|place| place.start >= behind)
            .map(|place| moved(place.start)..moved(place.end)),
    );
    text.disguised.push(at..text.folded.len());
    if !rest.is_empty() {
        text.mark(rest_origin);
        text.folded.push_str(&rest);
        text.marks.extend(rest_marks);
    }
}
