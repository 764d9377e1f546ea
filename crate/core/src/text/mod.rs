//! Text as the cues read it: one spelling for every disguise, with the way back
//! to the page's own words.

mod disguise;
mod fold;
mod invisible;
#[cfg(test)]
pub(crate) mod letter;
mod small;
mod table;

pub(crate) use disguise::Disguises;
pub(crate) use fold::{CONFUSABLES, Confusables};
pub(crate) use invisible::is_invisible;
pub(crate) use small::{lower, small};
pub(crate) use table::fold_char;

use std::ops::Range;

/// At most the first `most` bytes of a text, cut between characters.
pub(crate) fn first(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Bytes of text that are judged; what stands behind them is not read.
///
/// The reader's own cap lies below it. It bounds the time of a judgement on hostile input.
pub(crate) const MAX_BYTES: usize = 3 * 200_000;

/// Bytes that a sentence goes on for before and behind a place: it bounds the time on texts without
/// an end, and is more than anything asks for.
const MOST_SENTENCE: usize = 800;

/// Folded text and where each piece of it came from.
pub(crate) struct Text<'a> {
    original: &'a str,
    /// Lower case, accents and disguises folded, white space as one blank or one `\n`.
    pub(crate) folded: String,
    /// Folded offset → original offset, at each place where their difference changes.
    marks: Vec<(u32, u32)>,
    /// Places of the folded words that were written so that a machine would not read them.
    pub(crate) disguised: Vec<Range<usize>>,
}

/// The tables that folding needs.
#[derive(Default)]
pub(crate) struct Folder {
    disguises: Disguises,
}

impl Folder {
    /// Reads the shipped tables.
    pub(crate) fn new() -> Self {
        Self {
            disguises: Disguises::new(include_str!("../../data/disguised.tsv")),
        }
    }

    /// Folds the first [`MAX_BYTES`] of a text.
    pub(crate) fn fold<'a>(&self, original: &'a str) -> Text<'a> {
        let original = first(original, MAX_BYTES);
        let mut text = Text {
            original,
            folded: String::with_capacity(original.len() + 8),
            marks: vec![(0, 0)],
            disguised: Vec::new(),
        };
        fold::fold(&mut text, self);
        text
    }
}

impl Text<'_> {
    /// All sentences but empty ones, as [`Text::sentence`] bounds them.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = Range<usize>> {
        let bytes = self.folded.as_bytes();
        let mut start = 0;
        std::iter::from_fn(move || {
            loop {
                if start >= bytes.len() {
                    return None;
                }
                let mut end = start;
                while let Some(byte) = bytes.get(end) {
                    match bytes[end..].first_chunk() {
                        Some(eight) if has_no_end(u64::from_le_bytes(*eight)) => end += 8,
                        _ if MAY_END[usize::from(*byte)] && ends_sentence(bytes, end) => break,
                        _ => end += 1,
                    }
                }
                let from = start;
                start = end + 1;
                while !self.folded.is_char_boundary(end) {
                    end -= 1;
                }
                if from < end {
                    return Some(from..end);
                }
            }
        })
    }

    /// The sentence around a place, bounded by full stops, line ends and their like in other scripts,
    /// and by [`MOST_SENTENCE`] bytes on either side.
    pub(crate) fn sentence(&self, at: usize) -> Range<usize> {
        let bytes = self.folded.as_bytes();
        let at = at.min(bytes.len());
        let (first, last) = (
            at.saturating_sub(MOST_SENTENCE),
            (at + MOST_SENTENCE).min(bytes.len()),
        );
        let mut start = at;
        while start > first && !ends_sentence(bytes, start - 1) {
            start -= 1;
        }
        while !self.folded.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = at;
        while end < last && !ends_sentence(bytes, end) {
            end += 1;
        }
        // The place found may be the last byte of a full stop of several bytes.
        while end > at && !self.folded.is_char_boundary(end) {
            end -= 1;
        }
        start..end
    }

    /// A range of bytes, widened to whole characters.
    pub(crate) fn whole_letters(&self, mut range: Range<usize>) -> Range<usize> {
        debug_assert!(range.end <= self.folded.len(), "a range of the text");
        while !self.folded.is_char_boundary(range.start) {
            range.start -= 1;
        }
        while !self.folded.is_char_boundary(range.end) {
            range.end += 1;
        }
        range
    }

    /// The page's own words that a folded range came from, with their place in the original.
    pub(crate) fn original(&self, range: Range<usize>) -> (Range<usize>, &str) {
        let start = self.back(range.start);
        let last = self.folded[..range.end]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
        let end = self.back(last.max(range.start));
        let end = end
            + self.original[end..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        (start..end, &self.original[start..end])
    }

    /// UTF-16 code units before a range of the original's bytes, and before its end.
    pub(crate) fn utf16(&self, range: Range<usize>) -> (u32, u32) {
        let units = |text: &str| {
            let bytes = text.bytes();
            // One a letter, and one more where it has four bytes.
            bytes
                .map(|byte| u32::from(byte & 0xC0 != 0x80) + u32::from(byte >= 0xF0))
                .sum::<u32>()
        };
        let start = units(&self.original[..range.start]);
        (start, start + units(&self.original[range]))
    }

    fn back(&self, at: usize) -> usize {
        let mark = self
            .marks
            .partition_point(|&(folded, _)| folded as usize <= at)
            - 1;
        let (folded, original) = self.marks[mark];
        let next = match self.marks.get(mark + 1) {
            Some(&(_, next)) => next as usize,
            None => self.original.len() + usize::from(at >= self.folded.len()),
        };
        // What a character grew by in folding lies behind it: its start is the way back.
        let last = next.saturating_sub(1).max(original as usize);
        let mut back = (original as usize + at - folded as usize).min(last);
        while !self.original.is_char_boundary(back) {
            back -= 1;
        }
        back
    }

    /// Removes the folded text from `at` on.
    fn cut(&mut self, at: usize) {
        self.folded.truncate(at);
        while self.marks.len() > 1 && self.marks.last().is_some_and(|mark| mark.0 as usize >= at) {
            self.marks.pop();
        }
    }

    /// Notes that the folded text from here on comes from `original` on.
    fn mark(&mut self, original: usize) {
        let folded = self.folded.len() as u32;
        let original = original as u32;
        match self.marks.last_mut() {
            Some(last) if last.0 == folded => last.1 = original,
            Some(last) if original.wrapping_sub(last.1) == folded - last.0 => {}
            _ => self.marks.push((folded, original)),
        }
    }
}

