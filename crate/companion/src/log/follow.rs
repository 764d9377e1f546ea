//! Follows a growing file, reading every byte once.

use same_file::Handle;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Bytes held at a time, which is also the longest line that is read.
const CHUNK: usize = 64 * 1024;

/// Most bytes that are read of what was added to a file between two looks: the last ones. Tools begin
/// another file long before; a file without an end, as one that somebody stretched, costs no more.
pub(super) const MOST: u64 = 256 * 1024 * 1024;

/// Bytes before the place of the last look by which a file is known again: a line or two, with the
/// moments that no other content has.
const KNOWN: usize = 256;

/// How much of a file has been handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// There is no such file.
    Missing,
    /// All of it.
    Whole,
    /// Not its end: the next look goes on there.
    Begun,
    /// All that was added last, and not all that was before.
    Cut,
}

/// Reads what was added to a file since the last look, in constant memory.
///
/// The file is kept open: when another takes its name, what was added to it
/// before that is still read.
pub(super) struct Follower {
    path: PathBuf,
    open: Option<Open>,
    /// Not all that was added could be read.
    is_cut: bool,
}

struct Open {
    file: Handle,
    /// Where the first line begins that was not whole when last read.
    at: u64,
    /// That place is within a line of which the beginning was passed over.
    in_line: bool,
    /// The bytes before that place, [`KNOWN`] of them at most.
    before: Vec<u8>,
}

