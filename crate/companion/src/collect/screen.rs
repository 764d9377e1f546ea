//! Whether the programs that show the screen can be seen from here.
//!
//! A sandbox or container with a PID namespace of its own hides every program outside. Where the
//! screen's server is among those, so are the tools that share the screen; where it runs inside, as
//! on a desktop in a container, or where no screen is named, nothing that matters is hidden.

use nix::sys::socket::{getsockopt, sockopt::PeerCredentials};
use std::env;
use std::fs;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::{Path, PathBuf};

/// The number of the PID namespace that has all processes, `PID_NS_INIT_INO` in the kernel's
/// `include/uapi/linux/nsfs.h`.
const FIRST_NAMESPACE: u64 = 0xEFFF_FFFC;

/// Whether the screen is shown by a program outside, or may be.
pub(super) fn is_outside() -> bool {
    is_contained() && servers().is_some_and(|shown| !shown.is_ok_and(is_seen))
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

/// The connection to the screen that the environment names, if it names one.
fn servers() -> Option<io::Result<UnixStream>> {
    let named = |name| env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(display) = named("WAYLAND_DISPLAY") {
        let folder = named("XDG_RUNTIME_DIR").unwrap_or_default();
        return Some(UnixStream::connect(Path::new(&folder).join(display)));
    }
    named("DISPLAY").map(|display| match x_socket(&display) {
        Some(path) => UnixStream::connect(&path).or_else(|_| {
            // The X server also listens at the same name where no file has to be shared, Xserver(1).
            SocketAddr::from_abstract_name(path.as_os_str().as_encoded_bytes())
                .and_then(|name| UnixStream::connect_addr(&name))
        }),
        None => Err(io::ErrorKind::AddrNotAvailable.into()),
    })
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
fn is_seen(server: UnixStream) -> bool {
    getsockopt(&server, PeerCredentials).is_ok_and(|credentials| credentials.pid() != 0)
}

#[cfg(test)]
mod tests {
    use super::x_socket;
    use std::path::Path;

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
}
