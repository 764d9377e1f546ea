//! Sockets as `lsof -F pPnT` and macOS's `netstat -anl` list them.

use crate::snapshot::{Socket, SocketState};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What a list of sockets tells.
#[derive(Debug, Default)]
pub(crate) struct List {
    /// The sockets that wait for connections, or are one end of one.
    pub(crate) sockets: Vec<Socket>,
    /// How many more of these have an address that cannot be read, as one that was cut: whether any is
    /// a session is not known.
    pub(crate) unread: usize,
}

impl List {
    fn add(&mut self, socket: Option<Socket>) {
        match socket {
            Some(socket) => self.sockets.push(socket),
            None => self.unread += 1,
        }
    }
}

/// A socket of this state, listening if it has no other end; `None` where an address cannot be read.
fn socket(
    local: Option<SocketAddr>,
    remote: Option<Option<SocketAddr>>,
    state: SocketState,
    pids: Vec<u32>,
) -> Option<Socket> {
    Some(Socket {
        local: local?,
        remote: match remote {
            Some(remote) => Some(remote?),
            None => None,
        },
        state,
        pids,
        user: None,
    })
}

/// Reads `lsof -nP -iTCP -iUDP -F pPnT`: one field a line, a letter before it.
///
/// `p` begins a process, `f` a file of it; `P` is its protocol, `n` its ends,
/// `TST=` its state.
pub(crate) fn sockets(text: &str) -> List {
    let mut list = List::default();
    let (mut pid, mut udp, mut ends, mut state) = (0, false, None, "");
    for line in text.lines() {
        let Some((field, value)) = line.split_at_checked(1) else {
            continue;
        };
        match field {
            "p" | "f" => {
                held(&mut list, pid, udp, ends.take(), state);
                state = "";
                if field == "p" {
                    pid = value.parse().unwrap_or(0);
                }
            }
            "P" => udp = value == "UDP",
            "n" => ends = Some(value),
            "T" => state = value.strip_prefix("ST=").unwrap_or(state),
            _ => {}
        }
    }
    held(&mut list, pid, udp, ends, state);
    list.sockets = merged(list.sockets);
    list
}

/// Adds what lsof tells of one file of a process, if it is a socket of interest.
fn held(list: &mut List, pid: u32, udp: bool, ends: Option<&str>, state: &str) {
    let Some(ends) = ends else { return };
    let (local, remote) = match ends.split_once("->") {
        Some((local, remote)) => (local, Some(remote)),
        None => (ends, None),
    };
    let state = match (udp, remote, state) {
        // One that has no port yet is of no use to anybody.
        (true, None, _) if local.ends_with(":*") => return,
        (true, None, _) => SocketState::Unconnected,
        (false, None, "LISTEN") => SocketState::Listening,
        (false, Some(_), "ESTABLISHED") => SocketState::Established,
        _ => return,
    };
    list.add(socket(
        address(local),
        remote.map(address),
        state,
        vec![pid],
    ));
}

/// Reads `netstat -anl -p tcp` of macOS, which lists everybody's sockets without their holders.
pub(crate) fn unheld(text: &str) -> List {
    let mut list = List::default();
    for line in text.lines() {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let [protocol, _, _, local, remote, state, ..] = cells[..] else {
            continue;
        };
        if !protocol.starts_with("tcp") {
            continue;
        }
        let (state, remote) = match state {
            "LISTEN" => (SocketState::Listening, None),
            "ESTABLISHED" => (SocketState::Established, Some(dotted(remote))),
            _ => continue,
        };
        list.add(socket(dotted(local), remote, state, Vec::new()));
    }
    list
}

/// Puts a socket that several processes hold into one, and one that is listed twice.
pub(crate) fn merged(sockets: Vec<Socket>) -> Vec<Socket> {
    let mut by_ends: BTreeMap<_, Socket> = BTreeMap::new();
    for socket in sockets {
        let ends = (socket.local, socket.remote, socket.state as u8);
        let known = by_ends.entry(ends).or_insert_with(|| Socket {
            pids: Vec::new(),
            ..socket.clone()
        });
        known.pids.extend(socket.pids);
        known.pids.sort_unstable();
        known.pids.dedup();
    }
    by_ends.into_values().collect()
}

/// `127.0.0.1:5900`, `[::1]:5900` or `*:5900`.
fn address(text: &str) -> Option<SocketAddr> {
    let (host, port) = text.trim().rsplit_once(':')?;
    let port = port.parse().ok()?;
    let ip = match host.trim_matches(['[', ']']) {
        "*" => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        host => host.split('%').next()?.parse().ok()?,
    };
    Some(SocketAddr::new(ip, port))
}

