//! Decisions for every system, from snapshots written by hand.

use doorchain_companion::catalogue::markers;
use doorchain_companion::judge::judge_by;
use doorchain_companion::log::Told;
use doorchain_companion::snapshot::{Desktop, Login, Process, Snapshot, Socket, SocketState};
use doorchain_core::{Confidence, Millis, SessionReport, SessionState, System};

const NOW: Millis = Millis(1_795_370_400_000);

fn snapshot(system: System) -> Snapshot {
    Snapshot {
        now: NOW,
        system,
        boot: None,
        processes: Vec::new(),
        sockets: Vec::new(),
        desktop: None,
        metrics: Vec::new(),
        logins: Vec::new(),
        told: Vec::new(),
        failed: Vec::new(),
    }
}

fn process(pid: u32, name: &str, args: &[&str]) -> Process {
    Process {
        pid,
        name: name.to_owned(),
        args: Some(args.iter().map(|arg| (*arg).to_owned()).collect()),
        folder: None,
        birth: u64::from(pid),
        since: Some(NOW),
        user: Some(1000),
        another: false,
        open: true,
    }
}

fn listening(port: u16, pids: &[u32]) -> Socket {
    Socket {
        local: ([0, 0, 0, 0], port).into(),
        remote: None,
        state: SocketState::Listening,
        pids: pids.to_vec(),
        user: Some(1000),
    }
}

fn established(port: u16, remote: &str, pids: &[u32]) -> Socket {
    Socket {
        local: ([192, 0, 2, 1], port).into(),
        remote: Some(remote.parse().expect("an address")),
        state: SocketState::Established,
        pids: pids.to_vec(),
        user: Some(1000),
    }
}

fn judged(snapshot: &Snapshot) -> SessionReport {
    judge_by(snapshot, &markers(snapshot.system))
}

fn tools(snapshot: &Snapshot) -> Vec<String> {
    let found = judged(snapshot).findings.into_iter();
    found.map(|finding| finding.tool).collect()
}

const FAR: &str = "198.51.100.7:50122";

#[test]
fn nothing_is_none_and_a_failed_probe_is_unknown() {
    let mut look = snapshot(System::Linux);
    assert_eq!(judged(&look).state, SessionState::None);
    look.failed.push("tcp connections: refused".to_owned());
    assert_eq!(judged(&look).state, SessionState::Unknown);
    look.processes.push(process(7, "TeamViewer_Desktop", &[]));
    let report = judged(&look);
    assert_eq!(report.state, SessionState::Active, "what is seen is seen");
    assert_eq!(report.failed.len(), 1);
}

#[test]
fn windows_names_are_compared_as_windows_does() {
    for name in [
        "TeamViewer_Desktop.exe",
        "teamviewer_desktop.EXE",
        "TeamViewer_Desktop (1).exe",
    ] {
        let mut look = snapshot(System::Windows);
        look.processes.push(process(7, name, &[]));
        assert_eq!(tools(&look), ["teamviewer"], "{name}");
    }
    for name in [
        "TeamViewer.exe",
        "TeamViewer_Service.exe",
        "TeamViewer_Desktop",
        "remoting_host.exe",
        // The service starts it as somebody logs on.
        "ScreenConnect.WindowsClient.exe",
    ] {
        let mut look = snapshot(System::Windows);
        look.processes.push(process(7, name, &[]));
        assert_eq!(tools(&look), [""; 0], "{name}");
    }
}

#[test]
fn chrome_remote_desktop_is_told_by_its_own_marker_on_each_system() {
    let mut windows = snapshot(System::Windows);
    windows
        .processes
        .push(process(7, "remoting_desktop.exe", &[]));
    assert_eq!(tools(&windows), ["chrome-remote-desktop"]);

    // Support: the browser keeps the one to ask it whether it is there; it starts the other for a code.
    let mut support = snapshot(System::Windows);
    (support.processes).push(process(7, "remote_assistance_host.exe", &[]));
    assert_eq!(tools(&support), [""; 0]);
    (support.processes).push(process(8, "remote_assistance_host_uiaccess.exe", &[]));
    let findings = judged(&support).findings;
    assert_eq!(findings[0].tool, "chrome-remote-desktop");
    assert_eq!(findings[0].pids, [8]);
    assert_eq!(findings[0].confidence, Confidence::Weak);

    let mut mac = snapshot(System::Macos);
    mac.processes.push(process(7, "remoting_me2me_host", &[]));
    mac.sockets
        .push(established(50_000, "203.0.113.5:443", &[7]));
    assert_eq!(tools(&mac), [""; 0], "its link to the maker is no session");
    mac.sockets.push(Socket {
        local: ([0, 0, 0, 0], 49_876).into(),
        remote: None,
        state: SocketState::Unconnected,
        pids: vec![7],
        user: None,
    });
    assert_eq!(tools(&mac), ["chrome-remote-desktop"]);
}

