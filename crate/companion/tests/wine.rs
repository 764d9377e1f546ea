//! The Windows build, run by Wine on Linux: real processes under the tools' Windows names.
//!
//! `cargo test -p doorchain-companion --features wine --test wine`. Apart from
//! the other tests because it builds the program, and where rustup has no
//! Windows target the standard library, for Windows first: some minutes.
#![cfg(target_os = "linux")]

mod common;

use common::{Owned, SOON, within};
use doorchain_companion::catalogue::{Kind, markers};
use doorchain_companion::frame;
use doorchain_companion::identity::identity;
use doorchain_core::protocol::{
    CompanionAnswer, CompanionAsk, CompanionRequest, CompanionResponse, VERSION,
};
use doorchain_core::{Confidence, SessionReport, System};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

const TARGET: &str = "x86_64-pc-windows-gnu";
const WINE: [&str; 3] = ["wine64", "/usr/lib/wine/wine64", "wine"];
/// Wine starts a program in a second or two on a machine at rest.
const SLOW: Duration = Duration::from_secs(60);

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn done(command: &mut Command) -> Output {
    let name = command.get_program().to_owned();
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", name.display()));
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}: {log}", name.display());
    output
}

/// Builds the companion for Windows; gives the program.
fn build() -> PathBuf {
    let folder = workspace().join("target/windows");
    let args = [
        "build",
        "--package",
        "doorchain-companion",
        "--target",
        TARGET,
    ];
    let ours = done(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    let library = PathBuf::from(String::from_utf8_lossy(&ours.stdout).trim());
    let mut command = if library.is_dir() {
        Command::new("cargo")
    } else {
        // Debian's compiler with the standard library's own source.
        let mut command = Command::new("/usr/bin/cargo");
        command
            .env("RUSTC", "/usr/bin/rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .arg("-Zbuild-std=std,panic_abort");
        command
    };
    command
        .args(args)
        .env("CARGO_TARGET_DIR", &folder)
        .env_remove("RUSTC_WRAPPER")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .current_dir(workspace());
    done(&mut command);
    folder.join(TARGET).join("debug/doorchain-companion.exe")
}

/// A Windows of the test's own, with the program on its disk.
struct Windows {
    folder: PathBuf,
    wine: &'static str,
    wait: PathBuf,
    program: PathBuf,
}

impl Windows {
    fn new() -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("wine-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("made");
        let compile = |source: &str, result: &str, more: &[&str]| {
            let result = folder.join(result);
            done(
                Command::new("x86_64-w64-mingw32-gcc")
                    .arg(
                        Path::new(env!("CARGO_MANIFEST_DIR"))
                            .join("tests/wine")
                            .join(source),
                    )
                    .arg("-o")
                    .arg(&result)
                    .args(more),
            );
            result
        };
        compile(
            "bcryptprimitives.c",
            "bcryptprimitives.dll",
            &["-shared", "-ladvapi32"],
        );
        let wait = compile("wait.c", "wait.exe", &[]);
        let program = folder.join("doorchain-companion.exe");
        fs::copy(build(), &program).expect("copied");
        let wine = (WINE.into_iter())
            .find(|wine| Command::new(wine).arg("--version").output().is_ok())
            .expect("wine64 is installed");
        Self {
            folder,
            wine,
            wait,
            program,
        }
    }

    /// The home folder of the one person on its disk.
    fn home(&self) -> PathBuf {
        fs::read_dir(self.folder.join("prefix/drive_c/users"))
            .expect("listed")
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| !path.ends_with("Public"))
            .expect("a person")
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(self.wine);
        command
            .arg(program)
            .env("WINEPREFIX", self.folder.join("prefix"))
            // The library that this Wine lacks, for a copy of the program that lies elsewhere too.
            .env(
                "WINEPATH",
                format!("Z:{}", self.folder.display()).replace('/', "\\"),
            )
            .env("WINEDEBUG", "-all")
            .env("WINEDLLOVERRIDES", "winemenubuilder.exe,mscoree,mshtml=")
            .env_remove("DISPLAY")
            .stderr(Stdio::null());
        command
    }

    /// What the program says.
    fn words(&self, program: &Path, args: &[&str]) -> String {
        let output = (self.command(program).args(args).output()).expect("wine runs");
        String::from_utf8_lossy(&output.stdout).replace('\r', "")
    }

    /// Starts the program that waits under a tool's name.
    fn start(&self, name: &str, args: &[&str]) -> Owned {
        let program = self.folder.join(name);
        if !program.exists() {
            fs::copy(&self.wait, &program).expect("copied");
        }
        let mut command = self.command(&program);
        let mut process = Owned::start(
            (command.args(args))
                .stdin(Stdio::null())
                .stdout(Stdio::piped()),
        );
        let mut line = String::new();
        BufReader::new(process.0.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("text");
        assert_eq!(line.trim(), "runs", "{name}");
        process
    }
}

impl Drop for Windows {
    fn drop(&mut self) {
        let prefix = self.folder.join("prefix");
        for server in [
            "wineserver",
            "/usr/lib/wine/wineserver64",
            "/usr/lib/wine/wineserver",
        ] {
            let ended = Command::new(server)
                .arg("-k")
                .env("WINEPREFIX", &prefix)
                .status();
            if ended.is_ok() {
                break;
            }
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

struct Companion {
    _process: Owned,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Companion {
    fn start(windows: &Windows) -> Self {
        Self::start_from(windows, &windows.program)
    }

    /// Of a copy of the program.
    fn start_from(windows: &Windows, program: &Path) -> Self {
        let mut command = windows.command(program);
        let mut process = Owned::start(
            command
                .arg(format!("chrome-extension://{}/", identity().chromium))
                .arg("--parent-window=0")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped()),
        );
        let input = process.0.stdin.take().expect("piped");
        let output = BufReader::new(process.0.stdout.take().expect("piped"));
        Self {
            _process: process,
            input,
            output,
        }
    }

    fn ask(&mut self, ask: CompanionAsk) -> CompanionResponse {
        let request = CompanionRequest {
            version: VERSION,
            id: 1,
            ask,
        };
        let body = serde_json::to_vec(&request).expect("serialises");
        frame::write(&mut self.input, &body).expect("sent");
        self.input.flush().expect("sent");
        let body = frame::read(&mut self.output)
            .expect("a frame")
            .expect("not the end");
        serde_json::from_slice(&body).expect("a response")
    }

    fn sessions(&mut self) -> SessionReport {
        match self.ask(CompanionAsk::Sessions) {
            CompanionResponse::Ok {
                answer: CompanionAnswer::Sessions { report },
                ..
            } => report,
            other => panic!("{other:?}"),
        }
    }

    fn has(&mut self, tool: &str) -> bool {
        (self.sessions().findings.iter()).any(|finding| finding.tool == tool)
    }
}

#[test]
fn the_windows_build_sees_ends_and_installs() {
    let windows = Windows::new();
    // The first program of a new Windows waits until it is set up.
    let words = windows.words(&windows.program, &["--version"]);
    assert_eq!(words.trim(), env!("CARGO_PKG_VERSION"));

    every_marker(&windows);
    look_alikes(&windows);
    logs(&windows);
    ending(&windows);
    installing(&windows);
}

fn every_marker(windows: &Windows) {
    let mut companion = Companion::start(windows);
    let (mut tried, mut exact, mut whole) = (0, false, false);
    for marker in markers(System::Windows) {
        let (Kind::Process | Kind::Fresh, [name]) = (marker.kind, &marker.process[..]) else {
            continue;
        };
        if marker.kind == Kind::Fresh && !has_settled() {
            continue;
        }
        assert!(!companion.has(marker.tool), "{name} before it runs");
        let args: Vec<&str> = marker.argument.into_iter().collect();
        let process = windows.start(name, &args);
        let found = within(SLOW, || {
            let findings = companion.sessions().findings;
            findings
                .into_iter()
                .find(|finding| finding.tool == marker.tool)
        })
        .unwrap_or_else(|| panic!("{name} {args:?} is not seen"));
        assert_eq!(found.confidence, marker.confidence);
        let since = found.since.expect("a process says when it began");
        exact |= since.0 % 1000 != 0;
        let birth = found.id.rsplit('-').next();
        let birth: u64 = birth.and_then(|text| text.parse().ok()).expect("a birth");
        // In steps of 100 ns, of which a second has ten million.
        whole |= birth % 10_000_000 != 0 && birth > since.0 * 10_000;
        drop(process);
        within(SLOW, || (!companion.has(marker.tool)).then_some(()))
            .unwrap_or_else(|| panic!("{name} is seen after its end"));
        tried += 1;
    }
    assert!(
        tried >= 8,
        "only {tried} markers: the catalogue was not read"
    );
    assert!(exact, "whole seconds are sysinfo's, not Windows' list's");
    assert!(
        whole,
        "a process is told from another of its number to the second only"
    );
}

/// Whether this machine, and with it Wine's Windows, is on for more than ten minutes.
fn has_settled() -> bool {
    let times = fs::read_to_string("/proc/uptime").expect("Linux tells it");
    let seconds = times.split('.').next().and_then(|text| text.parse().ok());
    seconds.is_some_and(|seconds: u64| seconds > 11 * 60)
}

fn look_alikes(windows: &Windows) {
    let _alike = [
        windows.start("editor.exe", &["teamviewer_desktop.exe"]),
        windows.start("editor.exe", &["teamviewer-notes.txt", "--cm"]),
        windows.start("teamviewer_desktop2.exe", &[]),
        windows.start("rustdesk.exe", &["--service"]),
        windows.start("anydesk.exe", &["--service"]),
        windows.start("teamviewer_service.exe", &[]),
    ];
    let mut companion = Companion::start(windows);
    let report = companion.sessions();
    assert_eq!(report.findings, [], "idle tools and look-alikes");
}

/// What the tools that keep nothing but a log write on a Windows, each in its own place.
fn logs(windows: &Windows) {
    let disk = windows.folder.join("prefix/drive_c");
    let home = windows.home();
    let passed = "20261125-18:20:45.962000 00000D98 - [0] PASSED authorization remoteId=1\r\n";
    let mut companion = Companion::start(windows);
    for (name, tool, log) in [
        (
            "AA_v3 (1).exe",
            "ammyy",
            disk.join("ProgramData/AMMYY/access.log"),
        ),
        (
            "supremo.exe",
            "supremo",
            disk.join("ProgramData/SupremoRemoteDesktop/Log/Supremo.00.Incoming.log"),
        ),
        (
            "ultraviewer_desktop.exe",
            "ultraviewer",
            home.join("AppData/Roaming/UltraViewer/Connection_IN_Log.txt"),
        ),
    ] {
        let _process = windows.start(name, &[]);
        assert!(!companion.has(tool), "{name} is idle");
        fs::create_dir_all(log.parent().expect("a folder")).expect("made");
        fs::write(&log, passed).expect("written");
        let found = within(SLOW, || {
            let findings = companion.sessions().findings;
            findings.into_iter().find(|finding| finding.tool == tool)
        })
        .unwrap_or_else(|| panic!("{tool} is not seen"));
        assert_eq!(found.confidence, Confidence::Weak);
        fs::remove_file(&log).expect("removed");
    }
}

fn ending(windows: &Windows) {
    let mut session = windows.start("teamviewer_desktop.exe", &[]);
    let mut bystander = windows.start("remoting_desktop.exe", &[]);
    let mut companion = Companion::start(windows);
    let found = within(SLOW, || {
        let findings = companion.sessions().findings;
        (findings
            .iter()
            .any(|finding| finding.tool == "chrome-remote-desktop"))
        .then(|| {
            findings
                .into_iter()
                .find(|finding| finding.tool == "teamviewer")
        })
        .flatten()
    })
    .expect("both seen");
    match companion.ask(CompanionAsk::End { finding: found.id }) {
        CompanionResponse::Ok {
            answer: CompanionAnswer::End {
                gone, came_back, ..
            },
            ..
        } => assert!(gone && !came_back),
        other => panic!("{other:?}"),
    }
    assert!(session.has_ended_within(SOON).is_some());
    assert!(bystander.0.try_wait().expect("own child").is_none());
}

fn installing(windows: &Windows) {
    let words = windows.words(&windows.program, &["status"]);
    assert!(words.contains("Chrome: not installed"), "{words}");
    let saved = windows.folder.join("doorchain-companion (1).exe");
    fs::copy(&windows.program, &saved).expect("copied");
    let install = || {
        let words = windows.words(&saved, &["install"]);
        assert!(
            words.contains("Ready for Chrome, Chromium, Edge, Brave, Firefox"),
            "{words}"
        );
    };
    install();
    let settled = windows.home().join("AppData/Local/doorchain");
    let settled = settled.join("doorchain-companion.exe");
    let mut running = Companion::start_from(windows, &settled);
    running.sessions();
    // Browsers run it while it is brought up to date, and again before they were closed.
    install();
    running.sessions();
    let mut newer = Companion::start_from(windows, &settled);
    newer.sessions();
    install();
    running.sessions();
    newer.sessions();
    drop(newer);

    let output = (windows.command(&windows.program).arg("uninstall"))
        .stderr(Stdio::piped())
        .output()
        .expect("wine runs");
    let log = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{log}");
    assert!(
        log.contains("nothing was removed: close your browsers"),
        "{log}"
    );
    assert!(output.stdout.is_empty(), "{output:?}");
    assert!(settled.exists());
    running.sessions();
    drop(running);
    let words = windows.words(&windows.program, &["status"]);
    assert_eq!(words.matches(": installed\n").count(), 5, "{words}");
    let key = r"HKCU\Software\Microsoft\Edge\NativeMessagingHosts\org.doorchain.companion";
    let value = windows.words(Path::new("reg.exe"), &["query", key, "/ve"]);
    assert!(
        value.contains("org.doorchain.companion.chromium.json"),
        "{value}"
    );

    let words = windows.words(&windows.program, &["uninstall"]);
    assert!(words.contains("Removed from Chrome"), "{words}");
    let words = windows.words(&windows.program, &["status"]);
    assert_eq!(words.matches(": not installed\n").count(), 5, "{words}");
    let value = windows.words(
        Path::new("reg.exe"),
        &["query", r"HKCU\Software\BraveSoftware"],
    );
    assert!(!value.contains("Brave"), "an empty key is left: {value}");
    let users = windows.folder.join("prefix/drive_c/users");
    let left = Command::new("find")
        .arg(users)
        .args(["-ipath", "*doorchain*"])
        .output()
        .expect("find runs");
    assert_eq!(String::from_utf8_lossy(&left.stdout), "", "files are left");
}
