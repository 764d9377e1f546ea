//! The conversation with the extension: a frame in, a frame out.

use crate::frame::{self, FrameError};
use crate::watch::Watch;
use doorchain_core::SessionReport;
use doorchain_core::protocol::{
    CompanionAnswer, CompanionAsk, CompanionRequest, CompanionResponse, ErrorCode, VERSION,
};
use serde::Deserialize;
use std::io::{Read, Write};

/// What every version of the language has, so that a newer one can be told from garbage.
#[derive(Deserialize)]
struct Envelope {
    version: u32,
    id: u32,
}

/// Answers until the extension closes its end.
///
/// # Errors
///
/// When a frame is cut short or too large, or a stream fails. A frame that is
/// too large is answered first; what is behind it cannot be found any more.
pub fn serve(input: &mut impl Read, output: &mut impl Write) -> Result<(), FrameError> {
    let mut watch = Watch::default();
    loop {
        let body = match frame::read(input) {
            Ok(Some(body)) => body,
            Ok(None) => return Ok(()),
            Err(error) => {
                if let FrameError::TooLarge(_) = error {
                    let refusal = refuse(None, ErrorCode::TooLarge, error.to_string());
                    send(output, &refusal)?;
                }
                return Err(error);
            }
        };
        send(output, &answer(&mut watch, &body))?;
    }
}

fn send(output: &mut impl Write, response: &CompanionResponse) -> Result<(), FrameError> {
    let body = serde_json::to_vec(response).map_err(std::io::Error::from)?;
    match frame::write(output, &body) {
        Err(error @ FrameError::TooLarge(_)) => {
            let id = match response {
                CompanionResponse::Ok { id, .. } => Some(*id),
                CompanionResponse::Error { id, .. } => *id,
            };
            let refusal = refuse(id, ErrorCode::TooLarge, error.to_string());
            let body = serde_json::to_vec(&refusal).map_err(std::io::Error::from)?;
            frame::write(output, &body)
        }
        done => done,
    }
}

/// The answer to one frame, whatever is in it.
pub fn answer(watch: &mut Watch, body: &[u8]) -> CompanionResponse {
    let envelope: Envelope = match serde_json::from_slice(body) {
        Ok(envelope) => envelope,
        Err(error) => return refuse(None, ErrorCode::BadRequest, error.to_string()),
    };
    let id = envelope.id;
    if envelope.version != VERSION {
        let why = format!(
            "the extension speaks version {}, the companion {VERSION}",
            envelope.version
        );
        return refuse(Some(id), ErrorCode::Version, why);
    }
    let request: CompanionRequest = match serde_json::from_slice(body) {
        Ok(request) => request,
        Err(error) => return refuse(Some(id), ErrorCode::BadRequest, error.to_string()),
    };
    let answer = match request.ask {
        CompanionAsk::Hello => CompanionAnswer::Hello {
            release: env!("CARGO_PKG_VERSION").to_owned(),
            system: std::env::consts::OS.to_owned(),
        },
        CompanionAsk::Sessions => CompanionAnswer::Sessions {
            report: fitting(watch.report()),
        },
        CompanionAsk::End { finding } => match watch.end(&finding) {
            Ok(ended) => CompanionAnswer::End {
                gone: ended.gone,
                ended: ended.ended,
                came_back: ended.came_back,
            },
            Err((code, why)) => return refuse(Some(id), code, why),
        },
    };
    CompanionResponse::Ok {
        version: VERSION,
        id,
        answer,
    }
}

/// Most sessions, and most failures, that an answer names.
const NAMED: usize = 64;

/// A report that fits into a frame, however many connections somebody makes: the best evidence of it,
/// which comes first.
fn fitting(mut report: SessionReport) -> SessionReport {
    report.findings.truncate(NAMED);
    report.failed.truncate(NAMED);
    report
}

fn refuse(id: Option<u32>, code: ErrorCode, message: String) -> CompanionResponse {
    CompanionResponse::Error {
        version: VERSION,
        id,
        number: code as u32,
        code,
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorchain_core::protocol::FRAME_CAP;
    use doorchain_core::{Confidence, Direction, Finding, SessionState};

    #[test]
    fn no_number_of_connections_keeps_a_report_from_being_sent() {
        let finding = |confidence, number: usize| Finding {
            id: format!("x11vnc-4711-1093021-192.0.2.7:{number}"),
            tool: "x11vnc".to_owned(),
            name: "x11vnc".to_owned(),
            direction: Direction::Inbound,
            since: None,
            evidence: "x".repeat(1000),
            confidence,
            pids: vec![4711],
        };
        let weak = (0..20_000).map(|number| finding(Confidence::Weak, number));
        let report = fitting(SessionReport {
            state: SessionState::Active,
            findings: std::iter::once(finding(Confidence::Good, 0))
                .chain(weak)
                .collect(),
            failed: vec!["y".repeat(5000); 20_000],
        });
        assert_eq!(report.state, SessionState::Active);
        assert_eq!(report.findings[0].confidence, Confidence::Good);
        let bytes = serde_json::to_vec(&report).expect("serialises").len();
        assert!(bytes < FRAME_CAP / 2, "{bytes}");
    }

    #[test]
    fn every_question_has_an_answer() {
        let good: [&[u8]; 4] = [
            br#"{"version":1,"id":1,"ask":"hello"}"#,
            br#"{"version":1,"id":2,"ask":"sessions"}"#,
            br#"{"version":1,"id":3,"ask":"end","finding":"x11vnc-4711-1093021-192.0.2.7:50122"}"#,
            br#"{"version":9,"id":4294967295,"ask":"fly"}"#,
        ];
        let mut watch = Watch::default();
        let mut answered = 0;
        for body in crate::hostile::spoilt(&good, 5000) {
            match answer(&mut watch, &body) {
                CompanionResponse::Ok { .. } => answered += 1,
                CompanionResponse::Error { number, code, .. } => {
                    assert_eq!(number, code as u32);
                    assert_ne!(code, ErrorCode::EndFailed, "nothing was named");
                }
            }
        }
        assert!(answered > 0, "none was left whole");
    }
}