#[test]
fn a_system_metric_is_a_session_without_a_process() {
    let mut look = snapshot(System::Windows);
    look.metrics.push(0x1000);
    let report = judged(&look);
    assert_eq!(report.findings[0].tool, "windows-remote-desktop");
    assert_eq!(report.findings[0].confidence, Confidence::Proof);
    assert!(report.findings[0].pids.is_empty());
}

/// Microsoft: another user sees this session and may use it. The desktop stays on its own screen,
/// so that to disconnect it would lock its owner out.
#[test]
fn a_desktop_that_is_remotely_controlled_is_remote_assistances_alone() {
    let mut look = snapshot(System::Windows);
    look.metrics.push(0x2001);
    assert_eq!(tools(&look), ["windows-remote-assistance"]);
    look.processes.push(process(7, "RdpSa.exe", &[]));
    let findings = judged(&look).findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].pids, [7], "what can be ended");
}

#[test]
fn a_desktop_that_windows_shows_elsewhere_is_told_once() {
    let mut look = snapshot(System::Windows);
    look.desktop = Some(Desktop::default());
    assert_eq!(tools(&look), [""; 0], "on its own screen");
    let shown = Desktop {
        protocol: 2,
        client: Some("LAPTOP-7".to_owned()),
        since: Some(NOW),
    };
    look.desktop = Some(shown);
    look.metrics.push(0x1000);
    let findings = judged(&look).findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].tool, "windows-remote-desktop");
    assert_eq!(findings[0].confidence, Confidence::Proof);
    assert_eq!(findings[0].since, Some(NOW));
    assert!(findings[0].evidence.contains("LAPTOP-7"), "{findings:?}");
    let id = findings[0].id.clone();
    look.desktop = None;
    assert_eq!(judged(&look).findings[0].id, id, "the same session");
}

#[test]
fn a_vnc_server_of_windows_is_a_session_with_a_connection_that_came_in() {
    let mut look = snapshot(System::Windows);
    look.processes.push(process(7, "tvnserver.exe", &["-run"]));
    look.sockets.push(listening(5900, &[7]));
    look.sockets.push(listening(5800, &[7]));
    look.sockets.push(established(5800, FAR, &[7]));
    look.sockets
        .push(established(50_000, "203.0.113.5:443", &[7]));
    assert_eq!(
        tools(&look),
        [""; 0],
        "its pages and what it fetched itself are none"
    );
    look.sockets.push(established(5900, FAR, &[7]));
    assert_eq!(tools(&look), ["tightvnc"]);
}

/// Both ends of one connection on this machine.
fn joined(near: u16, far: u16, near_pid: u32, far_pid: u32) -> [Socket; 2] {
    let end = |port| std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let one = |local, remote, pid| Socket {
        local,
        remote: Some(remote),
        state: SocketState::Established,
        pids: vec![pid],
        user: Some(1000),
    };
    [
        one(end(near), end(far), near_pid),
        one(end(far), end(near), far_pid),
    ]
}

#[test]
fn a_vnc_server_of_windows_that_calls_out_is_a_session_on_a_viewers_port_only() {
    for (port, seen) in [
        (443, false),
        (5499, false),
        (5500, true),
        (5599, true),
        (5600, false),
    ] {
        let mut look = snapshot(System::Windows);
        look.processes.push(process(7, "tvnserver.exe", &["-run"]));
        look.sockets
            .push(established(50_000, &format!("203.0.113.5:{port}"), &[7]));
        assert_eq!(!tools(&look).is_empty(), seen, "port {port}");
    }
}

#[test]
fn a_server_of_linux_that_calls_out_is_a_session_unless_it_only_draws() {
    let mut look = snapshot(System::Linux);
    look.processes.push(process(7, "x11vnc", &[]));
    look.sockets.push(listening(5900, &[7]));
    look.sockets
        .push(established(50_000, "203.0.113.5:6010", &[7]));
    assert_eq!(tools(&look), [""; 0], "its link to a screen elsewhere");
    look.sockets
        .push(established(50_001, "203.0.113.5:6100", &[7]));
    assert_eq!(tools(&look), ["x11vnc"]);
    assert_eq!(judged(&look).findings[0].confidence, Confidence::Good);
}

