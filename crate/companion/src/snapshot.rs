//! What one look at the machine found, before anything is concluded from it.

use crate::log::Told;
use doorchain_core::{Millis, System};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// File name of its program, on Windows with `.exe`.
    pub name: String,
    /// Its command line without the program itself, where that can be read and something asks about it.
    pub args: Option<Vec<String>>,
    /// Folder its program lies in, where that can be read and a marker asks about it.
    pub folder: Option<PathBuf>,
    /// When it began, in a unit of the system's own: with the pid, names a process for good.
    pub birth: u64,
    /// When it began.
    pub since: Option<Millis>,
    /// User it runs as, where that is known.
    pub user: Option<u32>,
    /// It runs for another person of this machine: neither for the one who asks nor for the system.
    pub another: bool,
    /// Its sockets could be listed. Those of other people's processes cannot.
    pub open: bool,
}

impl Process {
    /// Its name in visible letters, in their order: on Windows, where a customer's own client has any
    /// letters in a part of its name, whoever made it chose them.
    pub fn shown(&self) -> impl fmt::Display {
        self.name.escape_debug()
    }

    /// The words of its command line that can be read.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        self.args.iter().flatten()
    }
}

/// What a socket does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketState {
    /// Waits for connections.
    Listening,
    /// Is one end of a connection.
    Established,
    /// A datagram socket with no remote end.
    Unconnected,
}

/// A network socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// This machine's end.
    pub local: SocketAddr,
    /// The other end; `None` unless established.
    pub remote: Option<SocketAddr>,
    /// What it does.
    pub state: SocketState,
    /// Processes that hold it, lowest first; empty where that could not be read.
    pub pids: Vec<u32>,
    /// User it belongs to, where that is known.
    pub user: Option<u32>,
}

/// The desktop of the person who asks, as Windows' Terminal Services tell of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desktop {
    /// How it is shown, as `WTSClientProtocolType` numbers it; 0 on this machine's own screen.
    pub protocol: u16,
    /// What the machine calls itself that shows it.
    pub client: Option<String>,
    /// When it was connected.
    pub since: Option<Millis>,
}

/// A login of this user from elsewhere that is not over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// Its number, by which logind knows it.
    pub id: String,
    /// Its type as sd_session_get_type(3) names it: `tty`, `x11`, `wayland`, …
    pub kind: String,
    /// PAM service that let it in, where that is known.
    pub service: Option<String>,
    /// Where it comes from, as the service told it.
    pub host: Option<String>,
    /// When it began.
    pub since: Option<Millis>,
}

/// Everything one look found.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// When it was taken.
    pub now: Millis,
    /// Where.
    pub system: System,
    /// When the system began, where that is known.
    pub boot: Option<Millis>,
    /// The processes that something is asked about, at least.
    pub processes: Vec<Process>,
    /// Sockets; empty when no process of interest runs.
    pub sockets: Vec<Socket>,
    /// How the desktop is shown; `None` where no marker asks.
    pub desktop: Option<Desktop>,
    /// Indices of the system metrics that are not zero, of those a marker asks about.
    pub metrics: Vec<u32>,
    /// Logins from elsewhere.
    pub logins: Vec<Login>,
    /// Sessions that logs tell of.
    pub told: Vec<Told>,
    /// What could not be looked at, in words, in English.
    pub failed: Vec<String>,
}
