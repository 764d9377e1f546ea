//! What the core concludes.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How loudly the person is to be told; ordered, `Quiet` lowest.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// Nothing, or one weak cue.
    #[default]
    Quiet,
    /// A remote-access tool's own page or download, nothing else known.
    Notice,
    /// Amazon impersonation or a push towards remote access, of two kinds of cue at least.
    Caution,
    /// A bank is opened after recent exposure to remote access.
    Pause,
    /// A bank is open while a remote session is active.
    Stop,
}

/// A family of evidence. A caution needs two different ones.
///
/// Closed on purpose: data files name kinds by these names and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum CueKind {
    /// Claims to be Amazon where its sender or host is not.
    Brand,
    /// An address dressed up as Amazon's.
    Address,
    /// Amazon's forms, images or wording on a page that is not Amazon's.
    Structure,
    /// An unexpected charge, renewal or order.
    Charge,
    /// A refund or an overpayment.
    Refund,
    /// The account is locked, suspended or to be verified.
    Account,
    /// Press a digit.
    Press,
    /// Call this number.
    Call,
    /// Urgency or a deadline.
    Urgency,
    /// Secrecy: do not tell the bank, stay on the line.
    Secrecy,
    /// Asks for remote access or names a remote-access tool to install.
    Remote,
    /// Asks for the tool's ID or code, the numbers on the screen.
    RemoteCode,
    /// Asks to open or log on to the bank.
    Bank,
    /// Gift cards as payment.
    GiftCard,
    /// A security flaw, hacker or virus.
    Flaw,
    /// Asks for a one-time code, a password or card data.
    Credential,
    /// Traps: full screen, looping sound, do not close.
    Trap,
    /// The learned model.
    Learned,
}

/// The kinds in their order, with the names that the data files and JSON give them.
pub(crate) const KINDS: [(CueKind, &str); 18] = {
    use CueKind as K;
    [
        (K::Brand, "brand"),
        (K::Address, "address"),
        (K::Structure, "structure"),
        (K::Charge, "charge"),
        (K::Refund, "refund"),
        (K::Account, "account"),
        (K::Press, "press"),
        (K::Call, "call"),
        (K::Urgency, "urgency"),
        (K::Secrecy, "secrecy"),
        (K::Remote, "remote"),
        (K::RemoteCode, "remoteCode"),
        (K::Bank, "bank"),
        (K::GiftCard, "giftCard"),
        (K::Flaw, "flaw"),
        (K::Credential, "credential"),
        (K::Trap, "trap"),
        (K::Learned, "learned"),
    ]
};

impl CueKind {
    /// The kind that has this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let known = KINDS.iter().find(|(_, known)| *known == name);
        known.map(|(kind, _)| *kind)
    }
}

/// A place in the text that made a reason, with the words that stand there.
///
/// `start` and `end` are both 0 where the words stand elsewhere: in the title, a heading, the sender or
/// the description of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Words {
    /// The words as the page has them.
    pub text: String,
    /// Offset of their first UTF-16 code unit in [`PageFacts::text`](crate::PageFacts::text).
    pub start: u32,
    /// Offset behind their last UTF-16 code unit.
    pub end: u32,
}

/// Why a level was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// Stable name; `_locales` has a plain sentence under `reason_<code>`.
    /// Append-only: a code is never given a new meaning.
    pub code: Cow<'static, str>,
    /// The family of evidence it belongs to.
    pub kind: CueKind,
    /// The words that made it; empty for typed text and for what is not text.
    pub words: Vec<Words>,
}

/// Who stands behind a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum Owner {
    /// Nobody in the lists.
    #[default]
    Unknown,
    /// Amazon itself.
    Amazon,
    /// A bank or a payment site.
    Bank {
        /// Its domain, as the list has it: people know their bank by its address.
        name: String,
    },
    /// The maker of a remote-access tool.
    RemoteTool {
        /// The tool's id in the catalogue.
        tool: String,
        /// The tool's name as people know it.
        name: String,
    },
}

/// The core's conclusion about one document, text or address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// `Quiet`, `Notice` or `Caution`; the guard alone gives the levels above.
    pub level: Level,
    /// Calibrated log-odds (natural logarithm) that this is the crime; 0 is even. Of an address
    /// alone the sum of its cues' weights, which is not calibrated, and 0 without any.
    pub score: f64,
    /// Most telling first, at most five.
    pub reasons: Vec<Reason>,
    /// Who owns the host.
    pub owner: Owner,
    /// The page looks like a bank's by its forms and words, though no list has it.
    pub bank_like: bool,
}
