//! Conversations that were written down, each line under the name of who speaks.

use std::ops::Range;

/// Most letters of a name.
const MOST_NAME: usize = 40;

/// Most who speak: it bounds the time on texts that are all names.
const MOST_NAMES: usize = 16;

/// A stretch of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) place: Range<usize>,
    /// Said by who speaks first: of two, mostly the one who wants something.
    pub(crate) is_first: bool,
}

/// Cuts a text where somebody begins to speak and where the name before it begins, which nobody says.
/// Empty where the text is no conversation: of two at least, one of whom speaks twice.
pub(crate) fn turns(text: &str) -> Vec<Turn> {
    let mut names: Vec<&str> = Vec::new();
    // What stands before the first name.
    let mut turns = vec![Turn {
        place: 0..0,
        is_first: false,
    }];
    let (mut lines, mut heads) = (0, 0);
    for line in text.split('\n') {
        let at = line.as_ptr().addr() - text.as_ptr().addr();
        lines += 1;
        let Some((name, said)) = speaker(line) else {
            continue;
        };
        heads += 1;
        if !names.contains(&name) {
            names.push(name);
        }
        if names.len() > MOST_NAMES {
            return Vec::new();
        }
        let said = at + said;
        close(&mut turns, at);
        for (place, is_first) in [(at..said, false), (said..said, names[0] == name)] {
            turns.push(Turn { place, is_first });
        }
    }
    // Fields of a form are named, too, each once; and in a letter most lines have no name.
    if names.len() < 2 || names.len() == heads || 2 * heads < lines {
        return Vec::new();
    }
    close(&mut turns, text.len());
    turns
}

/// Lets the last turn end where the next begins.
fn close(turns: &mut [Turn], at: usize) {
    if let Some(turn) = turns.last_mut() {
        turn.place.end = at;
    }
}

/// The name before a line's first colon, and where what is said begins.
fn speaker(line: &str) -> Option<(&str, usize)> {
    // A date and a time have marks of their own.
    let stamped = line.trim_start_matches(|c: char| c.is_ascii_digit() || "[](),.:/- ".contains(c));
    let (name, said) = stamped.split_once(':')?;
    let is_name =
        !name.is_empty() && !said.starts_with("//") && name.chars().nth(MOST_NAME).is_none();
    is_name.then(|| (name, line.len() - said.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(bool, &str)> {
        let turns = turns(text).into_iter();
        turns
            .map(|turn| (turn.is_first, &text[turn.place]))
            .collect()
    }

    #[test]
    fn a_conversation_is_cut_where_somebody_speaks() {
        assert_eq!(
            said("may: open it\nada: ok\ndone\nmay:and now?"),
            [
                (false, ""),
                (false, "may:"),
                (true, " open it\n"),
                (false, "ada:"),
                (false, " ok\ndone\n"),
                (false, "may:"),
                (true, "and now?"),
            ]
        );
        let stamped =
            said("today\n[10:31] may: hi\n28/11/2026, 10:32 - ada: hi: you\n10:33 may: so");
        assert_eq!(stamped[0], (false, "today\n"));
        assert_eq!(stamped[2], (true, " hi\n"));
        assert_eq!(stamped[4], (false, " hi: you\n"));
        assert_eq!(stamped[6], (true, " so"));
    }

    #[test]
    fn more_names_than_any_conversation_has_are_none() {
        let of = |names: usize| {
            let once: String = (0..names).map(|name| format!("a{name}: hi\n")).collect();
            turns(&once.repeat(2)).is_empty()
        };
        assert!(!of(MOST_NAMES));
        assert!(of(MOST_NAMES + 1));
    }

    #[test]
    fn what_is_no_conversation_is_left_whole() {
        for text in [
            "",
            "may: hi\nmay: are you there?",
            "order: 1\ndate: today\ntotal: 3",
            "https://a.example\nhttps://b.example\nsee: c",
            "note: this\nis\na\nlong\nletter\nnote: and\nps: more",
            "10:31\n10:32\n: x",
        ] {
            assert_eq!(said(text), [], "{text}");
        }
    }
}
