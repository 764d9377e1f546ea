//! From a snapshot to the sessions that are on. Pure: the same for every system.

use crate::catalogue::{Kind, Marker, here, is_no_session_port, login_services, programs, waits};
use crate::log::Told;
use crate::snapshot::{Process, Snapshot, Socket, SocketState};
use doorchain_core::{Confidence, Direction, Finding, Millis, SessionReport, SessionState, tools};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// The sessions that a snapshot of this system shows.
pub fn judge(snapshot: &Snapshot) -> SessionReport {
    judge_by(snapshot, here())
}

/// The sessions that a snapshot shows by these markers, which must be of its system.
///
/// The report is `Active` with any inbound finding, `Unknown` when there is
/// none and something could not be looked at, else `None`.
pub fn judge_by(snapshot: &Snapshot, markers: &[Marker]) -> SessionReport {
    let look = Look::new(snapshot, markers);
    let found = (markers.iter())
        .flat_map(|marker| match marker.kind {
            Kind::Process => look.session_processes(marker),
            Kind::Fresh => look.fresh(marker),
            Kind::Inbound => look.inbound(marker),
            Kind::Connection(port) => look.connections(marker, port),
            Kind::Datagram => look.datagram(marker),
            Kind::Desktop(protocol) => look.desktop(marker, protocol),
            Kind::Metric(index) => look.metric(marker, index),
            Kind::Login(kind) => look.logins(marker, kind),
        })
        .chain(look.told());
    let mut findings: BTreeMap<String, Finding> = BTreeMap::new();
    for mut finding in found {
        finding.since = (finding.since)
            .filter(|since| !look.is_to_come(*since))
            .map(|since| since.min(snapshot.now));
        if look.is_anothers(&finding) {
            finding.confidence = Confidence::Weak;
        }
        // Two markers can name one session; the better evidence speaks.
        match findings.get(&finding.id) {
            Some(known) if known.confidence >= finding.confidence => {}
            _ => {
                findings.insert(finding.id.clone(), finding);
            }
        }
    }
    let mut findings: Vec<Finding> = findings.into_values().collect();
    let all = findings.clone();
    findings.retain(|finding| !all.iter().any(|other| covers(other, finding)));
    report(findings, snapshot.failed.clone())
}

/// A session of the tool of this id and name, begun when nobody knows; `key` tells it from the tool's
/// others for as long as it lasts.
fn session(
    (tool, name): (&str, &str),
    key: &str,
    evidence: String,
    confidence: Confidence,
    pids: Vec<u32>,
) -> Finding {
    Finding {
        id: format!("{tool}-{key}"),
        tool: tool.to_owned(),
        name: name.to_owned(),
        direction: Direction::Inbound,
        since: None,
        evidence,
        confidence,
        pids,
    }
}

/// A session that a marker shows.
fn shown(marker: &Marker, key: &str, evidence: String, pids: Vec<u32>) -> Finding {
    let tool = (marker.tool, marker.name);
    session(tool, key, evidence, marker.confidence, pids)
}

/// What tells a process from all others, for good.
fn key(process: &Process) -> String {
    format!("{}-{}", process.pid, process.birth)
}

/// A session that a process shows by being there.
fn of_process(marker: &Marker, process: &Process, evidence: String) -> Finding {
    Finding {
        since: process.since,
        ..shown(marker, &key(process), evidence, vec![process.pid])
    }
}

/// Whether the one tells of the other's session too, and knows it better.
///
/// What has no process, as a login, can be the session of any tool that is known better; of its own
/// tool, the one that has a process is known better, because it can be ended by that.
fn covers(one: &Finding, other: &Finding) -> bool {
    let same = one.tool == other.tool;
    if same && other.pids.is_empty() && !one.pids.is_empty() {
        return one.confidence >= other.confidence;
    }
    (same || other.pids.is_empty())
        && one.confidence > other.confidence
        && other.pids.iter().all(|pid| one.pids.contains(pid))
}

fn report(mut findings: Vec<Finding>, failed: Vec<String>) -> SessionReport {
    findings.sort_by(|a, b| {
        (a.direction == Direction::Outbound)
            .cmp(&(b.direction == Direction::Outbound))
            .then_with(|| b.confidence.cmp(&a.confidence))
            .then_with(|| a.id.cmp(&b.id))
    });
    let inbound = findings
        .iter()
        .any(|finding| finding.direction == Direction::Inbound);
    SessionReport {
        state: match (inbound, failed.is_empty()) {
            (true, _) => SessionState::Active,
            (false, true) => SessionState::None,
            (false, false) => SessionState::Unknown,
        },
        findings,
        failed,
    }
}

