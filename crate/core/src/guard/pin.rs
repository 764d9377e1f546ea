//! The family PIN: what loosens protection needs it, once it was set.
//!
//! The core never meets a PIN, only what PBKDF2 made of it: the extension's own page turns
//! what is typed into a [proof](super::PageMessage::Change), with the salt and the rounds of
//! the [`Pin`].

use super::policy;
use crate::Millis;
use serde::{Deserialize, Serialize};

/// A PIN that was set, as PBKDF2 with HMAC-SHA-256 leaves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PinHash {
    /// Random bytes, in Base64; at least 16 of them.
    pub salt: String,
    /// Rounds of PBKDF2; at least 600,000.
    pub rounds: u32,
    /// The 32 bytes that came out, in Base64.
    pub hash: String,
}

impl PinHash {
    /// Whether it is as dear to guess as it has to be.
    pub(super) fn is_sound(&self) -> bool {
        // 16 bytes are 24 characters of Base64, 32 bytes are 44.
        self.rounds >= policy::PIN_ROUNDS && self.salt.len() >= 24 && self.hash.len() == 44
    }
}

/// The PIN and what was tried against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(rename_all = "camelCase")]
pub struct Pin {
    /// What a proof is compared with.
    pub kept: PinHash,
    /// Wrong proofs in a row.
    pub wrong: u32,
    /// No proof is looked at before this.
    pub closed_until: Option<Millis>,
    /// It was forgotten, and goes at this moment unless it is kept.
    pub goes_at: Option<Millis>,
}

impl Pin {
    pub(super) fn new(kept: PinHash) -> Self {
        Self {
            kept,
            wrong: 0,
            closed_until: None,
            goes_at: None,
        }
    }

    pub(super) fn is_closed(&self, now: Millis) -> bool {
        self.closed_until.is_some_and(|until| until > now)
    }

    /// Looks at a proof; a wrong one makes the next wait longer.
    pub(super) fn is_proved(&mut self, proof: &str, now: Millis) -> bool {
        if self.is_closed(now) {
            return false;
        }
        if proof == self.kept.hash {
            self.wrong = 0;
            self.closed_until = None;
            return true;
        }
        self.wrong = self.wrong.saturating_add(1);
        self.closed_until = policy::pin_closed_for(self.wrong).map(|wait| now.after(wait));
        false
    }
}

/// What the extension's own pages are told of the PIN: all but the hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(rename_all = "camelCase")]
pub struct PinStatus {
    /// Salt for a proof, in Base64.
    pub salt: String,
    /// Rounds of PBKDF2 for a proof.
    pub rounds: u32,
    /// Wrong proofs in a row.
    pub wrong: u32,
    /// No proof is looked at before this.
    pub closed_until: Option<Millis>,
    /// It was forgotten, and goes at this moment unless it is kept.
    pub goes_at: Option<Millis>,
}

impl From<&Pin> for PinStatus {
    fn from(pin: &Pin) -> Self {
        Self {
            salt: pin.kept.salt.clone(),
            rounds: pin.kept.rounds,
            wrong: pin.wrong,
            closed_until: pin.closed_until,
            goes_at: pin.goes_at,
        }
    }
}