/// Whether eight bytes are all blanks or ASCII from 0x40 on, which can end no sentence.
fn has_no_end(eight: u64) -> bool {
    let high = eight & (0x40 * EACH);
    let blanks = eight ^ (0x20 * EACH);
    // 0x80 where a byte is no blank; one of 0x80 or more rules the eight out anyway, so it may carry.
    let no_blank = blanks.wrapping_add(0x7F * EACH);
    (eight | no_blank & !(high << 1)) & (0x80 * EACH) == 0
}

/// Each byte 1.
const EACH: u64 = u64::MAX / 0xFF;

/// The bytes that [`ends_sentence`] asks more of.
const MAY_END: [bool; 256] = {
    let mut may_end = [false; 256];
    let ends = b"\n!?.\xA4\xA5\x82";
    let mut at = 0;
    while at < ends.len() {
        may_end[ends[at] as usize] = true;
        at += 1;
    }
    may_end
};

fn ends_sentence(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'\n' | b'!' | b'?' => true,
        // The dots in "1.99", "amazon.com", "a.m." and "tel. 020" end no sentence.
        b'.' => match bytes.get(at + 1..) {
            Some([b' ', next, ..]) => !matches!(next, b'0'..=b'9' | b'+' | b'('),
            Some([next, ..]) => matches!(next, b' ' | b'\n'),
            _ => true,
        },
        // The danda and double danda, U+0964 and U+0965.
        0xA4 | 0xA5 => at >= 2 && bytes[at - 2] == 0xE0 && bytes[at - 1] == 0xA5,
        // The ideographic full stop, U+3002.
        0x82 => at >= 2 && bytes[at - 2] == 0xE3 && bytes[at - 1] == 0x80,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sentence_without_an_end_is_read_no_further_than_needed() {
        let written = "あ".repeat(2_000);
        let text = Folder::default().fold(&written);
        let sentence = text.sentence(3_000);
        assert!(sentence.contains(&3_000) && sentence.len() <= 2 * MOST_SENTENCE + 3);
        assert!(text.folded.get(sentence).is_some());
    }

    fn folded(text: &str) -> String {
        Folder::new().fold(text).folded
    }

    #[test]
    fn one_spelling_for_every_disguise() {
        for (seen, meant) in [
            ("Ａｍａｚｏｎ", "amazon"),
            ("Am\u{430}zon acc\u{43e}unt", "amazon account"),
            ("A\u{200b}m\u{200e}a\u{34f}zo\u{180e}n", "amazon"),
            ("\u{391}maz\u{3bf}n.fr", "amazon.fr"),
            ("Prim\u{4bd}", "prime"),
            ("ᴀᴍᴀᴢᴏɴ ꜱᴜᴘᴘᴏʀᴛ", "amazon support"),
            ("🅰🅼🅰🆉🅾🅽 🅟🅡🅘🅜🅔", "amazon prime"),
            ("🇺🇸", "🇺🇸"),
            ("a.m.a.z.o.n account", "amazon account"),
            ("a m a z o n prime", "amazon prime"),
            ("a m a z 0 n prime", "amazon prime"),
            ("A-M-A-Z-O-N", "amazon"),
            ("(AM#ZON)", "(amazon)"),
            ("AM/AZON#254768", "amazon#254768"),
            (
                "YOUR 4CCOUNT HAS BEEN I_OCKED,fix",
                "your account has been locked,fix",
            ),
            ("detalLs-now", "details-now"),
            ("tempor\u{430}rily on h\u{43e}Id", "temporarily on hold"),
            ("Am&nbsp;z &amp; &#39;x&#39;", "am z & 'x'"),
            (
                "Überprüfung nötig, Straße, żółć",
                "uberprufung notig, strasse, zolc",
            ),
            ("It\u{2019}s  \t a\n\n\u{a0}line", "it's a\nline"),
            ("Амазон", "амазон"),
            ("ガス。ｱﾏｿﾞﾝ", "ガス。アマゾン"),
        ] {
            assert_eq!(folded(seen), meant, "{seen}");
        }
    }

    #[test]
    fn a_sentence_is_made_of_whole_letters() {
        let folder = Folder::new();
        for (seen, at, sentence) in [
            ("one. two. three", 6, " two"),
            ("tel. 020 now. bye", 0, "tel. 020 now"),
            ("no. +1 (88) 5. Bye", 0, "no. +1 (88) 5"),
            ("एक। दो। तीन", "एक। ".len(), " दो"),
            ("いち。に。さん", "いち。".len(), "に"),
            ("।", 0, ""),
        ] {
            let text = folder.fold(seen);
            assert_eq!(text.folded.get(text.sentence(at)), Some(sentence), "{seen}");
        }
    }

    #[test]
    fn leaves_honest_words_alone() {
        for text in [
            "iphone 11 pro for 1,499.00 on 2024-01-02",
            "see https://example.org/a/b_c?d=e1 and a@b.org",
            "and/or either/or 3-in-1 covid-19 b2b mp3 win32 x64",
            "i am a b c student",
            "shares of amzn. aapl/amzn, (nasdaq:amzn).",
        ] {
            assert_eq!(folded(text), text);
            assert!(Folder::new().fold(text).disguised.is_empty(), "{text}");
        }
    }

    #[test]
    fn quotation_marks_are_no_disguise() {
        for text in [
            "the “New Account”.",
            "it is “Amazon.com”.",
            "„Konto/Account“, «Account».",
            "“Prime-Account”-Seite",
        ] {
            assert!(Folder::new().fold(text).disguised.is_empty(), "{text}");
        }
        assert_eq!(folded("“AMA-ZON”."), "\"amazon\".");
    }

    #[test]
    fn finds_the_way_back() {
        let folder = Folder::new();
        let text = folder.fold("😀 Your  A\u{200b}m\u{430}zon &amp; co");
        let at = text.folded.find("amazon").expect("folds");
        let (range, words) = text.original(at..at + 6);
        assert_eq!(words, "A\u{200b}m\u{430}zon");
        assert_eq!(text.utf16(range), (9, 16));
        let at = text.folded.find("& co").expect("folds");
        assert_eq!(text.original(at..at + 4).1, "&amp; co");
    }

    #[test]
    fn the_way_back_from_letters_that_grew() {
        let folder = Folder::new();
        let text = folder.fold("ﷺ!!!!!!!\nabout ½");
        assert!(text.folded.len() > text.original.len());
        let at = text.folded.find('!').expect("folds");
        assert_eq!(text.original(at - 3..at + 2).1, "ﷺ!!");
        assert_eq!(text.original(at..at + 1).1, "!");
        let len = text.folded.len();
        assert_eq!(text.original(len - 1..len).1, "½");
        assert_eq!(text.original(len..len).1, "");
    }

    proptest! {
        #[test]
        fn any_text_folds_and_every_place_leads_back(
            original in "\\PC{0,40}|[a-zA-Z0-9#_./ \u{200b}\u{430}ßﬃﷺ½&;\n!?。।॥あ]{0,60}",
            places in proptest::array::uniform2(any::<prop::sample::Index>()),
        ) {
            static FOLDER: std::sync::LazyLock<Folder> = std::sync::LazyLock::new(Folder::new);
            let text = FOLDER.fold(&original);
            let ends: Vec<usize> = text.folded.char_indices().map(|(at, _)| at).chain([text.folded.len()]).collect();
            let [from, to] = places.map(|place| ends[place.index(ends.len())]);
            let (range, words) = text.original(from.min(to)..from.max(to));
            prop_assert_eq!(&original[range], words);
            let mut last = 0;
            for (at, letter) in text.folded.char_indices() {
                let (range, _) = text.original(at..at + letter.len_utf8());
                prop_assert!(last <= range.start && range.end <= original.len());
                last = range.start;
                let sentence = text.sentence(at);
                prop_assert!(sentence.start <= at && at <= sentence.end);
                prop_assert!(text.folded.get(sentence).is_some());
            }
            for sentence in text.sentences() {
                prop_assert_eq!(text.sentence(sentence.start), sentence);
            }
        }
    }
}
