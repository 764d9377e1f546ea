//! Follows a growing file, reading every byte once.

use same_file::Handle;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Bytes held at a time, which is also the longest line that is read.
const CHUNK: usize = 64 * 1024;

/// Reads what was added to a file since the last look, whatever its size, in constant memory.
///
/// The file is kept open: when another takes its name, what was added to it
/// before that is still read.
pub struct Follower {
    path: PathBuf,
    open: Option<Open>,
}

struct Open {
    file: Handle,
    /// Where the first line begins that was not whole when last read.
    at: u64,
    /// That place is within a line too long to be read.
    too_long: bool,
}

impl Follower {
    /// Follows the file of this name, which need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            open: None,
        }
    }

    /// Hands over the whole lines that were added, several at a time, with their line ends.
    ///
    /// A last line without its end waits for the next look. A line longer than
    /// 64 KiB is left out. Tells whether the file is there; one that is not is an empty one.
    ///
    /// # Errors
    ///
    /// When the file is there and cannot be read.
    pub fn look(&mut self, each: &mut dyn FnMut(&[u8])) -> io::Result<bool> {
        let named = match open(&self.path).and_then(Handle::from_file) {
            Ok(handle) => Some(handle),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let is_there = named.is_some();
        match (&mut self.open, named) {
            (Some(open), Some(named)) if open.file == named => open.read(each)?,
            (open, named) => {
                if let Some(mut old) = open.take() {
                    old.read(each)?;
                }
                if let Some(file) = named {
                    let new = Open {
                        file,
                        at: 0,
                        too_long: false,
                    };
                    open.insert(new).read(each)?;
                }
            }
        }
        Ok(is_there)
    }
}

/// Opens a file for reading, without waiting.
///
/// # Errors
///
/// What the system says; `InvalidInput` for anything but a file, as a pipe that nobody writes to.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // These flags are small and positive on every system.
        options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32);
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is no file"));
    }
    Ok(file)
}

impl Open {
    fn read(&mut self, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let file = self.file.as_file_mut();
        if file.metadata()?.len() < self.at {
            // Emptied and begun anew under the same name.
            self.at = 0;
            self.too_long = false;
        }
        file.seek(SeekFrom::Start(self.at))?;
        let mut buffer = vec![0; CHUNK];
        let mut held = 0;
        loop {
            let more = match file.read(&mut buffer[held..]) {
                Ok(0) => return Ok(()),
                Ok(more) => more,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let fresh = held;
            held += more;
            let Some(end) = buffer[fresh..held].iter().rposition(|byte| *byte == b'\n') else {
                if held == CHUNK {
                    self.too_long = true;
                    self.at += held as u64;
                    held = 0;
                }
                continue;
            };
            let end = fresh + end + 1;
            let mut whole = &buffer[..end];
            if self.too_long {
                let rest = whole.iter().position(|byte| *byte == b'\n').unwrap_or(0);
                whole = &whole[rest + 1..];
                self.too_long = false;
            }
            if !whole.is_empty() {
                each(whole);
            }
            buffer.copy_within(end..held, 0);
            held -= end;
            self.at += end as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostile::spoilt;
    use crate::scratch::Scratch;
    use std::fs::{self, File, OpenOptions};
    use std::io::Write;

    /// Appends to a file of the folder.
    fn add(folder: &Scratch, name: &str, text: &[u8]) {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.0.join(name))
            .and_then(|mut file| file.write_all(text))
            .expect("written");
    }

    fn lines(follower: &mut Follower) -> Vec<String> {
        let mut text = Vec::new();
        follower
            .look(&mut |bytes| text.extend_from_slice(bytes))
            .expect("read");
        String::from_utf8(text)
            .expect("text")
            .lines()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn every_line_comes_once_and_only_when_it_is_whole() {
        let folder = Scratch::new();
        let mut follower = Follower::new(folder.0.join("log"));
        assert!(lines(&mut follower).is_empty(), "not there yet");
        add(&folder, "log", b"one\ntw");
        assert_eq!(lines(&mut follower), ["one"]);
        assert!(lines(&mut follower).is_empty());
        add(&folder, "log", b"o\nthree\n");
        assert_eq!(lines(&mut follower), ["two", "three"]);
    }

    #[test]
    fn a_rotated_file_is_read_to_its_end_and_then_the_new_one() {
        let folder = Scratch::new();
        let mut follower = Follower::new(folder.0.join("log"));
        add(&folder, "log", b"one\n");
        assert_eq!(lines(&mut follower), ["one"]);
        add(&folder, "log", b"two\n");
        fs::rename(folder.0.join("log"), folder.0.join("log.1")).expect("renamed");
        add(&folder, "log", b"three\n");
        assert_eq!(lines(&mut follower), ["two", "three"]);
    }

    #[test]
    fn an_emptied_file_is_begun_anew() {
        let folder = Scratch::new();
        let mut follower = Follower::new(folder.0.join("log"));
        add(&folder, "log", b"a long first line\n");
        lines(&mut follower);
        File::create(folder.0.join("log")).expect("emptied");
        add(&folder, "log", b"new\n");
        assert_eq!(lines(&mut follower), ["new"]);
    }

    #[test]
    fn a_line_without_end_costs_nothing_but_itself() {
        let folder = Scratch::new();
        let mut follower = Follower::new(folder.0.join("log"));
        add(&folder, "log", b"before\n");
        for _ in 0..40 {
            add(&folder, "log", &[b'x'; 10_000]);
        }
        assert_eq!(lines(&mut follower), ["before"]);
        add(&folder, "log", b" end of it\nafter\n");
        assert_eq!(lines(&mut follower), ["after"]);
    }

    #[test]
    fn no_growth_of_a_file_makes_it_read_more_than_is_there() {
        let folder = Scratch::new();
        let mut follower = Follower::new(folder.0.join("log"));
        let long = [b'x'; CHUNK + 1];
        let good: [&[u8]; 3] = [b"one\ntwo\nthree\n", b"\n", &long];
        let (mut written, mut read) = (0, 0);
        for (number, bytes) in spoilt(&good, 500).enumerate() {
            if number % 50 == 49 {
                File::create(folder.0.join("log")).expect("emptied");
            }
            add(&folder, "log", &bytes);
            written += bytes.len();
            let look = follower.look(&mut |lines| {
                assert!(lines.ends_with(b"\n") && lines.len() <= CHUNK);
                read += lines.len();
            });
            assert!(look.expect("read"));
        }
        assert!(read <= written);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_in_a_logs_place_is_not_waited_for() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let folder = Scratch::new();
        let pipe = folder.0.join("log");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("made");
        let mut follower = Follower::new(&pipe);
        assert!(follower.look(&mut |_| {}).is_err());
        fs::remove_file(&pipe).expect("removed");
        assert!(!follower.look(&mut |_| {}).expect("not there"));
        add(&folder, "log", b"one\n");
        assert!(follower.look(&mut |_| {}).expect("there"));
    }

    #[test]
    fn lines_across_chunks_stay_whole() {
        let folder = Scratch::new();
        let mut follower = Follower::new(folder.0.join("log"));
        let text: Vec<String> = (0..20_000).map(|n| format!("line {n}")).collect();
        add(&folder, "log", (text.join("\n") + "\n").as_bytes());
        assert_eq!(lines(&mut follower), text);
    }
}
