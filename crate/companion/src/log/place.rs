//! Where the logs lie, and the reading of all that are there.

use super::follow::{Extent, Follower, MOST, open};
use super::{Lines, Phrase, Phrases, Says, Told};
use crate::catalogue::{fits_any_case, programs};
use crate::snapshot::Process;
use crate::table::rows;
use doorchain_core::{Confidence, Millis, System, ToolFactKind, tools};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

const PLACES: &str = include_str!("../../data/logs.tsv");
const WORDS: &str = include_str!("../../data/log_words.tsv");

/// A log that is written to only during a session counts for this long after it was, in milliseconds.
///
/// Screens stand still: Getscreen writes of every capture, but how often is not documented.
const GROWTH: u64 = 10_000;

/// A log that is written to when a session begins, and does not tell its end, counts for this long
/// after, in milliseconds: as long as other exposure does.
const ENTRY: u64 = 60 * 60 * 1000;

/// Folder that a path in the data begins in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base {
    /// The person's home folder.
    Home,
    /// The person's roaming settings.
    Config,
    /// What all people of a Windows machine share.
    Shared,
    /// The root of the file system.
    Root,
    /// The folder that the running program lies in.
    Program,
}

/// How a log tells of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// Lines that open and close it.
    Lines,
    /// It is written to only during one.
    Growth,
    /// It is written to when one begins.
    Entry,
    /// It has `start` and `end`.
    Span,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    tool: &'static str,
    base: Base,
    path: &'static str,
    telling: Telling,
    grade: Confidence,
}

fn places(system: System) -> impl Iterator<Item = Place> {
    rows(PLACES).filter_map(move |row| {
        let [tool, on, base, path, reader, ..] = row[..] else {
            return None;
        };
        if System::named(on)? != system {
            return None;
        }
        Some(Place {
            tool,
            base: match base {
                "home" => Base::Home,
                "config" => Base::Config,
                "shared" => Base::Shared,
                "root" => Base::Root,
                "program" => Base::Program,
                _ => return None,
            },
            path,
            telling: match reader {
                "lines" => Telling::Lines,
                "growth" => Telling::Growth,
                "entry" => Telling::Entry,
                "span" => Telling::Span,
                _ => return None,
            },
            grade: grade(tool, system)?,
        })
    })
}

/// How well a tool's logs hold on a system.
fn grade(tool: &str, system: System) -> Option<Confidence> {
    (tools().iter())
        .filter(|known| known.id == tool)
        .flat_map(|known| &known.facts)
        .find(|fact| fact.kind == ToolFactKind::SessionLog && fact.holds_on(system))
        .map(|fact| fact.grade)
}

fn words(tool: &str) -> Phrases {
    let phrases = rows(WORDS)
        .filter(|row| row[0] == tool)
        .filter_map(|row| {
            Some(Phrase {
                says: match row[1] {
                    "asked" => Says::Asked,
                    "begun" => Says::Begun,
                    "ended" => Says::Ended,
                    _ => return None,
                },
                parts: row[2].split(' ').filter(|part| *part != "-").collect(),
                words: row[3],
            })
        })
        .collect();
    Phrases::new(phrases)
}

/// Finds the folders that paths begin in.
type Folders = fn(Base) -> Option<PathBuf>;

/// The folders of the person who runs this.
fn folders(base: Base) -> Option<PathBuf> {
    match base {
        Base::Home => dirs::home_dir(),
        Base::Config => dirs::config_dir(),
        Base::Shared => std::env::var_os("ProgramData").map(PathBuf::from),
        Base::Root => Some(PathBuf::from("/")),
        Base::Program => None,
    }
}

/// All logs of all tools, each read once from its beginning and then followed.
pub struct Logs {
    system: System,
    folders: Folders,
    followed: BTreeMap<PathBuf, Followed>,
    words: BTreeMap<&'static str, Phrases>,
}

struct Followed {
    tool: &'static str,
    grade: Confidence,
    /// It lies in the running program's folder.
    is_beside: bool,
    file: Follower,
    lines: Lines,
}

impl Default for Logs {
    fn default() -> Self {
        Self::new(System::here(), folders)
    }
}

