//! Real sessions of servers that are a desktop themselves, or serve one to many: TigerVNC and xrdp.
#![cfg(target_os = "linux")]

mod common;

use common::{Companion, RdpClient, SOON, START, Viewer, Xrdp, Xtigervnc, alone, within};
use doorchain_core::Finding;
use doorchain_core::protocol::{CompanionAnswer, CompanionResponse};

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
fn a_client_of_xrdp_is_a_session_and_the_service_outlives_it() {
    let _alone = alone();
    let mut xrdp = Xrdp::start();
    let port = format!("on its port {}", xrdp.port);
    let on_port = |companion: &mut Companion| -> Option<Finding> {
        let mut findings = companion.sessions().findings;
        findings.retain(|finding| finding.evidence.contains(&port));
        findings.pop()
    };
    let mut companion = Companion::start();
    assert_eq!(
        on_port(&mut companion),
        None,
        "an idle server is no session"
    );

    let client = RdpClient::start(xrdp.port, &xrdp.folder);
    let found = within(SOON, || on_port(&mut companion)).expect("seen to begin");
    assert_eq!(found.tool, "xrdp");
    let serving = found.pids.clone();
    assert!(
        !serving.contains(&xrdp.server.pid()),
        "the connection's own process"
    );

    // xrdp's own link to the server behind it is not a second session.
    let behind = xrdp.vnc.port;
    within(START, || {
        let tables = [procfs::net::tcp(), procfs::net::tcp6()];
        (tables.into_iter().flatten().flatten())
            .any(|row| {
                row.local_address.port() == behind
                    && row.state == procfs::net::TcpState::Established
            })
            .then_some(())
    })
    .expect("xrdp shows what is behind it");
    let vnc = xrdp.vnc.server.pid();
    assert_eq!(companion.sessions_of(vnc), []);

    drop(client);
    within(SOON, || on_port(&mut companion).is_none().then_some(())).expect("seen to end");

    let _client = RdpClient::start(xrdp.port, &xrdp.folder);
    let found = within(SOON, || on_port(&mut companion)).expect("seen again");
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
