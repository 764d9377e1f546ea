//! What one connection has seen, and the ending of what it has seen.

use crate::collect::Collector;
use crate::ending;
use crate::judge::judge;
use crate::snapshot::Process;
use doorchain_core::protocol::ErrorCode;
use doorchain_core::{Direction, Finding, SessionReport};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

/// A report this young is given again: a flood of questions must not load the machine.
const FRESH: Duration = Duration::from_millis(100);
/// Ended sessions that are remembered, so that ending one again is no error.
const REMEMBERED: usize = 256;
/// Longest that the ending of a session waits in all.
const LONGEST: Duration = Duration::from_secs(4);
/// How long a process has to end by itself.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How long one that was killed has to be gone.
const DEATH: Duration = Duration::from_millis(1000);
/// How long a tool is watched for coming back.
const RETURN: Duration = Duration::from_millis(1000);
/// Time between two looks while waiting.
const STEP: Duration = Duration::from_millis(50);

/// What came of the wish to end a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The session is gone, checked.
    pub gone: bool,
    /// What was ended, in words, in English.
    pub ended: Vec<String>,
    /// The tool started a new session in the meantime.
    pub came_back: bool,
}

/// The sessions that one connection has reported.
#[derive(Default)]
pub struct Watch {
    collector: Collector,
    known: BTreeMap<String, Known>,
    gone: VecDeque<String>,
    last: Option<(Instant, SessionReport)>,
}

struct Known {
    finding: Finding,
    /// The finding's processes, as they were when it was last seen.
    processes: Vec<Process>,
}

impl Watch {
    /// Which remote sessions are active, not older than a tenth of a second.
    pub fn report(&mut self) -> SessionReport {
        if let Some((at, report)) = &self.last
            && at.elapsed() < FRESH
        {
            return report.clone();
        }
        self.look()
    }

    /// Looks now.
    fn look(&mut self) -> SessionReport {
        let snapshot = self.collector.snapshot();
        let mut report = judge(&snapshot);
        for finding in &mut report.findings {
            // What an earlier look did not have began between the two.
            if finding.since.is_none() {
                finding.since = match self.known.get(&finding.id) {
                    Some(known) => known.finding.since,
                    None if self.last.is_some() => Some(snapshot.now),
                    None => None,
                };
            }
        }
        let present: BTreeSet<&str> = report.findings.iter().map(|f| f.id.as_str()).collect();
        let ended: Vec<String> = (self.known.keys())
            .filter(|id| !present.contains(id.as_str()))
            .cloned()
            .collect();
        for id in ended {
            self.known.remove(&id);
            self.gone.push_back(id);
        }
        self.gone
            .drain(..self.gone.len().saturating_sub(REMEMBERED));
        for finding in &report.findings {
            let processes = (snapshot.processes.iter())
                .filter(|process| finding.pids.contains(&process.pid))
                .cloned()
                .collect();
            let known = Known {
                finding: finding.clone(),
                processes,
            };
            self.known.insert(finding.id.clone(), known);
        }
        self.last = Some((Instant::now(), report.clone()));
        report
    }

    /// Ends a session that a report of this connection has named, and nothing else.
    ///
    /// Waits 4 seconds at most in all to see that the session is gone and stays so; a look, or a program
    /// of the system, that is under way then goes on to its end.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::UnknownFinding`] for any other id, [`ErrorCode::EndFailed`]
    /// when the system refuses; each with words for the log.
    pub fn end(&mut self, id: &str) -> Result<Ended, (ErrorCode, String)> {
        let deadline = Instant::now() + LONGEST;
        if !self.known.contains_key(id) && !self.gone.iter().any(|gone| gone == id) {
            let why = format!("no report of this connection named {id:?}");
            return Err((ErrorCode::UnknownFinding, why));
        }
        let before: BTreeSet<String> = (self.look().findings.into_iter())
            .map(|finding| finding.id)
            .collect();
        let Some(known) = self.known.get(id) else {
            return Ok(Ended {
                gone: true,
                ended: Vec::new(),
                came_back: false,
            });
        };
        let (finding, processes) = (known.finding.clone(), known.processes.clone());
        let desktop = processes.iter().find(|process| ending::is_desktop(process));
        let done = if desktop.is_some() || processes.is_empty() {
            self.let_go(&finding, desktop, deadline)
        } else {
            self.end_processes(id, &processes, deadline)
        };
        let ended =
            done.map_err(|why| (ErrorCode::EndFailed, format!("{}: {why}", finding.name)))?;
        let gone = !self.known.contains_key(id);
        Ok(Ended {
            gone,
            ended,
            came_back: gone && self.comes_back(&finding.tool, &before, deadline),
        })
    }

