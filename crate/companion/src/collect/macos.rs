//! macOS: sysinfo lists processes; lsof and netstat, which come with the system, sockets.
//!
//! Compiled and read by people; it has never run, for want of a Mac.

use super::listed::{self, Listed};
use super::lsof::{List, merged, sockets, unheld};
use super::servers;
use crate::program::run;
use crate::snapshot::Snapshot;
use std::io;
use std::process::Command;
use std::time::Duration;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, Signal};

/// How long each of the two has to list the sockets.
const TIME: Duration = Duration::from_secs(3);

/// What is kept from look to look.
#[derive(Default)]
pub(super) struct Machine {
    listed: Listed,
}

impl Machine {
    /// Adds processes and, where a server runs, sockets.
    pub(super) fn look(&mut self, snapshot: &mut Snapshot) {
        snapshot.boot = listed::boot();
        snapshot.processes = self.listed.processes();
        if snapshot.processes.is_empty() {
            snapshot.failed.push("processes: none is listed".to_owned());
        }
        if servers(&snapshot.processes).is_empty() {
            return;
        }
        // lsof tells whose a socket is, but not of other users' programs; netstat the reverse.
        type Read = fn(&str) -> List;
        let lists = [
            (
                "/usr/sbin/lsof",
                &["-nP", "-iTCP", "-iUDP", "-F", "pPnT"][..],
                sockets as Read,
            ),
            // Without -l it cuts long addresses of IPv6, netstat(1) of macOS.
            ("/usr/sbin/netstat", &["-anl", "-p", "tcp"][..], unheld),
        ];
        let mut found = Vec::new();
        for (program, args, read) in lists {
            // lsof ends with 1 when it finds nothing.
            match run(Command::new(program).args(args), TIME) {
                Ok((_, text)) => {
                    let list = read(&text);
                    found.extend(list.sockets);
                    if list.unread > 0 {
                        let why = format!("{} sockets cannot be read", list.unread);
                        snapshot.failed.push(format!("{program}: {why}"));
                    }
                }
                Err(error) => snapshot.failed.push(format!("{program}: {error}")),
            }
        }
        snapshot.sockets = merged(found);
        for process in &mut snapshot.processes {
            process.open =
                (snapshot.sockets.iter()).any(|socket| socket.pids.contains(&process.pid));
        }
    }
}

/// A process by its number and the second it began in.
#[derive(Debug)]
pub struct Handle {
    pid: u32,
    birth: u64,
}

impl Handle {
    /// Names the process of this number that began at `birth`.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none any more.
    pub fn open(pid: u32, birth: u64) -> io::Result<Self> {
        let handle = Self { pid, birth };
        handle.with(|_| true)?;
        Ok(handle)
    }

    /// Asks the process to end; with `hard`, ends it.
    ///
    /// # Errors
    ///
    /// `PermissionDenied` for another user's process, `NotFound` when it has ended.
    pub fn end(&self, hard: bool) -> io::Result<()> {
        let signal = if hard { Signal::Kill } else { Signal::Term };
        match self.with(|process| process.kill_with(signal).unwrap_or(false))? {
            true => Ok(()),
            false => Err(io::ErrorKind::PermissionDenied.into()),
        }
    }

    /// Checks right before the act that it is still the same process.
    fn with<T>(&self, act: impl FnOnce(&sysinfo::Process) -> T) -> io::Result<T> {
        let pid = Pid::from_u32(self.pid);
        let mut system = sysinfo::System::new();
        let least = ProcessRefreshKind::nothing();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, least);
        (system.process(pid))
            .filter(|process| process.start_time() == self.birth)
            .map(act)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
