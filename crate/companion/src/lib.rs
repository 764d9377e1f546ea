//! Knows whether somebody else is in this computer, and can end it.
//!
//! The extension asks through native messaging; PROTOCOL.md describes the
//! language. One question is one look: [`collect`] takes a [`snapshot`],
//! [`judge`] concludes from it by the markers of [`catalogue`]. Nothing runs
//! between questions.

pub mod catalogue;
pub mod collect;
mod ending;
pub mod frame;
#[cfg(test)]
mod hostile;
pub mod identity;
pub mod install;
pub mod judge;
pub mod log;
#[cfg(unix)]
mod program;
#[cfg(test)]
mod scratch;
pub mod serve;
pub mod snapshot;
mod table;
pub mod watch;