impl Logs {
    /// Logs as they lie on `system` under `folders`.
    pub fn new(system: System, folders: Folders) -> Self {
        Self {
            system,
            folders,
            followed: BTreeMap::new(),
            words: BTreeMap::new(),
        }
    }

    /// Reads what is new in the logs of the tools that run, and gives the sessions they tell of.
    ///
    /// What could not be read is added to `failed`, in words. What this person may not read, as the
    /// log of a tool's service, is only where the tool has no log that could be: it stays so for as
    /// long as the tool runs, and nobody would be told meanwhile that another session has ended.
    /// Of the lines that were added 512 MiB are read at most; the next look goes on there.
    pub fn look(
        &mut self,
        processes: &[Process],
        now: Millis,
        failed: &mut Vec<String>,
    ) -> Vec<Told> {
        let mut look = Look::new(now);
        for place in places(self.system) {
            let running = programs(place.tool, processes, self.system);
            if running.is_empty() {
                // A tool that does not run has no session. A new run is read from the start:
                // the session that broke off with the last one must not count for it.
                self.followed.retain(|_, log| log.tool != place.tool);
                continue;
            }
            let mut paths = Vec::new();
            for base in self.bases(&place, &running) {
                let mut note = |path: &Path, error| look.note(place.tool, path, error);
                paths.extend(expand(&base, place.path, &mut note));
            }
            for path in paths {
                self.read(&place, &path, &mut look);
            }
        }
        look.told.extend(self.told());
        failed.append(&mut look.failed);
        let Look { denied, read, .. } = look;
        let alone = (denied.into_iter()).filter(|(tool, _)| !read.contains(tool));
        failed.extend(alone.map(|(_, words)| words));
        look.told
    }

    /// The folders that a place's path begins in, with these of its tool's programs running.
    fn bases(&self, place: &Place, running: &[&Process]) -> Vec<PathBuf> {
        match place.base {
            Base::Program => {
                let mut folders: Vec<PathBuf> =
                    (running.iter()).filter_map(|p| p.folder.clone()).collect();
                folders.sort();
                folders.dedup();
                folders
            }
            base => (self.folders)(base).into_iter().collect(),
        }
    }

    /// The sessions that the lines of all logs tell of.
    fn told(&self) -> Vec<Told> {
        let tools: BTreeMap<&'static str, Confidence> = (self.followed.values())
            .map(|log| (log.tool, log.grade))
            .collect();
        let mut told = Vec::new();
        for (tool, grade) in tools {
            let logs = self.followed.values().filter(|log| log.tool == tool);
            let (beside, others): (Vec<_>, Vec<_>) = logs.partition(|log| log.is_beside);
            let others = others.iter().map(|log| &log.lines);
            told.extend(Lines::told(tool, grade, others));
            // Where any page can have a file fetched to, it tells of no other log's sessions.
            for log in beside {
                told.extend(Lines::told(tool, grade, [&log.lines]));
            }
        }
        told
    }

    /// Reads one log, or notes why it cannot be read.
    fn read(&mut self, place: &Place, path: &Path, look: &mut Look) {
        match self.session(place, path, look) {
            Ok(found) => {
                // Beside a fetched program, any page can have a file of that name fetched to.
                if place.base != Base::Program {
                    look.read.insert(place.tool);
                }
                look.told.extend(found);
            }
            Err(error) => look.note(place.tool, path, error),
        }
    }

    /// Reads one log, and gives the session it tells of by itself; of its lines what is new is kept.
    ///
    /// # Errors
    ///
    /// `NotFound` where it is not there, else why it cannot be read.
    fn session(&mut self, place: &Place, path: &Path, look: &mut Look) -> io::Result<Option<Told>> {
        let now = look.now;
        let told = |since, words: &str| Told {
            tool: place.tool,
            since,
            who: None,
            words: words.to_owned(),
            confidence: place.grade,
        };
        Ok(match place.telling {
            Telling::Lines => {
                self.follow(place, path, look)?;
                None
            }
            Telling::Growth => was_within(GROWTH, written(path)?, now)
                .then(|| told(None, "it is recording the screen now, as its log tells")),
            Telling::Entry => Some(written(path)?)
                .filter(|at| was_within(ENTRY, *at, now))
                .map(|at| {
                    told(
                        Some(at),
                        "somebody came in within the hour, as its log tells",
                    )
                }),
            Telling::Span => spanned(path, now)?.map(|since| {
                told(
                    Some(since),
                    "its file tells of a session that has not ended",
                )
            }),
        })
    }

