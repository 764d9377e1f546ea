//! Who asks to be let in and who was, by the lines of all logs of one tool.

use super::Says;
use super::lines::{Event, Lines, Number};
use doorchain_core::Millis;

/// Somebody who asks, or was let in, and of whom no end is told.
pub(super) struct Visit<'a> {
    number: Option<Number>,
    /// When they asked or were let in, where the log says so.
    pub since: Option<Millis>,
    pub who: Option<&'a str>,
    /// It is told that they asked.
    has_asked: bool,
    /// They were let in.
    pub is_in: bool,
    /// An end was told that may have been theirs.
    pub is_doubtful: bool,
}

/// Most visits that are kept of those who ask, and of those who were let in, the latest: a computer has
/// a handful. Every line is compared with all of them, and whoever writes the logs can write many.
const KEPT: usize = 256;

/// All who ask or were let in, the latest last.
pub(super) struct Visits<'a>(pub Vec<Visit<'a>>);

impl<'a> Visits<'a> {
    /// By all logs of one tool.
    pub(super) fn of(logs: impl IntoIterator<Item = &'a Lines>) -> Self {
        let lines = in_order(logs);
        let mut ends = ends(&lines).into_iter().peekable();
        let mut visits = Self(Vec::new());
        for (at, line) in lines.iter().enumerate() {
            match line.event.says {
                Says::Asked => visits.asks(line),
                Says::Begun => visits.is_let_in(line),
                // Of the lines that tell of one end the first counts.
                Says::Ended => {
                    if let Some(end) = ends.next_if(|end| end.first == at) {
                        visits.leaves(end.number);
                    }
                }
            }
        }
        visits
    }

    /// Somebody new, or whoever was let in a moment ago, as by a password: two parts tell of that,
    /// and in no certain order.
    fn asks(&mut self, line: &Line<'a>) {
        let who = line.event.who.as_deref();
        let is_close = |visit: &&mut Visit| {
            let since = visit.since.zip(line.since());
            since.is_some_and(|(then, now)| now.since(then) <= TELLING)
        };
        let let_in = self
            .0
            .last_mut()
            .filter(|visit| visit.is_in && !visit.has_asked);
        if let Some(visit) = let_in.filter(is_close) {
            visit.has_asked = true;
            visit.who = who;
            return;
        }
        self.add(Visit {
            number: None,
            since: line.since(),
            who,
            has_asked: true,
            is_in: false,
            is_doubtful: false,
        });
    }

    /// Most likely whoever asked last.
    fn is_let_in(&mut self, line: &Line<'a>) {
        let number = line.event.number;
        let known = (self.0.iter()).rposition(|visit| number.is_some() && visit.number == number);
        if let Some(at) = known {
            let since = self.0[at].since.zip(line.since());
            if since.is_none_or(|(then, now)| now.since(then) <= TELLING) {
                // Said twice, as of a password and then of a second factor.
                return;
            }
            // Of a run before, whose process had the same number.
            self.0.remove(at);
        }
        let asked = self.0.iter().rposition(|visit| !visit.is_in);
        let who = asked.and_then(|at| self.0.remove(at).who);
        self.add(Visit {
            number,
            since: line.since(),
            who,
            has_asked: asked.is_some(),
            is_in: true,
            is_doubtful: false,
        });
    }

    /// Adds a visit in place of the first of its kind where those are too many.
    fn add(&mut self, visit: Visit<'a>) {
        let is_like = |other: &&Visit| other.is_in == visit.is_in;
        if self.0.iter().filter(is_like).count() >= KEPT
            && let Some(first) = self.0.iter().position(|other| other.is_in == visit.is_in)
        {
            self.0.remove(first);
        }
        self.0.push(visit);
    }

    /// Whoever has the number of the end. Without one, the latest who can be meant, which leaves in
    /// doubt who else could: the end of one is not the end of all.
    fn leaves(&mut self, number: Option<Number>) {
        let is_of = |visit: &Visit| number.is_some() && visit.number == number;
        if let Some(at) = self.0.iter().rposition(is_of) {
            self.0.remove(at);
            return;
        }
        let unnumbered = self.0.iter().rposition(|visit| visit.number.is_none());
        let gone = match (unnumbered, number) {
            (Some(at), _) => Some(self.0.remove(at)),
            (None, None) => self.0.pop(),
            (None, Some(_)) => None,
        };
        for visit in &mut self.0 {
            visit.is_doubtful |= match &gone {
                // Whoever only asked and left tells nothing of those who were let in.
                Some(gone) => gone.is_in && gone.number.is_some() == visit.number.is_some(),
                // A number of another process, as the one that connects this computer to others.
                None => visit.number.map(|of| of.session) == number.map(|of| of.session),
            };
        }
    }
}