    /// Has a session's desktop, or without one the system, let go of whoever is in it.
    ///
    /// Gives what was done, or why the session is still there, in words.
    fn let_go(
        &mut self,
        finding: &Finding,
        desktop: Option<&Process>,
        deadline: Instant,
    ) -> Result<Vec<String>, String> {
        let mut done = Vec::new();
        // A desktop that is still letting somebody in may miss the first word.
        for _ in 0..2 {
            done.push(match desktop {
                Some(desktop) => ending::disconnect(desktop),
                None => ending::without_process(&finding.tool),
            }?);
            if self.is_gone_by(&finding.id, within(PATIENCE, deadline)) {
                return Ok(done);
            }
        }
        Err("told to let go, it did not".to_owned())
    }

    /// Asks a session's processes to end, and ends them where they do not.
    ///
    /// Gives what was done, or why the session is still there, in words.
    fn end_processes(
        &mut self,
        id: &str,
        processes: &[Process],
        deadline: Instant,
    ) -> Result<Vec<String>, String> {
        let (mut done, mut refused) = (Vec::new(), None);
        for (hard, time) in [(false, PATIENCE), (true, DEATH)] {
            let (words, why) = each(processes, |process| ending::end(process, hard));
            done.extend(words);
            refused = why;
            if done.is_empty() && refused.is_some() || self.is_gone_by(id, within(time, deadline)) {
                break;
            }
        }
        match refused {
            Some(why) if self.known.contains_key(id) => Err(why),
            _ => Ok(done),
        }
    }

    fn is_gone_by(&mut self, id: &str, moment: Instant) -> bool {
        wait(moment, || {
            self.look();
            !self.known.contains_key(id)
        })
    }

    fn comes_back(&mut self, tool: &str, before: &BTreeSet<String>, deadline: Instant) -> bool {
        wait(within(RETURN, deadline), || {
            (self.look().findings.iter()).any(|finding| {
                finding.tool == tool
                    && finding.direction == Direction::Inbound
                    && !before.contains(&finding.id)
            })
        })
    }
}

/// The moment until which a wait of this length goes on that must not go on beyond the deadline.
fn within(time: Duration, deadline: Instant) -> Instant {
    deadline.min(Instant::now() + time)
}

/// Asks again and again, once at least, until something is so or the moment has come; tells whether it
/// is so.
fn wait(until: Instant, mut is_so: impl FnMut() -> bool) -> bool {
    loop {
        if is_so() {
            return true;
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        std::thread::sleep(STEP.min(left));
    }
}

/// Ends each process by `end`, however many refuse; gives what was done and the first refusal.
fn each(
    processes: &[Process],
    end: impl Fn(&Process) -> Result<Option<String>, String>,
) -> (Vec<String>, Option<String>) {
    let (mut done, mut refused) = (Vec::new(), None);
    for process in processes {
        match end(process) {
            Ok(words) => done.extend(words),
            Err(why) => {
                refused.get_or_insert(why);
            }
        }
    }
    (done, refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wait_goes_on_beyond_the_deadline() {
        let now = Instant::now();
        assert_eq!(within(PATIENCE, now), now);
        assert!(within(PATIENCE, now + LONGEST) < now + LONGEST);
        // What is asked when the time is over is asked once, and not waited for.
        let mut asked = 0;
        let is_so = wait(now, || {
            asked += 1;
            false
        });
        assert!(!is_so && asked == 1);
        assert!(wait(now, || true));
        let mut asked = 0;
        assert!(wait(now + Duration::from_secs(60), || {
            asked += 1;
            asked == 3
        }));
        let spans = PATIENCE + DEATH + RETURN;
        assert!(
            spans < LONGEST,
            "a process that has to be killed: {spans:?}"
        );
    }

    #[test]
    fn a_process_that_may_not_be_ended_keeps_no_other_from_it() {
        let process = |pid| Process {
            pid,
            ..Process::default()
        };
        let end = |process: &Process| match process.pid {
            1 => Err("it is the system's".to_owned()),
            2 => Ok(None),
            pid => Ok(Some(format!("ended {pid}"))),
        };
        let (done, refused) = each(&[1, 2, 3, 4].map(process), end);
        assert_eq!(done, ["ended 3", "ended 4"]);
        assert_eq!(refused.as_deref(), Some("it is the system's"));
        let (done, refused) = each(&[1].map(process), end);
        assert!(done.is_empty() && refused.is_some());
    }
}
