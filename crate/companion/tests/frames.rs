//! What comes through the pipe: good, cut short, too large, garbage, and a flood.
#![cfg(target_os = "linux")]

mod common;

use common::{Companion, Owned, SOON, memory};
use doorchain_companion::frame;
use doorchain_core::protocol::{
    CompanionAnswer, CompanionAsk, CompanionResponse, ErrorCode, FRAME_CAP, VERSION,
};
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn hello_names_release_and_system() {
    let mut companion = Companion::start();
    match companion.ask(CompanionAsk::Hello) {
        CompanionResponse::Ok {
            version,
            id,
            answer: CompanionAnswer::Hello { release, system },
        } => {
            assert_eq!(version, VERSION);
            assert_eq!(id, 1);
            assert_eq!(release, env!("CARGO_PKG_VERSION"));
            assert_eq!(system, std::env::consts::OS);
        }
        other => panic!("{other:?}"),
    }
    let (status, log) = companion.close();
    assert!(status.success());
    assert_eq!(log, "");
}

#[test]
fn garbage_is_refused_and_the_talk_goes_on() {
    let mut companion = Companion::start();
    for garbage in [
        &b""[..],
        b"{",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b"{\"version\":1}",
        b"{\"version\":-1,\"id\":1,\"ask\":\"hello\"}",
        &[b'['; 100_000],
    ] {
        companion.send(garbage);
        match companion.receive() {
            CompanionResponse::Error {
                number, code, id, ..
            } => {
                assert_eq!((number, code, id), (1, ErrorCode::BadRequest, None));
            }
            other => panic!("{other:?} to {garbage:?}"),
        }
    }
    for unknown in [
        "{\"version\":1,\"id\":7}",
        "{\"version\":1,\"id\":7,\"ask\":\"dance\"}",
    ] {
        companion.send(unknown.as_bytes());
        match companion.receive() {
            CompanionResponse::Error { number, id, .. } => assert_eq!((number, id), (1, Some(7))),
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(
        companion.ask(CompanionAsk::Hello),
        CompanionResponse::Ok { .. }
    ));
}

#[test]
fn another_version_is_told_so() {
    let mut companion = Companion::start();
    let newer = format!("{{\"version\":{},\"id\":9,\"ask\":\"fly\"}}", VERSION + 1);
    companion.send(newer.as_bytes());
    match companion.receive() {
        CompanionResponse::Error {
            version,
            id,
            number,
            code,
            ..
        } => {
            assert_eq!(version, VERSION);
            assert_eq!((id, number, code), (Some(9), 3, ErrorCode::Version));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_frame_cut_short_ends_it_with_a_word_in_the_log() {
    for sent in [&[1u8][..], &[20, 0, 0, 0], b"\x14\0\0\0{\"version\""] {
        let mut companion = Companion::start();
        let input = companion.input.as_mut().expect("open");
        input.write_all(sent).expect("sent");
        let (status, log) = companion.close();
        assert_eq!(status.code(), Some(1));
        assert!(log.contains("within a frame"), "{log}");
    }
}

#[test]
fn a_frame_too_large_is_refused_before_it_is_read() {
    for size in [FRAME_CAP + 1, u32::MAX as usize] {
        let mut companion = Companion::start();
        let head = u32::try_from(size).expect("fits").to_ne_bytes();
        let input = companion.input.as_mut().expect("open");
        input.write_all(&head).expect("sent");
        match companion.receive() {
            CompanionResponse::Error { number, code, .. } => {
                assert_eq!((number, code), (2, ErrorCode::TooLarge));
            }
            other => panic!("{other:?}"),
        }
        let (status, log) = companion.close();
        assert_eq!(status.code(), Some(1));
        assert!(log.contains(&size.to_string()), "{log}");
    }
}

#[test]
fn the_largest_frame_is_answered() {
    let mut companion = Companion::start();
    let ask = format!("{{\"version\":{VERSION},\"id\":3,\"ask\":\"hello\"}}");
    let mut body = ask.into_bytes();
    body.resize(FRAME_CAP, b' ');
    companion.send(&body);
    assert!(matches!(
        companion.receive(),
        CompanionResponse::Ok { id: 3, .. }
    ));
}

#[test]
fn ten_thousand_questions_in_a_second_are_all_answered_and_it_does_not_grow() {
    const MANY: u32 = 10_000;
    let mut companion = Companion::start();
    companion.ask(CompanionAsk::Sessions);
    let before = memory(companion.process.pid());
    let mut input = companion.input.take().expect("open");
    let start = Instant::now();
    let sender = std::thread::spawn(move || {
        for id in 0..MANY {
            let ask = if id % 2 == 0 { "sessions" } else { "hello" };
            let body = format!("{{\"version\":{VERSION},\"id\":{id},\"ask\":\"{ask}\"}}");
            frame::write(&mut input, body.as_bytes()).expect("sent");
        }
        input
    });
    for expected in 0..MANY {
        match companion.receive() {
            CompanionResponse::Ok { id, .. } => assert_eq!(id, expected, "in order"),
            other => panic!("{other:?}"),
        }
    }
    // A hang would be for ever; a busy machine is only slow.
    assert!(start.elapsed() < Duration::from_secs(60));
    let after = memory(companion.process.pid());
    assert!(
        after < before + 1024,
        "{before} kB before, {after} kB after"
    );
    companion.input = Some(sender.join().expect("sent all"));
    assert!(companion.close().0.success());
}

#[test]
fn a_browser_that_does_not_read_stops_it_without_growth() {
    let mut companion = Companion::start();
    companion.ask(CompanionAsk::Hello);
    let before = memory(companion.process.pid());
    let mut input = companion.input.take().expect("open");
    // The pipes fill up, then the writer waits: it is let go when the companion is ended.
    let sender = std::thread::spawn(move || {
        let body = format!("{{\"version\":{VERSION},\"id\":1,\"ask\":\"hello\"}}");
        while frame::write(&mut input, body.as_bytes()).is_ok() {}
    });
    std::thread::sleep(Duration::from_millis(500));
    let after = memory(companion.process.pid());
    assert!(
        after < before + 1024,
        "{before} kB before, {after} kB after"
    );
    companion.process.0.kill().expect("own child");
    sender.join().expect("let go");
}

#[test]
fn another_extension_is_not_served() {
    let stranger = format!("chrome-extension://{}/", "a".repeat(32));
    let mut process = Owned::start(
        Command::new(env!("CARGO_BIN_EXE_doorchain-companion"))
            .arg(stranger)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null()),
    );
    let status = process.has_ended_within(SOON).expect("does not wait");
    assert!(!status.success());
    let mut out = Vec::new();
    let mut stdout = process.0.stdout.take().expect("piped");
    stdout.read_to_end(&mut out).expect("read");
    assert!(out.is_empty(), "no frame");
}
