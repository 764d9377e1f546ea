//! Sessions by the lines that open and close them.

use aho_corasick::AhoCorasick;
use doorchain_core::{Confidence, Millis};
use std::time::UNIX_EPOCH;

use super::Told;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// Somebody asks to be let in.
    Asked,
    /// Somebody was let in.
    Begun,
    /// The session is over.
    Ended,
}

/// Words that say something where a line's message begins with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// What they say.
    pub says: Says,
    /// The parts of the tool from which they count; from all where none is named.
    pub parts: Vec<&'static str>,
    /// The words.
    pub words: &'static str,
}

/// The words by which one tool's logs tell of sessions.
pub struct Words {
    find: AhoCorasick,
    phrases: Vec<Phrase>,
}

impl Words {
    /// Of phrases with different words.
    ///
    /// # Panics
    ///
    /// When there are more words than the finder can take, which is millions.
    pub fn new(phrases: Vec<Phrase>) -> Self {
        Self {
            find: AhoCorasick::new(phrases.iter().map(|phrase| phrase.words)).expect("a few words"),
            phrases,
        }
    }
}

/// Moment of a line, then its number in its file: lines of one moment keep their order.
type At = (Millis, u64);

/// What one log has said last.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    seen: u64,
    /// Moment of the line before.
    moment: Millis,
    asked: Option<(At, String)>,
    begun: Option<At>,
    ended: Option<At>,
    /// The latest moment came from the log itself and not from the clock of the look.
    stamped: bool,
}

impl Lines {
    /// Takes in whole lines; `now` stands for moments in a form that is not known.
    pub fn take(&mut self, words: &Words, text: &[u8], now: Millis) {
        let mut read = 0;
        for found in words.find.find_iter(text) {
            // Of every line one look is enough, however often it has the words.
            if found.start() < read {
                continue;
            }
            let start = (text[read..found.start()].iter())
                .rposition(|byte| *byte == b'\n')
                .map_or(read, |at| read + at + 1);
            read = (text[found.end()..].iter())
                .position(|byte| *byte == b'\n')
                .map_or(text.len(), |at| found.end() + at);
            let Some((head, message)) = parts(&text[start..read]) else {
                continue;
            };
            let begins = |phrase: &&Phrase| message.starts_with(phrase.words.as_bytes());
            let Some(phrase) = words.phrases.iter().find(begins) else {
                continue;
            };
            // AnyDesk's name of its part that wrote the line.
            let part = head.rsplit(u8::is_ascii_whitespace).next();
            let is_of = |own: &&str| part == Some(own.as_bytes());
            if !phrase.parts.is_empty() && !phrase.parts.iter().any(is_of) {
                continue;
            }
            self.seen += 1;
            let stamp = moment(head);
            self.stamped = stamp.is_some();
            let moment = stamp.unwrap_or(now);
            if moment < self.moment {
                self.set_back(moment);
            }
            self.moment = moment;
            let at = (self.moment, self.seen);
            match phrase.says {
                Says::Asked => self.asked = Some((at, name(&message[phrase.words.len()..]))),
                Says::Begun => self.begun = Some(at),
                Says::Ended => self.ended = Some(at),
            }
        }
    }

    /// Lets nothing of the lines before be later than this: a log is written in order, and the clock
    /// by which it was written was put right.
    fn set_back(&mut self, moment: Millis) {
        let asked = self.asked.as_mut().map(|(at, _)| at);
        for at in asked
            .into_iter()
            .chain(&mut self.begun)
            .chain(&mut self.ended)
        {
            at.0 = at.0.min(moment);
        }
    }

    /// What several logs of one tool say together: who was let in, which is as sure as `grade`, and
    /// who asks, which is weak, as is what the logs give no moment of: any run of the tool can have had it.
    ///
    /// Both, because the one may be left over from a run of the tool that broke off.
    pub fn told<'a>(
        tool: &'static str,
        grade: Confidence,
        logs: impl IntoIterator<Item = &'a Self> + Clone,
    ) -> Vec<Told> {
        let logs = || logs.clone().into_iter();
        let ended = logs().filter_map(|log| log.ended).max();
        let begun = logs().filter_map(|log| log.begun).max();
        let asked = (logs().filter_map(|log| log.asked.as_ref())).max_by_key(|(at, _)| *at);
        let who = asked
            .map(|(_, who)| who.clone())
            .filter(|who| !who.is_empty());
        let stamped = logs().all(|log| log.stamped || log.seen == 0);
        let open = |at: At, words: &str, confidence| {
            ended.is_none_or(|ended| at > ended).then(|| Told {
                tool,
                since: stamped.then_some(at.0),
                who: who.clone(),
                words: words.to_owned(),
                confidence,
            })
        };
        let begun = begun.and_then(|at| {
            let words = "its log tells of somebody who was let in and has not left";
            let sure = if stamped { grade } else { Confidence::Weak };
            open(at, words, sure)
        });
        let asked = asked.and_then(|(at, _)| {
            let words = "its log tells of somebody who asks to be let in";
            open(*at, words, Confidence::Weak)
        });
        begun.into_iter().chain(asked).collect()
    }
}