#[test]
fn a_connection_that_came_in_is_told_once() {
    let mut look = snapshot(System::Linux);
    look.processes.push(process(7, "x11vnc", &[]));
    look.sockets.push(listening(5900, &[7]));
    look.sockets.push(established(5900, FAR, &[7]));
    let findings = judged(&look).findings;
    assert_eq!(findings.len(), 1);
    assert!(findings[0].evidence.contains("on its port 5900"));
}

#[test]
fn a_link_between_two_servers_of_this_machine_is_no_session() {
    let mut look = snapshot(System::Linux);
    look.processes.push(process(7, "x11vnc", &[]));
    look.processes.push(process(8, "xrdp", &[]));
    look.sockets.push(listening(5900, &[7]));
    look.sockets.extend(joined(50_000, 5900, 8, 7));
    assert_eq!(tools(&look), [""; 0]);
}

#[test]
fn x2go_is_a_session_while_its_agent_is_connected() {
    let mut look = snapshot(System::Linux);
    look.processes.push(process(7, "x2goagent", &[":50"]));
    look.sockets.push(listening(30_001, &[7]));
    assert_eq!(tools(&look), [""; 0], "it waits");
    // It listens no longer once its client is there.
    look.sockets.clear();
    assert_eq!(tools(&look), [""; 0], "it is suspended");
    look.sockets.extend(joined(30_001, 50_000, 7, 9));
    assert_eq!(tools(&look), ["x2go"]);
}

#[test]
fn anydesk_that_is_reached_directly_may_be_a_session() {
    let mut look = snapshot(System::Windows);
    look.processes
        .push(process(7, "AnyDesk.exe", &["--service"]));
    look.sockets.push(listening(7070, &[7]));
    look.sockets
        .push(established(50_000, "203.0.113.5:443", &[7]));
    assert_eq!(tools(&look), [""; 0], "its line to its maker");
    look.sockets.push(established(7070, FAR, &[7]));
    assert_eq!(judged(&look).findings[0].confidence, Confidence::Weak);
}

#[test]
fn somebody_elses_connection_on_the_same_port_number_is_not_the_servers() {
    let mut look = snapshot(System::Linux);
    look.processes.push(process(7, "x11vnc", &[]));
    look.sockets.push(listening(5900, &[7]));
    look.sockets.push(established(5900, FAR, &[8]));
    assert_eq!(tools(&look), [""; 0]);
}

#[test]
fn another_users_server_is_known_by_user_and_port() {
    let hidden = |user| Process {
        user: Some(user),
        open: false,
        ..process(7, "xrdp", &[])
    };
    let of = |user, socket: Socket| Socket {
        user: Some(user),
        pids: Vec::new(),
        ..socket
    };
    // A user of its own: whatever listens as that user is the server's.
    let mut look = snapshot(System::Linux);
    look.processes.push(hidden(110));
    look.sockets.push(of(110, listening(4000, &[])));
    assert_eq!(tools(&look), [""; 0]);
    look.sockets.push(of(110, established(4000, FAR, &[])));
    assert_eq!(tools(&look), ["xrdp"]);
    // Root has many servers: only the port that xrdp is known by counts.
    let mut look = snapshot(System::Linux);
    look.processes.push(hidden(0));
    look.sockets.push(of(0, listening(22, &[])));
    look.sockets.push(of(0, established(22, FAR, &[])));
    look.sockets.push(of(0, listening(3389, &[])));
    assert_eq!(tools(&look), [""; 0]);
    look.sockets.push(of(0, established(3389, FAR, &[])));
    assert_eq!(tools(&look), ["xrdp"]);
}

#[test]
fn another_persons_session_asks_and_does_not_stop() {
    let theirs = |pid, name| Process {
        user: Some(1001),
        another: true,
        open: false,
        ..process(pid, name, &[])
    };
    let mut look = snapshot(System::Linux);
    look.processes.push(theirs(7, "Xtigervnc"));
    look.sockets.push(Socket {
        user: Some(1001),
        ..listening(5901, &[])
    });
    look.sockets.push(Socket {
        user: Some(1001),
        ..established(5901, FAR, &[])
    });
    look.processes.push(theirs(8, "TeamViewer_Desktop"));
    let findings = judged(&look).findings;
    assert_eq!(findings.len(), 2, "{findings:?}");
    for finding in &findings {
        assert_eq!(finding.confidence, Confidence::Weak, "{finding:?}");
    }
    look.processes.push(process(9, "TeamViewer_Desktop", &[]));
    let best = &judged(&look).findings[0];
    assert_eq!((best.pids[0], best.confidence), (9, Confidence::Proof));
}