/// `127.0.0.1.5900`, `fe80::1%lo0.5900` or `*.5900`.
fn dotted(text: &str) -> Option<SocketAddr> {
    let (host, port) = text.rsplit_once('.')?;
    let port = port.parse().ok()?;
    let ip = match host {
        "*" => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        host => {
            let host = host.split('%').next()?;
            host.parse()
                .or_else(|_| host.parse::<Ipv6Addr>().map(IpAddr::V6))
                .ok()?
        }
    };
    Some(SocketAddr::new(ip, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostile::spoilt;

    const LSOF: &str = "p71\nf5\nPTCP\nn*:5900\nTST=LISTEN\nTQR=0\nf6\nPTCP\n\
                    n192.0.2.1:5900->198.51.100.7:50122\nTST=ESTABLISHED\n\
                    p72\nf9\nPUDP\nn*:49876\nf10\nPUDP\nn192.0.2.1:50000->192.0.2.9:443\n\
                    p73\nf6\nPTCP\nn[::1]:631\nTST=LISTEN\nf7\nPTCP\nn[::1]:631->[::1]:40000\nTST=CLOSE_WAIT\n\
                    fx\nPTCP\nn\nTST=LISTEN\nnonsense\n";

    const NETSTAT: &str = "Active Internet connections (including servers)\n\
                    Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)\n\
                    tcp4       0      0  192.0.2.1.5900         198.51.100.7.50122     ESTABLISHED\n\
                    tcp46      0      0  *.5900                 *.*                    LISTEN\n\
                    tcp6       0      0  fe80::1%lo0.5900       fe80::2%lo0.50000      ESTABLISHED\n\
                    tcp6       0      0  2001:db8:4f2:11c0:8a5e:21ff:fe03:9c7d.5900   2001:db8:e1:7b00:d41c:6aff:fe92:1b0e.51514    ESTABLISHED\n\
                    udp4       0      0  *.5353                 *.*\n";

    #[test]
    fn no_list_makes_it_fail_or_has_more_sockets_than_lines() {
        for text in spoilt(&[LSOF.as_bytes(), NETSTAT.as_bytes()], 20_000) {
            let text = String::from_utf8_lossy(&text);
            let lines = text.lines().count();
            for list in [sockets(&text), unheld(&text)] {
                assert!(list.sockets.len() + list.unread <= lines);
            }
        }
    }

    #[test]
    fn lsof_is_read() {
        let List { sockets, unread } = sockets(LSOF);
        assert_eq!((sockets.len(), unread), (4, 1), "{sockets:?}");
        let established: Vec<_> = (sockets.iter())
            .filter(|socket| socket.state == SocketState::Established)
            .collect();
        assert_eq!(established[0].pids, [71]);
        assert_eq!(
            established[0].remote.expect("set").to_string(),
            "198.51.100.7:50122"
        );
        let unconnected = sockets
            .iter()
            .find(|socket| socket.state == SocketState::Unconnected)
            .expect("one");
        assert_eq!((unconnected.pids[0], unconnected.local.port()), (72, 49876));
    }

    #[test]
    fn netstat_is_read() {
        let List { sockets, unread } = unheld(NETSTAT);
        assert_eq!((sockets.len(), unread), (4, 0), "{sockets:?}");
        assert!(
            sockets
                .iter()
                .all(|socket| socket.local.port() == 5900 && socket.pids.is_empty())
        );
    }

    /// As netstat lists long addresses of IPv6 without `-l`.
    #[test]
    fn a_connection_with_a_cut_address_is_told_to_be_unread() {
        for (row, unread) in [
            (
                "2001:db8:4f2:11c.5900  2001:db8:e1:7b00.51514 ESTABLISHED",
                1,
            ),
            (
                "fe80::8a5e:21ff:.5900  fe80::2%lo0.50000      ESTABLISHED",
                1,
            ),
            (
                "fe80::1%lo0.5900       fe80::8a5e:21ff:.50000 ESTABLISHED",
                1,
            ),
            ("2001:db8:4f2:11c.5900  *.*                    LISTEN", 1),
            ("2001:db8:4f2:11c.5900  2001:db8:e1:7b00.51514 TIME_WAIT", 0),
        ] {
            let list = unheld(&format!("tcp6       0      0  {row}\n"));
            assert_eq!((list.sockets.len(), list.unread), (0, unread), "{row}");
        }
        for (file, unread) in [
            ("PTCP\nn[fe80:]:5900\nTST=LISTEN\n", 1),
            ("PTCP\nn[::1]:5900->[fe80:]:1\nTST=ESTABLISHED\n", 1),
            ("PTCP\nn*:*\nTST=CLOSED\n", 0),
            ("PUDP\nn*:*\n", 0),
        ] {
            let list = sockets(&format!("p71\nf5\n{file}"));
            assert_eq!((list.sockets.len(), list.unread), (0, unread), "{file}");
        }
    }
}
