//! Programs of the system, which get a limited time and are read up to a limit.

use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Most that is read of what a program says: some ten thousand sockets.
const MOST: u64 = 4 * 1024 * 1024;

/// Time between two looks whether a program has ended.
const STEP: Duration = Duration::from_millis(10);

/// Most programs that were ended and are not gone yet: beyond these, none is started any more.
const STUCK: usize = 4;

/// Programs that were ended and are not gone yet.
static ENDING: AtomicUsize = AtomicUsize::new(0);

/// Runs a program to its end; gives how it ended and what it wrote to standard output.
///
/// # Errors
///
/// When it cannot be started or says more than 4 MiB; `TimedOut` when it has not ended in time, and
/// is ended; `ResourceBusy` while four are stuck that should have ended.
pub(crate) fn run(command: &mut Command, time: Duration) -> io::Result<(ExitStatus, String)> {
    if ENDING.load(Ordering::Relaxed) >= STUCK {
        let why = "earlier programs are stuck";
        return Err(io::Error::new(io::ErrorKind::ResourceBusy, why));
    }
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
            reap(move || child.wait());
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

/// Waits apart for a program to be gone: one that is stuck in the kernel, as in a read from a disk that
/// does not answer, goes when the kernel lets it.
fn reap<T>(wait: impl FnOnce() -> T + Send + 'static) {
    ENDING.fetch_add(1, Ordering::Relaxed);
    std::thread::spawn(move || {
        wait();
        ENDING.fetch_sub(1, Ordering::Relaxed);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    const TIME: Duration = Duration::from_millis(300);

    /// Stuck programs keep others from being started.
    static ALONE: Mutex<()> = Mutex::new(());

    fn shell(script: &str) -> io::Result<(ExitStatus, String)> {
        run(Command::new("sh").args(["-c", script]), TIME)
    }

    #[test]
    fn what_a_program_says_is_read_to_its_end() {
        let _alone = ALONE.lock();
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
        let _alone = ALONE.lock();
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
        // None can be stuck in the kernel here.
        let (free, held) = mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        for _ in 0..STUCK {
            let held = held.clone();
            reap(move || held.lock().map(|held| held.recv().is_ok()).is_ok());
        }
        let kind = shell("exit 0").map(drop).map_err(|error| error.kind());
        assert_eq!(kind, Err(io::ErrorKind::ResourceBusy));
        drop(free);
        let start = Instant::now();
        while shell("exit 0").is_err() {
            assert!(start.elapsed() < Duration::from_secs(30), "they are gone");
            std::thread::sleep(STEP);
        }
    }
}
