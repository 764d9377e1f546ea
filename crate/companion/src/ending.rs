//! Ways to end a session, gentlest first.

use crate::collect::Handle;
use crate::snapshot::Process;
use std::io::ErrorKind;

#[cfg(target_os = "linux")]
use desktop::{disconnect_xvnc, suspend};

/// Whether this process is not only the session but the whole desktop with all that is open on it.
///
/// Xvnc and x2goagent, both of Linux, are the screen themselves, so that the browser that asks may
/// well run on it.
pub(crate) fn is_desktop(process: &Process) -> bool {
    cfg!(target_os = "linux") && ["Xtigervnc", "Xvnc", "x2goagent"].contains(&process.name.as_str())
}

/// Has a desktop let go of its viewers and keep what is open on it.
///
/// Gives what was done, or why it could not be, in words.
pub(crate) fn disconnect(process: &Process) -> Result<String, String> {
    #[cfg(target_os = "linux")]
    match process.name.as_str() {
        "x2goagent" => return suspend(process),
        "Xtigervnc" | "Xvnc" => return disconnect_xvnc(process),
        _ => {}
    }
    Err(format!("{} is no desktop", process.name))
}

/// The desktops of Linux that are their own screen.
#[cfg(target_os = "linux")]
mod desktop {
    use crate::collect::Handle;
    use crate::program::run;
    use crate::snapshot::Process;
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;
    use std::process::Command;
    use std::time::Duration;

    /// How long vncconfig has to reach the display, which is of this machine.
    const TIME: Duration = Duration::from_secs(1);

    /// nxagent suspends its session when it is told to, as x2gosuspend-session(8) does.
    pub(super) fn suspend(process: &Process) -> Result<String, String> {
        Handle::open(process.pid, process.birth)
            .and_then(|handle| handle.hang_up())
            .map(|()| {
                format!(
                    "suspended the session of x2goagent (process {})",
                    process.pid
                )
            })
            .map_err(|error| error.to_string())
    }

    /// By vncconfig(1), which comes with Xvnc.
    pub(super) fn disconnect_xvnc(process: &Process) -> Result<String, String> {
        let own = rustix::process::getuid().as_raw();
        if process.user != Some(own) {
            return Err(super::anothers(process.pid));
        }
        let display = (process.words())
            .find(|word| is_display(word))
            .ok_or_else(|| format!("process {} does not say its display", process.pid))?;
        let mut command = Command::new("vncconfig");
        command.args(["-display", display, "-disconnect"]);
        if let Some(file) = authority(process, own) {
            command.env("XAUTHORITY", file);
        }
        match run(&mut command, TIME) {
            Ok((status, _)) if status.success() => Ok(format!(
                "disconnected the viewers of display {display} (process {})",
                process.pid
            )),
            Ok((status, _)) => Err(format!("vncconfig on display {display}: {status}")),
            Err(error) => Err(format!("vncconfig: {error}")),
        }
    }

    /// Whether a word names a display of this machine, as `:1` does.
    fn is_display(word: &str) -> bool {
        word.strip_prefix(':').is_some_and(|number| {
            (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    }

    /// The file with the keys to the display that the words name, if it is one of this user's.
    fn authority(process: &Process, own: u32) -> Option<&str> {
        let mut words = process.words();
        words.find(|word| *word == "-auth")?;
        let file = words.next()?;
        let known = fs::symlink_metadata(file).ok()?;
        (known.is_file() && known.uid() == own).then_some(file)
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use crate::scratch::Scratch;

        fn xvnc(words: &[&str]) -> Process {
            Process {
                pid: 7,
                name: "Xvnc".to_owned(),
                args: Some(words.iter().map(|word| (*word).to_owned()).collect()),
                user: Some(rustix::process::getuid().as_raw()),
                ..Process::default()
            }
        }

        #[test]
        fn only_a_display_of_this_machine_is_one() {
            for word in [":0", ":1", ":12345"] {
                assert!(is_display(word), "{word}");
            }
            for word in [
                "", ":", "1", ":1.0", ":x", ":-1", ": 1", "::1", ":123456", "far:1", ":1/../x",
            ] {
                assert!(!is_display(word), "{word}");
            }
            let why = disconnect_xvnc(&xvnc(&[":evil", "-auth", "/x"])).expect_err("none");
            assert!(why.contains("does not say its display"), "{why}");
        }

        #[test]
        fn another_users_desktop_is_left_alone() {
            let mut process = xvnc(&[":1"]);
            process.user = process.user.map(|user| user + 1);
            let why = disconnect_xvnc(&process).expect_err("another's");
            assert!(why.contains("another"), "{why}");
        }

        #[test]
        fn keys_to_a_display_come_from_a_file_of_this_user() {
            let folder = Scratch::new();
            let path = |name: &str| {
                let path = folder.0.join(name);
                path.into_os_string().into_string().expect("Unicode")
            };
            let (file, link, gone) = (path("keys"), path("link"), path("gone"));
            fs::write(&file, "").expect("written");
            std::os::unix::fs::symlink(&file, &link).expect("made");
            let own = rustix::process::getuid().as_raw();
            let process = xvnc(&[":1", "-auth", &file]);
            assert_eq!(authority(&process, own), Some(&*file));
            assert_eq!(authority(&process, own + 1), None, "another's");
            for word in [&*link, &*gone, &*path(""), "-auth", ""] {
                assert_eq!(
                    authority(&xvnc(&[":1", "-auth", word]), own),
                    None,
                    "{word}"
                );
            }
            assert_eq!(authority(&xvnc(&["-auth"]), own), None);
            assert_eq!(authority(&xvnc(&[&file]), own), None);
        }
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
    let (name, pid) = (process.shown(), process.pid);
    match Handle::open(pid, process.birth).and_then(|handle| handle.end(hard)) {
        Ok(()) if hard => Ok(Some(format!("killed {name} (process {pid})"))),
        Ok(()) => Ok(Some(format!("ended {name} (process {pid})"))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(anothers(pid)),
        Err(error) => Err(format!("process {pid}: {error}")),
    }
}

/// Why a process cannot be ended that this user may not touch.
fn anothers(pid: u32) -> String {
    format!("process {pid} belongs to the system or to another user of this computer")
}
