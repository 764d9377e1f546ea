//! `cargo xtask test`: every check, in parts, with counts.

use crate::{build, corpus, setup, setup::say};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    str::FromStr,
    time::Instant,
};
use xshell::{Cmd, Shell, cmd};

/// A part that can be run alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Core,
    Companion,
    Wasm,
    Shell,
    Browser,
    /// Not part of a full run: it takes minutes, and hundreds of megabytes of packages.
    Windows,
}

impl Part {
    const ALL: [Self; 6] = [
        Self::Core,
        Self::Companion,
        Self::Wasm,
        Self::Shell,
        Self::Browser,
        Self::Windows,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Companion => "companion",
            Self::Wasm => "wasm",
            Self::Shell => "shell",
            Self::Browser => "browser",
            Self::Windows => "windows",
        }
    }
}

impl FromStr for Part {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        let part = Self::ALL.into_iter().find(|part| part.name() == name);
        part.with_context(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("no such part: {name}; there are {names}")
        })
    }
}

/// Tests and checks, counted by their outcome.
#[derive(Clone, Copy, Default)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
    /// Files of browser tests that failed beside others and passed alone, and pages that fight their
    /// warning that did not lose at once.
    repeated: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.repeated += other.repeated;
    }

    fn words(self) -> String {
        let skipped = match self.skipped {
            0 => String::new(),
            skipped => format!(", {skipped} skipped"),
        };
        let repeated = match self.repeated {
            0 => String::new(),
            1 => ", 1 at its second try".to_owned(),
            several => format!(", {several} at their second try"),
        };
        format!(
            "{} passed, {} failed{skipped}{repeated}",
            self.passed, self.failed
        )
    }
}

/// Runs one part, or all; `file` is one file of the browser tests.
///
/// # Errors
/// When a test failed or could not be run.
pub(crate) fn run(part: Option<Part>, file: Option<&str>) -> Result<()> {
    ensure!(
        file.is_none() || part == Some(Part::Browser),
        "only browser tests are files: cargo xtask test browser FILE"
    );
    let sh = setup::shell()?;
    if part.is_none() {
        // What cannot be installed here is told before anything takes minutes.
        setup::node(&sh)?;
    }
    let mut total = Tally::default();
    let mut lines = Vec::new();
    for part in Part::ALL
        .into_iter()
        .filter(|one| part.map_or(*one != Part::Windows, |part| part == *one))
    {
        let begun = Instant::now();
        let tally = match part {
            Part::Core => core(&sh),
            Part::Companion => companion(&sh),
            Part::Wasm => wasm(&sh),
            Part::Shell => shell(&sh),
            Part::Browser => browser(&sh, file),
            Part::Windows => windows(&sh),
        };
        // A part that could not even begin counts as one failure, and the others still run.
        let tally = tally.unwrap_or_else(|error| {
            eprintln!("error: {}: {error:#}", part.name());
            Tally {
                failed: 1,
                ..Tally::default()
            }
        });
        let seconds = begun.elapsed().as_secs();
        lines.push(format!(
            "{:9} {} in {seconds} s",
            part.name(),
            tally.words()
        ));
        total.add(tally);
    }
    println!("\n{}\n{}", lines.join("\n"), total.words());
    if total.failed > 0 {
        bail!("not everything passed");
    }
    Ok(())
}

/// Format and lints of all Rust code; the tests of the core, which run the cases, and of the
/// commands, which run the tidy checks.
fn core(sh: &Shell) -> Result<Tally> {
    setup::lints(sh)?;
    let mut tally = Tally::default();
    tally.add(check("rustfmt", cmd!(sh, "cargo fmt --all --check")));
    tally.add(check(
        "clippy",
        cmd!(sh, "cargo clippy --workspace --all-targets -- -D warnings"),
    ));
    say("tests of the Rust code");
    // Together, so that what they share is compiled once.
    let packages = ["--package=doorchain-core", "--package=xtask"];
    tally.add(rust_tests(sh, &packages, |tests| {
        cmd!(sh, "cargo {tests...}")
    })?);
    Ok(tally)
}

/// Lints of what the companion compiles only for the other systems.
///
/// Checking needs no linker; where a system's standard library cannot be had, that is said.
fn lint_elsewhere(sh: &Shell) -> Tally {
    let mut tally = Tally::default();
    for target in [setup::WINDOWS, setup::MACOS] {
        if setup::target(sh, target) {
            let lint = ["clippy", "--package=doorchain-companion", "--lib", "--bins"];
            let clippy = cmd!(sh, "cargo {lint...} --target {target} -- -D warnings");
            tally.add(check(&format!("clippy for {target}"), clippy));
        } else {
            eprintln!(
                "note: not linted for {target}: `rustup target add {target}` does not work here"
            );
        }
    }
    tally
}

