//! Processes as sysinfo lists them, for Windows and macOS.

use crate::catalogue::{any_is, names};
use crate::snapshot::Process;
use doorchain_core::{Millis, System};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, UpdateKind};

/// The list, kept from look to look so that what cannot change is asked for once.
#[derive(Default)]
pub(super) struct Listed(sysinfo::System);

impl Listed {
    /// Every process that can be seen; those of interest with their command line.
    pub(super) fn processes(&mut self) -> Vec<Process> {
        let names: Vec<&str> = names().collect();
        let least = ProcessRefreshKind::nothing().without_tasks();
        (self.0).refresh_processes_specifics(ProcessesToUpdate::All, true, least);
        let of_interest: Vec<Pid> = (self.0.processes().iter())
            .filter(|(_, process)| {
                let name = process.name().to_string_lossy();
                any_is(&names, &name, System::here())
            })
            .map(|(pid, _)| *pid)
            .collect();
        // A process of macOS can turn into another program; its words are read each time.
        let more = least
            .with_cmd(UpdateKind::Always)
            .with_exe(UpdateKind::Always)
            .with_user(UpdateKind::OnlyIfNotSet);
        (self.0).refresh_processes_specifics(ProcessesToUpdate::Some(&of_interest), false, more);
        let own = whose(self.0.process(Pid::from_u32(std::process::id())));
        (self.0.processes().values())
            .map(|process| Process {
                pid: process.pid().as_u32(),
                name: process.name().to_string_lossy().into_owned(),
                args: args(process),
                folder: process.exe().and_then(|exe| Some(exe.parent()?.to_owned())),
                birth: process.start_time(),
                since: moment(process.start_time()),
                user: None,
                another: (whose(Some(process)).zip(own)).is_some_and(|(person, own)| person != own),
                open: false,
            })
            .collect()
    }
}

/// When the system began; `None` where that is not told.
pub(super) fn boot() -> Option<Millis> {
    moment(sysinfo::System::boot_time())
}

/// A moment in seconds since 1970; sysinfo has 0 for one that the system does not tell.
fn moment(seconds: u64) -> Option<Millis> {
    (seconds != 0).then(|| Millis(seconds.saturating_mul(1000)))
}

/// The command line without the program; `None` where it is not told, which begins with it else.
fn args(process: &sysinfo::Process) -> Option<Vec<String>> {
    let (_, args) = process.cmd().split_first()?;
    Some(
        (args.iter())
            .map(|arg| arg.to_string_lossy().into_owned())
            .collect(),
    )
}

/// Number of the session that a person has at this machine; none for services, which have session 0.
#[cfg(windows)]
fn whose(process: Option<&sysinfo::Process>) -> Option<u32> {
    let session = process?.session_id()?.as_u32();
    (session != 0).then_some(session)
}

/// User of a person; none for services, which have users up to 500 and `nobody`, -2.
#[cfg(not(windows))]
fn whose(process: Option<&sysinfo::Process>) -> Option<u32> {
    let user = **process?.user_id()?;
    (501..u32::MAX - 1).contains(&user).then_some(user)
}
