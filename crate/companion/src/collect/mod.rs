//! Looks at the machine. Each system has its own way; all give a [`Snapshot`].

use crate::catalogue::{Kind, here};
use crate::log::Logs;
use crate::snapshot::{Process, Snapshot};
use doorchain_core::{Millis, System};
use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod logind;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(target_os = "linux")]
use linux as this;

#[cfg(not(target_os = "linux"))]
mod listed;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as this;

#[cfg(any(target_os = "macos", test))]
mod lsof;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as this;

pub use this::Handle;
#[cfg(windows)]
pub(crate) use windows::disconnect_desktop;

/// Looks at this machine, again and again.
#[derive(Default)]
pub struct Collector {
    machine: this::Machine,
    logs: Logs,
}

impl Collector {
    /// Looks once. Never fails: what could not be looked at is in [`Snapshot::failed`].
    pub fn snapshot(&mut self) -> Snapshot {
        let mut snapshot = Snapshot {
            now: now(),
            system: System::here(),
            boot: None,
            processes: Vec::new(),
            sockets: Vec::new(),
            desktop: None,
            metrics: Vec::new(),
            logins: Vec::new(),
            told: Vec::new(),
            failed: Vec::new(),
        };
        self.machine.look(&mut snapshot);
        let told = (self.logs).look(&snapshot.processes, snapshot.now, &mut snapshot.failed);
        snapshot.told.extend(told);
        snapshot
    }
}

/// The clock of the system; 0 before 1970.
fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Millis(since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }))
}

fn needs_sockets(kind: Kind) -> bool {
    match kind {
        Kind::Inbound | Kind::Connection(_) | Kind::Datagram => true,
        Kind::Process | Kind::Fresh | Kind::Desktop(_) | Kind::Metric(_) | Kind::Login(_) => false,
    }
}

/// The processes of which some marker asks for the sockets.
fn servers(processes: &[Process]) -> BTreeSet<u32> {
    (processes.iter())
        .filter(|process| {
            (here().iter())
                .filter(|marker| needs_sockets(marker.kind))
                .any(|marker| marker.is(process, System::here()))
        })
        .map(|process| process.pid)
        .collect()
}
