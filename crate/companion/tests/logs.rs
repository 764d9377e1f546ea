//! Sessions that only a tool's log tells of, with a running process under the tool's name.
//!
//! The logs are written here in the shape that is publicly documented; none of these
//! tools has been tried itself.
#![cfg(target_os = "linux")]

mod common;

use common::{Companion, Owned, Programs, SOON, alone, memory, skipped, within};
use doorchain_companion::log::{Base, Logs};
use doorchain_companion::snapshot::Process;
use doorchain_core::protocol::{CompanionResponse, ErrorCode};
use doorchain_core::{Confidence, Millis, SessionState, System};
use nix::unistd::{Uid, setfsuid};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
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
    assert!(
        half.evidence.contains("who asks"),
        "half a line says nothing"
    );
    trace.add(rest);
    let on = within(SOON, || {
        companion
            .sessions_of(pid)
            .pop()
            .filter(|f| f.evidence.contains("was let in"))
    })
    .expect("begun");
    assert_eq!(on.tool, "anydesk");
    // The words are known of AnyDesk for Windows.
    assert_eq!(on.confidence, Confidence::Weak);
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

/// The user `nobody`.
const NOBODY: u32 = 65_534;

/// As on Windows, where the service of a tool is the system's and its windows are the person's.
#[test]
fn a_session_that_another_users_process_keeps_on_is_told_not_to_be_ended() {
    let _alone = alone();
    if !rustix::process::geteuid().is_root() {
        // Only root can start something as somebody else.
        return skipped("it needs root");
    }
    // Where everybody may go.
    let folder = std::env::temp_dir().join(format!("doorchain-others-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("made");
    let programs = Programs(folder);
    let program = programs.0.join("companion");
    fs::copy(env!("CARGO_BIN_EXE_doorchain-companion"), &program).expect("copied");
    let trace = Trace::new(&programs.0);
    let service = programs.start("anydesk", &[]);
    let own = Owned::start(
        Command::new(programs.0.join("anydesk"))
            .args(["-c", "read wait"])
            .stdin(Stdio::piped())
            .uid(NOBODY),
    );
    let mut command = Command::new(&program);
    let mut companion = Companion::start_by(command.env("HOME", &programs.0).uid(NOBODY));
    trace.add(&line(now(), BEGUN));
    let found = within(SOON, || companion.sessions_of(service.pid()).pop()).expect("seen");
    let mut pids = [service.pid(), own.pid()];
    pids.sort_unstable();
    assert_eq!(found.pids, pids);
    match companion.end(&found.id) {
        CompanionResponse::Error { code, message, .. } => {
            assert_eq!(code, ErrorCode::EndFailed);
            assert!(message.contains("belongs to the system"), "{message}");
        }
        other => panic!("{other:?}"),
    }
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
    assert!(found.evidence.contains("was let in"), "{}", found.evidence);
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

/// As by `truncate --size 1T`: whoever is in the computer may not keep that from being told.
#[test]
fn a_log_that_was_stretched_is_answered_soon_and_told() {
    let _alone = alone();
    let programs = Programs::new("stretched");
    let trace = Trace::new(&programs.0);
    trace.add(&line(now(), BEGUN));
    File::options()
        .write(true)
        .open(&trace.0)
        .and_then(|file| file.set_len(1 << 40))
        .expect("stretched");
    let process = programs.start("anydesk", &[]);
    let mut companion = Companion::start_with(&[("HOME", &programs.0)]);
    for _ in 0..2 {
        let report = companion.sessions();
        assert_eq!(report.state, SessionState::Unknown);
        let is_told = |why: &String| why.contains("anydesk.trace") && why.contains("too long");
        assert!(report.failed.iter().any(is_told), "{:?}", report.failed);
    }
    trace.add(&format!("\n{}", line(now(), BEGUN)));
    let found = within(SOON, || companion.sessions_of(process.pid()).pop());
    assert!(found.is_some(), "what is new is read");
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
    assert_ne!(report.state, SessionState::None);
}

/// Folders of a Windows that stands in a folder of the test's own.
fn disk(name: &str, base: Base) -> Option<PathBuf> {
    let root =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    match base {
        Base::Shared => Some(root.join("ProgramData")),
        Base::Config => Some(root.join("Roaming")),
        _ => None,
    }
}

fn windows(base: Base) -> Option<PathBuf> {
    disk("disk", base)
}

/// Where everybody may go.
fn of_anybody(base: Base) -> Option<PathBuf> {
    let name = format!("doorchain-anybody-{}", std::process::id());
    let root = std::env::temp_dir().join(name);
    match base {
        Base::Shared => Some(root.join("ProgramData")),
        Base::Config => Some(root.join("Roaming")),
        _ => None,
    }
}

fn of_fetched(base: Base) -> Option<PathBuf> {
    disk("fetched-disk", base)
}

fn of_anydesk(base: Base) -> Option<PathBuf> {
    disk("anydesk-disk", base)
}

/// AnyDesk's own client and the ones it makes for its customers, each with its logs in its own place.
#[test]
fn anydesk_of_windows_is_followed_in_every_clients_place() {
    let shared = of_anydesk(Base::Shared).expect("a folder");
    let roaming = of_anydesk(Base::Config).expect("a folder");
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_370_400);
    let now = Millis(1_795_370_400_000);
    let clients = [
        (
            "AnyDesk (1).exe",
            "AnyDesk/ad.trace",
            "AnyDesk/ad_svc.trace",
        ),
        (
            "AnyDesk-ab12cd34.exe",
            "AnyDesk/ad_ab12cd34/ad_ab12cd34.trace",
            "AnyDesk/ad_ab12cd34_msi/ad_ab12cd34_msi_svc.trace",
        ),
    ];
    for (name, user, service) in clients {
        let (user, service) = (roaming.join(user), shared.join(service));
        for log in [&user, &service] {
            fs::create_dir_all(log.parent().expect("folder")).expect("made");
        }
        let processes = [Process {
            pid: 7,
            name: name.to_owned(),
            since: Some(now),
            ..Process::default()
        }];
        let mut logs = Logs::new(System::Windows, of_anydesk);
        let mut told = || {
            let mut failed = Vec::new();
            let told = logs.look(&processes, now, &mut failed);
            assert!(failed.is_empty(), "{failed:?}");
            told.into_iter().map(|told| told.confidence).max()
        };
        assert_eq!(told(), None, "{name} runs, and nobody came");
        fs::write(&user, line(at, ASKED)).expect("written");
        assert_eq!(told(), Some(Confidence::Weak), "{name}");
        let begun = line(at + Duration::from_secs(4), BEGUN);
        fs::write(&service, &begun).expect("written");
        assert_eq!(told(), Some(Confidence::Good), "{name}");
        let ended = line(at + Duration::from_secs(60), ENDED);
        fs::write(&service, begun + &ended).expect("written");
        assert_eq!(told(), None, "{name}");
        for log in [&user, &service] {
            fs::remove_file(log).expect("removed");
        }
    }
    let _ = fs::remove_dir_all(shared.parent().expect("disk"));
}

/// A page can have a file of any name fetched to where a fetched program runs.
#[test]
fn a_file_beside_a_fetched_program_ends_no_session_that_another_log_tells_of() {
    let shared = of_fetched(Base::Shared).expect("a folder");
    let downloads = shared.with_file_name("Downloads");
    let service = shared.join("AnyDesk/ad_svc.trace");
    for folder in [&downloads, &shared.join("AnyDesk")] {
        fs::create_dir_all(folder).expect("made");
    }
    let seconds = |after: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_370_400 + after);
    let now = Millis(1_795_370_500_000);
    let processes = [Process {
        pid: 7,
        name: "AnyDesk.exe".to_owned(),
        folder: Some(downloads.clone()),
        since: Some(Millis(1)),
        ..Process::default()
    }];
    let mut logs = Logs::new(System::Windows, of_fetched);
    let mut told = || {
        let told = logs.look(&processes, now, &mut Vec::new());
        told.into_iter().map(|told| told.confidence).max()
    };
    fs::write(&service, line(seconds(0), BEGUN)).expect("written");
    let ends: String = (0..100)
        .map(|after| line(seconds(after * 10), ENDED))
        .collect();
    fs::write(downloads.join("ad.trace"), ends.clone()).expect("written");
    assert_eq!(told(), Some(Confidence::Good), "let in, and never left");
    // Its own sessions it tells of.
    fs::write(
        &service,
        line(seconds(0), BEGUN) + &line(seconds(20), ENDED),
    )
    .expect("written");
    assert_eq!(told(), None);
    fs::write(downloads.join("ad.trace"), ends + &line(seconds(40), BEGUN)).expect("written");
    assert_eq!(told(), Some(Confidence::Good));
    let _ = fs::remove_dir_all(shared.parent().expect("disk"));
}

/// A service's log can be the system's alone, for as long as the tool runs: another session that ends
/// meanwhile must be told all the same.
#[test]
fn a_log_that_is_not_this_persons_to_read_is_told_where_no_other_can_be() {
    let tried = std::thread::spawn(|| {
        if rustix::process::geteuid().is_root() {
            // Root may read everything; this one thread opens files as somebody else.
            setfsuid(Uid::from_raw(NOBODY));
        }
        tell_what_may_not_be_read();
    });
    tried.join().expect("as it says above");
}

fn tell_what_may_not_be_read() {
    let shared = of_anybody(Base::Shared).expect("a folder");
    let roaming = of_anybody(Base::Config).expect("a folder");
    let (user, service) = (
        roaming.join("AnyDesk/ad.trace"),
        shared.join("AnyDesk/ad_svc.trace"),
    );
    for log in [&user, &service] {
        fs::create_dir_all(log.parent().expect("folder")).expect("made");
        fs::write(log, "").expect("written");
    }
    let deny = |file: &Path, mode| fs::set_permissions(file, Permissions::from_mode(mode));
    deny(&service, 0).expect("set");
    assert!(File::open(&service).is_err(), "it is not this person's");
    let beside = shared.with_file_name("Downloads");
    fs::create_dir_all(&beside).expect("made");
    let processes = [Process {
        pid: 7,
        name: "AnyDesk.exe".to_owned(),
        folder: Some(beside.clone()),
        since: Some(Millis(1)),
        ..Process::default()
    }];
    let mut logs = Logs::new(System::Windows, of_anybody);
    let mut failed = || {
        let mut failed = Vec::new();
        logs.look(&processes, Millis(2), &mut failed);
        failed
    };
    assert_eq!(failed(), [""; 0], "the person's own is read");
    deny(&user, 0).expect("set");
    assert_eq!(failed().len(), 2);
    deny(&user, 0o600).expect("set");
    fs::remove_file(&user).expect("removed");
    assert_eq!(failed().len(), 1, "there is no other");
    fs::write(beside.join("ad.trace"), "").expect("written");
    assert_eq!(failed().len(), 1, "what was fetched is none");
    let _ = fs::remove_dir_all(shared.parent().expect("disk"));
}

/// The tools of Windows that keep only a log: asked about, never taken for sure, and idle ones not at all.
#[test]
fn windows_tools_with_nothing_but_a_log_may_be_sessions() {
    let shared = windows(Base::Shared).expect("a folder");
    let roaming = windows(Base::Config).expect("a folder");
    let now = now();
    let millis = now.duration_since(SystemTime::UNIX_EPOCH).expect("after");
    let millis = Millis(u64::try_from(millis.as_millis()).expect("small"));
    let processes: Vec<Process> = ["AA_v3.exe", "Supremo.exe", "UltraViewer_Desktop.exe"]
        .into_iter()
        .zip(7..)
        .map(|(name, pid)| Process {
            pid,
            name: name.to_owned(),
            since: Some(Millis(millis.0 - 3 * 60 * 60 * 1000)),
            ..Process::default()
        })
        .collect();
    let mut logs = Logs::new(System::Windows, windows);
    let mut told = || {
        let mut failed = Vec::new();
        let told = logs.look(&processes, millis, &mut failed);
        assert!(failed.is_empty(), "{failed:?}");
        assert!(told.iter().all(|told| told.confidence == Confidence::Weak));
        told.into_iter().map(|told| told.tool).collect::<Vec<_>>()
    };
    assert_eq!(told(), [""; 0], "they run, and nobody came");

    let ammyy = shared.join("AMMYY/access.log");
    let supremo = shared.join("SupremoRemoteDesktop/Log/Supremo.00.Incoming.log");
    let ultraviewer = roaming.join("UltraViewer/Connection_IN_Log.txt");
    for file in [&ammyy, &supremo, &ultraviewer] {
        fs::create_dir_all(file.parent().expect("folder")).expect("made");
    }
    let line = |what: &str| {
        let line = format!("20261125-18:20:45.962000 00000D98 - [0] {what}\r\n");
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(&ammyy)
            .and_then(|mut file| file.write_all(line.as_bytes()))
            .expect("written");
    };
    line("FAILED authorization remoteId=12345678; TCP by router 192.0.2.9:443");
    assert_eq!(told(), [""; 0], "nobody was let in");
    line("PASSED authorization remoteId=12345678; TCP by router 192.0.2.9:443");
    assert_eq!(told(), ["ammyy"]);
    line("ENDED  authorized session, bytes recv/send = 1164 / 115378");
    assert_eq!(told(), [""; 0]);

    for (file, tool) in [(&supremo, "supremo"), (&ultraviewer, "ultraviewer")] {
        fs::write(file, "somebody\n").expect("written");
        let at = |hours: u64| {
            let at = now - Duration::from_secs(hours * 60 * 60);
            let file = File::options().write(true).open(file).expect("there");
            file.set_modified(at).expect("set");
        };
        at(2);
        assert_eq!(told(), [""; 0], "whoever came is long gone");
        at(0);
        assert_eq!(told(), [tool]);
        at(2);
    }
    let _ = fs::remove_dir_all(shared.parent().expect("disk"));
}
