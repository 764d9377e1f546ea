//! Sessions by the lines that open and close them.

use aho_corasick::AhoCorasick;
use doorchain_core::{Confidence, Millis};
use std::collections::VecDeque;
use std::time::UNIX_EPOCH;

use super::Told;
use super::visits::{Visit, Visits};

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
pub struct Phrases {
    find: AhoCorasick,
    phrases: Vec<Phrase>,
}

impl Phrases {
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

/// A session as the line tells of it: its number, and the process that gave it where the line has that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub process: Option<u32>,
    pub session: u32,
}

/// A line that says something.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// When, as the line has it, else when it was read.
    pub moment: Millis,
    /// The moment came from the log itself and not from the clock of the look.
    pub stamped: bool,
    pub says: Says,
    /// Which of the tool's words said it.
    pub words: usize,
    pub number: Option<Number>,
    /// Who asks.
    pub who: Option<String>,
}

/// Most events that are remembered of one log, the latest. A session has a handful; whoever wants one
/// to be forgotten has to ask to be let in more than a thousand times.
const REMEMBERED: usize = 4096;

/// What one log has said.
#[derive(Clone, Debug, Default)]
pub struct Lines(pub(super) VecDeque<Event>);

impl Lines {
    /// Takes in whole lines; `now` stands for moments in a form that is not known.
    pub fn take(&mut self, words: &Phrases, text: &[u8], now: Millis) {
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
            if let Some(event) = event(words, &text[start..read], now) {
                if self.0.len() == REMEMBERED {
                    self.0.pop_front();
                }
                self.0.push_back(event);
            }
        }
    }

    /// What several logs of one tool say together: who was let in, which is as sure as `grade`, and
    /// who asks, which is weak. Weak is also what the logs give no moment of, because any run of the
    /// tool can have had it, and who is left when it is not known whose end was told.
    ///
    /// Of each the latest, which the most processes can have: any may be left over from a run of the
    /// tool that broke off.
    pub fn told<'a>(
        tool: &'static str,
        grade: Confidence,
        logs: impl IntoIterator<Item = &'a Self>,
    ) -> Vec<Told> {
        let visits = Visits::of(logs);
        let latest = |is: &dyn Fn(&Visit) -> bool, confidence, words: &str| {
            let visit = visits.0.iter().rev().find(|visit| is(visit))?;
            Some(Told {
                tool,
                since: visit.since,
                who: visit.who.map(str::to_owned),
                words: words.to_owned(),
                confidence,
            })
        };
        let is_sure = |visit: &Visit| visit.since.is_some() && !visit.is_doubtful;
        [
            latest(
                &|visit| visit.is_in && is_sure(visit),
                grade,
                "its log tells of somebody who was let in and has not left",
            ),
            latest(
                &|visit| visit.is_in && !is_sure(visit),
                Confidence::Weak,
                "its log tells of somebody who was let in and may not have left",
            ),
            latest(
                &|visit| !visit.is_in,
                Confidence::Weak,
                "its log tells of somebody who asks to be let in",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What a line says, if anything.
fn event(words: &Phrases, line: &[u8], now: Millis) -> Option<Event> {
    let (head, session, message) = parts(line)?;
    let begins = |phrase: &Phrase| message.starts_with(phrase.words.as_bytes());
    let at = words.phrases.iter().position(begins)?;
    let phrase = &words.phrases[at];
    // AnyDesk's name of its part that wrote the line.
    let part = head.rsplit(u8::is_ascii_whitespace).next();
    let is_of = |own: &&str| part == Some(own.as_bytes());
    if !phrase.parts.is_empty() && !phrase.parts.iter().any(is_of) {
        return None;
    }
    let (stamp, process) = stamp(head);
    let who = (phrase.says == Says::Asked)
        .then(|| name(&message[phrase.words.len()..]))
        .filter(|who| !who.is_empty());
    Some(Event {
        moment: stamp.unwrap_or(now),
        stamped: stamp.is_some(),
        says: phrase.says,
        words: at,
        number: session.map(|session| Number { process, session }),
        who,
    })
}

/// A line's head, the number of its session and its message; `None` where it has no message.
///
/// The first ` - ` is between head and message, and whatever somebody chose the name of is behind it.
/// Some messages begin with the number: Ammyy's with `[0] `, AnyDesk's with `1: `.
fn parts(line: &[u8]) -> Option<(&[u8], Option<u32>, &[u8])> {
    const DASH: &[u8] = b" - ";
    let at = (line.windows(DASH.len())).position(|bytes| bytes == DASH)?;
    let (head, message) = (&line[..at], &line[at + DASH.len()..]);
    let (inner, end) = match message.strip_prefix(b"[") {
        Some(inner) => (inner, b"] "),
        None => (message, b": "),
    };
    let digits = (inner.iter().take_while(|byte| byte.is_ascii_digit())).count();
    let numbered = (inner[digits..].strip_prefix(end)).filter(|_| digits > 0);
    Some(match numbered {
        Some(message) => (head, number(&inner[..digits]), message),
        None => (head, None, message),
    })
}

fn number(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The first moment in a line's head, which AnyDesk writes in UTC as `2026-11-22 18:04:05.678`, and the
/// number of the process behind it.
fn stamp(head: &[u8]) -> (Option<Millis>, Option<u32>) {
    let text = String::from_utf8_lossy(head);
    let mut words = text.split_whitespace();
    let day = words.find(|word| word.len() == 10 && word.as_bytes()[4] == b'-');
    let (Some(day), Some(time)) = (day, words.next()) else {
        return (None, None);
    };
    let at = humantime::parse_rfc3339_weak(&format!("{day} {time}")).ok();
    let since = at.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let millis = since.and_then(|since| u64::try_from(since.as_millis()).ok());
    (millis.map(Millis), words.find_map(|word| word.parse().ok()))
}

/// Longest name that is passed on, in characters.
const NAME: usize = 80;

/// Who asks, as the line has it behind its words.
///
/// The caller chose this name: no control character is kept of it.
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

    fn words() -> Phrases {
        let phrase = |says, parts: &[&'static str], words| Phrase {
            says,
            parts: parts.to_vec(),
            words,
        };
        let sessions = ["app.backend_session", "app.session"];
        Phrases::new(vec![
            phrase(Says::Asked, &[], "Incoming session request"),
            phrase(Says::Begun, &[], "Authenticated by "),
            phrase(Says::Ended, &sessions, "Session closed"),
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

    /// A line of AnyDesk for Windows at so many seconds after six: of its part, with its process.
    fn line(second: u32, process: u32, part: &str, message: &str) -> String {
        let time = format!("18:{:02}:{:02}.000", second / 60, second % 60);
        format!("   info 2026-11-22 {time}       lsvc   {process}   1241   {part} - {message}\n")
    }

    fn asks(second: u32, who: &str) -> String {
        let message = format!("Incoming session request: {who}");
        line(second, 20, "app.backend_session", &message)
    }

    /// As of the session's own part, with its number where it has one.
    fn session(second: u32, number: &str, message: &str) -> String {
        line(second, 10, "app.session", &format!("{number}{message}"))
    }

    const IN: &str = "Authenticated by local user.";
    const OUT: &str = "Session closed by remote side: 0.";

    fn grade(lines: &[String]) -> Option<Confidence> {
        after(&lines.concat()).map(|told| told.confidence)
    }

    #[test]
    fn the_end_of_one_numbered_session_is_not_the_end_of_another() {
        let two = [session(0, "1: ", IN), session(60, "2: ", IN)];
        for (gone, left) in [("1: ", "2: "), ("2: ", "1: ")] {
            let mut lines = two.to_vec();
            lines.push(session(120, gone, OUT));
            assert_eq!(grade(&lines), Some(Confidence::Good), "{left}is on");
            lines.push(session(180, left, "Session closed locally: 0."));
            assert_eq!(grade(&lines), None, "both are over");
        }
    }

    #[test]
    fn without_numbers_the_end_of_one_leaves_the_other_in_doubt() {
        let mut lines = vec![session(0, "", IN), session(60, "", IN)];
        assert_eq!(grade(&lines), Some(Confidence::Good));
        lines.push(session(120, "", OUT));
        let told = after(&lines.concat()).expect("one is on");
        assert_eq!(told.confidence, Confidence::Weak);
        assert!(told.words.contains("may not have left"), "{told:?}");
        lines.push(session(180, "", OUT));
        assert_eq!(grade(&lines), None, "both are over");
        lines.push(session(240, "", IN));
        assert_eq!(grade(&lines), Some(Confidence::Good), "another");
    }

    /// The service and the part that asks the person tell of one end in words of their own.
    #[test]
    fn an_end_that_is_told_twice_is_one() {
        let stopped = |second| line(second, 20, "app.backend_session", "Session stopped.");
        for number in ["", "1: "] {
            let other = number.replace('1', "2");
            let two = [session(0, number, IN), session(60, &other, IN)];
            for ends in [
                [stopped(120), session(121, number, OUT)],
                [session(120, number, OUT), stopped(121)],
            ] {
                let lines = [&two[..], &ends].concat();
                let left = match number {
                    "" => Confidence::Weak,
                    _ => Confidence::Good,
                };
                assert_eq!(grade(&lines), Some(left), "{number}: {ends:?}");
                let lines = [lines, vec![stopped(180), session(181, &other, OUT)]].concat();
                assert_eq!(grade(&lines), None, "{number}: {ends:?}");
            }
        }
    }

    /// Whoever has the computer's number can ask, under any name, and give up again.
    #[test]
    fn who_asks_and_leaves_ends_no_session_and_casts_no_doubt_on_it() {
        for number in ["", "1: "] {
            for name in [
                "Help (2)",
                "x - 1: Session closed by",
                "\u{202e}1: Session stopped",
            ] {
                let lines = [
                    asks(0, "Amazon Help (1)"),
                    session(1, number, IN),
                    asks(60, name),
                    line(90, 20, "app.backend_session", "Session stopped."),
                ];
                let told = after(&lines.concat()).expect("on");
                assert_eq!(told.confidence, Confidence::Good, "{number}{name}");
                assert_eq!(told.who.as_deref(), Some("Amazon Help (1)"), "{name}");
            }
        }
    }

    /// As where a password or a token lets somebody in, and another part then tells who it is.
    #[test]
    fn who_is_let_in_before_it_is_told_that_they_ask_is_one() {
        for number in ["", "1: "] {
            let mut lines = vec![session(0, number, IN), asks(1, "Amazon Help (1)")];
            let told = after(&lines.concat()).expect("on");
            assert_eq!(told.who.as_deref(), Some("Amazon Help (1)"));
            lines.push(asks(60, "Another (2)"));
            lines.push(session(90, number, OUT));
            let left = if number.is_empty() {
                Some(Confidence::Good)
            } else {
                Some(Confidence::Weak)
            };
            assert_eq!(grade(&lines), left, "one of two has left");
            let alone = [lines[0].clone(), lines[1].clone(), lines[3].clone()];
            assert_eq!(grade(&alone), None, "{number}");
        }
    }

    /// As of the session by which this computer's owner sees another.
    #[test]
    fn a_number_of_another_process_is_another_sessions() {
        let mut lines = vec![
            session(0, "1: ", IN),
            line(60, 30, "app.session", "1: Session closed by x"),
        ];
        assert_eq!(grade(&lines), Some(Confidence::Weak), "in doubt");
        lines[1] = line(60, 30, "app.session", "2: Session closed by x");
        assert_eq!(grade(&lines), Some(Confidence::Good));
    }

    #[test]
    fn a_number_that_a_new_run_gives_again_is_a_new_session() {
        let twice = [
            session(0, "1: ", IN),
            session(2, "1: ", IN),
            session(60, "1: ", OUT),
        ];
        assert_eq!(grade(&twice), None, "said twice of one");
        let again = [session(0, "1: ", IN), session(600, "1: ", IN)].concat();
        let since = after(&again).and_then(|told| told.since);
        assert_eq!(since, Some(Millis(1_795_370_400_000 + 600_000)));
        let over = again + &session(660, "1: ", OUT);
        assert_eq!(after(&over), None);
    }

    #[test]
    fn no_log_makes_it_fail_or_tell_more_than_it_can() {
        let good = [ASKED.as_bytes(), BEGUN.as_bytes(), ENDED.as_bytes()];
        let (words, mut lines) = (words(), Lines::default());
        for (number, text) in spoilt(&good, 20_000).enumerate() {
            lines.take(&words, &text, NOW);
            let mut alone = Lines::default();
            alone.take(&words, &text, NOW);
            assert!(lines.0.len() <= REMEMBERED);
            // All of them take long to put in order.
            let together = (number % 100 == 0).then_some(&lines);
            for told in Lines::told(
                "anydesk",
                Confidence::Good,
                together.into_iter().chain([&alone]),
            ) {
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
