//! The language between the extension and the companion; PROTOCOL.md describes it.

use crate::SessionReport;
use serde::{Deserialize, Serialize};

/// Version of the language. Raised when an old peer would misunderstand a new one.
pub const VERSION: u32 = 1;

/// Largest frame in either direction, in bytes.
///
/// The browsers' own limit for frames to the extension:
/// <https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging>.
pub const FRAME_CAP: usize = 1 << 20;

/// Name of the native-messaging host.
pub const HOST_NAME: &str = "org.doorchain.companion";

/// What the extension asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", tag = "ask")]
pub enum CompanionAsk {
    /// Who are you?
    Hello,
    /// Which remote sessions are active?
    Sessions,
    /// End this session, which a report of this connection has named.
    End {
        /// [`Finding::id`](crate::Finding::id).
        finding: String,
    },
}

/// A question with its number and the version it is put in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CompanionRequest {
    /// [`VERSION`] of the asker.
    pub version: u32,
    /// Comes back in the answer.
    pub id: u32,
    /// The question.
    #[serde(flatten)]
    pub ask: CompanionAsk,
}

/// What the companion answers when all went well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "answer"
)]
pub enum CompanionAnswer {
    /// To `hello`.
    Hello {
        /// The companion's own version, such as `0.1.0`.
        release: String,
        /// `linux`, `windows` or `macos`.
        system: String,
    },
    /// To `sessions`.
    Sessions {
        /// What the probes found.
        report: SessionReport,
    },
    /// To `end`.
    End {
        /// The session is gone, checked.
        gone: bool,
        /// What was ended, in words, in English.
        ended: Vec<String>,
        /// The tool started a new session in the meantime.
        came_back: bool,
    },
}

/// What went wrong. The numbers are only ever appended to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum ErrorCode {
    /// 1: the frame is not JSON of a known shape.
    BadRequest = 1,
    /// 2: the frame is larger than [`FRAME_CAP`].
    TooLarge = 2,
    /// 3: the versions do not fit.
    Version = 3,
    /// 4: `end` names a session that no report of this connection had.
    UnknownFinding = 4,
    /// 5: the session could not be ended.
    EndFailed = 5,
}

/// An answer in its envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "status"
)]
pub enum CompanionResponse {
    /// It went well.
    Ok {
        /// [`VERSION`] of the companion.
        version: u32,
        /// Number of the question.
        id: u32,
        /// The answer.
        #[serde(flatten)]
        answer: CompanionAnswer,
    },
    /// It did not.
    Error {
        /// [`VERSION`] of the companion.
        version: u32,
        /// Number of the question; none where the frame could not be read.
        id: Option<u32>,
        /// Stable number.
        number: u32,
        /// Its name.
        code: ErrorCode,
        /// For the log, in English.
        message: String,
    },
}
