//! `doorchain-companion`: the browser starts it; a person installs, removes and asks it.

use doorchain_companion::identity::{Family, host_manifest, is_call};
use doorchain_companion::install::{self, Outcome, Standing};
use doorchain_companion::watch::Watch;
use doorchain_companion::{frame, serve};
use doorchain_core::{Finding, SessionReport, SessionState};
use std::ffi::OsString;
use std::io::{self, BufReader, Write};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
Tells the Doorchain extension whether somebody else is in this computer.

doorchain-companion install    make it known to your browsers
doorchain-companion uninstall  remove it, leaving nothing
doorchain-companion status     say what it sees now
doorchain-companion manifest chromium|firefox [PROGRAM]
                               print the host manifest, for packages and tests
doorchain-companion --version

Your browser starts it by itself when the extension asks.
";

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    if is_call(&args) {
        return host();
    }
    // A word that is not Unicode is none of ours.
    let words: Vec<&str> = (args.iter())
        .map(|arg| arg.to_str().unwrap_or_default())
        .collect();
    let done = match words[..] {
        ["install"] => install(),
        ["uninstall"] => uninstall(),
        ["status"] => status(),
        ["manifest", family] => manifest(family, None),
        ["manifest", family, _] => manifest(family, Some(Path::new(&args[2]))),
        ["--version" | "-V"] => say(&format!("{}\n", env!("CARGO_PKG_VERSION"))),
        ["--help" | "-h" | "help"] => say(USAGE),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("doorchain-companion: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Talks with the extension until it closes its end.
fn host() -> ExitCode {
    let mut input = BufReader::new(io::stdin().lock());
    let mut output = io::stdout().lock();
    match serve::serve(&mut input, &mut output) {
        Ok(()) => ExitCode::SUCCESS,
        // The browser has gone: nobody is left to answer.
        Err(frame::FrameError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("doorchain-companion: {error}");
            ExitCode::FAILURE
        }
    }
}

fn say(text: &str) -> io::Result<()> {
    io::stdout().lock().write_all(text.as_bytes())
}

fn install() -> io::Result<()> {
    let outcome = install::install()?;
    let mut text = String::new();
    if !outcome.done.is_empty() {
        text.push_str(&format!(
            "Ready for {}: for those you have, and those you install later.\n\
             Open your browser again, then look at Doorchain's button.\n",
            outcome.done.join(", ")
        ));
    }
    for confined in install::confined() {
        let (browser, package) = (confined.browser, confined.package);
        let words = if confined.asks {
            "asks you once whether it may start the companion. Say yes."
        } else {
            "cannot start the companion, so that Doorchain there asks and never knows."
        };
        text.push_str(&format!("The {browser} that came as a {package} {words}\n"));
    }
    say(&text)?;
    all_done(&outcome)
}

fn uninstall() -> io::Result<()> {
    let outcome = install::uninstall()?;
    if !outcome.done.is_empty() {
        say(&format!("Removed from {}.\n", outcome.done.join(", ")))?;
    } else if outcome.failed.is_empty() {
        say("It was not installed.\n")?;
    }
    all_done(&outcome)
}

/// Tells everything that could not be done.
///
/// # Errors
///
/// When there is any.
fn all_done(outcome: &Outcome) -> io::Result<()> {
    match &outcome.failed[..] {
        [] => Ok(()),
        failed => Err(io::Error::other(failed.join("\ndoorchain-companion: "))),
    }
}

fn status() -> io::Result<()> {
    let mut text = format!("Doorchain companion {}\n\n", env!("CARGO_PKG_VERSION"));
    for (browser, standing) in install::standings()? {
        let words = match standing {
            Standing::Installed => "installed".to_owned(),
            Standing::Elsewhere(path) => format!("installed, but from {}", path.display()),
            Standing::Missing(path) => format!("broken: {} is missing", path.display()),
            Standing::Broken => "broken: install it again".to_owned(),
            Standing::Absent => "not installed".to_owned(),
        };
        text.push_str(&format!("{browser}: {words}\n"));
    }
    for confined in install::confined() {
        let words = if confined.asks {
            "asks whether it may start this"
        } else {
            "cannot start this"
        };
        text.push_str(&format!(
            "{} ({}): {words}\n",
            confined.browser, confined.package
        ));
    }
    let report = Watch::default().report();
    text.push_str(&format!("\n{}\n", heading(&report)));
    for finding in &report.findings {
        text.push_str(&format!("- {}: {}\n", finding.name, finding.evidence));
    }
    for failed in &report.failed {
        text.push_str(&format!("- could not look at {failed}\n"));
    }
    say(&text)
}

/// What a report comes to, in words that claim no more than it does.
fn heading(report: &SessionReport) -> &'static str {
    let is_known = report.inbound().any(Finding::holds);
    match report.state {
        SessionState::Active if is_known => "Somebody else can see or control this computer:",
        SessionState::Active => "Somebody else may be in this computer:",
        SessionState::None => "Nobody else is in this computer.",
        SessionState::Unknown => "It could not find out whether somebody is in this computer.",
    }
}

fn manifest(family: &str, program: Option<&Path>) -> io::Result<()> {
    let family = Family::named(family).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("no browser family {family}"),
        )
    })?;
    let own = std::env::current_exe()?;
    let manifest = host_manifest(family, program.unwrap_or(&own))?;
    let text = serde_json::to_string_pretty(&manifest)?;
    say(&format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorchain_core::{Confidence, Direction};

    #[test]
    fn the_heading_says_no_more_than_the_evidence() {
        let report = |confidence| SessionReport {
            state: SessionState::Active,
            findings: vec![Finding {
                id: "1".to_owned(),
                tool: "anydesk".to_owned(),
                name: "AnyDesk".to_owned(),
                direction: Direction::Inbound,
                since: None,
                evidence: String::new(),
                confidence,
                pids: Vec::new(),
            }],
            failed: Vec::new(),
        };
        for (confidence, word) in [
            (Confidence::Weak, "may be"),
            (Confidence::Good, "can see or control"),
            (Confidence::Proof, "can see or control"),
        ] {
            let words = heading(&report(confidence));
            assert!(words.contains(word), "{confidence:?}: {words}");
        }
    }
}