    /// Reads what is new in one log.
    ///
    /// # Errors
    ///
    /// `NotFound` where it is not there, else why it cannot be read, or not all of it.
    fn follow(&mut self, place: &Place, path: &Path, look: &mut Look) -> io::Result<()> {
        let tool = place.tool;
        let words = self.words.entry(tool).or_insert_with(|| words(tool));
        if self.followed.len() >= FOLLOWED && !self.followed.contains_key(path) {
            return Err(io::Error::other("one log too many"));
        }
        let log = (self.followed)
            .entry(path.to_owned())
            .or_insert_with(|| Followed {
                tool,
                grade: place.grade,
                is_beside: place.base == Base::Program,
                file: Follower::new(path),
                lines: Lines::default(),
            });
        let lines = &mut log.lines;
        let now = look.now;
        let mut take = |text: &[u8]| lines.take(words, text, now);
        match log.file.look(&mut look.room, &mut take)? {
            Extent::Whole => Ok(()),
            Extent::Missing => Err(io::ErrorKind::NotFound.into()),
            Extent::Begun => Err(io::Error::other("it was not read to its end yet")),
            Extent::Cut => Err(io::Error::other("it is too long to be read whole")),
        }
    }
}

/// What one look at all logs comes to.
struct Look {
    now: Millis,
    /// Bytes of lines that may still be read.
    room: u64,
    told: Vec<Told>,
    /// The tools of which a log was read that no page can have put there.
    read: BTreeSet<&'static str>,
    /// What this person may not read, by its tool, in words.
    denied: Vec<(&'static str, String)>,
    /// What else could not be read, in words.
    failed: Vec<String>,
}

impl Look {
    fn new(now: Millis) -> Self {
        Self {
            now,
            room: ROOM,
            told: Vec::new(),
            read: BTreeSet::new(),
            denied: Vec::new(),
            failed: Vec::new(),
        }
    }

    /// Notes why something of a tool cannot be read; what is not there needs not be.
    fn note(&mut self, tool: &'static str, path: &Path, error: io::Error) {
        // A folder's name can be anything.
        let words = format!("{path:?}: {error}");
        match error.kind() {
            io::ErrorKind::NotFound => {}
            io::ErrorKind::PermissionDenied => self.denied.push((tool, words)),
            _ => self.failed.push(words),
        }
    }
}

/// Most bytes of lines that are read in one look, of all logs: whoever asks waits for some seconds,
/// and a slow disk reads 100 MB in one.
const ROOM: u64 = 2 * MOST;

/// Most logs that are kept open at a time: a tool has a handful.
const FOLLOWED: usize = 256;

/// Most entries of a folder that are looked at for a `*`, and most that it can stand for: a maker's
/// customer has one or two.
const LISTED: usize = 4096;
const MATCHED: usize = 64;

/// The files that a path of the data stands for, under a folder; what keeps a folder from being
/// looked through is handed to `note`.
fn expand(base: &Path, path: &str, note: &mut impl FnMut(&Path, io::Error)) -> Vec<PathBuf> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.fold(vec![base.to_owned()], |folders, part| {
        if !part.contains('*') {
            return folders.iter().map(|folder| folder.join(part)).collect();
        }
        let mut found = Vec::new();
        for folder in &folders {
            let entries = match fs::read_dir(folder) {
                Ok(entries) => entries,
                // What a `*` before stands for can be a file, too.
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => continue,
                Err(error) => {
                    note(folder, error);
                    continue;
                }
            };
            let mut listed = 0;
            let matching = (entries.take(LISTED).inspect(|_| listed += 1))
                .flatten()
                // Windows and macOS hold names in other case for the same.
                .filter(|entry| fits_any_case(part, &entry.file_name().to_string_lossy()));
            let room = MATCHED - found.len();
            found.extend(matching.take(room).map(|entry| entry.path()));
            if found.len() == MATCHED || listed == LISTED {
                note(folder, io::Error::other("too many entries"));
                break;
            }
        }
        found
    })
}

/// When a file was last written to.
fn written(path: &Path) -> io::Result<Millis> {
    let at = fs::metadata(path)?.modified()?;
    let at = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Millis(u64::try_from(at.as_millis()).unwrap_or(u64::MAX)))
}

