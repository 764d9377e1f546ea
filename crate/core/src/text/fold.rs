//! Character by character: case, accents, look-alike letters, invisible marks.

use super::disguise::is_mark;
use super::invisible::is_invisible;
use super::table::{fold_char, voiced};
use super::{Disguises, Folder, Text, small};
use std::sync::LazyLock;

/// Letters of other scripts that look like an ASCII letter, in order.
#[derive(Default)]
pub(crate) struct Confusables(Vec<(char, u8)>);

/// Those of Unicode's list.
pub(crate) static CONFUSABLES: LazyLock<Confusables> = LazyLock::new(|| {
    let mut confusables = Confusables::default();
    for line in include_str!(concat!(env!("OUT_DIR"), "/confusables.tsv")).lines() {
        if let Some((letter, like)) = line.split_once('\t') {
            confusables.add(letter, like);
        }
    }
    confusables
});

impl Confusables {
    /// Adds a letter and what it looks like; anything but single letters is left out.
    pub(crate) fn add(&mut self, letter: &str, like: &str) {
        let Some(pair) = pair(letter, like) else {
            return;
        };
        match self.place(pair.0) {
            Ok(at) => self.0[at] = pair,
            // The file has them in order, so that most come last.
            Err(at) => self.0.insert(at, pair),
        }
    }

    /// What a letter looks like, if it looks like an ASCII letter.
    pub(crate) fn get(&self, letter: char) -> Option<u8> {
        self.place(letter).ok().map(|at| self.0[at].1)
    }

    /// The same of a letter of a text: as it is, or else as its small letter.
    fn like(&self, letter: char) -> Option<u8> {
        self.get(letter).or_else(|| self.get(small(letter)))
    }

    /// Where a letter is, or where it would have to be.
    fn place(&self, letter: char) -> Result<usize, usize> {
        self.0.binary_search_by_key(&letter, |pair| pair.0)
    }
}

fn pair(letter: &str, like: &str) -> Option<(char, u8)> {
    let letter = single(letter)?;
    let like = u8::try_from(single(like)?).ok()?;
    (!letter.is_ascii()).then_some((letter, like))
}

fn single(cell: &str) -> Option<char> {
    let mut chars = cell.chars();
    let only = chars.next()?;
    chars.next().is_none().then_some(only)
}

/// Whether a byte can stand in a word, and so can be part of a disguised one.
const fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || is_mark(byte as char)
}

/// What a byte is to [`plain`].
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Lower,
    Upper,
    /// A capital that looks like another letter, and is odd behind a lower-case one.
    Tall,
    Blank,
    /// Punctuation that stands for itself, and in no word.
    Mark,
    /// Ends a sentence, or stands in a word.
    Stop,
    Other,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut at = 0;
    while at < 0x80 {
        let byte = at as u8;
        kinds[at] = match byte {
            b'a'..=b'z' => Kind::Lower,
            b'I' | b'L' => Kind::Tall,
            b'A'..=b'Z' => Kind::Upper,
            b' ' => Kind::Blank,
            b'.' => Kind::Stop,
            b'&' => Kind::Other,
            _ if byte.is_ascii_punctuation() && !in_word(byte) => Kind::Mark,
            _ => Kind::Other,
        };
        at += 1;
    }
    kinds
};

/// End of the stretch of ASCII words, blanks and punctuation from a place on that folds to lower case
/// and is no disguise and no part of one. Notes where its capitals are; `capitals` may also hold places
/// behind the returned end.
fn plain(bytes: &[u8], from: usize, disguises: &Disguises, capitals: &mut Vec<usize>) -> usize {
    let (mut at, mut word) = (from, from);
    let mut before = Kind::Mark;
    loop {
        // Nearly all bytes are lower-case letters.
        let small = bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_lowercase());
        let small = small.count();
        if small > 0 {
            at += small;
            before = Kind::Lower;
        }
        let kind = bytes
            .get(at)
            .map_or(Kind::Other, |byte| KINDS[usize::from(*byte)]);
        match kind {
            Kind::Tall if before == Kind::Lower => return word,
            Kind::Lower => {}
            Kind::Upper | Kind::Tall => capitals.push(at),
            // A single letter may be part of a word that is spelt out.
            _ if at == word + 1 => return word,
            Kind::Stop
                if at > word
                    && bytes.get(at + 1) == Some(&b' ')
                    && !disguises.may_be([bytes[word], bytes[at - 1]], at - word) =>
            {
                word = at + 1;
            }
            Kind::Other | Kind::Stop => {
                let goes_on = |byte: &u8| in_word(*byte) || *byte >= 0x80;
                return if bytes.get(at).is_some_and(goes_on) {
                    word
                } else {
                    at
                };
            }
            Kind::Blank if at == from || !bytes.get(at + 1).is_some_and(u8::is_ascii_graphic) => {
                return at;
            }
            Kind::Blank | Kind::Mark => word = at + 1,
        }
        before = kind;
        at += 1;
    }
}