#[test]
fn a_connection_of_its_own_process_leaves_the_service_out() {
    let mut look = snapshot(System::Linux);
    look.processes.push(process(7, "xrdp", &[]));
    look.processes.push(process(8, "xrdp", &[]));
    look.sockets.push(listening(3389, &[7]));
    look.sockets.push(established(3389, FAR, &[8]));
    look.sockets
        .push(established(3389, "198.51.100.8:50000", &[7, 8]));
    for finding in judged(&look).findings {
        assert_eq!(finding.pids, [8], "{finding:?}");
    }
    assert_eq!(
        judged(&look).findings.len(),
        2,
        "each connection is a session"
    );
}

fn told(since: Option<Millis>, confidence: Confidence) -> Told {
    Told {
        tool: "anydesk",
        since,
        who: Some("Amazon \"Help\"".to_owned()),
        words: "its log says so".to_owned(),
        confidence,
    }
}

#[test]
fn a_log_counts_while_a_process_is_there_that_can_have_the_session() {
    let mut look = snapshot(System::Windows);
    look.told.push(told(Some(NOW), Confidence::Good));
    assert_eq!(tools(&look), [""; 0], "it does not run");
    look.processes.push(Process {
        since: Some(NOW.after(60_000)),
        ..process(8, "AnyDesk.exe", &[])
    });
    assert_eq!(tools(&look), [""; 0], "it began after that session");
    look.processes.push(process(9, "AnyDesk.exe", &[]));
    look.processes
        .push(process(7, "AnyDesk.exe", &["--service"]));
    look.processes.push(Process {
        args: None,
        ..process(10, "AnyDesk.exe", &[])
    });
    let report = judged(&look);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].pids, [9]);
    assert_eq!(report.findings[0].since, Some(NOW));
    assert!(report.findings[0].evidence.contains(r#""Amazon \"Help\"""#));
}

/// A tool of which nobody has seen every process may have a session where it seems to wait: it asks.
#[test]
fn an_open_log_with_processes_that_only_wait_may_be_a_session() {
    let open = |minutes: u64, processes: Vec<Process>| {
        let mut look = snapshot(System::Windows);
        look.now = NOW.after(minutes * MINUTE);
        look.processes = processes;
        look.told.push(told(Some(NOW), Confidence::Good));
        judged(&look).findings
    };
    let service = || process(7, "AnyDesk.exe", &["--service"]);
    let control = || process(9, "AnyDesk.exe", &["--control"]);
    let of_system = || Process {
        args: None,
        ..process(10, "AnyDesk.exe", &[])
    };
    for (processes, pids) in [
        (vec![service()], vec![7]),
        (vec![control(), service()], vec![7, 9]),
        (vec![of_system()], vec![10]),
        (vec![of_system(), service()], vec![7, 10]),
    ] {
        let findings = open(1, processes.clone());
        assert_eq!(findings.len(), 1, "{processes:?}");
        assert_eq!(findings[0].confidence, Confidence::Weak, "{processes:?}");
        assert_eq!(findings[0].pids, pids);
        assert_eq!(open(13 * 60, processes), [], "no caller stays that long");
    }
    let busy = vec![service(), process(8, "AnyDesk.exe", &[])];
    let findings = open(13 * 60, busy);
    assert_eq!(findings[0].confidence, Confidence::Good);
    assert_eq!(findings[0].pids, [8]);
    let later = Process {
        since: Some(NOW.after(MINUTE)),
        ..service()
    };
    assert_eq!(open(2, vec![later]), [], "it began after that session");
}

/// A window of the tool can stay open for days after somebody has asked in vain.
#[test]
fn what_is_not_sure_counts_for_half_a_day_whoever_runs() {
    for (confidence, hours, seen) in [
        (Confidence::Weak, 11, true),
        (Confidence::Weak, 13, false),
        (Confidence::Good, 13, true),
    ] {
        let mut look = snapshot(System::Windows);
        look.now = NOW.after(hours * HOUR);
        look.processes.push(process(8, "AnyDesk.exe", &[]));
        look.told.push(told(Some(NOW), confidence));
        let found = judged(&look).findings;
        assert_eq!(
            !found.is_empty(),
            seen,
            "{confidence:?} after {hours} hours"
        );
    }
}

/// Whoever made a customer's client chose its name.
#[test]
fn a_name_in_the_evidence_has_visible_letters_only() {
    let mut look = snapshot(System::Windows);
    let name = "AnyDesk-\u{202e}\u{7}exe.tfos.exe";
    look.processes.push(process(7, name, &[]));
    look.sockets.push(listening(7070, &[7]));
    look.sockets.push(established(7070, FAR, &[7]));
    let found = judged(&look).findings;
    let is_visible = |c: char| c.is_ascii_graphic() || c == ' ';
    assert!(found[0].evidence.chars().all(is_visible), "{found:?}");
}

/// The extension reads no number that JavaScript cannot hold, and none of a session to come.
#[test]
fn a_session_that_has_not_begun_is_of_no_known_moment() {
    for (since, wanted, grade) in [
        (NOW, Some(NOW), Confidence::Good),
        (NOW.after(900), Some(NOW), Confidence::Good),
        (NOW.after(60_000), None, Confidence::Weak),
        (Millis(u64::MAX), None, Confidence::Weak),
    ] {
        let mut look = snapshot(System::Windows);
        look.processes.push(process(7, "AnyDesk.exe", &[]));
        look.told.push(told(Some(since), Confidence::Good));
        let findings = judged(&look).findings;
        assert_eq!(findings.len(), 1, "{since:?}");
        assert_eq!((findings[0].since, findings[0].confidence), (wanted, grade));
    }
}

#[test]
fn the_better_evidence_speaks_for_a_session() {
    let mut look = snapshot(System::Linux);
    look.processes.push(process(7, "anydesk", &["--backend"]));
    assert_eq!(judged(&look).findings[0].confidence, Confidence::Weak);
    look.told.push(told(Some(NOW), Confidence::Good));
    look.told.push(told(Some(NOW), Confidence::Weak));
    let report = judged(&look);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].confidence, Confidence::Good);
}

