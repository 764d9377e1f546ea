//! Sessions that only a tool's log tells of, with a running process under the tool's name.
//!
//! The logs are written here in the shape that is publicly documented; no real
//! AnyDesk or Getscreen.me has been tried.
#![cfg(target_os = "linux")]

mod common;

use common::{Companion, Programs, SOON, alone, memory, within};
use doorchain_core::Confidence;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// AnyDesk's log in a home folder of the test's own.
struct Trace(PathBuf);

impl Trace {
    fn new(home: &Path) -> Self {
        let folder = home.join(".anydesk");
        fs::create_dir_all(&folder).expect("made");
        Self(folder.join("anydesk.trace"))
    }

    fn add(&self, text: &str) {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.0)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .expect("written");
    }
}

fn line(at: SystemTime, text: &str) -> String {
    let stamp = humantime::format_rfc3339_millis(at).to_string();
    let stamp = stamp.replace('T', " ").replace('Z', "");
    format!("   info {stamp}       back   5468   3852            app.backend_session - {text}\n")
}

fn now() -> SystemTime {
    SystemTime::now()
}

const ASKED: &str = "Incoming session request: Amazon Help (123456789)";
const BEGUN: &str = "Authenticated by local user.";
const ENDED: &str = "Session closed by remote side.";

#[test]
fn anydesk_is_a_session_from_request_to_close() {
    let _alone = alone();
    let programs = Programs::new("anydesk");
    let trace = Trace::new(&programs.0);
    let yesterday = now() - Duration::from_secs(86_400);
    trace.add(&line(yesterday, ASKED));
    trace.add(&line(yesterday, BEGUN));
    let process = programs.start("anydesk", &[]);
    let service = programs.start("anydesk", &["--service"]);
    let pid = process.pid();
    let mut companion = Companion::start_with(&[("HOME", &programs.0)]);
    assert_eq!(
        companion.sessions_of(pid),
        [],
        "a session that broke off with an earlier run"
    );

    trace.add(&line(now(), ASKED));
    let asked = within(SOON, || companion.sessions_of(pid).pop()).expect("asked");
    assert_eq!(asked.confidence, Confidence::Weak);
    assert!(
        asked.evidence.contains("Amazon Help (123456789)"),
        "{}",
        asked.evidence
    );

    let begun = line(now(), BEGUN);
    let (first, rest) = begun.split_at(begun.len() - 20);
    trace.add(first);
    std::thread::sleep(Duration::from_millis(200));
    let half = companion.sessions_of(pid).pop().expect("still asked");
    assert_eq!(
        half.confidence,
        Confidence::Weak,
        "half a line says nothing"
    );
    trace.add(rest);
    let on = within(SOON, || {
        companion
            .sessions_of(pid)
            .pop()
            .filter(|f| f.confidence == Confidence::Good)
    })
    .expect("begun");
    assert_eq!(on.tool, "anydesk");
    assert_eq!(
        on.pids,
        [pid],
        "the service that waits for the next one is not the session"
    );
    assert!(on.since.is_some());

    // Rotated: what follows is in a new file of the old name.
    fs::rename(&trace.0, trace.0.with_extension("trace.1")).expect("renamed");
    trace.add("");
    assert!(
        !companion.sessions_of(pid).is_empty(),
        "rotation ends nothing"
    );
    trace.add(&line(now(), ENDED));
    within(SOON, || companion.sessions_of(pid).is_empty().then_some(())).expect("closed");
    drop(service);
}

#[test]
fn two_hundred_megabytes_of_log_cost_no_memory() {
    let _alone = alone();
    let programs = Programs::new("large");
    let trace = Trace::new(&programs.0);
    let process = programs.start("anydesk", &[]);
    let pid = process.pid();
    let mut file = BufWriter::new(File::create(&trace.0).expect("made"));
    let noise = line(
        now(),
        "anynet.relay_conn - Sending keep alive to the relay.",
    );
    file.write_all(line(now(), ASKED).as_bytes())
        .expect("written");
    file.write_all(line(now(), BEGUN).as_bytes())
        .expect("written");
    for _ in 0..200_000_000 / noise.len() {
        file.write_all(noise.as_bytes()).expect("written");
    }
    file.flush().expect("written");
    let mut companion = Companion::start_with(&[("HOME", &programs.0)]);
    let found = companion
        .sessions_of(pid)
        .pop()
        .expect("at the far end of the file");
    assert_eq!(found.confidence, Confidence::Good);
    let after = memory(companion.process.pid());
    assert!(after < 12 * 1024, "{after} kB");

    // From now on only what is new is read: 200 questions more take no second each.
    let read = |companion: &Companion| {
        let pid = i32::try_from(companion.process.pid()).expect("small");
        procfs::process::Process::new(pid)
            .and_then(|process| process.io())
            .expect("readable")
            .rchar
    };
    let before = read(&companion);
    trace.add(&line(now(), ENDED));
    within(SOON, || companion.sessions_of(pid).is_empty().then_some(())).expect("closed");
    let more = read(&companion) - before;
    assert!(more < 4_000_000, "{more} bytes read to see one line");
}

#[test]
fn getscreen_is_a_session_while_it_records() {
    let _alone = alone();
    let programs = Programs::new("getscreen");
    let logs = programs.0.join(".getscreen.me/logs");
    fs::create_dir_all(&logs).expect("made");
    let name = doorchain_core::tools()
        .iter()
        .find(|tool| tool.id == "getscreen")
        .and_then(|tool| {
            let kind = doorchain_core::ToolFactKind::Process;
            tool.values(kind, doorchain_core::System::Linux).next()
        })
        .expect("has a process");
    let process = programs.start(name, &[]);
    let pid = process.pid();
    let mut companion = Companion::start_with(&[("HOME", &programs.0)]);
    assert_eq!(companion.sessions_of(pid), []);
    fs::write(logs.join("2026-11-22.log"), "connected to the relay\n").expect("written");
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(
        companion.sessions_of(pid),
        [],
        "the general log tells nothing"
    );

    let capture = logs.join("2026-11-22.capture.log");
    fs::write(&capture, "frame\n").expect("written");
    let on = within(SOON, || companion.sessions_of(pid).pop()).expect("records");
    assert_eq!(on.tool, "getscreen");
    let minute_ago = now() - Duration::from_secs(60);
    File::options()
        .write(true)
        .open(&capture)
        .and_then(|file| file.set_modified(minute_ago))
        .expect("set");
    within(SOON, || companion.sessions_of(pid).is_empty().then_some(())).expect("recorded");
}

#[test]
fn a_log_that_cannot_be_read_is_told_and_is_no_change() {
    let _alone = alone();
    let programs = Programs::new("unreadable");
    let trace = Trace::new(&programs.0);
    // A folder under the log's name cannot be read as a file, not even by root.
    fs::create_dir_all(&trace.0).expect("made");
    let process = programs.start("anydesk", &[]);
    let mut companion = Companion::start_with(&[("HOME", &programs.0)]);
    assert_eq!(companion.sessions_of(process.pid()), []);
    let report = companion.sessions();
    let told = report
        .failed
        .iter()
        .any(|why| why.contains("anydesk.trace"));
    assert!(told, "{:?}", report.failed);
    assert_ne!(report.state, doorchain_core::SessionState::None);
}
