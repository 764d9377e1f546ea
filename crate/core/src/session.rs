//! What is known of remote sessions.

use crate::Millis;
use serde::{Deserialize, Serialize};

/// Whether somebody else is in the computer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum SessionState {
    /// At least one remote session is active.
    Active,
    /// Every probe ran and found none.
    None,
    /// A probe failed or nobody was there to ask; never counts as a change.
    #[default]
    Unknown,
}

/// Who connected to whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// Somebody else sees or controls this computer.
    #[default]
    Inbound,
    /// This computer's user looks at another computer.
    Outbound,
}

/// How well the evidence holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Confidence {
    /// Points that way; its live meaning is untested. Shown as "may be".
    #[default]
    Weak,
    /// A source documents it, or it was tried.
    Good,
    /// Exists only while a session does.
    Proof,
}

/// One remote session that a probe found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(default, rename_all = "camelCase")]
pub struct Finding {
    /// Stable for as long as this session lasts; what `end` is asked with.
    pub id: String,
    /// The tool's id in the catalogue.
    pub tool: String,
    /// The tool's name as people know it.
    pub name: String,
    /// Who connected to whom.
    pub direction: Direction,
    /// When the session began, where that is known.
    pub since: Option<Millis>,
    /// The evidence in words, in English, for the log and the report.
    pub evidence: String,
    /// How well the evidence holds.
    pub confidence: Confidence,
    /// Processes of the session, to be ended when the person asks.
    pub pids: Vec<u32>,
}

impl Finding {
    /// The evidence holds: somebody is connected, not only may be.
    pub fn holds(&self) -> bool {
        self.confidence >= Confidence::Good
    }
}

/// Everything the companion can say at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(default, rename_all = "camelCase")]
pub struct SessionReport {
    /// `Active` when an inbound finding is there, `Unknown` when none is and a probe failed.
    pub state: SessionState,
    /// The sessions, inbound first.
    pub findings: Vec<Finding>,
    /// Probes that failed, in words, in English.
    pub failed: Vec<String>,
}

impl SessionReport {
    /// The sessions in which somebody else sees or controls this computer.
    pub fn inbound(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.direction == Direction::Inbound)
    }
}