/// Its connection manager stays, for a chat or by mistake, when the helper has gone.
#[test]
fn rustdesks_connection_manager_asks_and_does_not_stop() {
    for (system, name) in [
        (System::Linux, "rustdesk"),
        (System::Windows, "rustdesk.exe"),
        (System::Macos, "RustDesk"),
    ] {
        let mut look = snapshot(system);
        look.processes.push(process(7, name, &["--cm"]));
        let report = judged(&look);
        assert_eq!(report.findings.len(), 1, "{system:?}");
        assert_eq!(report.findings[0].confidence, Confidence::Weak);
    }
}

/// A machine that is on for a day, and a service that began so many minutes after it.
fn with_service(name: &str, minutes: u64) -> Snapshot {
    let mut look = snapshot(System::Windows);
    let boot = Millis(NOW.0 - 24 * HOUR);
    look.boot = Some(boot);
    look.processes.push(Process {
        since: Some(boot.after(minutes * MINUTE)),
        ..process(7, name, &[])
    });
    look
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const SERVICE: &str = "ScreenConnect.ClientService.exe";

#[test]
fn a_service_that_is_installed_meanwhile_asks_for_half_a_day() {
    for (minutes, seen) in [
        (0, false),
        (3, false),
        // Installed, and that is 13 hours ago.
        (11 * 60, false),
        (12 * 60, true),
        (24 * 60, true),
    ] {
        let look = with_service(SERVICE, minutes);
        let findings = judged(&look).findings;
        assert_eq!(findings.len(), usize::from(seen), "after {minutes} minutes");
        for found in findings {
            assert_eq!(found.tool, "screenconnect");
            assert_eq!(found.confidence, Confidence::Weak);
            assert_eq!(found.since, look.processes[0].since);
            assert_eq!(found.pids, [7]);
        }
    }
}

#[test]
fn a_service_that_begins_after_the_system_is_the_systems_for_ten_minutes() {
    for (minutes, seen) in [(0, false), (2, false), (10, false), (11, true), (120, true)] {
        let mut look = with_service(SERVICE, minutes);
        look.now = look.boot.expect("known").after(3 * HOUR);
        assert_eq!(!tools(&look).is_empty(), seen, "after {minutes} minutes");
    }
}

#[test]
fn a_service_of_an_unknown_moment_says_nothing() {
    let fresh = with_service(SERVICE, 23 * 60);
    assert_eq!(tools(&fresh), ["screenconnect"]);
    let mut look = fresh.clone();
    look.boot = None;
    assert_eq!(tools(&look), [""; 0], "of the system's");
    let mut look = fresh.clone();
    look.processes[0].since = None;
    assert_eq!(tools(&look), [""; 0], "of its own");
    look.processes[0].since = Some(NOW.after(HOUR));
    assert_eq!(tools(&look), [""; 0], "of one to come");
    let mut look = fresh;
    look.processes[0].name = "ScreenConnect.WindowsClient.exe".to_owned();
    assert_eq!(tools(&look), [""; 0], "what begins as somebody logs on");
}

fn login(kind: &str, service: &str) -> Login {
    Login {
        id: "c3".to_owned(),
        kind: kind.to_owned(),
        service: Some(service.to_owned()),
        host: Some("198.51.100.7".to_owned()),
        since: Some(NOW),
    }
}

#[test]
fn a_graphical_login_from_elsewhere_may_be_a_session_and_one_by_ssh_is_none() {
    let mut look = snapshot(System::Linux);
    look.logins.push(login("tty", "sshd"));
    look.logins.push(login("unspecified", "cockpit"));
    assert_eq!(judged(&look).state, SessionState::None);
    for kind in ["x11", "wayland", "mir"] {
        look.logins[0] = login(kind, "lightdm");
        let report = judged(&look);
        assert_eq!(report.findings.len(), 1, "{kind}");
        let found = &report.findings[0];
        assert_eq!(found.tool, "remote-login");
        assert_eq!(found.confidence, Confidence::Weak);
        assert_eq!(found.since, Some(NOW));
        assert!(found.evidence.contains("198.51.100.7"), "{found:?}");
        assert!(found.pids.is_empty());
    }
    look.logins[0].host = Some("far\u{1b}[2J\u{202e}".to_owned());
    let evidence = &judged(&look).findings[0].evidence;
    assert!(
        evidence.chars().all(|c| c.is_ascii_graphic() || c == ' '),
        "{evidence:?}"
    );
}

/// xrdp's desktop waits, with nobody there, for its owner to come back.
#[test]
fn a_login_by_xrdp_is_told_by_xrdps_connection_alone() {
    let mut look = snapshot(System::Linux);
    look.processes.push(process(7, "xrdp", &[]));
    look.sockets.push(listening(3389, &[7]));
    look.logins.push(login("x11", "xrdp-sesman"));
    assert_eq!(tools(&look), [""; 0], "nobody is connected");
    look.sockets.push(established(3389, FAR, &[7]));
    assert_eq!(tools(&look), ["xrdp"]);
}

#[test]
fn a_login_says_nothing_more_where_a_tool_is_known_to_be_connected() {
    let mut look = snapshot(System::Linux);
    let daemon = "gnome-remote-desktop-daemon";
    look.processes.push(process(7, daemon, &[]));
    look.sockets.push(listening(3389, &[7]));
    look.logins.push(login("wayland", "gdm-password"));
    assert_eq!(tools(&look), ["remote-login"]);
    look.sockets.push(established(3389, FAR, &[7]));
    assert_eq!(tools(&look), ["gnome-remote-desktop"]);
    // What is no better known does not speak for it.
    look.sockets.clear();
    look.processes.push(process(8, "anydesk", &["--backend"]));
    assert_eq!(tools(&look), ["anydesk", "remote-login"]);
}

#[test]
fn every_process_marker_of_every_system_is_seen_and_its_look_alikes_are_not() {
    use doorchain_companion::catalogue::Kind;
    for system in [System::Linux, System::Windows, System::Macos] {
        for marker in markers(system) {
            if marker.kind != Kind::Process {
                continue;
            }
            let args: Vec<&str> = marker.argument.into_iter().collect();
            let name = marker.process[0];
            let mut look = snapshot(system);
            look.processes.push(process(7, name, &args));
            let found = judged(&look).findings;
            assert!(
                found.iter().any(|f| f.tool == marker.tool && f.pids == [7]),
                "{marker:?}"
            );
            for alike in [
                format!("{name}.txt"),
                format!("x{name}"),
                format!("{name} "),
            ] {
                let mut look = snapshot(system);
                look.processes.push(process(7, &alike, &args));
                look.processes.push(process(8, "editor", &[name]));
                assert_eq!(tools(&look), [""; 0], "{alike}");
            }
            if marker.argument.is_some() {
                let mut look = snapshot(system);
                look.processes.push(process(7, name, &["--service"]));
                assert_eq!(tools(&look), [""; 0], "{name} without its argument");
            }
        }
    }
}
