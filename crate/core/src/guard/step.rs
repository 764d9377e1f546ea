//! The reducer.

use super::{Event, State, Status, Step};
use crate::{Engine, Millis};

impl Engine {
    /// Applies one event to the state.
    pub fn step(&self, state: State, _event: Event, _now: Millis) -> Step {
        Step {
            state,
            effects: Vec::new(),
        }
    }

    /// What the extension's own pages show of a tab.
    pub fn status(&self, state: &State, _tab: Option<u32>, _now: Millis) -> Status {
        Status {
            settings: state.settings.clone(),
            ..Status::default()
        }
    }
}
