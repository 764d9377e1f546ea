//! Looks at the machine. Each system has its own way; all give a [`Snapshot`].

use crate::snapshot::Snapshot;
use doorchain_core::{Millis, System};
use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::{Handle, snapshot};

/// The clock of the system; 0 before 1970.
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Millis(since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }))
}

/// A snapshot with nothing in it yet.
fn empty() -> Snapshot {
    Snapshot {
        now: now(),
        system: System::here(),
        processes: Vec::new(),
        sockets: Vec::new(),
        told: Vec::new(),
        failed: Vec::new(),
    }
}
