//! What is noted of what happened, and what of it counts as exposure.

use super::Turn;
use crate::Millis;
use crate::guard::{Entry, Exposure, Happening, State, policy};

impl Turn<'_> {
    pub(super) fn exposed(&mut self, how: Exposure, tool: Option<String>) {
        let now = self.now;
        let what = Happening::Exposed { how, tool };
        self.keep_exposure(now, what.clone());
        // A line of the timeline within the quiet time is renewed.
        let timeline = self.lines();
        timeline.retain(|old| old.what != what || now.since(old.at) >= policy::SAME_LINE);
        self.note_always(what);
    }

    /// Keeps when a thing was last seen.
    pub(super) fn keep_exposure(&mut self, at: Millis, what: Happening) {
        self.forget_exposure(&what);
        let State { settings, memory } = &mut self.state;
        let exposures = if self.private {
            &mut memory.exposures
        } else {
            &mut settings.kept.exposures
        };
        exposures.push(Entry { at, what });
    }

    /// Lets go of a thing that is over; in a private window, of what such a window showed alone.
    pub(super) fn forget_exposure(&mut self, what: &Happening) {
        let State { settings, memory } = &mut self.state;
        let kept = (!self.private).then_some(&mut settings.kept.exposures);
        for exposures in [Some(&mut memory.exposures), kept].into_iter().flatten() {
            exposures.retain(|entry| entry.what != *what);
        }
    }

    /// The lines that the next note joins.
    fn lines(&mut self) -> &mut Vec<Entry> {
        let memory = &mut self.state.memory;
        if self.private {
            &mut memory.private
        } else {
            &mut memory.timeline
        }
    }

    pub(super) fn note(&mut self, what: Happening) {
        let now = self.now;
        let said = self
            .lines()
            .iter()
            .rev()
            .any(|entry| entry.what == what && now.since(entry.at) < policy::SAME_LINE);
        if !said || matches!(what, Happening::Pressed { .. } | Happening::Refused) {
            self.note_always(what);
        }
    }

    pub(super) fn note_always(&mut self, what: Happening) {
        let at = self.now;
        let timeline = self.lines();
        timeline.push(Entry { at, what });
        shorten(timeline, policy::TIMELINE_LINES);
    }

    /// Keeps what happened around a bank that was open in a session. Where the browser was ended
    /// meanwhile, what came before belongs to it.
    pub(super) fn keep_incident(&mut self) {
        let timeline = &self.state.memory.timeline;
        let incident = &mut self.state.settings.incident;
        let Some(first) = timeline.first().map(|entry| entry.at) else {
            return;
        };
        let older = incident.partition_point(|entry| entry.at < first);
        let goes_on = (incident[..older].last())
            .is_some_and(|last| first.since(last.at) <= policy::SAME_INCIDENT);
        incident.truncate(if goes_on { older } else { 0 });
        incident.extend_from_slice(timeline);
        shorten(incident, policy::TIMELINE_LINES);
    }
}

/// Leaves no more lines than that; the oldest go first.
pub(super) fn shorten<T>(lines: &mut Vec<T>, most: usize) {
    lines.drain(..lines.len().saturating_sub(most));
}
