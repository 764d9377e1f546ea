//! The catalogue of remote-access tools: `data/tools.tsv` at run time.

use crate::Confidence;
use crate::text::lower;
use std::sync::LazyLock;

/// Facts that only the companion needs are left out of the extension's module by the linker.
static ALL: LazyLock<Vec<Tool>> =
    LazyLock::new(|| read(include_str!(concat!(env!("OUT_DIR"), "/tools.tsv"))));

/// A tool that lets one person see or control another's screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Stable name for programs: lower-case words with hyphens.
    pub id: &'static str,
    /// Its name as people know it.
    pub name: &'static str,
    /// What is known of it, in the order of the data.
    pub facts: Vec<ToolFact>,
}

/// One thing that is known of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToolFact {
    /// What sort of thing.
    pub kind: ToolFactKind,
    /// Where it holds.
    pub system: System,
    /// Its value; [`ToolFactKind`] says in what form.
    pub value: &'static str,
    /// For the kinds that tell of a session, how well it holds; otherwise `Weak`.
    pub grade: Confidence,
}

/// Sorts of facts, by the names that the data uses.
///
/// Only the `Session…` kinds, `ServerPort` and `FreshProcess` tell of a session; the
/// others tell of a tool that is there, or wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ToolFactKind {
    /// `site`: host, with everything under it, where people read of it or fetch it.
    Site,
    /// `relay`: host, with everything under it, that the tool itself connects to.
    Relay,
    /// `support_page`: host, slash and first part of the path of pages on which the
    /// screen is handed over from within the browser; an empty path means every page.
    SupportPage,
    /// `installer`: pattern of a file name without its extension, in lower case, `*` for any
    /// characters; behind a short beginning no small letter follows. It fits files that can be run
    /// or unpacked.
    Installer,
    /// `process`: name of an executable of the tool, running or idle.
    /// On Windows in lower case with `.exe`, where a `*` before it stands for any characters, the
    /// part that a customer's own client adds; elsewhere as the system has it.
    Process,
    /// `port`: TCP port on which it listens while it runs.
    Port,
    /// `server_port`: TCP port of a server; an inbound established connection on it
    /// is a session. The server may have been told another one.
    ServerPort,
    /// `session_connection`: name of an executable of which every established TCP
    /// connection is a session, one that it made itself too; behind a colon, where
    /// only some are, the port at the other end with the 99 above it.
    SessionConnection,
    /// `session_process`: name of an executable that runs only during a session.
    SessionProcess,
    /// `session_argument`: name of an executable, a space, and an argument of its
    /// own that it carries only during a session.
    SessionArgument,
    /// `session_log`: a log and the lines that open and close a session, in words.
    SessionLog,
    /// `session_event`: a Windows event log, in words.
    SessionEvent,
    /// `session_desktop`: the protocol by which Terminal Services show this desktop elsewhere,
    /// as `WTSClientProtocolType` numbers it.
    SessionDesktop,
    /// `session_metric`: a Windows system metric: name, space, hexadecimal index.
    SessionMetric,
    /// `session_socket`: a socket that is there only during a session, in words.
    SessionSocket,
    /// `session_login`: type of a graphical session, as sd_session_get_type(3) names it;
    /// one that logind holds open for somebody elsewhere is a session.
    SessionLogin,
    /// `fresh_process`: name of an executable, one of the tool's `process` facts, that begins with
    /// the system wherever the tool is at home; one that begins later was installed meanwhile, and
    /// whoever wanted that is connected from then on. Only for a tool of which no better is known.
    FreshProcess,
    /// `login_service`: PAM service through which the tool logs people in. Such a login
    /// outlives the connection, which the tool's other facts tell of.
    LoginService,
}

/// Where a fact holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// `any`: everywhere.
    Any,
    /// `linux`.
    Linux,
    /// `windows`.
    Windows,
    /// `macos`.
    Macos,
}

impl ToolFact {
    /// Whether it holds on a system.
    pub fn holds_on(&self, system: System) -> bool {
        self.system == system || self.system == System::Any
    }
}

impl Tool {
    /// Values of the facts of one kind that hold on `system`.
    pub fn values(&self, kind: ToolFactKind, system: System) -> impl Iterator<Item = &'static str> {
        self.facts
            .iter()
            .filter(move |fact| fact.kind == kind && fact.holds_on(system))
            .map(|fact| fact.value)
    }
}

/// Every tool with every fact, ordered by id.
pub fn tools() -> &'static [Tool] {
    &ALL
}

/// The tools with those facts that a browser can use: pages of support, installers, ports.
/// Whose a host is, the list of owners tells.
pub(crate) fn web_tools() -> Vec<Tool> {
    read(include_str!(concat!(env!("OUT_DIR"), "/tools_web.tsv")))
}

/// Reads what `build.rs` has checked and describes.
fn read(text: &'static str) -> Vec<Tool> {
    let mut tools: Vec<Tool> = Vec::new();
    for line in text.lines() {
        let mut cells = line.split('\t');
        let [Some(id), Some(second)] = [cells.next(), cells.next()] else {
            continue;
        };
        if !id.is_empty() {
            tools.push(Tool {
                id,
                name: second,
                facts: Vec::new(),
            });
            continue;
        }
        let (Some(tool), Some(value)) = (tools.last_mut(), cells.next()) else {
            continue;
        };
        let system = cells.next().unwrap_or("any");
        if let (Some(kind), Some(system)) = (ToolFactKind::named(second), System::named(system)) {
            let grade = match cells.next() {
                Some("proof") => Confidence::Proof,
                Some("good") => Confidence::Good,
                _ => Confidence::Weak,
            };
            tool.facts.push(ToolFact {
                kind,
                system,
                value,
                grade,
            });
        }
    }
    tools
}

