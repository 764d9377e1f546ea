//! Frames of native messaging: a length of four bytes in the machine's own order, then JSON.
//!
//! <https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging>

use doorchain_core::protocol::FRAME_CAP;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};

/// Why no frame could be read or written.
#[derive(Debug)]
pub enum FrameError {
    /// The stream ended within a frame.
    Truncated,
    /// The frame has more than [`FRAME_CAP`] bytes; how many it has.
    TooLarge(usize),
    /// The stream itself failed.
    Io(io::Error),
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => write!(f, "the stream ended within a frame"),
            Self::TooLarge(size) => {
                write!(f, "a frame of {size} bytes; the most is {FRAME_CAP}")
            }
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FrameError {}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::UnexpectedEof => Self::Truncated,
            _ => Self::Io(error),
        }
    }
}

/// Reads one frame; `None` when the stream ended where a frame would have begun.
///
/// # Errors
///
/// After an error the place in the stream is lost: nothing more can be read from it.
pub fn read(input: &mut impl Read) -> Result<Option<Vec<u8>>, FrameError> {
    let mut length = [0; 4];
    let mut have = 0;
    while have < length.len() {
        match input.read(&mut length[have..]) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(FrameError::Truncated),
            Ok(more) => have += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let length = u32::from_ne_bytes(length) as usize;
    if length > FRAME_CAP {
        return Err(FrameError::TooLarge(length));
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    Ok(Some(body))
}

/// Writes one frame and flushes it.
///
/// # Errors
///
/// [`FrameError::TooLarge`] before anything was written, or what the stream says.
pub fn write(output: &mut impl Write, body: &[u8]) -> Result<(), FrameError> {
    let length = u32::try_from(body.len())
        .ok()
        .filter(|_| body.len() <= FRAME_CAP)
        .ok_or(FrameError::TooLarge(body.len()))?;
    output.write_all(&length.to_ne_bytes())?;
    output.write_all(body)?;
    output.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(body: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out, body).expect("fits");
        out
    }

    #[test]
    fn what_is_written_is_read() {
        for body in [&b""[..], b"{}", &vec![b' '; FRAME_CAP]] {
            let bytes = framed(body);
            let mut stream = &bytes[..];
            assert_eq!(read(&mut stream).expect("read").as_deref(), Some(body));
            assert!(read(&mut stream).expect("end").is_none());
        }
    }

    #[test]
    fn every_cut_is_told() {
        let bytes = framed(b"{\"ask\":\"hello\"}");
        for cut in 1..bytes.len() {
            let mut stream = &bytes[..cut];
            assert!(
                matches!(read(&mut stream), Err(FrameError::Truncated)),
                "{cut}"
            );
        }
    }

    /// Gives a byte at a time, and is disturbed before each.
    struct Slow<'a>(&'a [u8], bool);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(ErrorKind::Interrupted.into());
            }
            let most = buffer.len().min(1);
            self.0.read(&mut buffer[..most])
        }
    }

    #[test]
    fn no_stream_makes_it_fail_or_read_on_for_ever() {
        let good = framed(b"{\"version\":1,\"id\":1,\"ask\":\"hello\"}");
        let head = u32::MAX.to_ne_bytes();
        for bytes in crate::hostile::spoilt(&[&good, &head, b""], 20_000) {
            let (mut stream, mut slow) = (&bytes[..], Slow(&bytes, false));
            let mut frames = 0;
            loop {
                let (one, other) = (read(&mut stream), read(&mut slow));
                match (&one, &other) {
                    (Ok(one), Ok(other)) => assert_eq!(one, other),
                    (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
                    _ => panic!("{one:?}, and slowly {other:?}"),
                }
                let Ok(Some(body)) = one else { break };
                frames += 4 + body.len();
                assert!(frames <= bytes.len());
            }
        }
    }

    #[test]
    fn one_byte_too_many_is_refused_unread_and_unwritten() {
        let size = FRAME_CAP + 1;
        let head = u32::try_from(size).expect("small").to_ne_bytes();
        let refused = read(&mut &head[..]);
        assert!(matches!(refused, Err(FrameError::TooLarge(s)) if s == size));
        let mut out = Vec::new();
        let refused = write(&mut out, &vec![0; size]);
        assert!(matches!(refused, Err(FrameError::TooLarge(s)) if s == size));
        assert!(out.is_empty());
    }
}