/// A line's head and its message; `None` where it has no message.
///
/// The first ` - ` is between them, and whatever somebody chose the name of is behind it. Some messages
/// begin with the number of the session: Ammyy's with `[0] `, AnyDesk's with `1: `.
fn parts(line: &[u8]) -> Option<(&[u8], &[u8])> {
    const DASH: &[u8] = b" - ";
    let at = (line.windows(DASH.len())).position(|bytes| bytes == DASH)?;
    let (head, message) = (&line[..at], &line[at + DASH.len()..]);
    let (inner, end) = match message.strip_prefix(b"[") {
        Some(inner) => (inner, b"] "),
        None => (message, b": "),
    };
    let digits = (inner.iter().take_while(|byte| byte.is_ascii_digit())).count();
    let numbered = (inner[digits..].strip_prefix(end)).filter(|_| digits > 0);
    Some((head, numbered.unwrap_or(message)))
}

/// The first moment in a line, which AnyDesk writes in UTC as `2026-11-22 18:04:05.678`.
fn moment(line: &[u8]) -> Option<Millis> {
    let text = String::from_utf8_lossy(line);
    let mut words = text.split_whitespace();
    let day = words.find(|word| word.len() == 10 && word.as_bytes()[4] == b'-')?;
    let time = words.next()?;
    let at = humantime::parse_rfc3339_weak(&format!("{day} {time}")).ok()?;
    let since = at.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok().map(Millis)
}

/// Longest name that is passed on, in characters.
const NAME: usize = 80;

