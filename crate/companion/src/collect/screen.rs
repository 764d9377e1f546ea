//! Whether the programs that show the screen can be seen from here.
//!
//! A sandbox or container with a PID namespace of its own hides every program outside. Where the
//! screen's server is among those, so are the tools that share the screen; where it runs inside, as
//! on a desktop in a container, or where there is no screen, nothing that matters is hidden.

use nix::errno::Errno;
use nix::sys::socket::sockopt::PeerCredentials;
use nix::sys::socket::{self, AddressFamily, SockFlag, SockType, UnixAddr, getsockopt};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The number of the PID namespace that has all processes, `PID_NS_INIT_INO` in the kernel's
/// `include/uapi/linux/nsfs.h`.
const FIRST_NAMESPACE: u64 = 0xEFFF_FFFC;

/// Whether the screen is shown by a program outside, or may be.
pub(super) fn is_outside() -> bool {
    is_contained()
        && server(|name| env::var_os(name)).is_some_and(|shown| !shown.is_ok_and(is_seen))
}

/// Whether this runs in a PID namespace of its own, pid_namespaces(7), as in a sandbox or a container.
fn is_contained() -> bool {
    match fs::metadata("/proc/self/ns/pid") {
        Ok(namespace) => namespace.ino() != FIRST_NAMESPACE,
        // A kernel without namespaces has none; a `/proc` without this process is another's.
        Err(error) if error.kind() == io::ErrorKind::NotFound => !Path::new("/proc/self").exists(),
        Err(_) => true,
    }
}

/// The connection to the screen that these variables name, if they name one.
///
/// Where none is named a program looks for `wayland-0`, wl_display_connect(3), and is shown there if
/// that is served.
fn server(named: impl Fn(&str) -> Option<OsString>) -> Option<nix::Result<OwnedFd>> {
    let named = |name| named(name).filter(|value| !value.is_empty());
    let wayland = |display: OsString| {
        // An absolute path stands for itself.
        let folder = named("XDG_RUNTIME_DIR").or_else(|| {
            let is_whole = Path::new(&display).is_absolute();
            is_whole.then(OsString::new)
        });
        let path = Path::new(&folder.ok_or(Errno::ENOENT)?).join(display);
        connect(&UnixAddr::new(&path)?)
    };
    if let Some(display) = named("WAYLAND_DISPLAY") {
        return Some(wayland(display));
    }
    match wayland("wayland-0".into()) {
        Err(Errno::ENOENT | Errno::ECONNREFUSED) => {}
        shown => return Some(shown),
    }
    named("DISPLAY").map(|display| {
        let path = display
            .to_str()
            .and_then(x_socket)
            .ok_or(Errno::EADDRNOTAVAIL)?;
        connect(&UnixAddr::new(&path)?).or_else(|_| {
            // The X server also listens at the same name where no file has to be shared, Xserver(1).
            connect(&UnixAddr::new_abstract(
                path.as_os_str().as_encoded_bytes(),
            )?)
        })
    })
}

/// How long a server has to take a connection.
const TIME: Duration = Duration::from_millis(500);

/// Time between two tries.
const STEP: Duration = Duration::from_millis(20);

/// Connects to a server of this computer, waiting no longer than half a second for one whose queue is
/// full, which is stuck.
fn connect(address: &UnixAddr) -> nix::Result<OwnedFd> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let socket = socket::socket(AddressFamily::Unix, SockType::Stream, flags, None)?;
    let start = Instant::now();
    loop {
        match socket::connect(socket.as_raw_fd(), address) {
            Err(Errno::EAGAIN) if start.elapsed() < TIME => thread::sleep(STEP),
            done => return done.map(|()| socket),
        }
    }
}

/// The socket of an X display of this computer, X(7); none for another computer's.
fn x_socket(display: &str) -> Option<PathBuf> {
    let (host, screen) = display.rsplit_once(':')?;
    let number = screen.split('.').next().unwrap_or(screen);
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    let local = matches!(host, "" | "unix") && is_number;
    local.then(|| PathBuf::from(format!("/tmp/.X11-unix/X{number}")))
}

/// Whether the server's process is in this PID namespace: the kernel gives 0 for one that is not,
/// pid_namespaces(7).
fn is_seen(server: OwnedFd) -> bool {
    getsockopt(&server, PeerCredentials).is_ok_and(|credentials| credentials.pid() != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use nix::sys::socket::Backlog;
    use std::os::unix::net::UnixListener;

    #[test]
    fn displays_of_this_computer_have_a_socket() {
        let socket = Some(Path::new("/tmp/.X11-unix/X7"));
        for display in [":7", ":7.1", "unix:7"] {
            assert_eq!(x_socket(display).as_deref(), socket, "{display}");
        }
        for display in ["localhost:10.0", "7", ":../7", "::1:7"] {
            assert_eq!(x_socket(display), None, "{display}");
        }
    }

    /// Whether the environment of these variables shows a screen, and whether that is served.
    fn shown(variables: &[(&str, &Path)]) -> Option<bool> {
        let named = |name: &str| {
            let mut found = variables.iter().filter(|(own, _)| *own == name);
            found.next().map(|(_, value)| value.as_os_str().to_owned())
        };
        server(named).map(|server| server.is_ok())
    }

    #[test]
    fn a_screen_is_looked_for_where_waylands_clients_look() {
        let folder = Scratch::new();
        let (run, x) = (("XDG_RUNTIME_DIR", &*folder.0), Path::new("far:0"));
        assert_eq!(shown(&[]), None);
        assert_eq!(shown(&[run]), None, "none is named, and none is there");
        assert_eq!(shown(&[run, ("DISPLAY", x)]), Some(false));
        let other = folder.0.join("other");
        assert_eq!(shown(&[run, ("WAYLAND_DISPLAY", &other)]), Some(false));
        let _other = UnixListener::bind(&other).expect("bound");
        let named = ("WAYLAND_DISPLAY", Path::new("other"));
        assert_eq!(shown(&[run, named]), Some(true));
        assert_eq!(shown(&[named]), Some(false), "in no folder");
        assert_eq!(shown(&[("WAYLAND_DISPLAY", &other)]), Some(true));

        let default = UnixListener::bind(folder.0.join("wayland-0")).expect("bound");
        assert_eq!(shown(&[run]), Some(true), "where none is named");
        assert_eq!(shown(&[run, ("DISPLAY", x)]), Some(true));
        drop(default);
        assert_eq!(shown(&[run]), None, "nobody serves it any more");
    }

    #[test]
    fn a_server_that_is_stuck_is_not_waited_for() {
        let folder = Scratch::new();
        let path = folder.0.join("wayland-0");
        let address = UnixAddr::new(&path).expect("short");
        let stuck = socket::socket(
            AddressFamily::Unix,
            SockType::Stream,
            SockFlag::empty(),
            None,
        );
        let stuck = stuck.expect("made");
        socket::bind(stuck.as_raw_fd(), &address).expect("bound");
        socket::listen(&stuck, Backlog::new(1).expect("small")).expect("listens");
        let mut held = Vec::new();
        let start = Instant::now();
        let error = loop {
            match connect(&address) {
                Ok(socket) => held.push(socket),
                Err(error) => break error,
            }
        };
        assert_eq!(error, Errno::EAGAIN);
        assert!(start.elapsed() < Duration::from_secs(10));
        assert_eq!(shown(&[("XDG_RUNTIME_DIR", &folder.0)]), Some(false));
    }
}