impl ToolFactKind {
    /// Whether it shows a session, and not merely the tool.
    pub fn is_evidence(self) -> bool {
        match self {
            Self::ServerPort
            | Self::SessionConnection
            | Self::SessionProcess
            | Self::SessionArgument
            | Self::SessionLog
            | Self::SessionEvent
            | Self::SessionDesktop
            | Self::SessionMetric
            | Self::SessionSocket
            | Self::SessionLogin
            | Self::FreshProcess => true,
            Self::Site
            | Self::Relay
            | Self::SupportPage
            | Self::Installer
            | Self::Process
            | Self::Port
            | Self::LoginService => false,
        }
    }

    /// The kind that the data calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "site" => Self::Site,
            "relay" => Self::Relay,
            "support_page" => Self::SupportPage,
            "installer" => Self::Installer,
            "process" => Self::Process,
            "port" => Self::Port,
            "server_port" => Self::ServerPort,
            "session_connection" => Self::SessionConnection,
            "session_process" => Self::SessionProcess,
            "session_argument" => Self::SessionArgument,
            "session_log" => Self::SessionLog,
            "session_event" => Self::SessionEvent,
            "session_desktop" => Self::SessionDesktop,
            "session_metric" => Self::SessionMetric,
            "session_socket" => Self::SessionSocket,
            "session_login" => Self::SessionLogin,
            "fresh_process" => Self::FreshProcess,
            "login_service" => Self::LoginService,
            _ => return None,
        })
    }
}

impl System {
    /// The system that the data calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "any" => Self::Any,
            "linux" => Self::Linux,
            "windows" => Self::Windows,
            "macos" => Self::Macos,
            _ => return None,
        })
    }

    /// The system this program was built for; `Any` where it is none of the three.
    pub fn here() -> Self {
        if cfg!(target_os = "linux") {
            Self::Linux
        } else if cfg!(target_os = "windows") {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::Macos
        } else {
            Self::Any
        }
    }
}

/// Bytes up to which the beginning of a file name begins other words, too.
const SHORT: usize = 5;

/// Whether a file name fits an installer pattern.
pub(crate) fn is_installer(pattern: &str, file_name: &str) -> bool {
    // Extensions under which programs for people's own computers are handed out.
    const RUNNABLE: [&str; 23] = [
        "exe",
        "msi",
        "msix",
        "msixbundle",
        "appx",
        "appinstaller",
        "dmg",
        "pkg",
        "deb",
        "rpm",
        "appimage",
        "run",
        "flatpak",
        "apk",
        "jnlp",
        "application",
        "zip",
        "7z",
        "iso",
        "bat",
        "cmd",
        "scr",
        "msp",
    ];
    let Some((stem, extension)) = file_name.trim().rsplit_once('.') else {
        return false;
    };
    let beginning = pattern.strip_suffix('*').unwrap_or(pattern).as_bytes();
    let behind = stem.as_bytes().get(beginning.len());
    let runs_on = beginning.len() <= SHORT
        && beginning.last().is_some_and(u8::is_ascii_alphabetic)
        && behind.is_some_and(u8::is_ascii_lowercase);
    RUNNABLE.contains(&&*lower(extension))
        && fits(pattern.as_bytes(), lower(stem).trim_end().as_bytes())
        && !runs_on
}

/// Whether `text` fits a pattern with `*`; linear but for the last star, never recursive.
pub fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == Some(&text[t]) {
            p += 1;
            t += 1;
        } else if let Some((star_p, star_t)) = star {
            star = Some((star_p, star_t + 1));
            p = star_p + 1;
            t = star_t + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_read() {
        let facts: usize = tools().iter().map(|tool| tool.facts.len() + 1).sum();
        let lines = include_str!("../data/tools.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .count();
        assert_eq!(facts, lines - 1);
    }

    #[test]
    fn installers_by_name() {
        for (pattern, name, wanted) in [
            ("*anydesk*", "AnyDesk.exe", true),
            ("*anydesk*", "anydesk (1).exe", true),
            ("*anydesk*", "AnyDesk_custom.exe", true),
            ("*anydesk*", "anydesk-manual.pdf", false),
            ("*anydesk*", "anydesk", false),
            ("teamviewer*", "TeamViewerQS_x64.exe", true),
            ("teamviewer*", "teamviewer-notes.txt", false),
            ("*anydesk*", "AnyDesk.zip", true),
            ("*anydesk*", "anydesk.7z", true),
            ("*anydesk*", "AnyDesk.exe.CMD", true),
            ("rms.*", "RMS.2025.docx", false),
            ("rms.*", "rms.pdf", false),
            ("rms.*", "rms.host7.MSI", true),
            ("join.me*", "join.meeting-notes.pdf", false),
            ("join.me*", "join.me.exe", true),
            ("netop*", "netopia-setup.exe", false),
            ("netop*", "NetopGuest.exe", true),
            ("netop*", "netop_guest.exe", true),
            ("xpra*", "xprad.exe", false),
            ("xpra*", "xpra.exe", true),
            ("*", "setup.exe", true),
            ("*", ".exe", true),
        ] {
            assert_eq!(is_installer(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
