//! Real VNC sessions: none, active, none, each seen within three seconds; ending one.
#![cfg(target_os = "linux")]

mod common;

use common::{Companion, SOON, Viewer, X11vnc, alone, within};
use doorchain_core::protocol::{CompanionAnswer, CompanionResponse, ErrorCode};
use doorchain_core::{Confidence, Direction};

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

#[test]
fn a_session_that_comes_back_is_told() {
    let _alone = alone();
    let vnc = X11vnc::start(&["-forever", "-loop100"]);
    let mut companion = Companion::start();
    let _viewers = Reconnecting::start(vnc.port);
    let own = vnc.server.pid();
    let of_loop = |finding: &doorchain_core::Finding| {
        finding.pids.iter().any(|pid| {
            let process = procfs::process::Process::new(i32::try_from(*pid).expect("small"));
            let parent = process
                .and_then(|process| process.stat())
                .map(|stat| stat.ppid);
            parent.is_ok_and(|parent| parent.unsigned_abs() == own)
        })
    };
    let found = within(common::START, || {
        companion.sessions().findings.into_iter().find(of_loop)
    })
    .expect("seen to begin");
    match companion.end(&found.id) {
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

/// Somebody who connects again and again.
struct Reconnecting {
    stop: std::sync::Arc<std::sync::atomic::AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Reconnecting {
    fn start(port: u16) -> Self {
        use std::io::{Read, Write};
        use std::sync::atomic::Ordering;
        let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let seen = stop.clone();
        let thread = std::thread::spawn(move || {
            while !seen.load(Ordering::Relaxed) {
                // The protocol's greeting, then whatever the server sends until it ends:
                // https://www.rfc-editor.org/rfc/rfc6143#section-7.1
                if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) {
                    let _ = stream.set_read_timeout(Some(std::time::Duration::from_millis(200)));
                    let mut byte = [0; 12];
                    let _ = stream.read_exact(&mut byte);
                    let _ = stream.write_all(b"RFB 003.008\n");
                    while !seen.load(Ordering::Relaxed) {
                        match stream.read(&mut byte) {
                            Ok(0) => break,
                            Ok(_) => {}
                            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                            Err(_) => break,
                        }
                    }
                }
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        });
        Self {
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Reconnecting {
    fn drop(&mut self) {
        self.stop.store(true, std::sync::atomic::Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
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