/// How far, in milliseconds, clocks that tell of one moment may stand apart: a process that a session
/// is given to may begin this long after the log's first line of it, and no session begins later than
/// this after now.
const START: u64 = 10_000;

/// How long after the system, in milliseconds, a service may begin that the system itself begins:
/// Windows lets those with a delayed start wait for two minutes, and slow disks for more.
const SETTLED: u64 = 10 * 60 * 1000;

/// How long, in milliseconds, whoever talks a person into something is there at most: as long as the
/// fetching of a tool counts. A tool that was installed meanwhile, and is there for longer, is the house's.
const CALL: u64 = 12 * 60 * 60 * 1000;

/// The metric of `GetSystemMetrics` that tells of the same session as Terminal Services do.
const SM_REMOTESESSION: u32 = 0x1000;

/// What tells a session that a system metric shows from the tool's others.
fn of_metric(index: u32) -> String {
    format!("metric-{index:x}")
}

/// A snapshot with the ways through it that the markers need.
struct Look<'a> {
    snapshot: &'a Snapshot,
    markers: &'a [Marker],
    by_pid: BTreeMap<u32, &'a Process>,
}

impl<'a> Look<'a> {
    fn new(snapshot: &'a Snapshot, markers: &'a [Marker]) -> Self {
        let by_pid = (snapshot.processes.iter())
            .map(|process| (process.pid, process))
            .collect();
        Self {
            snapshot,
            markers,
            by_pid,
        }
    }

    /// Whether a session is of another person's programs alone, and so most likely of their screen.
    fn is_anothers(&self, finding: &Finding) -> bool {
        let mut of = finding.pids.iter().filter_map(|pid| self.by_pid.get(pid));
        !finding.pids.is_empty() && of.all(|process| process.another)
    }

    /// Whether a moment is later than now, by more than clocks stand apart.
    fn is_to_come(&self, moment: Millis) -> bool {
        moment > self.snapshot.now.after(START)
    }

