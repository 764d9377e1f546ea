//! Real VNC sessions: none, active, none, each seen within three seconds; ending sessions.
#![cfg(target_os = "linux")]

mod common;

use common::{Companion, ListeningViewer, Owned, Programs, SOON, Viewer, X11vnc, alone, within};
use doorchain_core::protocol::{CompanionAnswer, CompanionResponse, ErrorCode};
use doorchain_core::{Confidence, Direction};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

#[test]
fn a_viewer_of_x11vnc_is_a_session_while_it_is_connected() {
    let _alone = alone();
    let vnc = X11vnc::start(&["-forever"]);
    let pid = vnc.server.pid();
    let mut companion = Companion::start();
    assert_eq!(
        companion.sessions_of(pid),
        [],
        "an idle server is no session"
    );

    let viewer = Viewer::start(vnc.port);
    let found = within(SOON, || companion.sessions_of(pid).pop()).expect("seen to begin");
    assert_eq!(found.tool, "x11vnc");
    assert_eq!(found.direction, Direction::Inbound);
    assert_eq!(found.confidence, Confidence::Good);
    assert_eq!(found.pids, [pid]);
    assert!(found.since.is_some(), "it began after the first look");
    assert!(found.evidence.contains("127.0.0.1"), "{}", found.evidence);
    assert!(found.evidence.contains(&vnc.port.to_string()));

    let again = companion.sessions_of(pid).pop().expect("still on");
    assert_eq!(again, found, "the same session, told in the same words");

    drop(viewer);
    within(SOON, || companion.sessions_of(pid).is_empty().then_some(())).expect("seen to end");
    assert!(companion.close().0.success());
}

/// The way of a caller whose victim sits behind a router: the server is told to call the viewer.
#[test]
fn a_server_that_calls_a_waiting_viewer_is_a_session() {
    let _alone = alone();
    let waiting = ListeningViewer::start();
    let vnc = X11vnc::start(&["-forever"]);
    let pid = vnc.server.pid();
    let mut companion = Companion::start();
    assert_eq!(companion.sessions_of(pid), [], "nobody was called");

    let told = Command::new("x11vnc")
        .args(["-display", &vnc.display.name, "-sync", "-remote"])
        .arg(format!("connect:127.0.0.1:{}", waiting.port))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(told.expect("x11vnc runs").success());
    let found = within(SOON, || companion.sessions_of(pid).pop()).expect("seen to begin");
    assert_eq!(found.tool, "x11vnc");
    assert_eq!(found.confidence, Confidence::Good);
    assert!(found.evidence.contains("127.0.0.1"), "{}", found.evidence);
    assert_eq!(
        companion.sessions_of(waiting.process.pid()),
        [],
        "who looks at another screen shows none"
    );

    drop(waiting);
    within(SOON, || companion.sessions_of(pid).is_empty().then_some(())).expect("seen to end");
}

#[test]
fn ending_a_session_ends_its_server_and_nothing_else() {
    let _alone = alone();
    let mut vnc = X11vnc::start(&["-forever"]);
    let mut bystander = X11vnc::start(&["-forever"]);
    let _viewer = Viewer::start(vnc.port);
    let mut companion = Companion::start();
    let pid = vnc.server.pid();
    let found = within(SOON, || companion.sessions_of(pid).pop()).expect("seen to begin");

    match companion.end(&found.id) {
        CompanionResponse::Ok {
            answer:
                CompanionAnswer::End {
                    gone,
                    ended,
                    came_back,
                },
            ..
        } => {
            assert!(gone);
            assert!(!came_back);
            assert_eq!(ended, [format!("ended x11vnc (process {pid})")]);
        }
        other => panic!("{other:?}"),
    }
    assert!(vnc.server.has_ended_within(SOON).is_some());
    assert!(bystander.server.0.try_wait().expect("own child").is_none());
    assert_eq!(companion.sessions_of(pid), []);

    match companion.end(&found.id) {
        CompanionResponse::Ok {
            answer: CompanionAnswer::End { gone, ended, .. },
            ..
        } => {
            assert!(gone, "to end what has ended is no error");
            assert!(ended.is_empty());
        }
        other => panic!("{other:?}"),
    }
}

/// A keeper starts the session's process again as soon as it has ended.
#[test]
fn a_session_that_comes_back_is_told() {
    let _alone = alone();
    let programs = Programs::new("back");
    let name = "TeamViewer_Desktop";
    drop(programs.start(name, &[]));
    let keeper = "while :; do \"$0\" -c 'read wait'; done";
    let mut command = Command::new("/bin/sh");
    command.args(["-c", keeper]).arg(programs.0.join(name));
    // A group of its own, so that the test can end what the keeper has started.
    let mut keeper = Owned::start(command.stdin(Stdio::piped()).process_group(0));
    let mut companion = Companion::start();
    let found = within(SOON, || {
        let mut findings = companion.sessions().findings.into_iter();
        findings.find(|finding| finding.tool == "teamviewer")
    })
    .expect("seen to begin");
    let answer = companion.end(&found.id);
    let group = rustix::process::Pid::from_child(&keeper.0);
    rustix::process::kill_process_group(group, rustix::process::Signal::KILL).expect("own group");
    assert!(keeper.has_ended_within(SOON).is_some());
    match answer {
        CompanionResponse::Ok {
            answer: CompanionAnswer::End {
                gone, came_back, ..
            },
            ..
        } => {
            assert!(gone, "that session is over");
            assert!(came_back, "and another has begun");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_what_was_reported_can_be_ended() {
    let _alone = alone();
    let mut vnc = X11vnc::start(&["-forever"]);
    let pid = vnc.server.pid();
    let _viewer = Viewer::start(vnc.port);
    let mut other = Companion::start();
    let found = within(SOON, || other.sessions_of(pid).pop()).expect("seen to begin");

    // A connection that has asked for no report has named no session.
    let mut companion = Companion::start();
    for id in [found.id.as_str(), "", "x11vnc", &pid.to_string()] {
        match companion.end(id) {
            CompanionResponse::Error { number, code, .. } => {
                assert_eq!(code, ErrorCode::UnknownFinding);
                assert_eq!(number, 4);
            }
            ended => panic!("{ended:?}"),
        }
    }
    assert!(vnc.server.0.try_wait().expect("own child").is_none());
}