/// Fills `text` from its original.
pub(super) fn fold(text: &mut Text, folder: &Folder) {
    let original = text.original;
    let mut capitals = Vec::new();
    let mut at = 0;
    while at < original.len() {
        capitals.clear();
        let end = plain(original.as_bytes(), at, &folder.disguises, &mut capitals);
        if end == at {
            at = piece(text, folder, at);
            continue;
        }
        text.mark(at);
        let start = text.folded.len();
        text.folded.push_str(&original[at..end]);
        for capital in capitals.iter().filter(|capital| **capital < end) {
            let there = start + capital - at;
            text.folded[there..=there].make_ascii_lowercase();
        }
        at = end;
    }
    end(text);
}

fn end(text: &mut Text) {
    while text.folded.ends_with([' ', '\n']) {
        text.folded.pop();
    }
}

/// Folds a word, a run of white space or one mark of punctuation, and returns its end.
fn piece(text: &mut Text, folder: &Folder, at: usize) -> usize {
    let original = text.original;
    let byte = original.as_bytes()[at];
    if byte.is_ascii_whitespace() || byte == 0x0b || byte.is_ascii_control() {
        blank(text, at)
    } else if byte == b'&'
        && let Some((c, len)) = entity(&original[at..])
    {
        if c.is_whitespace() {
            push_blank(text, at, false);
        } else {
            text.mark(at);
            push(text, c);
        }
        // What follows comes from after the entity.
        text.mark(at + len);
        at + len
    } else if in_word(byte) || byte >= 0x80 {
        word(text, folder, at)
    } else {
        text.mark(at);
        text.folded.push(char::from(byte));
        at + 1
    }
}

fn push(text: &mut Text, c: char) {
    if c.is_ascii() {
        text.folded.push(c.to_ascii_lowercase());
    } else if !is_invisible(c) {
        let folded = &mut text.folded;
        fold_char(c, |part| folded.push(part));
    }
}

/// Whether a character is drawn as a blank: white space, and the fillers of Korean and Braille.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}

/// One blank for a run of white space, or a line end where the break is no soft wrap.
fn blank(text: &mut Text, from: usize) -> usize {
    let original = text.original;
    let mut lines = 0;
    let mut end = from;
    for c in original[from..].chars() {
        if c == '\n' {
            lines += 1;
        } else if !(is_blank(c) || is_invisible(c)) {
            break;
        }
        end += c.len_utf8();
    }
    // A mail's hard line break: the next line goes on in lower case.
    let goes_on = lines == 1
        && original[end..].starts_with(|c: char| c.is_lowercase())
        && !text.folded.ends_with(['.', '!', '?', ':']);
    push_blank(text, from, lines > 0 && !goes_on);
    end
}

fn push_blank(text: &mut Text, at: usize, line: bool) {
    if text.folded.is_empty() || text.folded.ends_with('\n') {
        return;
    }
    if text.folded.ends_with(' ') {
        if !line {
            return;
        }
        text.cut(text.folded.len() - 1);
    }
    text.mark(at);
    text.folded.push(if line { '\n' } else { ' ' });
}

/// What was seen while scanning a word.
#[derive(Default)]
struct Seen {
    /// The last byte of ASCII.
    before: u8,
    latin: usize,
    digit_or_mark: bool,
    odd_case: bool,
    confusable: bool,
    invisible: bool,
    outside: bool,
}

impl Seen {
    /// Notes a byte of ASCII.
    fn note(&mut self, byte: u8) {
        if byte.is_ascii_alphabetic() {
            self.latin += 1;
            self.odd_case |= matches!(byte, b'I' | b'L') && self.before.is_ascii_lowercase();
        } else {
            self.digit_or_mark = true;
        }
        self.before = byte;
    }
}

/// A run of characters up to white space or other punctuation.
fn word(text: &mut Text, folder: &Folder, from: usize) -> usize {
    let original = text.original;
    let bytes = original.as_bytes();
    let mut seen = Seen::default();
    let mut end = from;
    // The plain case first: a word of ASCII alone.
    while end < bytes.len() && in_word(bytes[end]) {
        seen.note(bytes[end]);
        end += 1;
    }
    let start = text.folded.len();
    if end == bytes.len() || bytes[end] < 0x80 {
        text.mark(from);
        text.folded.push_str(&original[from..end]);
        text.folded[start..].make_ascii_lowercase();
    } else {
        end = mixed(text, from, &mut seen);
    }
    if seen.latin > 0 && (seen.digit_or_mark || seen.odd_case || seen.confusable) {
        let is_odd = seen.odd_case || seen.confusable;
        folder.disguises.uncover(text, start, from, end, is_odd);
    } else if seen.latin == 1 && text.folded.len() == start + 1 {
        folder.disguises.join_spaced(text, start);
    }
    if seen.latin >= 3 && (seen.confusable || seen.invisible) {
        let range = start.min(text.folded.len())..text.folded.len();
        if !range.is_empty() {
            text.disguised.push(range);
        }
    }
    end
}