/// Whether a file's time is less than this many milliseconds ago.
///
/// A time ahead of the clock is of no known moment, but for what was written while this looks.
fn was_within(span: u64, at: Millis, now: Millis) -> bool {
    now.since(at) < span && at <= now.after(GROWTH)
}

/// Largest file that is looked into for a span: it is a handful of lines.
const SPAN: u64 = 64 * 1024;

/// Begin of a session of which a file has no end.
fn spanned(path: &Path, now: Millis) -> io::Result<Option<Millis>> {
    let mut text = Vec::new();
    open(path)?.take(SPAN + 1).read_to_end(&mut text)?;
    if text.len() as u64 > SPAN {
        return Err(io::Error::other("larger than a session's notes can be"));
    }
    Ok(span(&String::from_utf8_lossy(&text), now))
}

/// Begin of a session of which these notes have no end.
///
/// Lines of `name=value`; a name of which `start` or `end` is the last word, a value in seconds since 1970.
/// An end to come is none.
fn span(text: &str, now: Millis) -> Option<Millis> {
    let latest = now.after(GROWTH).0 / 1000;
    let (mut start, mut end) = (0, 0);
    for line in text.lines() {
        let Some((name, value)) = line.split_once(['=', ':']) else {
            continue;
        };
        let name = name.trim().trim_matches('"');
        let value: u64 = value.trim().trim_matches(['"', ',']).parse().unwrap_or(0);
        if is_last_word("start", name) {
            start = start.max(value);
        } else if is_last_word("end", name) && value <= latest {
            end = end.max(value);
        }
    }
    (start > end).then(|| Millis(start.saturating_mul(1000)))
}

