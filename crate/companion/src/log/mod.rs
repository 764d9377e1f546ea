//! What the tools' own logs tell of their sessions.

mod follow;
mod lines;
mod place;
mod quick_assist;
mod visits;

pub use lines::{Lines, Phrase, Phrases, Says};
pub use place::{Base, Logs, Telling};
pub use quick_assist::QuickAssist;

use doorchain_core::{Confidence, Millis};

/// A session that a log tells of and of which it does not tell the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The tool's id in the catalogue.
    pub tool: &'static str,
    /// When it began, where the log says so in a way that can be read.
    pub since: Option<Millis>,
    /// Who is let in, as the log calls them.
    pub who: Option<String>,
    /// What the log says, in words, in English.
    pub words: String,
    /// How well it holds.
    pub confidence: Confidence,
}
