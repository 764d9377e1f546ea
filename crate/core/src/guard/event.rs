//! What can happen, and the messages that bring it.

use super::{
    pin::PinHash,
    state::{Access, CompanionHealth},
};
use crate::{PageFacts, SessionReport};
use serde::{Deserialize, Serialize};

/// From a content script to the background.
///
/// Tab, frame and address are never in it: the background takes them from the sender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "message"
)]
pub enum ContentMessage {
    /// A document began, or comes back as it was left; the answer is what it has to show now.
    Hello {
        /// The number that it gave itself, by chance, and keeps.
        document: u32,
    },
    /// The document was read.
    Read {
        /// What it held.
        facts: Box<PageFacts>,
    },
    /// Text stands in an editable field. Never a password, card or one-time-code field.
    Typed {
        /// The field's text, or its last part.
        text: String,
    },
    /// The person pressed a button of a banner or a cover (trusted events only).
    Pressed {
        /// Which.
        press: Press,
    },
    /// The page began or ended sharing this screen.
    SharesScreen {
        /// It shares now.
        live: bool,
    },
    /// Amounts on a bank page changed without the bank.
    NumbersChanged {
        /// It was told before, perhaps to nobody.
        again: bool,
    },
}

/// From the extension's own pages (popup, options) to the background.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "message"
)]
pub enum PageMessage {
    /// Asks for the [`Status`](super::Status) of a tab.
    Status {
        /// The tab; none for what concerns no tab.
        tab: Option<u32>,
    },
    /// Changes a setting; answered with the new status.
    Change {
        /// What to change.
        change: Change,
        /// What PBKDF2 made of the family PIN that was typed, in Base64; the PIN itself is
        /// in no message.
        proof: Option<String>,
    },
    /// "Someone is on the phone, or in my computer"; taken back by [`Change::AlarmOff`].
    Alarm,
    /// "Disconnect them".
    EndSession,
}

/// A button in a banner or a cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Press {
    /// Banner: put away on this page.
    Dismiss,
    /// Banner: "This is wrong".
    Wrong,
    /// Banner: "I'm on the phone with them".
    OnThePhone,
    /// Banner: "What is this?".
    Explain,
    /// Pause: "No, I am alone".
    Alone,
    /// Pause: "Yes" or "I am not sure".
    NotAlone,
    /// Cover: close this page.
    Leave,
    /// Stop: end the remote session.
    EndSession,
    /// Stop: go on anyway.
    GoOn,
}

/// A change of a setting. Loosening ones are refused while the settings are frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "change"
)]
pub enum Change {
    /// Switch a site on or off.
    Site {
        /// Registrable domain, as [`Status`](super::Status) names it.
        site: String,
        /// No warnings there.
        quiet: bool,
    },
    /// A `stop` has no "Go on".
    Strict {
        /// On or off.
        on: bool,
    },
    /// A `stop` is spoken aloud.
    Voice {
        /// On or off.
        on: bool,
    },
    /// Look for tools that listen on this machine when a bank is opened.
    Listeners {
        /// On or off.
        on: bool,
    },
    /// Country whose advice is shown, ISO 3166-1 alpha-2; none to follow the locale.
    Country {
        /// Its code.
        code: Option<String>,
    },
    /// Allow a helper's tool for a time.
    AllowHelper {
        /// The tool's id in the catalogue.
        tool: String,
        /// For how many minutes; more than twelve hours are twelve hours.
        minutes: u32,
    },
    /// Take that back.
    ForbidHelper {
        /// The tool's id in the catalogue.
        tool: String,
    },
    /// Nobody is on the phone or in the computer any more.
    AlarmOff,
    /// Forget the timeline and the notes. Exposure, the person's word and sessions count on for as
    /// long as they would have.
    Clear,
    /// Set the family PIN, or another one; none takes it away. One that is cheap to guess is
    /// refused.
    Pin {
        /// The PIN, hashed.
        pin: Option<PinHash>,
    },
    /// The family PIN was forgotten: let it go after a day. Or keep it after all.
    ForgetPin {
        /// It is to go.
        on: bool,
    },
}

impl Change {
    /// Whether it takes protection away. These are refused while settings are frozen.
    pub(super) fn loosens(&self) -> bool {
        match self {
            Self::Site { quiet, .. } => *quiet,
            Self::Strict { on } | Self::Voice { on } | Self::Listeners { on } => !*on,
            // To set a PIN locks the others out, so it is no more a caller's than to take it away.
            Self::AllowHelper { .. } | Self::AlarmOff | Self::Clear | Self::Pin { .. } => true,
            Self::ForgetPin { on } => *on,
            Self::Country { .. } | Self::ForbidHelper { .. } => false,
        }
    }

    /// Whether the family PIN is asked for, where one is set.
    pub(super) fn needs_pin(&self, strict: bool) -> bool {
        match self {
            // What the person said is the person's to take back, but where the family has
            // chosen that nobody is talked out of a stop.
            Self::AlarmOff => strict,
            Self::ForgetPin { .. } => false,
            _ => self.loosens(),
        }
    }
}

/// Something that happened, as the background hands it to the core.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "event"
)]
pub enum Event {
    /// The background woke up: repeats the effects that keep the browser in step.
    Started {
        /// Language of the browser's own words, as BCP 47 names it.
        language: Option<String>,
    },
    /// A top-level document of a tab has this address now (loads, history, routes within a page).
    Opened {
        /// The tab.
        tab: u32,
        /// Its address.
        url: String,
        /// Its window is a private one.
        private: bool,
    },
    /// A message of a content script.
    Content {
        /// The tab.
        tab: u32,
        /// The frame; 0 is the top. Firefox numbers frames beyond 32 bits.
        #[cfg_attr(feature = "ts-rs", ts(type = "number"))]
        frame: u64,
        /// The frame's address, from the browser and not from the page.
        url: String,
        /// The tab's window is a private one.
        private: bool,
        /// What it says.
        content: ContentMessage,
    },
    /// A message of the extension's own pages.
    Page {
        /// What it says.
        page: PageMessage,
    },
    /// A tab is gone.
    Closed {
        /// The tab.
        tab: u32,
    },
    /// A download began or was named.
    Downloaded {
        /// Where it comes from.
        url: String,
        /// File name without a path.
        file_name: String,
        /// It was begun in a private window.
        private: bool,
    },
    /// These ports of this machine are open: a tool runs, nobody need be connected.
    Listening {
        /// The ports of [`FindListeners`](super::Effect::FindListeners) that are open.
        ports: Vec<u16>,
    },
    /// The companion answered.
    Report {
        /// Its report.
        report: SessionReport,
    },
    /// Whether the companion can be asked.
    Companion {
        /// How it is.
        health: CompanionHealth,
    },
    /// The companion was asked to end a session.
    Ended {
        /// The finding's id.
        finding: String,
        /// It is gone.
        gone: bool,
        /// The tool came back.
        came_back: bool,
    },
    /// What the browser lets Doorchain see, now and whenever that changes.
    Access {
        /// What it is.
        access: Access,
    },
    /// The browser keeps Doorchain off the page of a tab that it was asked to
    /// [`Reach`](super::Effect::Reach).
    Unreached {
        /// The tab.
        tab: u32,
    },
    /// The moment of a [`WakeAt`](super::Effect::WakeAt) has come.
    Woke,
}