/// Who asks, as the line has it behind its words.
///
/// The caller chose this name: nothing but visible characters is kept of it.
fn name(rest: &[u8]) -> String {
    String::from_utf8_lossy(rest)
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME)
        .collect::<String>()
        .trim_matches(|c: char| c == ':' || c == '.' || c.is_whitespace())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostile::spoilt;

    const NOW: Millis = Millis(2_000_000_000_000);

    fn words() -> Words {
        let phrase = |says, parts: &[&'static str], words| Phrase {
            says,
            parts: parts.to_vec(),
            words,
        };
        let sessions = ["app.backend_session", "app.session"];
        Words::new(vec![
            phrase(Says::Asked, &[], "Incoming session request"),
            phrase(Says::Begun, &[], "Authenticated by "),
            phrase(Says::Ended, &sessions, "Session closed by"),
            phrase(Says::Ended, &sessions, "Session stopped"),
        ])
    }

    /// The better known of what is told after these lines.
    fn after(text: &str) -> Option<Told> {
        let mut lines = Lines::default();
        lines.take(&words(), text.as_bytes(), NOW);
        Lines::told("anydesk", Confidence::Good, [&lines])
            .into_iter()
            .next()
    }

    const ASKED: &str = "   info 2026-11-22 18:04:05.678       back   5468   3852            app.backend_session - Incoming session request: Amazon Help (123456789)\n";
    const BEGUN: &str = "   info 2026-11-22 18:04:09.001       lsvc   9952   1241            app.auth - Authenticated by local user.\n";
    const ENDED: &str = "   info 2026-11-22 18:30:00.000       lsvc   9952   1241            app.session - Session closed by remote.\n";

    #[test]
    fn a_session_is_on_from_its_request_to_its_close() {
        assert_eq!(after(""), None);
        let asked = after(ASKED).expect("asked");
        assert_eq!(asked.confidence, Confidence::Weak);
        assert_eq!(asked.who.as_deref(), Some("Amazon Help (123456789)"));
        let begun = after(&[ASKED, BEGUN].concat()).expect("begun");
        assert_eq!(begun.confidence, Confidence::Good);
        assert_eq!(begun.since, Some(Millis(1_795_370_649_001)));
        assert_eq!(after(&[ASKED, BEGUN, ENDED].concat()), None);
        let stopped = ENDED.replace("closed by remote", "stopped");
        assert_eq!(after(&[ASKED, BEGUN, &stopped].concat()), None);
        let again = [ASKED, BEGUN, ENDED, &ASKED.replace("18:04", "19:04")].concat();
        assert!(after(&again).is_some());
    }

    #[test]
    fn the_closing_line_may_be_in_the_other_log() {
        let (mut user, mut service) = (Lines::default(), Lines::default());
        user.take(&words(), ASKED.as_bytes(), NOW);
        service.take(&words(), BEGUN.as_bytes(), NOW);
        assert!(!Lines::told("anydesk", Confidence::Good, [&user, &service]).is_empty());
        service.take(&words(), ENDED.as_bytes(), NOW);
        assert_eq!(
            Lines::told("anydesk", Confidence::Good, [&user, &service]),
            []
        );
    }

    #[test]
    fn lines_of_one_moment_keep_their_order() {
        let ended = ENDED.replace("18:30:00.000", "18:04:05.678");
        assert_eq!(after(&[ASKED, &ended].concat()), None);
        assert!(after(&[&ended, ASKED].concat()).is_some());
    }

    #[test]
    fn a_clock_that_was_put_right_hides_no_session() {
        let ahead = |line: &str| line.replace("2026-11-22", "2037-01-01");
        assert_eq!(after(&[BEGUN, &ahead(ENDED)].concat()), None);
        let told = after(&[&ahead(ENDED), BEGUN].concat()).expect("on");
        assert_eq!(told.since, Some(Millis(1_795_370_649_001)));
        assert_eq!(after(&[&ahead(BEGUN), ENDED].concat()), None);
        let undated = ENDED.replace("2026-11-22", "");
        assert!(after(&[&undated, BEGUN].concat()).is_some());
    }

    /// Dates as other countries write them, and none at all: the order still tells.
    #[test]
    fn a_date_that_is_not_known_is_no_reason_to_miss_a_session() {
        for date in [
            "22.11.2026 18:04:05",
            "11/22/2026 6:04:05 PM",
            "२२-११-२०२६",
            "",
            "2026-99-99 99:99:99",
        ] {
            let dated = |line: &str| {
                line.replace("2026-11-22 18:04:05.678", date)
                    .replace("2026-11-22 18:30:00.000", date)
            };
            let told = after(&dated(ASKED)).expect(date);
            assert_eq!(told.since, None, "{date}");
            let begun = dated(&BEGUN.replace("18:04:09.001", "18:04:05.678"));
            let told = after(&begun).expect(date);
            assert_eq!(told.confidence, Confidence::Weak, "{date}");
            assert!(told.words.contains("was let in"), "{date}");
            assert_eq!(
                after(&[dated(ASKED), dated(ENDED)].concat()),
                None,
                "{date}"
            );
        }
    }

    /// Files and folders are named by whoever is in the computer.
    #[test]
    fn only_a_session_itself_tells_that_it_is_over() {
        let on = [ASKED, BEGUN].concat();
        for message in [
            "app.prepare_task - Preparing files in \"C:\\Users\\x\\Session closed by\\\"",
            "app.prepare_task - Preparing files in \"C:\\x - Session closed by\\\"",
            "app.prepare_task - Preparing files in \"C:\\app.session - Session closed by\\\"",
            "app.prepare_task - Session closed by",
            "app.session -  Session closed by",
            "app.session - [] Session closed by x",
            "app.session - [1 ] Session stopped",
            "app.session Session stopped",
            "x.app.session - Session stopped",
        ] {
            let start = ENDED.find("app.session").expect("there");
            let line = format!("{}{message}\n", &ENDED[..start]);
            let told = after(&(on.clone() + &line)).expect(message);
            assert_eq!(told.confidence, Confidence::Good, "{message}");
            // Nor does it tell that one begins.
            let line = line.replace("Session closed by", "Authenticated by ");
            if !message.starts_with("app.prepare_task - S") {
                assert_eq!(after(&line), None, "{message}");
            }
        }
        for number in ["", "[0] ", "1: ", "12: "] {
            let ended = ENDED.replace("Session", &format!("{number}Session"));
            assert_eq!(after(&(on.clone() + &ended)), None, "{number}");
        }
    }

    #[test]
    fn no_log_makes_it_fail_or_tell_more_than_it_can() {
        let good = [ASKED.as_bytes(), BEGUN.as_bytes(), ENDED.as_bytes()];
        let (words, mut lines) = (words(), Lines::default());
        for text in spoilt(&good, 20_000) {
            lines.take(&words, &text, NOW);
            let mut alone = Lines::default();
            alone.take(&words, &text, NOW);
            for told in Lines::told("anydesk", Confidence::Good, [&alone, &lines]) {
                assert!(told.who.is_none_or(|who| who.chars().count() <= NAME));
            }
        }
    }

    /// As many as a line can have, and in a file of any size.
    #[test]
    fn a_line_full_of_words_is_read_once() {
        let line = "a - ".to_owned() + &"Session stopped ".repeat(4000) + "\n";
        let text = line.repeat(60);
        let start = std::time::Instant::now();
        let mut lines = Lines::default();
        lines.take(&words(), text.as_bytes(), NOW);
        assert!(start.elapsed() < std::time::Duration::from_secs(2));
    }

    #[test]
    fn whatever_the_caller_calls_himself_is_harmless() {
        let line = format!(
            "a - Incoming session request: \u{1b}[2J\0{}\n",
            "x".repeat(500)
        );
        let who = after(&line).and_then(|told| told.who).expect("asked");
        assert!(who.chars().count() <= NAME);
        assert!(!who.contains(|c: char| c.is_control()));
        let line = ASKED.replace("Amazon Help", "Session closed by Authenticated by ");
        let told = after(&line).expect("asked");
        assert_eq!(told.confidence, Confidence::Weak);
        assert!(
            told.who
                .is_some_and(|who| who.starts_with("Session closed by"))
        );
        let mut lines = Lines::default();
        lines.take(&words(), b"a - Incoming session request: \xff\xfe\n", NOW);
        assert_eq!(Lines::told("anydesk", Confidence::Good, [&lines]).len(), 1);
    }
}