impl Follower {
    /// Follows the file of this name, which need not be there yet.
    pub(super) fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            open: None,
            is_cut: false,
        }
    }

    /// Hands over the whole lines that were added, several at a time, with their line ends.
    ///
    /// A last line without its end waits for the next look. A line longer than
    /// 64 KiB is left out, and so is what was added before the last 256 MiB.
    /// `room` is how many bytes may be read; those that were are taken from it.
    ///
    /// # Errors
    ///
    /// When the file is there and cannot be read.
    pub(super) fn look(
        &mut self,
        room: &mut u64,
        each: &mut dyn FnMut(&[u8]),
    ) -> io::Result<Extent> {
        let named = match open(&self.path).and_then(Handle::from_file) {
            Ok(handle) => Some(handle),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if let Some(old) = &mut self.open
            && named.as_ref() != Some(&old.file)
        {
            let read = old.read(room, &mut self.is_cut, each);
            if let Ok(false) = read {
                return Ok(Extent::Begun);
            }
            self.open = None;
            read?;
        }
        let Some(file) = named else {
            return Ok(Extent::Missing);
        };
        let open = self.open.get_or_insert_with(|| Open::new(file));
        Ok(match open.read(room, &mut self.is_cut, each)? {
            false => Extent::Begun,
            true if self.is_cut => Extent::Cut,
            true => Extent::Whole,
        })
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
    /// Holds a file of which nothing was read.
    fn new(file: Handle) -> Self {
        Self {
            file,
            at: 0,
            in_line: false,
            before: Vec::new(),
        }
    }

    /// Reads what was added; tells whether that was done to the end, and in `is_cut` where it was too
    /// much.
    fn read(
        &mut self,
        room: &mut u64,
        is_cut: &mut bool,
        each: &mut dyn FnMut(&[u8]),
    ) -> io::Result<bool> {
        let length = self.file.as_file().metadata()?.len();
        if !self.is_continued(length)? {
            self.go_to(0);
        }
        if length - self.at > MOST {
            self.go_to(length - MOST);
            self.in_line = true;
            *is_cut = true;
        }
        self.read_on(room, each)
    }

    /// Whether a file of this length still has what was read of it: one that was emptied can have been
    /// filled again beyond that place.
    fn is_continued(&mut self, length: u64) -> io::Result<bool> {
        if length < self.at {
            return Ok(false);
        }
        let mut there = vec![0; self.before.len()];
        let file = self.file.as_file_mut();
        file.seek(SeekFrom::Start(self.at - there.len() as u64))?;
        match file.read_exact(&mut there) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            read => read.map(|()| there == self.before),
        }
    }

    /// Has the next line looked for at another place.
    fn go_to(&mut self, at: u64) {
        self.at = at;
        self.in_line = false;
        self.before.clear();
    }

    /// Goes on behind these bytes.
    fn pass(&mut self, bytes: &[u8]) {
        self.at += bytes.len() as u64;
        let last = bytes.len().saturating_sub(KNOWN);
        self.before.extend_from_slice(&bytes[last..]);
        let over = self.before.len().saturating_sub(KNOWN);
        self.before.drain(..over);
    }

    /// Reads on from the place of the last look; tells whether that was done to the end.
    fn read_on(&mut self, room: &mut u64, each: &mut dyn FnMut(&[u8])) -> io::Result<bool> {
        self.file.as_file_mut().seek(SeekFrom::Start(self.at))?;
        let mut buffer = vec![0; CHUNK];
        let mut held = 0;
        loop {
            let left = usize::try_from(*room).unwrap_or(CHUNK);
            let most = (held + left).min(CHUNK);
            if most == held {
                return Ok(false);
            }
            let more = match self.file.as_file_mut().read(&mut buffer[held..most]) {
                Ok(0) => return Ok(true),
                Ok(more) => more,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            *room -= more as u64;
            let fresh = held;
            held += more;
            let Some(end) = buffer[fresh..held].iter().rposition(|byte| *byte == b'\n') else {
                if held == CHUNK {
                    self.in_line = true;
                    self.pass(&buffer);
                    held = 0;
                }
                continue;
            };
            let end = fresh + end + 1;
            let mut whole = &buffer[..end];
            if self.in_line {
                let rest = whole.iter().position(|byte| *byte == b'\n').unwrap_or(0);
                whole = &whole[rest + 1..];
                self.in_line = false;
            }
            if !whole.is_empty() {
                each(whole);
            }
            self.pass(&buffer[..end]);
            buffer.copy_within(end..held, 0);
            held -= end;
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
            .look(&mut { u64::MAX }, &mut |bytes| {
                text.extend_from_slice(bytes)
            })
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
    fn a_file_that_was_emptied_and_has_grown_beyond_what_was_read_is_begun_anew() {
        let folder = Scratch::new();
        let mut follower = Follower::new(folder.0.join("log"));
        add(&folder, "log", b"a first line\n");
        assert_eq!(lines(&mut follower), ["a first line"]);
        File::create(folder.0.join("log")).expect("emptied");
        add(&folder, "log", b"another, longer one\nand more\n");
        assert_eq!(lines(&mut follower), ["another, longer one", "and more"]);
        add(&folder, "log", b"the last\n");
        assert_eq!(lines(&mut follower), ["the last"]);
    }

    /// As by `truncate --size 1T`, which needs no space on the disk.
    #[test]
    fn of_a_file_that_was_stretched_the_end_alone_is_read() {
        let folder = Scratch::new();
        let path = folder.0.join("log");
        let stretch = |size: u64| {
            let file = File::options().write(true).open(&path).expect("there");
            file.set_len(size).expect("as large as that");
        };
        add(&folder, "log", b"before\n");
        stretch(1 << 40);
        add(&folder, "log", b"\nafter\n");
        let mut text = Vec::new();
        let mut look = |follower: &mut Follower| {
            text.clear();
            let mut room = u64::MAX;
            let extent = follower.look(&mut room, &mut |bytes| text.extend_from_slice(bytes));
            assert!(u64::MAX - room <= MOST, "{}", u64::MAX - room);
            (extent.expect("read"), text.clone())
        };
        let mut follower = Follower::new(&path);
        assert_eq!(look(&mut follower), (Extent::Cut, b"after\n".to_vec()));
        stretch(2 << 40);
        add(&folder, "log", b"\nlater\n");
        assert_eq!(look(&mut follower), (Extent::Cut, b"later\n".to_vec()));
        File::create(&path).expect("emptied");
        add(&folder, "log", b"new\n");
        let told = look(&mut follower);
        assert_eq!(told, (Extent::Cut, b"new\n".to_vec()), "it stays so");
    }

    #[test]
    fn what_there_is_no_room_for_comes_with_the_next_look() {
        let folder = Scratch::new();
        let mut follower = Follower::new(folder.0.join("log"));
        add(&folder, "log", b"one\ntwo\nthree\n");
        fs::copy(folder.0.join("log"), folder.0.join("copy")).expect("copied");
        let mut read = Vec::new();
        let mut look = |read: &mut Vec<u8>| {
            let extent = follower.look(&mut 6, &mut |bytes| read.extend_from_slice(bytes));
            extent.expect("read")
        };
        assert_eq!(look(&mut read), Extent::Begun);
        // Another takes its name before it was read to its end.
        fs::rename(folder.0.join("copy"), folder.0.join("log")).expect("renamed");
        assert_eq!(look(&mut read), Extent::Begun);
        let looks = (0..10).find(|_| look(&mut read) == Extent::Whole);
        assert!(looks.is_some());
        let text = String::from_utf8(read).expect("text");
        assert_eq!(text, "one\ntwo\nthree\n".repeat(2));
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
            let look = follower.look(&mut { u64::MAX }, &mut |lines| {
                assert!(lines.ends_with(b"\n") && lines.len() <= CHUNK);
                read += lines.len();
            });
            assert_eq!(look.expect("read"), Extent::Whole);
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
        let mut look = || follower.look(&mut 100, &mut |_| {});
        assert!(look().is_err());
        fs::remove_file(&pipe).expect("removed");
        assert_eq!(look().expect("not there"), Extent::Missing);
        add(&folder, "log", b"one\n");
        assert_eq!(look().expect("there"), Extent::Whole);
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
