//! Linux: everything is in `/proc`.

use super::{logind, screen, servers};
use crate::catalogue::names;
use crate::snapshot::{Process, Snapshot, Socket, SocketState};
use doorchain_core::Millis;
use procfs::net::{TcpNetEntry, TcpState};
use procfs::process::FDTarget;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::RangeInclusive;
use std::os::fd::OwnedFd;
use std::path::Path;

/// Longest process name the kernel keeps: `TASK_COMM_LEN` without its NUL, proc_pid_comm(5).
const COMM: usize = 15;

/// What is kept from look to look.
pub(super) struct Machine {
    /// Processes that cannot be seen, and why, in words.
    hidden: Option<&'static str>,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            hidden: if screen::is_outside() {
                Some("programs outside this container: they cannot be seen from within")
            } else if !rustix::process::geteuid().is_root() && hides_processes() {
                Some("other people's programs: this system hides them")
            } else {
                None
            },
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
    /// Adds processes, logins and, where a server runs, sockets.
    pub(super) fn look(&mut self, snapshot: &mut Snapshot) {
        let boot = procfs::boot_time_secs().map_err(other);
        snapshot.boot = (boot.as_ref().ok()).map(|boot| Millis(boot.saturating_mul(1000)));
        match boot.and_then(processes) {
            Ok(processes) => snapshot.processes = processes,
            Err(error) => snapshot.failed.push(format!("processes: {error}")),
        }
        snapshot.failed.extend(self.hidden.map(str::to_owned));
        let user = rustix::process::getuid().as_raw();
        match logind::logins(Path::new(logind::FOLDER), user) {
            Ok(logins) => snapshot.logins = logins,
            Err(error) => snapshot.failed.push(format!("logins: {error}")),
        }
        let servers = servers(&snapshot.processes);
        if !servers.is_empty() {
            sockets(snapshot, &servers);
        }
    }
}

/// Every process that something is asked about.
///
/// Of the others only `comm` is read, the cheapest file that tells them apart. `boot` is when the
/// system began, in seconds since 1970.
///
/// # Errors
///
/// When `/proc` cannot be listed.
fn processes(boot: u64) -> io::Result<Vec<Process>> {
    let names: BTreeSet<&[u8]> = names().map(|name| short(name).as_bytes()).collect();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let Ok(entry) = entry else { continue };
        let number = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        let Some(pid) = number else { continue };
        // A process may end between being listed and being read.
        let mut comm = [0; COMM + 1];
        let read = File::open(entry.path().join("comm")).and_then(|mut file| file.read(&mut comm));
        let Ok(length) = read else { continue };
        if names.contains(comm[..length].trim_ascii_end()) {
            found.extend(process(pid, boot));
        }
    }
    Ok(found)
}

/// Users that are people's: where the rest lies, systemd tells at <https://systemd.io/UIDS-GIDS>.
const PEOPLE: [RangeInclusive<u32>; 2] = [1000..=60_513, 65_536..=u32::MAX];

fn is_persons(user: u32) -> bool {
    PEOPLE.iter().any(|range| range.contains(&user))
}

/// Whether one user is another person than the other user, who must be a person too: nobody else can
/// tell whose screen is whose.
fn is_another(user: u32, own: u32) -> bool {
    user != own && is_persons(user) && is_persons(own)
}

/// All that is asked of one process; `None` when it has ended.
///
/// `boot` is when the machine started, in seconds since 1970.
fn process(pid: i32, boot: u64) -> Option<Process> {
    let process = procfs::process::Process::new(pid).ok()?;
    let stat = process.stat().ok()?;
    // A zombie has ended; only its parent has not looked yet.
    if stat.state == 'Z' {
        return None;
    }
    let line = process.cmdline().ok();
    let first = line.iter().flatten().next().map(Path::new);
    let exe = process.exe().ok();
    let user = process.uid().ok();
    let own = rustix::process::getuid().as_raw();
    let up = stat.starttime.saturating_mul(1000) / procfs::ticks_per_second().max(1);
    Some(Process {
        pid: pid.unsigned_abs(),
        name: whole_name(&stat.comm, first, exe.as_deref()),
        args: line.map(|line| line.into_iter().skip(1).collect()),
        folder: exe.and_then(|exe| Some(exe.parent()?.to_owned())),
        birth: stat.starttime,
        since: Some(Millis(boot.saturating_mul(1000).saturating_add(up))),
        user,
        another: user.is_some_and(|user| is_another(user, own)),
        open: false,
    })
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

/// Adds all sockets of TCP, with the ones among `servers` that hold them. No marker asks for others.
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
        self.send(if hard { Signal::KILL } else { Signal::TERM })
    }

    /// Tells the process that whoever it serves has hung up.
    ///
    /// # Errors
    ///
    /// As [`Self::end`].
    pub fn hang_up(&self) -> io::Result<()> {
        self.send(Signal::HUP)
    }

    fn send(&self, signal: Signal) -> io::Result<()> {
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
    fn a_services_user_is_no_person() {
        for (user, person) in [
            (0, false),
            (110, false),
            (999, false),
            (1000, true),
            (1001, true),
            (60_001, true),
            (61_184, false),
            (65_534, false),
            (1_812_600_500, true),
        ] {
            assert_eq!(is_persons(user), person, "{user}");
            assert_eq!(is_another(user, 2000), person, "{user}");
            assert!(!is_another(user, user) && !is_another(user, 0));
        }
    }

    #[test]
    fn this_process_is_seen_with_its_birth() {
        let own = std::process::id();
        let this = process(i32::try_from(own).expect("small"), 0).expect("seen");
        assert!(!this.another);
        assert!(Handle::open(own, this.birth).is_ok());
        let stale = Handle::open(own, this.birth + 1).expect_err("another birth");
        assert_eq!(stale.kind(), io::ErrorKind::NotFound);
    }

    /// Sockets of UDP are not listed: what they show would never be found.
    #[test]
    fn no_marker_asks_for_a_datagram_socket() {
        use crate::catalogue::{Kind, here};
        for marker in here() {
            assert_ne!(marker.kind, Kind::Datagram, "{marker:?}");
        }
    }
}
