//! Sockets as `lsof -F pPnTf` and macOS's `netstat -an` list them.

use crate::snapshot::{Socket, SocketState};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Reads `lsof -nP -iTCP -iUDP -F pPnT`: one field a line, a letter before it.
///
/// `p` begins a process, `f` a file of it; `P` is its protocol, `n` its ends,
/// `TST=` its state. What cannot be read is left out.
pub(crate) fn sockets(text: &str) -> Vec<Socket> {
    let mut sockets: Vec<Socket> = Vec::new();
    let (mut pid, mut udp, mut ends, mut state) = (0, false, None, "");
    let mut done = |pid, udp, ends: Option<&str>, state: &str| {
        let Some(ends) = ends else { return };
        let (local, remote) = match ends.split_once("->") {
            Some((local, remote)) => (local, address(remote)),
            None => (ends, None),
        };
        let Some(local) = address(local) else { return };
        let state = match (udp, remote, state) {
            (true, None, _) => SocketState::Unconnected,
            (false, None, "LISTEN") => SocketState::Listening,
            (false, Some(_), "ESTABLISHED") => SocketState::Established,
            _ => return,
        };
        sockets.push(Socket {
            local,
            remote,
            state,
            pids: vec![pid],
            user: None,
        });
    };
    for line in text.lines() {
        let Some((field, value)) = line.split_at_checked(1) else {
            continue;
        };
        match field {
            "p" | "f" => {
                done(pid, udp, ends.take(), state);
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
    done(pid, udp, ends, state);
    merged(sockets)
}

/// Reads `netstat -an -p tcp` of macOS, which lists everybody's sockets without their holders.
pub(crate) fn unheld(text: &str) -> Vec<Socket> {
    text.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let [protocol, _, _, local, remote, state, ..] = cells[..] else {
                return None;
            };
            if !protocol.starts_with("tcp") {
                return None;
            }
            let (state, remote) = match state {
                "LISTEN" => (SocketState::Listening, None),
                "ESTABLISHED" => (SocketState::Established, Some(dotted(remote)?)),
                _ => return None,
            };
            Some(Socket {
                local: dotted(local)?,
                remote,
                state,
                pids: Vec::new(),
                user: None,
            })
        })
        .collect()
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
                    udp4       0      0  *.5353                 *.*\n";

    #[test]
    fn no_list_makes_it_fail_or_has_more_sockets_than_lines() {
        for text in spoilt(&[LSOF.as_bytes(), NETSTAT.as_bytes()], 20_000) {
            let text = String::from_utf8_lossy(&text);
            let lines = text.lines().count();
            assert!(sockets(&text).len() <= lines);
            assert!(merged(unheld(&text)).len() <= lines);
        }
    }

    #[test]
    fn lsof_is_read() {
        let sockets = sockets(LSOF);
        assert_eq!(sockets.len(), 4, "{sockets:?}");
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
        let sockets = unheld(NETSTAT);
        assert_eq!(sockets.len(), 3, "{sockets:?}");
        assert!(
            sockets
                .iter()
                .all(|socket| socket.local.port() == 5900 && socket.pids.is_empty())
        );
    }
}
