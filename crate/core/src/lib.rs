//! The judgement of Doorchain: facts and the time go in, what to show comes out.
//!
//! No browser, no clock, no input or output, no unsafe code. Every entry point
//! takes any input and cannot fail: bad input is a fact that scores nothing.

mod advice;
mod bank;
mod bits;
mod catalogue;
mod cue;
mod decimal;
mod facts;
mod fusion;
mod guard;
mod host;
mod judge;
mod manner;
#[cfg(feature = "url")]
mod native;
mod order;
mod page;
pub mod protocol;
mod reason;
mod session;
mod text;
mod time;
mod tool;
mod turns;
mod verdict;
mod words;

pub use advice::{Advice, AdviceKind, advice, advice_countries, country_of};
pub use facts::{Address, AddressParser, Field, Form, PageFacts, Trap};
#[cfg(feature = "study")]
pub use fusion::{Numbers, names};
pub use guard::*;
pub use judge::Engine;
#[cfg(feature = "study")]
pub use manner::{SLOTS, fnv1a, length, pack};
#[cfg(feature = "url")]
pub use native::parse_address;
#[cfg(feature = "study")]
pub use page::{MannerOdds, Manners, Study};
pub use session::{Confidence, Direction, Finding, SessionReport, SessionState};
pub use time::Millis;
pub use tool::{System, Tool, ToolFact, ToolFactKind, fits, tools};
pub use verdict::{CueKind, Level, Owner, Reason, Verdict, Words};
