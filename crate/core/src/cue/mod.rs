//! Cues: what the crime says, and what those say who only talk about it.
//!
//! They are data (`data/cues/*.tsv`), cut down by the build script; this module finds them.

#[cfg(test)]
mod anchor;
mod find;
#[cfg(test)]
mod fours;
#[cfg(test)]
mod fragment;
mod gram;
mod key;
mod keys;
mod need;
mod node;
#[cfg(test)]
mod parse;
mod patterns;
mod run;
#[cfg(test)]
mod source;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod window;

pub(crate) use find::{Finder, Hit};
#[cfg(feature = "study")]
pub(crate) use key::{blanked, fours};

use crate::CueKind;
use crate::decimal::decimal;
use crate::reason::Reasons;
#[cfg(test)]
use crate::text::{fold_char, is_invisible};

/// What a matched pattern means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Evidence of the crime, reported under a reason code.
    Evidence {
        /// Index into [`crate::reason::Reasons`].
        reason: u16,
        /// Its kind.
        kind: CueKind,
    },
    /// Somebody tells others what to beware of: the sentence is no evidence.
    Advice,
    /// Words of those who talk about fraud and never of those who commit it. They speak against
    /// a warning in what people read, not in what they type, which is their own.
    Talk,
    /// Words of those who tell what happened to them or others, or may happen.
    Story,
    /// Words of a genuine notice, which the crime would not say.
    Genuine,
    /// A condition and what happens if it is not met: what it forbids is no advice.
    Threat,
    /// Others of the same name: the river, the people, companies.
    Namesake,
}

/// One pattern with its meaning.
#[derive(Clone, Copy)]
pub(crate) struct Cue {
    pub(crate) meaning: Meaning,
    /// Held against typed text alone.
    typed_only: bool,
    /// Log-odds that the pattern adds where it stands alone.
    pub(crate) weight: f64,
}

impl Cue {
    /// Whether it counts in text that people type, or in text that they read.
    fn counts(&self, mode: Mode) -> bool {
        match mode {
            Mode::Page => !self.typed_only,
            Mode::Typed => self.meaning != Meaning::Talk,
        }
    }
}

/// Whose words a text is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    /// A document's, that somebody else wrote.
    Page,
    /// The person's own, as they type them.
    Typed,
}

/// Reads the shipped cues. The build script has checked them.
fn read(reasons: &Reasons) -> Vec<Cue> {
    let kinds: Vec<Cue> = include_str!(concat!(env!("OUT_DIR"), "/cues.tsv"))
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let meaning = meaning(cells.next()?, reasons)?;
            Some(Cue {
                meaning,
                typed_only: cells.next()? == "typed",
                weight: decimal(cells.next()?)?,
            })
        })
        .collect();
    include_bytes!(concat!(env!("OUT_DIR"), "/cue_lines.bin"))
        .iter()
        .filter_map(|kind| kinds.get(usize::from(*kind)).copied())
        .collect()
}

fn meaning(code: &str, reasons: &Reasons) -> Option<Meaning> {
    Some(match code {
        "advice" => Meaning::Advice,
        "talk" => Meaning::Talk,
        "story" => Meaning::Story,
        "genuine" => Meaning::Genuine,
        "threat" => Meaning::Threat,
        "namesake" => Meaning::Namesake,
        code => {
            let (reason, kind) = reasons.find(code)?;
            Meaning::Evidence { reason, kind }
        }
    })
}