/// The companion's Windows build, run by Wine.
fn windows(sh: &Shell) -> Result<Tally> {
    setup::wine(sh)?;
    say("tests of the Windows build");
    let test = [
        "--package=doorchain-companion",
        "--features=wine",
        "--test=wine",
    ];
    rust_tests(sh, &test, |tests| cmd!(sh, "cargo {tests...}"))
}

/// The companion, with real remote sessions.
fn companion(sh: &Shell) -> Result<Tally> {
    setup::remote(sh)?;
    let mut tally = lint_elsewhere(sh);
    say("tests of the companion");
    tally.add(rust_tests(
        sh,
        &["--package=doorchain-companion"],
        |tests| alone(sh, tests),
    )?);
    Ok(tally)
}

/// Builds tests, with cargo's own progress, and then runs them by `cargo`.
fn rust_tests<'a>(
    sh: &Shell,
    packages: &[&str],
    cargo: impl FnOnce(&[&str]) -> Cmd<'a>,
) -> Result<Tally> {
    cmd!(sh, "cargo test --no-run {packages...}")
        .quiet()
        .run()?;
    let tests = [&["test", "--quiet", "--no-fail-fast"], packages].concat();
    counted(cargo(&tests).env("RUST_BACKTRACE", "0"))
}

/// Longest that the tests with real sessions may take once built, in seconds: some twenty times
/// what they take, so that a session that hangs cannot hold up the whole run.
const SESSIONS_LIMIT: &str = "900";

/// Cargo with processes and a network of its own, where the system allows that: a remote
/// session on this machine is then not taken for one of the tests'.
fn alone<'a>(sh: &'a Shell, cargo: &[&str]) -> Cmd<'a> {
    let world = ["--net", "--pid", "--fork", "--mount-proc", "--kill-child"];
    let enter = "ip link set lo up && exec \"$@\"";
    let works = cmd!(sh, "unshare {world...} sh -c {enter} sh true");
    if works.quiet().ignore_stderr().run().is_ok() {
        return cmd!(
            sh,
            "timeout {SESSIONS_LIMIT} unshare {world...} sh -c {enter} sh cargo {cargo...}"
        );
    }
    eprintln!("note: no namespaces here; remote sessions of this machine disturb these tests");
    cmd!(sh, "cargo {cargo...}")
}

/// The core as the browser runs it, in Node: its interface, and the cases, whose verdicts must be
/// those of the native engine.
fn wasm(sh: &Shell) -> Result<Tally> {
    build::engine(sh)?;
    let verdicts = crate::root().join("target/web/verdicts.jsonl");
    fs::write(&verdicts, native_verdicts()?)?;
    say("tests of the core in WebAssembly");
    let files = ["tests/wasm/cases.test.js", "tests/wasm/engine.test.js"];
    counted(
        cmd!(sh, "node --test --test-reporter=spec {files...}").env("DOORCHAIN_VERDICTS", verdicts),
    )
}

