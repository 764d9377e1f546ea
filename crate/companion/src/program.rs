//! Programs of the system, which get a limited time and are read up to a limit.

use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Most that is read of what a program says: some ten thousand sockets.
const MOST: u64 = 4 * 1024 * 1024;

/// Time between two looks whether a program has ended.
const STEP: Duration = Duration::from_millis(10);

/// Runs a program to its end; gives how it ended and what it wrote to standard output.
///
/// # Errors
///
/// When it cannot be started or says more than 4 MiB; `TimedOut` when it has not ended in time, and
/// is ended.
pub(crate) fn run(command: &mut Command, time: Duration) -> io::Result<(ExitStatus, String)> {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let (said, heard) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        // A program that was started by it can hold the pipe for longer than anybody waits.
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = output.take(MOST).read_to_end(&mut bytes);
            let _ = said.send(read.map(|_| bytes));
        });
    }
    let late = || io::Error::from(io::ErrorKind::TimedOut);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() >= time {
            child.kill()?;
            child.wait()?;
            return Err(late());
        }
        std::thread::sleep(STEP);
    };
    let left = time.saturating_sub(start.elapsed());
    let bytes = heard.recv_timeout(left).map_err(|_| late())??;
    if bytes.len() as u64 >= MOST {
        return Err(io::Error::other("it says too much"));
    }
    Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Duration = Duration::from_millis(300);

    fn shell(script: &str) -> io::Result<(ExitStatus, String)> {
        run(Command::new("sh").args(["-c", script]), TIME)
    }

    #[test]
    fn what_a_program_says_is_read_to_its_end() {
        let (status, text) = run(
            Command::new("sh").args(["-c", "seq 20000; exit 1"]),
            Duration::from_secs(30),
        )
        .expect("runs");
        assert_eq!(status.code(), Some(1));
        assert_eq!(text.lines().count(), 20_000);
    }

    #[test]
    fn a_program_that_is_stuck_or_does_not_stop_is_left() {
        for script in ["sleep 60", "yes", "sleep 3 & exit 0"] {
            let start = Instant::now();
            let kind = shell(script).map(drop).map_err(|error| error.kind());
            let wanted = match script {
                "yes" => io::ErrorKind::Other,
                _ => io::ErrorKind::TimedOut,
            };
            assert_eq!(kind, Err(wanted), "{script}");
            assert!(start.elapsed() < Duration::from_secs(3), "{script}");
        }
    }
}
