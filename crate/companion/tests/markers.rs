//! Real processes under the tools' own names and arguments: seen while they run, and no longer.
//!
//! Each is a copy of one small program, so that the system tells of it what it
//! would tell of the tool.
#![cfg(target_os = "linux")]

mod common;

use common::{Companion, Display, Owned, Programs, SOON, skipped, within};
use doorchain_companion::catalogue::{Kind, markers, names};
use doorchain_core::System;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

#[test]
fn every_session_process_is_seen_while_it_runs_and_no_longer() {
    let programs = Programs::new("markers");
    let mut companion = Companion::start();
    let mut tried = 0;
    for marker in markers(System::Linux) {
        if marker.kind != Kind::Process {
            continue;
        }
        for name in &marker.process {
            let args: Vec<&str> = marker.argument.into_iter().collect();
            let process = programs.start(name, &args);
            let pid = process.pid();
            let found = within(SOON, || companion.sessions_of(pid).pop())
                .unwrap_or_else(|| panic!("{name} {args:?} is not seen"));
            assert_eq!(found.tool, marker.tool);
            assert_eq!(found.confidence, marker.confidence);
            assert_eq!(found.pids, [pid]);
            assert!(found.since.is_some(), "a process says when it began");
            drop(process);
            within(SOON, || companion.sessions_of(pid).is_empty().then_some(()))
                .unwrap_or_else(|| panic!("{name} is seen after its end"));
            tried += 1;
        }
    }
    assert!(
        tried >= 4,
        "only {tried} markers: the catalogue was not read"
    );
}

#[test]
fn a_tool_that_only_runs_is_no_session() {
    let programs = Programs::new("idle");
    let of_session: Vec<&str> = (markers(System::Linux).into_iter())
        .filter(|marker| marker.kind == Kind::Process && marker.argument.is_none())
        .flat_map(|marker| marker.process)
        .collect();
    let mut names: Vec<&str> = names().filter(|name| !of_session.contains(name)).collect();
    names.sort_unstable();
    names.dedup();
    let idle: Vec<Owned> = (names.iter())
        .flat_map(|name| {
            [
                programs.start(name, &[]),
                programs.start(name, &["--service"]),
            ]
        })
        .collect();
    let mut companion = Companion::start();
    let report = companion.sessions();
    for process in &idle {
        let seen = (report.findings.iter()).find(|finding| finding.pids.contains(&process.pid()));
        assert_eq!(seen, None);
    }
    assert!(names.len() >= 10, "the catalogue was not read");
}

#[test]
fn look_alikes_are_no_session() {
    let programs = Programs::new("alike");
    let alike = [
        programs.start("editor", &["TeamViewer_Desktop"]),
        programs.start("editor", &["teamviewer-notes.txt", "--cm"]),
        programs.start("TeamViewer_Desktop.txt", &[]),
        programs.start("TeamViewer_DesktopX", &[]),
        programs.start("TeamViewer_Desk", &[]),
        programs.start("teamviewer_desktop", &[]),
        programs.start("myrustdesk", &["--cm"]),
        programs.start("rustdesk", &["--cms"]),
        programs.start("rustdesk", &["x--cm"]),
        programs.start("anydesk", &["--backend-test"]),
    ];
    let mut companion = Companion::start();
    let report = companion.sessions();
    for process in &alike {
        let seen = (report.findings.iter()).find(|finding| finding.pids.contains(&process.pid()));
        assert_eq!(seen, None);
    }
}

#[test]
fn a_name_taken_only_on_the_command_line_of_a_longer_one_is_no_session() {
    let programs = Programs::new("argv0");
    // The kernel's name is the program's own; what a process calls itself is only
    // believed where it completes a name that the kernel cut off.
    let program = programs.0.join("harmless");
    fs::copy("/bin/dash", &program).expect("copied");
    let process = Owned::start(
        Command::new(&program)
            .arg0("TeamViewer_Desktop")
            .args(["-c", "read wait"])
            .stdin(std::process::Stdio::piped()),
    );
    let mut companion = Companion::start();
    assert_eq!(companion.sessions_of(process.pid()), []);
}

/// What shows a screen from outside can share it too.
#[test]
fn from_within_a_container_it_cannot_tell_who_sees_a_screen_outside() {
    if !rustix::process::geteuid().is_root() {
        // Not every system lets others make a namespace.
        return skipped("it needs root");
    }
    let contained = |screen: &str, display: &str| {
        let script = format!("{screen} exec \"$0\" status");
        let output = Command::new("unshare")
            .args([
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
            ])
            .arg(script)
            .arg(env!("CARGO_BIN_EXE_doorchain-companion"))
            .env_remove("WAYLAND_DISPLAY")
            .env("DISPLAY", display)
            .output()
            .expect("util-linux is installed");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let hidden = "outside this container";

    let outside = Display::start();
    let words = contained("", &outside.name);
    assert!(words.contains("It could not find out"), "{words}");
    assert!(words.contains(hidden), "{words}");
    let nobody = contained("", "no screen of this computer");
    assert!(nobody.contains(hidden), "{nobody}");

    let number =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("display-{}", std::process::id()));
    let inside = format!(
        "mkfifo '{0}'; Xvfb -displayfd 1 >'{0}' 2>&- & read number <'{0}'; rm '{0}'; DISPLAY=:$number",
        number.display()
    );
    let words = contained(&inside, "");
    assert!(words.contains("Nobody"), "{words}");
    let words = contained("", "");
    assert!(!words.contains(hidden), "{words}");
}