/// Whether a name like `start`, `session_start` or `sessionStart` ends in this word.
fn is_last_word(word: &str, name: &str) -> bool {
    let Some((before, end)) = name.split_at_checked(name.len().saturating_sub(word.len())) else {
        return false;
    };
    end.eq_ignore_ascii_case(word)
        && (before.chars().next_back()).is_none_or(|last| {
            !last.is_alphanumeric() || (last.is_lowercase() && end.starts_with(char::is_uppercase))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostile::spoilt;
    use crate::scratch::Scratch;

    #[test]
    fn a_span_is_read_by_whole_words() {
        let begun = Some(Millis(1_795_370_400_000));
        for (text, wanted) in [
            ("", None),
            ("start=1795370400", begun),
            ("Session_Start = 1795370400\r\n", begun),
            ("\"session.start\": \"1795370400\",", begun),
            ("sessionStart=1795370400", begun),
            ("START=1795370400", begun),
            ("RESTART=1795370400\né=1", None),
            ("start=1795370400\nend=1795370500", None),
            ("start=1795370400\nsession-end=1795370399", begun),
            ("restart=1795370400", None),
            ("start=1795370400\nappend=1795370500", begun),
            ("start=now", None),
            ("start=1795370400\nend=9999999999", begun),
        ] {
            let now = Millis(1_795_370_600_000);
            assert_eq!(span(text, now), wanted, "{text}");
        }
    }

    #[test]
    fn no_notes_of_a_span_make_it_fail() {
        let good: [&[u8]; 2] = [
            b"start=1795370400\nsession_end = 1795370500\n",
            b"\"session.start\": \"1795370400\",\n",
        ];
        for text in spoilt(&good, 20_000) {
            span(&String::from_utf8_lossy(&text), Millis(0));
        }
        let folder = Scratch::new();
        let file = folder.0.join("session.inf");
        fs::write(&file, vec![b'='; 1 << 20]).expect("written");
        assert!(spanned(&file, Millis(0)).is_err());
    }

    #[test]
    fn no_number_of_folders_makes_a_look_long() {
        let folder = Scratch::new();
        let look = || {
            let mut failed = Vec::new();
            let found = expand(&folder.0, "ad_*/ad_*.trace", &mut |_: &Path, error| {
                failed.push(error.kind());
            });
            (found.len(), failed)
        };
        let add = |from: usize, to: usize, name: &str| {
            for number in from..to {
                let client = folder.0.join(format!("{name}_{number}"));
                fs::create_dir(&client).expect("made");
                fs::write(client.join("ad_1.trace"), "").expect("written");
            }
        };
        assert_eq!(look(), (0, vec![]));
        add(0, 3, "ad");
        add(0, 200, "other");
        assert_eq!(look(), (3, vec![]));
        add(3, 2 * MATCHED, "ad");
        let (found, failed) = look();
        assert!((1..=MATCHED).contains(&found), "{found}");
        assert!(failed.contains(&io::ErrorKind::Other), "{failed:?}");
        let nothing = folder.0.join("none");
        let mut failed = Vec::new();
        let found = expand(&nothing, "ad_*", &mut |_: &Path, error| {
            failed.push(error.kind())
        });
        assert_eq!((found.len(), failed), (0, vec![io::ErrorKind::NotFound]));
    }

    #[test]
    fn stars_stand_for_any_part_of_a_name() {
        let folder = Scratch::new();
        for name in [
            "ad_1_svc.trace",
            "AD_2_SVC.TRACE",
            "ad_svc.trace",
            "ad_1.trace.old",
        ] {
            fs::write(folder.0.join(name), "").expect("written");
        }
        let found = |path: &str| {
            let mut found: Vec<String> = expand(&folder.0, path, &mut |_: &Path, _| {})
                .iter()
                .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
                .collect();
            found.sort();
            found
        };
        assert_eq!(found("ad_*_*.trace"), ["AD_2_SVC.TRACE", "ad_1_svc.trace"]);
        assert_eq!(found("ad_*.trace").len(), 3);
        assert_eq!(found("*.old"), ["ad_1.trace.old"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_in_the_place_of_notes_is_not_waited_for() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let folder = Scratch::new();
        let pipe = folder.0.join("session.inf");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("made");
        assert!(spanned(&pipe, Millis(0)).is_err());
    }

    #[test]
    fn a_time_ahead_of_the_clock_is_unknown() {
        let now = Millis(1_795_370_400_000);
        for (at, wanted) in [
            (now, true),
            (Millis(now.0 - GROWTH), false),
            (Millis(now.0 + 50), true),
            (Millis(now.0 + 2 * GROWTH), false),
            (Millis(u64::MAX), false),
        ] {
            assert_eq!(was_within(GROWTH, at, now), wanted, "{at:?}");
        }
    }

    #[test]
    fn the_data_is_well_formed() {
        let known: Vec<&str> = tools().iter().map(|tool| tool.id).collect();
        let mut read = 0;
        for system in [System::Linux, System::Windows, System::Macos] {
            for place in places(system) {
                read += 1;
                assert!(known.contains(&place.tool), "{place:?}");
                assert!(
                    place.telling != Telling::Lines || rows(WORDS).any(|row| row[0] == place.tool),
                    "no words: {place:?}"
                );
                let names = (tools().iter())
                    .filter(|tool| tool.id == place.tool)
                    .flat_map(|tool| tool.values(ToolFactKind::Process, system));
                assert!(names.count() > 0, "{system:?} has no process of {place:?}");
            }
        }
        assert_eq!(read, rows(PLACES).count(), "a place that no system reads");
        for row in rows(PLACES) {
            assert_eq!(row.len(), 7, "{row:?}");
        }
        // The catalogue says of no log that it is evidence unless it is read.
        for tool in tools() {
            for fact in &tool.facts {
                let read = |on| places(on).any(|place| place.tool == tool.id);
                match (fact.kind, fact.system) {
                    (ToolFactKind::SessionLog, System::Any) => {
                        let systems = [System::Linux, System::Windows, System::Macos];
                        assert!(systems.into_iter().all(read), "{} {fact:?}", tool.id);
                    }
                    (ToolFactKind::SessionLog, on) => assert!(read(on), "{} {fact:?}", tool.id),
                    (ToolFactKind::SessionEvent, _) => assert_eq!(tool.id, "quick-assist"),
                    _ => {}
                }
            }
        }
        for row in rows(WORDS) {
            assert_eq!(row.len(), 6, "{row:?}");
            assert!(["asked", "begun", "ended"].contains(&row[1]), "{row:?}");
            let same = rows(WORDS).filter(|other| (other[0], other[3]) == (row[0], row[3]));
            assert_eq!(same.count(), 1, "one line for all parts: {row:?}");
        }
    }
}
