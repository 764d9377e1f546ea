//! What a tab shows.

use super::{
    effect::Effect,
    event::Press,
    pin::PinStatus,
    state::{Access, CompanionHealth, Entry, Exposure, Settings, State},
};
use crate::{Advice, Level, Millis, Reason, Words};
use serde::{Deserialize, Serialize};

/// Result of [`Engine::step`](crate::Engine::step).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// To be stored.
    pub state: State,
    /// To be carried out afterwards, in order.
    pub effects: Vec<Effect>,
}

/// What is drawn in the top frame of a tab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "view"
)]
pub enum View {
    /// Nothing at all.
    #[default]
    Nothing,
    /// The plain cover of an armed bank page until the verdict is in.
    Waiting,
    /// The inline banner.
    Banner {
        /// `Notice` or `Caution`.
        level: Level,
        /// Why.
        reasons: Vec<Reason>,
        /// The remote-access tool whose page this is, where it is one's.
        tool: Option<String>,
        /// It is about what the person typed.
        typed: bool,
    },
    /// The cover that asks.
    Pause {
        /// The bank's name.
        bank: String,
        /// What led to it, newest first.
        exposure: Vec<Exposure>,
        /// Name of the tool of the first of these, where that is known.
        tool: Option<String>,
    },
    /// The cover that holds.
    Stop {
        /// The bank's name.
        bank: String,
        /// Who is connected; empty where only the person said so.
        sessions: Vec<SessionLine>,
        /// One number that reaches every bank of the reader's country, where there is one.
        bank_phone: Option<String>,
        /// From when on "Go on anyway" can be pressed; none in strict mode.
        go_on_at: Option<Millis>,
        /// How ending the session stands.
        ending: Ending,
    },
    /// The red bar that stays on a bank's page.
    Bar {
        /// Who is connected.
        sessions: Vec<SessionLine>,
        /// Amounts on the page were changed on this computer.
        numbers_changed: bool,
    },
}

impl View {
    /// Whether it covers the page.
    pub(super) fn covers(&self) -> bool {
        matches!(self, Self::Pause { .. } | Self::Stop { .. })
    }

    /// The level it stands for.
    pub fn level(&self) -> Level {
        match self {
            Self::Nothing | Self::Waiting => Level::Quiet,
            Self::Banner { level, .. } => *level,
            Self::Pause { .. } => Level::Pause,
            Self::Stop { .. } | Self::Bar { .. } => Level::Stop,
        }
    }

    /// Whether it has this button, and the button can be pressed now.
    pub(super) fn offers(&self, press: Press, now: Millis) -> bool {
        match self {
            Self::Nothing | Self::Waiting | Self::Bar { .. } => false,
            Self::Banner { .. } => {
                matches!(
                    press,
                    Press::Dismiss | Press::Wrong | Press::OnThePhone | Press::Explain
                )
            }
            Self::Pause { .. } => matches!(press, Press::Alone | Press::NotAlone | Press::Leave),
            Self::Stop {
                go_on_at, ending, ..
            } => match press {
                Press::Leave => true,
                Press::EndSession => ending.can_be_asked(),
                Press::GoOn => go_on_at.is_some_and(|at| now >= at),
                _ => false,
            },
        }
    }
}

/// One session as a person is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(rename_all = "camelCase")]
pub struct SessionLine {
    /// The tool's name.
    pub name: String,
    /// Since when, where that is known.
    pub since: Option<Millis>,
}

/// How ending a session stands, the worse the later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// Nobody can: no companion, or no session it knows.
    #[default]
    Impossible,
    /// The button is there.
    Possible,
    /// Asked for, not answered yet.
    Asked,
    /// It did not work.
    Failed,
    /// It was ended and came back.
    CameBack,
}

impl Ending {
    /// How it stands after it was asked for.
    pub(super) fn of(gone: bool, came_back: bool) -> Self {
        match (gone, came_back) {
            (_, true) => Self::CameBack,
            (true, false) => Self::Possible,
            (false, false) => Self::Failed,
        }
    }

    /// Whether there is a button to ask for it.
    pub(super) fn can_be_asked(self) -> bool {
        !matches!(self, Self::Impossible | Self::Asked)
    }
}

/// What the popup and the other pages show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The tab's level.
    pub level: Level,
    /// Its reasons.
    pub reasons: Vec<Reason>,
    /// Its registrable domain; empty where nothing can be read (the browser's own pages).
    pub site: String,
    /// The site is switched off.
    pub quiet: bool,
    /// Settings cannot be loosened now.
    pub frozen: bool,
    /// Sessions that are active now.
    pub sessions: Vec<SessionLine>,
    /// How ending them stands.
    pub ending: Ending,
    /// Whether the companion can be asked.
    pub companion: CompanionHealth,
    /// The person said that somebody is on the phone or in the computer.
    pub alarm: bool,
    /// What the browser lets Doorchain see.
    pub access: Access,
    /// The tab's page has said nothing, though it had the time.
    pub unseen: bool,
    /// There is more of the tab's page, or of a frame in it, than was read.
    pub gave_up: bool,
    /// To take that back needs the family PIN.
    pub alarm_off_needs_pin: bool,
    /// It cannot be taken back yet.
    pub alarm_off_waits: bool,
    /// All settings, but for the family PIN.
    pub settings: Settings,
    /// The family PIN, where one is set.
    pub pin: Option<PinStatus>,
    /// The timeline, oldest first.
    pub timeline: Vec<Entry>,
    /// Whom to call and where to report.
    pub advice: Vec<Advice>,
    /// The country it is for, ISO 3166-1 alpha-2; none where no advice is known for it.
    pub country: Option<String>,
    /// The countries that can be chosen.
    pub countries: Vec<String>,
    /// The tools that can be allowed; empty where a tab was asked for.
    pub tools: Vec<ToolName>,
}

/// A remote-access tool, to be chosen from a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ToolName {
    /// Its id in the catalogue.
    pub id: String,
    /// Its name as people know it.
    pub name: String,
}

/// From the background to a content script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "order"
)]
pub enum Order {
    /// Draw this; also the answer to [`ContentMessage::Hello`](super::ContentMessage::Hello).
    Show {
        /// What to draw.
        view: View,
        /// Text of the one stylesheet; empty with [`View::Nothing`].
        style: String,
    },
    /// Mark these words in this frame; none clears the marks.
    Mark {
        /// The words with their place in the text that was read.
        words: Vec<Words>,
    },
    /// Answer to a [`ContentMessage::Hello`](super::ContentMessage::Hello) that waits behind others: the
    /// background works, and wants to be greeted again.
    NotYet,
}

/// The background's answer to every [`PageMessage`](super::PageMessage).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "answer"
)]
pub enum PageAnswer {
    /// All is well.
    Status {
        /// The status, after the change where one was asked for.
        status: Box<Status>,
    },
    /// Protection is off.
    Off {
        /// Why, in English, for the report; `_locales` words the fact that it is off.
        why: String,
    },
}
