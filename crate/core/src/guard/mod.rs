//! The guard: from single facts to what each tab shows.
//!
//! A reducer. [`Engine::step`](crate::Engine::step) takes the state, one event and
//! the time, and gives the next state with the effects the shell has to carry out.
//! The shell stores the state before it carries out an effect, so that a background
//! that is killed at any moment goes on where it was.

mod clock;
mod decide;
mod effect;
mod event;
mod numbered;
mod pin;
mod policy;
mod state;
mod status;
mod turn;
mod view;

pub use effect::{Effect, Notice};
pub use event::{Change, ContentMessage, Event, PageMessage, Press};
pub use numbered::Numbered;
pub use pin::{Pin, PinHash, PinStatus};
pub use state::{
    Access, Bank, CompanionHealth, Dismissed, Entry, Exposure, FrameVerdict, Happening, Helper,
    Kept, Memory, Settings, Silence, State, StopCount, Tab, WrongReport,
};
pub use view::{Ending, Order, PageAnswer, SessionLine, Status, Step, ToolName, View};