    fn processes(&self, marker: &Marker) -> Vec<&'a Process> {
        (self.snapshot.processes.iter())
            .filter(|process| marker.is(process, self.snapshot.system))
            .collect()
    }

    /// Processes that exist only while a session does.
    fn session_processes(&self, marker: &Marker) -> Vec<Finding> {
        (self.processes(marker).into_iter())
            .map(|process| {
                let (name, pid) = (process.shown(), process.pid);
                let evidence = match marker.argument {
                    Some(argument) => format!(
                        "{name} runs with {argument} (process {pid}), as it does during a session"
                    ),
                    None => format!("{name} runs (process {pid}), as it does during a session"),
                };
                of_process(marker, process, evidence)
            })
            .collect()
    }

    /// Services that somebody has begun, and not the system: most likely by installing the tool.
    fn fresh(&self, marker: &Marker) -> Vec<Finding> {
        (self.processes(marker).into_iter())
            .filter(|process| self.is_fresh(process))
            .map(|process| {
                let evidence = format!(
                    "{} (process {}) began a while after the system, as it does when it is installed",
                    process.shown(),
                    process.pid
                );
                of_process(marker, process, evidence)
            })
            .collect()
    }

    /// Whether a process began of late, and not with the system; of an unknown moment nothing is said.
    fn is_fresh(&self, process: &Process) -> bool {
        let (Some(boot), Some(began)) = (self.snapshot.boot, process.since) else {
            return false;
        };
        began > boot.after(SETTLED)
            && self.snapshot.now <= began.after(CALL)
            && !self.is_to_come(began)
    }

    /// What Terminal Services say of this desktop: what the metric says, and more.
    fn desktop(&self, marker: &Marker, protocol: u16) -> Vec<Finding> {
        (self.snapshot.desktop.iter())
            .filter(|desktop| desktop.protocol == protocol)
            .map(|desktop| {
                let client = match &desktop.client {
                    Some(client) => format!(" on a machine that calls itself {client:?}"),
                    None => String::new(),
                };
                let evidence = format!("Windows says that this desktop is shown elsewhere{client}");
                Finding {
                    since: desktop.since,
                    ..shown(marker, &of_metric(SM_REMOTESESSION), evidence, Vec::new())
                }
            })
            .collect()
    }

    /// What Windows itself says of this desktop.
    fn metric(&self, marker: &Marker, index: u32) -> Vec<Finding> {
        let on = self.snapshot.metrics.contains(&index);
        on.then(|| {
            let evidence = format!("Windows says so (system metric {index:#x})");
            shown(marker, &of_metric(index), evidence, Vec::new())
        })
        .into_iter()
        .collect()
    }

    /// Graphical logins from elsewhere, but for those that a tool's own marks tell of.
    fn logins(&self, marker: &Marker, kind: &str) -> Vec<Finding> {
        let told: Vec<&str> = login_services(self.snapshot.system).collect();
        (self.snapshot.logins.iter())
            .filter(|login| login.kind == kind)
            .filter(|login| (login.service.as_deref()).is_none_or(|own| !told.contains(&own)))
            .map(|login| {
                // Whoever logs in may choose it.
                let host = (login.host.as_ref())
                    .map_or("elsewhere".to_owned(), |host| format!("{host:?}"));
                let evidence = format!(
                    "logind holds a graphical login ({}, session {}) from {host} open",
                    login.kind, login.id,
                );
                let key = format!("{}-{:?}", login.id, login.since);
                Finding {
                    since: login.since,
                    ..shown(marker, &key, evidence, Vec::new())
                }
            })
            .collect()
    }

    /// Datagram sockets that are there only while somebody is connected.
    fn datagram(&self, marker: &Marker) -> Vec<Finding> {
        (self.processes(marker).into_iter())
            .filter(|process| {
                (self.snapshot.sockets.iter()).any(|socket| {
                    socket.state == SocketState::Unconnected && socket.pids.contains(&process.pid)
                })
            })
            .map(|process| {
                let evidence = format!(
                    "{} (process {}) has the open socket that it has only during a session",
                    process.shown(),
                    process.pid
                );
                shown(marker, &key(process), evidence, vec![process.pid])
            })
            .collect()
    }

    /// Sessions that logs tell of, as long as a process is there that can have them.
    fn told(&self) -> Vec<Finding> {
        (self.snapshot.told.iter())
            .filter_map(|told| {
                let (serving, confidence) = self.serving(told);
                let first = serving.first()?;
                let name = (tools().iter())
                    .find(|tool| tool.id == told.tool)
                    .map_or(told.tool, |tool| tool.name);
                let who = match &told.who {
                    Some(who) => format!(", who calls himself {who:?}"),
                    None => String::new(),
                };
                let evidence = format!(
                    "{name} runs (process {}) and {}{who}",
                    first.pid, told.words
                );
                let pids = serving.iter().map(|process| process.pid).collect();
                Some(Finding {
                    since: told.since,
                    ..session((told.tool, name), &key(first), evidence, confidence, pids)
                })
            })
            .collect()
    }

    /// The processes that can have the session a log tells of, lowest pid first, and how well that holds.
    ///
    /// None that began after the session: a tool that broke off leaves its log open. Those that only
    /// wait, as far as their arguments tell, have it where nobody else can, which is not sure. What is
    /// not sure counts only for as long as a caller may be there: no log has to tell of the end.
    fn serving(&self, told: &Told) -> (Vec<&'a Process>, Confidence) {
        let can_have = |process: &&Process| match (process.since, told.since) {
            (Some(began), Some(since)) => began <= since.after(START),
            _ => true,
        };
        let mut all = programs(told.tool, &self.snapshot.processes, self.snapshot.system);
        all.retain(can_have);
        all.sort_by_key(|process| process.pid);
        let (waiting, busy): (Vec<&Process>, Vec<&Process>) =
            (all.into_iter()).partition(|process| waits(told.tool, process));
        // Of a moment that cannot be, nobody knows which process had the session.
        let is_to_come = told.since.is_some_and(|since| self.is_to_come(since));
        let confidence = if busy.is_empty() || is_to_come {
            Confidence::Weak
        } else {
            told.confidence
        };
        let is_over = (told.since).is_some_and(|since| self.snapshot.now > since.after(CALL));
        let serving = match (busy.is_empty(), is_over && confidence == Confidence::Weak) {
            (_, true) => Vec::new(),
            (true, false) => waiting,
            (false, false) => busy,
        };
        (serving, confidence)
    }

    /// Connections that came in on a server's own port.
    fn inbound(&self, marker: &Marker) -> Vec<Finding> {
        let servers = self.processes(marker);
        if servers.is_empty() {
            return Vec::new();
        }
        let listening = |socket: &&Socket| {
            socket.state == SocketState::Listening && !is_no_session_port(socket.local.port())
        };
        let ports: BTreeMap<u16, &Socket> = (self.snapshot.sockets.iter())
            .filter(listening)
            .filter(|socket| self.holds(&servers, socket, marker))
            .map(|socket| (socket.local.port(), socket))
            .collect();
        (self.snapshot.sockets.iter())
            .filter(|socket| socket.state == SocketState::Established)
            .filter(|socket| ports.contains_key(&socket.local.port()))
            .filter(|socket| self.holds(&servers, socket, marker))
            .filter(|socket| !self.is_inner_link(socket))
            .filter_map(|socket| {
                let remote = socket.remote?;
                let port = socket.local.port();
                let holders = self.holders(&servers, socket, ports[&port]);
                let first = holders.first()?;
                let evidence = format!(
                    "{} (process {}) has a connection from {} on its port {port}",
                    first.shown(),
                    first.pid,
                    remote.ip().to_canonical(),
                );
                let pids = holders.iter().map(|process| process.pid).collect();
                let key = format!("{}-{remote}", key(first));
                Some(shown(marker, &key, evidence, pids))
            })
            .collect()
    }

    /// Connections of a process that has them only for sessions, whoever made them.
    ///
    /// Those on its own listening ports are [`Self::inbound`]'s, and tell more there.
    fn connections(&self, marker: &Marker, port: Option<u16>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for process in self.processes(marker) {
            let own = |socket: &&Socket| socket.pids.contains(&process.pid);
            let sockets = || self.snapshot.sockets.iter().filter(own);
            let listens: BTreeSet<u16> = sockets()
                .filter(|socket| socket.state == SocketState::Listening)
                .map(|socket| socket.local.port())
                .collect();
            for socket in sockets() {
                let Some(remote) = socket.remote else {
                    continue;
                };
                let (near, far) = (socket.local.port(), remote.port());
                if listens.contains(&near)
                    || is_no_session_port(near)
                    || is_no_session_port(far)
                    || port.is_some_and(|port| !(port..=port.saturating_add(99)).contains(&far))
                    || self.is_inner_link(socket)
                {
                    continue;
                }
                let evidence = format!(
                    "{} (process {}) has a connection with {}, which it has only for a session",
                    process.shown(),
                    process.pid,
                    remote.ip().to_canonical(),
                );
                let key = format!("{}-{remote}", key(process));
                findings.push(shown(marker, &key, evidence, vec![process.pid]));
            }
        }
        findings
    }

    /// Whether one of these servers holds the socket.
    ///
    /// The sockets of another user's process have no readable holder. Then the
    /// user must be the server's; root has many servers, so there the port must
    /// be one that this server is known by.
    fn holds(&self, servers: &[&Process], socket: &Socket, marker: &Marker) -> bool {
        if !socket.pids.is_empty() {
            return (servers.iter()).any(|server| socket.pids.contains(&server.pid));
        }
        (servers.iter()).any(|server| {
            !server.open
                && (server.user.is_none() || socket.user == server.user)
                && (server.user.is_some_and(|user| user != 0)
                    || marker.expects(socket.local.port()))
        })
    }

    /// The processes that serve this connection, lowest pid first.
    ///
    /// A server that makes a process for each connection has one that holds the
    /// connection and not the listener: that one alone is the session.
    fn holders(
        &self,
        servers: &[&'a Process],
        socket: &Socket,
        listener: &Socket,
    ) -> Vec<&'a Process> {
        let mut holders: Vec<&Process> = (servers.iter().copied())
            .filter(|server| {
                socket.pids.contains(&server.pid)
                    || (socket.pids.is_empty() && !server.open && socket.user == server.user)
            })
            .collect();
        let of_session: Vec<&Process> = (holders.iter().copied())
            .filter(|holder| !listener.pids.contains(&holder.pid))
            .collect();
        if !of_session.is_empty() {
            holders = of_session;
        }
        holders.sort_by_key(|holder| holder.pid);
        holders
    }

    /// Whether the connection only joins two servers of this machine, as xrdp's does to Xvnc.
    fn is_inner_link(&self, socket: &Socket) -> bool {
        let Some(remote) = socket.remote else {
            return false;
        };
        // Either end may have opened its socket for both versions of IP: the same address in another dress.
        let plain = |address: SocketAddr| (address.ip().to_canonical(), address.port());
        if !plain(remote).0.is_loopback() {
            return false;
        }
        let (near, far) = (plain(socket.local), plain(remote));
        let peers: BTreeSet<u32> = (self.snapshot.sockets.iter())
            .filter(|other| plain(other.local) == far && other.remote.map(plain) == Some(near))
            .flat_map(|other| other.pids.iter().copied())
            .collect();
        (peers.iter())
            .filter_map(|pid| self.by_pid.get(pid))
            .any(|peer| {
                (self.markers.iter())
                    .filter(|marker| marker.kind == Kind::Inbound)
                    .any(|marker| marker.is(peer, self.snapshot.system))
            })
    }
}