/// A line for each case: `{"id", "verdict"}`.
fn native_verdicts() -> Result<String> {
    let engine = corpus::engine();
    let mut lines = String::new();
    for path in corpus::files("cases")? {
        for case in corpus::load_all(&path)? {
            let line = serde_json::json!({ "id": case.id, "verdict": case.judge(&engine)? });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
    }
    Ok(lines)
}

/// The extension's files, looked at without running them.
fn shell(sh: &Shell) -> Result<Tally> {
    build::extension(sh)?;
    let tools = "node_modules";
    let mut tally = Tally::default();
    for project in ["tsconfig.json", "tests/tsconfig.json"] {
        let tsc = cmd!(sh, "node {tools}/typescript/bin/tsc --project {project}");
        tally.add(check(&format!("tsc {project}"), tsc));
    }
    let eslint = cmd!(sh, "node {tools}/eslint/bin/eslint.js --max-warnings 0 .");
    tally.add(check("eslint", eslint));
    say("tests of the words");
    let words = cmd!(sh, "node --test --test-reporter=spec tests/shell/");
    tally.add(counted(words)?);
    tally.add(lint_extension(sh)?);
    Ok(tally)
}

/// Warnings of web-ext that one manifest for all browsers cannot avoid: Firefox passes over
/// what is Chrome's.
const CHROME_ONLY: &[(&str, &str)] = &[
    ("BACKGROUND_SERVICE_WORKER_IGNORED", "service_worker"),
    ("MANIFEST_PERMISSIONS", "\"tts\""),
];

/// Mozilla's own lint, for errors and for every warning but [`CHROME_ONLY`].
fn lint_extension(sh: &Shell) -> Result<Tally> {
    say("web-ext lint");
    let web_ext = "node_modules/web-ext/bin/web-ext.js";
    let folder = build::EXTENSION;
    let lint = cmd!(
        sh,
        "node {web_ext} lint --no-config-discovery --output json --source-dir {folder}"
    );
    let output = lint.quiet().ignore_status().read()?;
    let found: serde_json::Value = serde_json::from_str(&output)
        .with_context(|| format!("web-ext wrote no JSON: {output}"))?;
    let list = |name: &str| {
        found[name]
            .as_array()
            .cloned()
            .with_context(|| format!("no {name}"))
    };
    let mut problems = list("errors")?;
    problems.extend(list("warnings")?);
    let text =
        |problem: &serde_json::Value, name| problem[name].as_str().unwrap_or_default().to_owned();
    problems.retain(|problem| {
        let (code, message) = (text(problem, "code"), text(problem, "message"));
        let expected = |(known, word): &(_, &str)| code == *known && message.contains(word);
        !CHROME_ONLY.iter().any(expected)
    });
    for problem in &problems {
        let part = |name| text(problem, name);
        eprintln!("{}: {}: {}", part("file"), part("code"), part("message"));
    }
    let failed = usize::from(!problems.is_empty());
    Ok(Tally {
        passed: 1 - failed,
        failed,
        ..Tally::default()
    })
}

/// The extension in Chromium and Firefox, with the companion and real remote sessions.
fn browser(sh: &Shell, file: Option<&str>) -> Result<Tally> {
    setup::browsers(sh)?;
    build::extension(sh)?;
    let companion = build::companion(sh)?;
    say("tests in the browsers");
    let tests = cmd!(sh, "node tests/browser/run.js {file...}")
        .env("DOORCHAIN_EXTENSION", crate::root().join(build::EXTENSION))
        .env("DOORCHAIN_COMPANION", companion);
    counted(tests)
}

/// Runs a check that has no counts of its own.
fn check(name: &str, command: Cmd) -> Tally {
    say(name);
    match command.quiet().run() {
        Ok(()) => Tally {
            passed: 1,
            ..Tally::default()
        },
        Err(error) => {
            eprintln!("failed: {name}: {error}");
            Tally {
                failed: 1,
                ..Tally::default()
            }
        }
    }
}

/// Runs tests, passes on what they write, and adds up their own summaries.
fn counted(command: Cmd) -> Result<Tally> {
    let mut command = Command::from(command);
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut tally = Tally::default();
    let mut left_out = 0;
    for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
        let line = line?;
        println!("{line}");
        tally.add(read_summary(&line));
        // So says a Rust test that finds when it runs that it cannot; its harness takes it for passed.
        left_out += usize::from(line.starts_with("skipped: "));
    }
    tally.passed = tally.passed.saturating_sub(left_out);
    tally.skipped += left_out;
    let status = child.wait()?;
    // A run that broke before its summary must not look like one that passed.
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    ensure!(tally.passed + tally.failed > 0, "no test was run");
    Ok(tally)
}

/// Counts in a summary line of cargo (`test result: ok. 3 passed; 0 failed; …`) or of
/// Node's spec reporter (`ℹ pass 3`), to which `tests/browser/run.js` adds `ℹ repeated 1`;
/// nothing in any other line.
fn read_summary(line: &str) -> Tally {
    let mut tally = Tally::default();
    if let Some(counts) = line.strip_prefix("test result: ") {
        let counts = counts.split_once(". ").map_or("", |(_, counts)| counts);
        for count in counts.split("; ") {
            match parse(count) {
                Some((count, "passed")) => tally.passed = count,
                Some((count, "failed")) => tally.failed = count,
                Some((count, "ignored")) => tally.skipped = count,
                _ => {}
            }
        }
    } else if let Some(count) = line.strip_prefix("ℹ ") {
        let mut words = count.split(' ');
        let (what, count) = (
            words.next(),
            words.next().and_then(|count| count.parse().ok()),
        );
        match (what, count) {
            (Some("pass"), Some(count)) => tally.passed = count,
            (Some("fail" | "cancelled"), Some(count)) => tally.failed = count,
            (Some("skipped" | "todo"), Some(count)) => tally.skipped = count,
            (Some("repeated"), Some(count)) => tally.repeated = count,
            _ => {}
        }
    }
    tally
}

/// `3 passed` as its number and its word.
fn parse(count: &str) -> Option<(usize, &str)> {
    let (number, word) = count.split_once(' ')?;
    Some((number.parse().ok()?, word))
}

#[cfg(test)]
mod tests {
    use super::read_summary;

    #[test]
    fn reads_both_kinds_of_summary() {
        let line =
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        let tally = read_summary(line);
        assert_eq!((tally.passed, tally.failed, tally.skipped), (12, 3, 1));
        assert_eq!(read_summary("ℹ pass 7").passed, 7);
        assert_eq!(read_summary("ℹ fail 2").failed, 2);
        assert_eq!(read_summary("ℹ cancelled 1").failed, 1);
        assert_eq!(read_summary("ℹ repeated 1").repeated, 1);
        assert_eq!(read_summary("ℹ tests 9").passed, 0);
        assert_eq!(read_summary("  ℹ fail 2").failed, 0);
        assert_eq!(read_summary("it says: 5 passed").passed, 0);
    }
}
