//! Ways to end a session, gentlest first.

use crate::collect::Handle;
use crate::snapshot::Process;
use std::io::ErrorKind;
use std::process::{Command, Stdio};

/// Whether this process is not only the session but the whole desktop with all that is open on it.
///
/// Xvnc and x2goagent are the screen themselves, so that the browser that asks may well run on it.
pub(crate) fn is_desktop(process: &Process) -> bool {
    ["Xtigervnc", "Xvnc", "x2goagent"].contains(&process.name.as_str())
}

/// Has a desktop let go of its viewers and keep what is open on it.
///
/// Gives what was done, or why it could not be, in words.
pub(crate) fn disconnect(process: &Process) -> Result<String, String> {
    #[cfg(target_os = "linux")]
    if process.name == "x2goagent" {
        // nxagent suspends its session when it is told to, as x2gosuspend-session(8) does.
        return Handle::open(process.pid, process.birth)
            .and_then(|handle| handle.hang_up())
            .map(|()| {
                format!(
                    "suspended the session of x2goagent (process {})",
                    process.pid
                )
            })
            .map_err(|error| error.to_string());
    }
    disconnect_xvnc(process)
}

/// By vncconfig(1), which comes with Xvnc.
fn disconnect_xvnc(process: &Process) -> Result<String, String> {
    let display = (process.words())
        .find(|arg| arg.starts_with(':'))
        .cloned()
        .ok_or_else(|| format!("process {} does not say its display", process.pid))?;
    let mut command = Command::new("vncconfig");
    command
        .args(["-display", &display, "-disconnect"])
        .stdin(Stdio::null())
        // Standard output is the browser's.
        .stdout(Stdio::null());
    let mut words = process.words();
    if words.any(|word| word == "-auth")
        && let Some(file) = words.next()
    {
        command.env("XAUTHORITY", file);
    }
    match command.status() {
        Ok(status) if status.success() => Ok(format!(
            "disconnected the viewers of display {display} (process {})",
            process.pid
        )),
        Ok(status) => Err(format!("vncconfig on display {display}: {status}")),
        Err(error) => Err(format!("vncconfig: {error}")),
    }
}

/// Ends a session that has no process of its own.
///
/// Gives what was done, or why nothing could be, in words.
pub(crate) fn without_process(tool: &str) -> Result<String, String> {
    #[cfg(windows)]
    if tool == "windows-remote-desktop" {
        return crate::collect::disconnect_desktop()
            .map(|()| "disconnected the remote desktop".to_owned())
            .map_err(|error| error.to_string());
    }
    Err(format!("{tool} has no process that could be ended"))
}

/// Asks a process to end; with `hard`, ends it.
///
/// Gives what was done, nothing where it had ended already, or why it could not
/// be, in words.
pub(crate) fn end(process: &Process, hard: bool) -> Result<Option<String>, String> {
    let Process { name, pid, .. } = process;
    match Handle::open(*pid, process.birth).and_then(|handle| handle.end(hard)) {
        Ok(()) if hard => Ok(Some(format!("killed {name} (process {pid})"))),
        Ok(()) => Ok(Some(format!("ended {name} (process {pid})"))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(format!(
            "process {pid} belongs to another user of this computer"
        )),
        Err(error) => Err(format!("process {pid}: {error}")),
    }
}
