//! Linux: everything is in `/proc`.

use super::servers;
use crate::catalogue::names;
use crate::snapshot::{Process, Snapshot, Socket, SocketState};
use doorchain_core::Millis;
use procfs::net::{TcpNetEntry, TcpState};
use procfs::process::FDTarget;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

/// Longest process name the kernel keeps: `TASK_COMM_LEN` without its NUL, proc_pid_comm(5).
const COMM: usize = 15;

/// What is kept from look to look.
pub(super) struct Machine {
    /// Other people's processes cannot be seen.
    hidden: bool,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            hidden: !rustix::process::geteuid().is_root() && hides_processes(),
        }
    }
}

/// Whether `/proc` was mounted to show each person their own processes only, proc(5), `hidepid`.
fn hides_processes() -> bool {
    procfs::process::Process::myself()
        .and_then(|process| process.mountinfo())
        .is_ok_and(|mounts| {
            mounts
                .into_iter()
                .filter(|mount| mount.mount_point == Path::new("/proc"))
                .filter_map(|mount| mount.super_options.get("hidepid").cloned().flatten())
                .any(|hidepid| hidepid != "0" && hidepid != "off")
        })
}

impl Machine {
    /// Adds processes and, where a server runs, sockets.
    pub(super) fn look(&mut self, snapshot: &mut Snapshot) {
        match processes() {
            Ok(processes) => snapshot.processes = processes,
            Err(error) => snapshot.failed.push(format!("processes: {error}")),
        }
        if self.hidden {
            (snapshot.failed).push("other people's programs: this system hides them".to_owned());
        }
        let servers = servers(&snapshot.processes);
        if !servers.is_empty() {
            sockets(snapshot, &servers);
        }
    }
}

/// Every process that can be seen; those of interest with their whole name and command line.
///
/// # Errors
///
/// When `/proc` cannot be listed.
fn processes() -> io::Result<Vec<Process>> {
    let names: BTreeSet<&str> = names().map(short).collect();
    let boot = procfs::boot_time_secs().map_err(other)?;
    let tick = procfs::ticks_per_second().max(1);
    let mut found = Vec::new();
    for process in procfs::process::all_processes().map_err(other)? {
        // A process may end between being listed and being read.
        let Ok(process) = process else { continue };
        let Ok(stat) = process.stat() else { continue };
        // A zombie has ended; only its parent has not looked yet.
        if stat.state == 'Z' {
            continue;
        }
        let of_interest = names.contains(short(&stat.comm));
        let line = if of_interest {
            process.cmdline().unwrap_or_default()
        } else {
            Vec::new()
        };
        let exe = if of_interest {
            process.exe().ok()
        } else {
            None
        };
        let name = if of_interest {
            whole_name(&stat.comm, line.first().map(Path::new), exe.as_deref())
        } else {
            stat.comm
        };
        found.push(Process {
            pid: stat.pid.unsigned_abs(),
            parent: stat.ppid.unsigned_abs(),
            name,
            args: line.into_iter().skip(1).collect(),
            folder: exe.and_then(|exe| Some(exe.parent()?.to_owned())),
            birth: stat.starttime,
            since: Some(Millis(
                boot.saturating_mul(1000)
                    .saturating_add(stat.starttime.saturating_mul(1000) / tick),
            )),
            user: if of_interest {
                process.uid().ok()
            } else {
                None
            },
            open: false,
        });
    }
    Ok(found)
}

/// The kernel cuts names off; the command line and the program's path do not.
fn whole_name(comm: &str, first: Option<&Path>, exe: Option<&Path>) -> String {
    if comm.len() < COMM {
        return comm.to_owned();
    }
    [first, exe]
        .into_iter()
        .flatten()
        .filter_map(|path| path.file_name()?.to_str())
        .find(|name| name.starts_with(comm))
        .unwrap_or(comm)
        .to_owned()
}

fn short(name: &str) -> &str {
    name.get(..COMM).unwrap_or(name)
}

