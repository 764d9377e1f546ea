//! Real sessions of servers that are a desktop themselves, or serve one to many: TigerVNC, X2Go,
//! KDE's desktop sharing and xrdp.
#![cfg(target_os = "linux")]

mod common;

use common::{
    Companion, Display, ListeningViewer, Programs, RdpClient, SOON, START, Shared, Viewer, X2go,
    Xrdp, Xtigervnc, alone, wait_for_client, within,
};
use doorchain_core::protocol::{CompanionAnswer, CompanionResponse};
use std::process::Command;

#[test]
fn a_viewer_of_tigervnc_is_a_session_and_can_be_sent_away() {
    let _alone = alone();
    let mut vnc = Xtigervnc::start();
    let pid = vnc.server.pid();
    let mut companion = Companion::start();
    assert_eq!(
        companion.sessions_of(pid),
        [],
        "an idle server is no session"
    );

    let viewer = Viewer::start(vnc.port);
    let found = within(SOON, || companion.sessions_of(pid).pop()).expect("seen to begin");
    assert_eq!(found.tool, "tigervnc");
    drop(viewer);
    within(SOON, || companion.sessions_of(pid).is_empty().then_some(())).expect("seen to end");

    let _viewer = Viewer::start(vnc.port);
    let found = within(SOON, || companion.sessions_of(pid).pop()).expect("seen again");
    match companion.end(&found.id) {
        CompanionResponse::Ok {
            answer: CompanionAnswer::End { gone, ended, .. },
            ..
        } => {
            assert!(gone);
            assert!(
                ended[0].starts_with("disconnected the viewers"),
                "{ended:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    // The desktop and all that is open on it must live on.
    assert!(vnc.server.0.try_wait().expect("own child").is_none());
}

#[test]
fn tigervnc_that_calls_a_waiting_viewer_is_a_session() {
    let _alone = alone();
    let waiting = ListeningViewer::start();
    let vnc = Xtigervnc::start();
    let pid = vnc.server.pid();
    let mut companion = Companion::start();
    assert_eq!(companion.sessions_of(pid), [], "nobody was called");
    let told = Command::new("vncconfig")
        .args(["-display", &vnc.display, "-connect"])
        .arg(format!("127.0.0.1:{}", waiting.port))
        .status();
    assert!(told.expect("vncconfig runs").success());
    let found = within(SOON, || companion.sessions_of(pid).pop()).expect("seen to begin");
    assert_eq!(found.tool, "tigervnc");
    drop(waiting);
    within(SOON, || companion.sessions_of(pid).is_empty().then_some(())).expect("seen to end");
}

#[test]
fn a_client_of_x2go_is_a_session_and_a_suspended_desktop_is_none() {
    let _alone = alone();
    let mut x2go = X2go::start();
    let pid = x2go.agent.pid();
    let screen = Display::start();
    let mut companion = Companion::start();
    assert_eq!(companion.sessions_of(pid), [], "it waits for its client");

    let client = x2go.connect(&screen);
    // The agent brings its end up in its own time.
    let found = within(START, || companion.sessions_of(pid).pop()).expect("seen to begin");
    assert_eq!(found.tool, "x2go");
    x2go.wait_until("started");
    drop(client);
    within(START, || {
        companion.sessions_of(pid).is_empty().then_some(())
    })
    .expect("seen to end");
    assert!(
        x2go.agent.0.try_wait().expect("own child").is_none(),
        "the desktop waits, suspended"
    );
    x2go.wait_until("suspended");

    x2go.resume();
    assert_eq!(companion.sessions_of(pid), [], "it waits again");
    let _client = x2go.connect(&screen);
    let found = within(START, || companion.sessions_of(pid).pop()).expect("seen again");
    x2go.wait_until("resumed");
    match companion.end(&found.id) {
        CompanionResponse::Ok {
            answer: CompanionAnswer::End { gone, ended, .. },
            ..
        } => {
            assert!(gone);
            assert!(ended[0].starts_with("suspended the session"), "{ended:?}");
        }
        other => panic!("{other:?}"),
    }
    assert!(
        x2go.agent.0.try_wait().expect("own child").is_none(),
        "the desktop and all that is open on it live on"
    );
}

#[test]
fn a_viewer_of_kdes_desktop_sharing_is_a_session() {
    let _alone = alone();
    let krfb = Shared::krfb();
    let mut companion = Companion::start();
    let mut on_port = || companion.session_on(krfb.port);
    assert_eq!(on_port(), None, "an idle server is no session");
    let viewer = Viewer::start(krfb.port);
    let found = within(SOON, &mut on_port).expect("seen to begin");
    assert_eq!(found.tool, "krfb");
    drop(viewer);
    within(SOON, || on_port().is_none().then_some(())).expect("seen to end");
}

#[test]
fn a_client_of_gnomes_remote_desktop_is_a_session() {
    let _alone = alone();
    let gnome = Shared::gnome();
    let mut companion = Companion::start();
    let mut on_port = || companion.session_on(gnome.port);
    assert_eq!(on_port(), None, "an idle server is no session");
    let home = Programs::new("gnome-client");
    let client = RdpClient::start(gnome.port, &home.0, "nla");
    let found = within(SOON, &mut on_port).expect("seen to begin");
    assert_eq!(found.tool, "gnome-remote-desktop");
    // Not only knocked: the server has let it in, and shows the screen until it goes.
    std::thread::sleep(SOON);
    assert_eq!(on_port().map(|finding| finding.id), Some(found.id));
    drop(client);
    within(SOON, || on_port().is_none().then_some(())).expect("seen to end");
}

#[test]
fn a_client_of_xrdp_is_a_session_and_the_service_outlives_it() {
    let _alone = alone();
    let mut xrdp = Xrdp::start();
    let mut companion = Companion::start();
    assert_eq!(
        companion.session_on(xrdp.port),
        None,
        "an idle server is no session"
    );

    let client = RdpClient::start(xrdp.port, &xrdp.folder, "rdp");
    let found = within(SOON, || companion.session_on(xrdp.port)).expect("seen to begin");
    assert_eq!(found.tool, "xrdp");
    let serving = found.pids.clone();
    assert!(
        !serving.contains(&xrdp.server.pid()),
        "the connection's own process"
    );

    // xrdp's own link to the server behind it is not a second session.
    wait_for_client(xrdp.vnc.port);
    let vnc = xrdp.vnc.server.pid();
    assert_eq!(companion.sessions_of(vnc), []);

    drop(client);
    within(SOON, || {
        companion.session_on(xrdp.port).is_none().then_some(())
    })
    .expect("seen to end");

    let _client = RdpClient::start(xrdp.port, &xrdp.folder, "rdp");
    let found = within(SOON, || companion.session_on(xrdp.port)).expect("seen again");
    match companion.end(&found.id) {
        CompanionResponse::Ok {
            answer: CompanionAnswer::End { gone, .. },
            ..
        } => assert!(gone),
        other => panic!("{other:?}"),
    }
    assert!(
        xrdp.server.0.try_wait().expect("own child").is_none(),
        "the service lives"
    );
}