/// A word with characters beyond ASCII in it.
fn mixed(text: &mut Text, from: usize, seen: &mut Seen) -> usize {
    let original = text.original;
    *seen = Seen::default();
    let start = text.folded.len();
    let mut end = from;
    let mut alike = 0;
    let mut chars = original[from..].chars().peekable();
    while let Some(c) = chars.next() {
        let here = end;
        if c.is_ascii() {
            let byte = c as u8;
            if !in_word(byte) {
                break;
            }
            text.mark(here);
            text.folded.push(c.to_ascii_lowercase());
            seen.note(byte);
            end += 1;
            continue;
        }
        if is_invisible(c) {
            end += c.len_utf8();
            seen.invisible |=
                seen.latin > 0 && is_trick(&text.folded[start..], c, chars.peek().copied());
            continue;
        }
        if is_blank(c) {
            break;
        }
        end += c.len_utf8();
        if CONFUSABLES.like(c).is_some() {
            alike += 1;
        } else if c.is_alphabetic() && !is_latin(c) {
            seen.outside = true;
        }
        seen.latin += usize::from(is_full_width(c));
        text.mark(here);
        match chars.peek().and_then(|mark| voiced_kana(c, *mark)) {
            Some(full) => {
                end += chars.next().map_or(0, char::len_utf8);
                text.folded.push(full);
            }
            None => push(text, c),
        }
    }
    if end == from {
        // White space beyond ASCII comes first: the caller's loop must still move on.
        return if original[from..].starts_with(is_blank) {
            blank(text, from)
        } else {
            from + 1
        };
    }
    if alike > 0 && seen.latin > 0 && !seen.outside {
        respell(text, start, from, end);
        seen.confusable = true;
        seen.latin += alike;
    }
    end
}

/// Whether an invisible character is there to deceive: inside a Latin word only a trick needs one, except
/// for the soft hyphen.
fn is_trick(before: &str, c: char, behind: Option<char>) -> bool {
    c != '\u{ad}'
        && before.ends_with(|c: char| c.is_ascii_alphabetic())
        && behind.is_some_and(|c| c.is_ascii_alphabetic())
}

/// A half-width kana together with the sound mark behind it, as one letter.
fn voiced_kana(c: char, mark: char) -> Option<char> {
    let is_half_width = ('\u{ff66}'..='\u{ff9d}').contains(&c);
    is_half_width.then(|| voiced(c, mark)).flatten()
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
        || is_full_width(c)
}

/// Latin letters as wide as a kana, common in Japanese text.
fn is_full_width(c: char) -> bool {
    matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// Writes a word of mixed scripts again, in the letters that it looks like.
fn respell(text: &mut Text, start: usize, from: usize, end: usize) {
    text.cut(start);
    let original = text.original;
    for (at, c) in original[from..end].char_indices() {
        text.mark(from + at);
        match CONFUSABLES.like(c) {
            Some(like) => text.folded.push(char::from(like)),
            None => push(text, c),
        }
    }
}

/// A leftover HTML entity at the start of `text`: its character and its length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(10).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let c = match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" | "ldquo" | "rdquo" => '"',
        "apos" | "lsquo" | "rsquo" => '\'',
        "pound" => '£',
        "euro" => '€',
        "copy" => '©',
        "ndash" | "mdash" => '-',
        "zwnj" | "zwj" | "shy" => '\u{200c}',
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_mark_stands_in_its_place(original in "([a ]|\u{34e}|\u{200b}|&amp;|&nbsp;|[\n&\u{1f}\u{a0}.]){0,20}") {
            let folder = Folder::new();
            let text = folder.fold(&original);
            prop_assert!(text.marks.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
        }

        #[test]
        fn what_was_disguised_stands_where_it_is_said_to(
            original in "((#amazon|4ccount|a m a z o n)[ ./-]){0,6}"
        ) {
            let folder = Folder::new();
            let text = folder.fold(&original);
            for place in &text.disguised {
                let word = text.folded.get(place.clone());
                prop_assert!(word.is_some_and(|word| !word.is_empty() && !word.contains(' ')));
                let (_, original) = text.original(place.clone());
                prop_assert!(["#amazon", "4ccount", "a m a z o n"].contains(&original), "{}", original);
            }
        }

        #[test]
        fn plain_text_folds_as_any_other(
            original in "([a-zA-Z ,.;]|[ILl ]|a |(amzon|arnazon|prime|bill|Is)\\. |[\\n&1\\t]){0,60}"
        ) {
            let folder = Folder::new();
            let text = folder.fold(&original);
            let mut slow = folder.fold("");
            slow.original = &original;
            let mut at = 0;
            while at < original.len() {
                at = piece(&mut slow, &folder, at);
            }
            end(&mut slow);
            prop_assert_eq!(&text.folded, &slow.folded);
            prop_assert_eq!(&text.marks, &slow.marks);
            prop_assert_eq!(&text.disguised, &slow.disguised);
        }
    }
}
