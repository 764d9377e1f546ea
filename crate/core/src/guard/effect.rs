//! What the shell has to do.

use super::view::View;
use crate::{Level, Millis, Words};
use serde::{Deserialize, Serialize};

/// One thing for the shell to carry out, in order, after the state was stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "effect"
)]
pub enum Effect {
    /// Draw this in the top frame of the tab, instead of what is drawn there.
    Show {
        /// The tab.
        tab: u32,
        /// What to draw.
        view: View,
    },
    /// Mark these words in a frame; none clears the marks.
    Mark {
        /// The tab.
        tab: u32,
        /// The frame.
        #[cfg_attr(feature = "ts-rs", ts(type = "number"))]
        frame: u64,
        /// The words with their place in the text that was read.
        words: Vec<Words>,
    },
    /// Show this level on the toolbar button of the tab.
    Badge {
        /// The tab.
        tab: u32,
        /// Its level.
        level: Level,
    },
    /// Show on the toolbar button of every tab without a level of its own that pages cannot be
    /// seen, or no longer.
    Blind {
        /// They cannot be seen.
        on: bool,
    },
    /// Put the content scripts into the pages that are open and have none.
    Greet,
    /// Put the content scripts into the page of a tab if it has none; where the browser lets
    /// nothing be drawn on it, the answer is [`Event::Unreached`](super::Event::Unreached).
    Reach {
        /// The tab.
        tab: u32,
    },
    /// Cover pages of these match patterns from their first moment; none disarms.
    Arm {
        /// Match patterns of the extension API.
        matches: Vec<String>,
    },
    /// Keep asking the companion, or stop.
    Follow {
        /// Ask from now on.
        on: bool,
        /// Pause between an answer and the next question, in milliseconds.
        every_ms: u32,
    },
    /// Ask the companion once, now.
    Ask,
    /// Ask the companion to end a session.
    EndSession {
        /// The finding's id.
        finding: String,
    },
    /// Look which of these ports of this machine are open.
    FindListeners {
        /// The ports.
        ports: Vec<u16>,
    },
    /// Send [`Event::Woke`](super::Event::Woke) at this moment.
    WakeAt {
        /// When.
        at: Millis,
    },
    /// Raise a notification of the operating system.
    Notify {
        /// What about.
        about: Notice,
    },
    /// Speak the stop aloud, twice.
    Speak,
    /// Close a tab.
    CloseTab {
        /// The tab.
        tab: u32,
    },
    /// Open the page "What happened".
    OpenHappened,
    /// Open the page that explains the scam.
    OpenExplain,
}

/// What a notification tells; `_locales` words it under `notice_<about>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Notice {
    /// A bank's page is covered.
    Stop,
    /// A bank's page is to be covered, and the browser does not let it be.
    Uncovered,
    /// The family PIN was called forgotten, and goes after a day.
    PinForgotten,
    /// The family PIN is gone.
    PinGone,
}
