//! Everything the background remembers.

use super::{
    event::Change,
    numbered::Numbered,
    pin::Pin,
    view::{Ending, ToolName, View},
};
use crate::{Level, Millis, Owner, Reason, SessionReport};
use serde::{Deserialize, Serialize};

/// Settings and memory; the shell keeps the one in `storage.local`, the other in `storage.session`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(default, rename_all = "camelCase")]
pub struct State {
    /// Outlives the browser.
    pub settings: Settings,
    /// Outlives the background, not the browser.
    pub memory: Memory,
}

/// What the person chose, and what else has to outlive the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// Registrable domains without warnings.
    pub quiet_sites: Vec<String>,
    /// A `stop` has no "Go on".
    pub strict: bool,
    /// A `stop` is spoken aloud.
    pub voice: bool,
    /// Look for tools that listen on this machine when a bank is opened.
    pub listeners: bool,
    /// Country of the advice, ISO 3166-1 alpha-2; none follows the locale.
    pub country: Option<String>,
    /// Helpers that are allowed for a time.
    pub helpers: Vec<Helper>,
    /// The family PIN, where one was set. Pages never see it.
    pub pin: Option<Pin>,
    /// Warnings that the person called wrong.
    pub wrong: Vec<WrongReport>,
    /// Timeline of the last session in which a bank was open. Kept here because the
    /// advice after such a session is to switch the computer off.
    pub incident: Vec<Entry>,
    /// What protects, and must not end with the browser: a caller can ask for it to be closed.
    pub kept: Kept,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            quiet_sites: Vec::new(),
            strict: false,
            voice: true,
            listeners: false,
            country: None,
            helpers: Vec::new(),
            pin: None,
            wrong: Vec::new(),
            incident: Vec::new(),
            kept: Kept::default(),
        }
    }
}

/// What still counts of the last hours, and no longer than it counts: no site, no page's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(default, rename_all = "camelCase")]
pub struct Kept {
    /// Since when the person says that somebody is on the phone or in the computer.
    pub alarm: Option<Millis>,
    /// When the person last said to be alone.
    pub alone_at: Option<Millis>,
    /// The end of the minute in which a session was last active.
    pub last_active: Option<Millis>,
    /// When each [`Happening::Exposed`] was last seen, in no order; no other lines.
    pub exposures: Vec<Entry>,
}

/// A tool that is allowed, beforehand and for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Helper {
    /// The tool's id in the catalogue.
    pub tool: String,
    /// Until when.
    pub until: Millis,
}

/// A warning the person called wrong: the cues, never the page's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct WrongReport {
    /// Registrable domain.
    pub site: String,
    /// Codes of the reasons.
    pub codes: Vec<String>,
    /// When.
    pub at: Millis,
}

/// What the background knows of now and of the last hours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(default, rename_all = "camelCase")]
pub struct Memory {
    /// Tabs by their id.
    #[cfg_attr(feature = "ts-rs", ts(as = "std::collections::BTreeMap<u32, Tab>"))]
    pub tabs: Numbered<u32, Tab>,
    /// What happened, oldest first.
    pub timeline: Vec<Entry>,
    /// What happened in private windows, oldest first. Apart from the rest, of which some is kept
    /// in [`Settings`]: of this nothing is.
    pub private: Vec<Entry>,
    /// What [`Kept::exposures`] would have of private windows.
    pub exposures: Vec<Entry>,
    /// What the browser lets Doorchain see.
    pub access: Access,
    /// The companion's last report that was not `unknown`.
    pub report: SessionReport,
    /// When that report came.
    pub reported_at: Millis,
    /// Whether the companion can be asked.
    pub companion: CompanionHealth,
    /// The count of the `stop` that holds.
    pub stop: Option<StopCount>,
    /// The banks are covered from the first moment.
    pub armed: bool,
    /// The companion is being asked.
    pub following: bool,
    /// Since when an answer of the companion is waited for; none when it came.
    pub asked_at: Option<Millis>,
    /// Country that the browser's language makes likely, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// A bank was open during the session that is active.
    pub bank_in_session: bool,
    /// How ending the session stands.
    pub ending: Ending,
    /// Changes that wait for the companion to say whether settings are frozen, in their order.
    pub waiting_changes: Vec<Change>,
    /// The moment the shell was last asked to wake the core at.
    pub wake_at: Option<Millis>,
}

/// What the browser lets Doorchain see. All of it, until the browser says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(default, rename_all = "camelCase")]
pub struct Access {
    /// Pages of all sites.
    pub sites: bool,
    /// Private windows.
    pub private_windows: bool,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            sites: true,
            private_windows: true,
        }
    }
}

