#![no_main]

use doorchain_core::{Event, Millis, State};
use doorchain_fuzz::ENGINE;
use libfuzzer_sys::fuzz_target;
use std::str::FromStr;

/// Milliseconds since 1970 at which each run begins.
const BEGIN: u64 = 1_800_000_000_000;

// A line is a state as it was stored, an event, or milliseconds that pass; what is none of these
// changes nothing.
fuzz_target!(|text: &str| {
    let mut state = State::default();
    let mut now = BEGIN;
    for line in text.lines() {
        if let Ok(passed) = u64::from_str(line) {
            now = now.saturating_add(passed);
        } else if let Ok(event) = serde_json::from_str::<Event>(line) {
            state = ENGINE.step(state, event, Millis(now)).state;
            // A background that is ended now finds it again in the storage.
            let stored = serde_json::to_string(&state).expect("a state is JSON");
            let again: State = serde_json::from_str(&stored).expect("written by itself");
            assert_eq!(again, state);
        } else if let Ok(stored) = serde_json::from_str::<State>(line) {
            state = stored;
        }
        for tab in state
            .memory
            .tabs
            .keys()
            .take(2)
            .map(Some)
            .chain([None])
        {
            ENGINE.status(&state, tab, Millis(now));
        }
    }
});