/// An event in its place among those of all logs.
struct Line<'a> {
    moment: Millis,
    /// Which of the logs has it.
    log: usize,
    event: &'a Event,
}

impl Line<'_> {
    /// The moment, where the log says it.
    fn since(&self) -> Option<Millis> {
        self.event.stamped.then_some(self.moment)
    }
}

/// The events of all logs by their moments; those of one moment keep their order.
fn in_order<'a>(logs: impl IntoIterator<Item = &'a Lines>) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for (log, Lines(events)) in logs.into_iter().enumerate() {
        // A log is written in order: where a line is earlier than the one before, the clock was put
        // right between them, and what was before is no later.
        let mut moment = Millis(u64::MAX);
        let start = lines.len();
        for event in events.iter().rev() {
            moment = moment.min(event.moment);
            lines.push(Line { moment, log, event });
        }
        lines[start..].reverse();
    }
    lines.sort_by_key(|line| line.moment);
    lines
}

/// The end of one session, by all the lines that tell of it.
struct End {
    /// The first of them.
    first: usize,
    moment: Millis,
    number: Option<Number>,
    /// The logs and the words by which it is told: a tool says the same once of each end.
    told: Vec<(usize, usize)>,
}

/// How far apart, in milliseconds, the lines may stand that tell of one thing.
const TELLING: u64 = 10_000;

/// Most ends that a line is compared with: few sessions end at a time.
const COMPARED: usize = 16;

/// The ends that lines in order tell of.
///
/// AnyDesk tells of one from several of its parts: a line in other words, or in another log, that
/// stands near and has no other number tells of the same end.
fn ends(lines: &[Line]) -> Vec<End> {
    let mut ends: Vec<End> = Vec::new();
    for (first, line) in lines.iter().enumerate() {
        if line.event.says != Says::Ended {
            continue;
        }
        let (moment, number) = (line.moment, line.event.number);
        let told = (line.log, line.event.words);
        let known = (ends.iter_mut().rev().take(COMPARED)).find(|end| {
            moment.since(end.moment) <= TELLING
                && (end.number.is_none() || number.is_none() || end.number == number)
                && !end.told.contains(&told)
        });
        match known {
            Some(end) => {
                end.number = end.number.or(number);
                end.told.push(told);
            }
            None => ends.push(End {
                first,
                moment,
                number,
                told: vec![told],
            }),
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(says: Says, from: u32, count: u32) -> Lines {
        let event = |session| Event {
            moment: Millis(u64::from(session) * 60_000),
            stamped: true,
            says,
            words: 0,
            number: (says != Says::Asked).then_some(Number {
                process: Some(1),
                session,
            }),
            who: None,
        };
        Lines((from..from + count).map(event).collect())
    }

    /// A line costs no more for it: as many logs as a place can have, each as long as is remembered,
    /// are a quarter of a million lines.
    #[test]
    fn no_number_of_lines_makes_more_visits_than_are_kept() {
        let logs = [lines(Says::Begun, 0, 1000), lines(Says::Asked, 2000, 1000)];
        let visits = Visits::of(&logs);
        let (inside, asking): (Vec<&Visit>, Vec<&Visit>) =
            visits.0.iter().partition(|visit| visit.is_in);
        assert_eq!((inside.len(), asking.len()), (KEPT, KEPT));
        let latest = inside.last().and_then(|visit| visit.since);
        assert_eq!(latest, Some(Millis(999 * 60_000)));
    }

    #[test]
    fn who_asks_drives_out_nobody_who_was_let_in() {
        let logs = [lines(Says::Begun, 0, 1), lines(Says::Asked, 1, 1000)];
        let visits = Visits::of(&logs);
        assert!(visits.0.iter().any(|visit| visit.is_in));
    }
}
