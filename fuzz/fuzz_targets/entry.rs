//! The core's entry points, each with what must hold of any input; nothing may panic.
//!
//! The targets feed them what libFuzzer finds, and `crate/core/tests/fuzz.rs` what is drawn by
//! chance on every test run.

use doorchain_core::{Engine, Event, Millis, PageFacts, State, parse_address};
use std::str::FromStr;
use std::sync::LazyLock;

/// Built once, with the URL parser of native programs.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(parse_address));

/// Milliseconds since 1970 at which each run of [`step`] begins.
const BEGIN: u64 = 1_800_000_000_000;

/// Judges an address.
pub fn address(url: &str) {
    assert!(ENGINE.judge_address(url).score.is_finite());
}

/// Judges typed text.
pub fn typed(text: &str) {
    let verdict = ENGINE.judge_typed("", text);
    assert!(verdict.reasons.iter().all(|reason| reason.words.is_empty()));
}

/// Judges a page: its address up to the first line end, then facts as JSON or, where the rest is
/// none, its text.
pub fn page(bytes: &[u8]) {
    let input = String::from_utf8_lossy(bytes);
    let (url, rest) = input.split_once('\n').unwrap_or(("", &input));
    let facts: PageFacts = serde_json::from_str(rest).unwrap_or_else(|_| PageFacts {
        text: rest.to_owned(),
        ..PageFacts::default()
    });
    let verdict = ENGINE.judge_page(url, &facts);
    let units = facts.text.encode_utf16().count();
    assert!(verdict.score.is_finite() && verdict.reasons.len() <= 5);
    for words in verdict.reasons.iter().flat_map(|reason| &reason.words) {
        assert!(words.start <= words.end && words.end as usize <= units);
    }
}

/// Drives the guard. A line is an event, a state as it was stored, or milliseconds that pass; what
/// is none of these changes nothing.
pub fn step(text: &str) {
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
        let tabs = state.memory.tabs.keys().take(2).map(Some);
        for tab in tabs.chain([None]) {
            ENGINE.status(&state, tab, Millis(now));
        }
    }
}