/// Adds all TCP and UDP sockets, with the ones among `servers` that hold them.
fn sockets(snapshot: &mut Snapshot, servers: &BTreeSet<u32>) {
    let mut holders: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for process in &mut snapshot.processes {
        if !servers.contains(&process.pid) {
            continue;
        }
        let Ok(fds) = i32::try_from(process.pid)
            .map_err(other)
            .and_then(|pid| procfs::process::Process::new(pid).map_err(other))
            .and_then(|process| process.fd().map_err(other))
        else {
            continue;
        };
        process.open = true;
        for fd in fds.flatten() {
            if let FDTarget::Socket(inode) = fd.target {
                holders.entry(inode).or_default().push(process.pid);
            }
        }
    }
    for pids in holders.values_mut() {
        pids.sort_unstable();
        pids.dedup();
    }
    for (what, table) in [("tcp", procfs::net::tcp()), ("tcp6", procfs::net::tcp6())] {
        match table {
            Ok(table) => {
                (snapshot.sockets).extend(table.iter().filter_map(|row| tcp(row, &holders)))
            }
            // A kernel without IPv6 has no such table and no such connection.
            Err(procfs::ProcError::NotFound(_)) if what == "tcp6" => {}
            Err(error) => snapshot.failed.push(format!("{what} connections: {error}")),
        }
    }
}

fn tcp(row: &TcpNetEntry, holders: &BTreeMap<u64, Vec<u32>>) -> Option<Socket> {
    let (state, remote) = match row.state {
        TcpState::Listen => (SocketState::Listening, None),
        TcpState::Established => (SocketState::Established, Some(row.remote_address)),
        _ => return None,
    };
    Some(Socket {
        local: row.local_address,
        remote,
        state,
        pids: holders.get(&row.inode).cloned().unwrap_or_default(),
        user: Some(row.uid),
    })
}

/// A hold on one process, which cannot turn into another one of the same number.
#[derive(Debug)]
pub struct Handle(OwnedFd);

impl Handle {
    /// Takes hold of the process of this number that began at `birth`.
    ///
    /// # Errors
    ///
    /// `NotFound` when there is none any more, else what the system says.
    pub fn open(pid: u32, birth: u64) -> io::Result<Self> {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let number = i32::try_from(pid).map_err(|_| gone())?;
        let fd = pidfd_open(Pid::from_raw(number).ok_or_else(gone)?, PidfdFlags::empty()).map_err(
            |error| match error {
                rustix::io::Errno::SRCH => gone(),
                error => error.into(),
            },
        )?;
        // Only now, with the hold on it, does its birth say which one is held.
        let stat = procfs::process::Process::new(number)
            .and_then(|process| process.stat())
            .map_err(|_| gone())?;
        if stat.starttime != birth || stat.state == 'Z' {
            return Err(gone());
        }
        Ok(Self(fd))
    }

    /// Asks the process to end; with `hard`, ends it.
    ///
    /// # Errors
    ///
    /// `PermissionDenied` for another user's process, `NotFound` when it has ended.
    pub fn end(&self, hard: bool) -> io::Result<()> {
        let signal = if hard { Signal::KILL } else { Signal::TERM };
        pidfd_send_signal(&self.0, signal).map_err(|error| match error {
            rustix::io::Errno::SRCH => io::ErrorKind::NotFound.into(),
            error => error.into(),
        })
    }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::other(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_off_name_is_made_whole() {
        let cut = "gnome-remote-de";
        let whole = "gnome-remote-desktop-daemon";
        let path = Path::new("/usr/libexec/gnome-remote-desktop-daemon");
        assert_eq!(whole_name(cut, Some(path), None), whole);
        assert_eq!(whole_name(cut, Some(Path::new("other")), Some(path)), whole);
        assert_eq!(whole_name(cut, None, None), cut);
        assert_eq!(whole_name("x11vnc", Some(path), None), "x11vnc");
    }

    #[test]
    fn this_process_is_seen_with_its_birth() {
        let own = std::process::id();
        let all = processes().expect("/proc is there");
        let this = all.iter().find(|process| process.pid == own).expect("seen");
        assert!(Handle::open(own, this.birth).is_ok());
        let stale = Handle::open(own, this.birth + 1).expect_err("another birth");
        assert_eq!(stale.kind(), io::ErrorKind::NotFound);
    }
}