/// One tab.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(default, rename_all = "camelCase")]
pub struct Tab {
    /// Registrable domain of the top-level page, or its host where it has none.
    pub site: String,
    /// Host of the top-level page; empty where it is none of the web.
    pub host: String,
    /// Its window is a private one.
    pub private: bool,
    /// The document that it shows; 0 where none has said hello.
    pub document: u32,
    /// How its page keeps silent; none once that has said hello.
    pub silence: Option<Silence>,
    /// Who owns its host.
    pub owner: Owner,
    /// The bank it shows, if it shows one.
    pub bank: Option<Bank>,
    /// Verdicts by frame.
    #[cfg_attr(
        feature = "ts-rs",
        ts(as = "std::collections::BTreeMap<u32, FrameVerdict>")
    )]
    pub frames: Numbered<u64, FrameVerdict>,
    /// Level and reasons of what was typed; the reasons carry no words.
    pub typed: Option<FrameVerdict>,
    /// The reasons of banners that were put away, on this document and on those before it.
    pub dismissed: Vec<Dismissed>,
    /// The last document whose amounts were changed on this computer.
    pub numbers_changed: Option<u32>,
    /// The frames that share this screen.
    #[cfg_attr(feature = "ts-rs", ts(type = "number[]"))]
    pub sharing: Vec<u64>,
    /// It is a tool's page on which this screen is handed over, and which tool's.
    pub support_page: Option<ToolName>,
    /// A bank was seen here since the document began.
    pub bank_seen: bool,
    /// The frames of which there is more than was read.
    #[cfg_attr(feature = "ts-rs", ts(type = "number[]"))]
    pub gave_up: Vec<u64>,
    /// What is drawn in it; none where that is not known.
    pub shown: Option<View>,
}

/// A reason of a banner that was put away. It counts for its document alone, which may come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Dismissed {
    /// The document.
    pub document: u32,
    /// The reason.
    pub reason: Reason,
}

/// A page that was opened and has not said hello: it has no content script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Silence {
    /// Since when.
    pub since: Millis,
    /// It is being looked whether the browser lets anything be drawn there.
    pub asked: bool,
    /// The browser does not.
    pub closed: bool,
    /// Up to which level the person was told that the page is not covered.
    pub told: Level,
}

/// Why a tab counts as a bank's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Bank {
    /// Its name, or its site's where no list has it.
    pub name: String,
    /// It is on the list; otherwise only its forms and words look like a bank's.
    pub listed: bool,
}

/// Level and reasons of one document or text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(default, rename_all = "camelCase")]
pub struct FrameVerdict {
    /// Its level.
    pub level: Level,
    /// Its reasons.
    pub reasons: Vec<Reason>,
}

/// The 30 seconds of a `stop`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StopCount {
    /// Since when they are counted.
    pub since: Millis,
    /// Ids of the sessions they are counted for; others start the count again.
    pub findings: Vec<String>,
    /// When the person went on in spite of it.
    pub went_on: Option<Millis>,
}

/// Whether the companion can be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum CompanionHealth {
    /// Nobody asked yet.
    #[default]
    Unasked,
    /// It answers.
    Well {
        /// Its version.
        release: String,
    },
    /// It is not installed.
    Missing,
    /// It speaks another version of the protocol.
    WrongVersion {
        /// The version it speaks.
        version: u32,
    },
    /// It is there and does not answer as it should.
    Broken {
        /// What went wrong, in English.
        why: String,
    },
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When.
    pub at: Millis,
    /// What.
    pub what: Happening,
}

/// What a line of the timeline tells; `_locales` words it under `happened_<what>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "what"
)]
pub enum Happening {
    /// A page or a text was warned of.
    Warned {
        /// Registrable domain.
        site: String,
        /// Codes of the reasons.
        codes: Vec<String>,
        /// It was typed by the person.
        typed: bool,
    },
    /// Exposure to remote access.
    Exposed {
        /// How.
        how: Exposure,
        /// The tool's name, where it is known.
        tool: Option<String>,
    },
    /// A bank was opened.
    BankOpened {
        /// Its name.
        bank: String,
    },
    /// A remote session began.
    SessionBegan {
        /// The tool's name.
        tool: String,
    },
    /// It ended.
    SessionEnded {
        /// The tool's name.
        tool: String,
    },
    /// A bank's page was covered.
    Covered {
        /// Its name.
        bank: String,
        /// At this level.
        level: Level,
    },
    /// A bank's page was to be covered, and the browser did not let it be.
    Uncovered {
        /// The bank's name.
        bank: String,
    },
    /// The person pressed a button.
    Pressed {
        /// Which.
        press: super::Press,
    },
    /// A setting was to be loosened while that was frozen.
    Refused,
    /// A wrong family PIN was typed.
    PinWrong,
    /// The family PIN was called forgotten.
    PinForgotten,
    /// The family PIN was taken away.
    PinGone,
    /// Amounts on a bank's page were changed on this computer.
    NumbersChanged {
        /// The bank's name.
        bank: String,
    },
    /// The person said that somebody is on the phone or in the computer.
    Alarm,
}

/// Evidence that somebody may be let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Exposure {
    /// A tool's own pages were visited.
    Visited,
    /// Its installer was fetched.
    Downloaded,
    /// A page or a text asked for remote access.
    Asked,
    /// It listens on this machine.
    Listening,
    /// A page of this browser shares the screen.
    SharesScreen,
    /// Chrome Remote Desktop's support page is open.
    SupportTab,
    /// The person said so.
    Said,
    /// Weak evidence of a session.
    MayBeConnected,
}
