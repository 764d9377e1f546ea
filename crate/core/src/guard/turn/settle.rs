//! Brings the world in step with the state.

use super::Turn;
use crate::Level;
use crate::guard::{Effect, Happening, Notice, State, StopCount, View, policy};

impl Turn<'_> {
    /// Brings the world in step with the state.
    pub(super) fn settle(&mut self) {
        self.follow_session();
        self.forget_pin();
        let incident = self.state.memory.bank_in_session;
        self.open_report_after_session();
        self.follow_companion();
        self.count_stop();
        self.draw();
        self.tell_of_uncovered();
        self.arm();
        self.wake();
        if incident {
            self.keep_incident();
        }
    }

    /// Lets go of what counts no longer.
    pub(super) fn let_go(&mut self) {
        let now = self.now;
        self.state.set_back(now);
        let State { settings, memory } = &mut self.state;
        let kept = &mut settings.kept;
        for (at, lasts) in [
            (&mut kept.alarm, policy::ALARM_LASTS),
            (&mut kept.alone_at, policy::ALONE_LASTS),
            (&mut kept.last_active, policy::FROZEN_AFTER),
        ] {
            at.take_if(|at| now.since(*at) >= lasts);
        }
        for exposures in [&mut kept.exposures, &mut memory.exposures] {
            exposures.retain(|entry| now.since(entry.at) < entry.counts_for());
        }
        settings.helpers.retain(|helper| helper.until > now);
    }

    /// Counts the 30 seconds while a stop holds; another session starts them again.
    fn count_stop(&mut self) {
        let held: Vec<String> = self
            .state
            .held_sessions(self.now)
            .iter()
            .map(|finding| finding.id.clone())
            .collect();
        let holds = self
            .state
            .memory
            .tabs
            .values()
            .any(|tab| self.state.stops(tab, self.now));
        let went_on = (self.state.memory.stop.as_ref()).is_some_and(|stop| stop.went_on.is_some());
        let over = held.is_empty() && !self.state.alarm_on(self.now);
        let memory = &mut self.state.memory;
        let fresh = memory
            .stop
            .as_ref()
            .is_none_or(|stop| held.iter().any(|id| !stop.findings.contains(id)));
        if over || (!holds && (fresh || !went_on)) {
            memory.stop = None;
        } else if fresh {
            memory.stop = Some(StopCount {
                since: self.now,
                findings: held,
                went_on: None,
            });
            self.notify(Notice::Stop);
            if self.state.settings.voice {
                self.effects.push(Effect::Speak);
            }
        }
    }

    fn draw(&mut self) {
        let ids: Vec<u32> = self.state.memory.tabs.keys().collect();
        for id in ids {
            let tab = &self.state.memory.tabs[id];
            let view = self.state.view(tab, self.now);
            if tab.shown.as_ref() == Some(&view) {
                continue;
            }
            let was = tab.shown.as_ref().map(View::level);
            let level = view.level();
            let bank = tab.bank.as_ref().map(|bank| bank.name.clone());
            if was != Some(level) {
                self.effects.push(Effect::Badge { tab: id, level });
                // Nothing covers a page that has not said hello; when it does, it is drawn on anew.
                if let Some(bank) = bank
                    && view.covers()
                    && tab.silence.is_none()
                {
                    self.private = tab.private;
                    self.note(Happening::Covered { bank, level });
                    self.private = false;
                }
            }
            self.effects.push(Effect::Show {
                tab: id,
                view: view.clone(),
            });
            if let Some(tab) = self.state.memory.tabs.get_mut(id) {
                tab.shown = Some(view);
            }
        }
    }

    /// Looks why a bank's page that is to be covered keeps silent, and tells the person where the
    /// browser lets nothing be drawn on it.
    fn tell_of_uncovered(&mut self) {
        let now = self.now;
        let ids: Vec<u32> = self.state.memory.tabs.keys().collect();
        for id in ids {
            let Some(tab) = self.state.memory.tabs.get_mut(id) else {
                continue;
            };
            let unseen = tab.is_unseen(now);
            let view = tab.shown.as_ref().filter(|view| view.covers());
            let level = view.map_or(Level::Quiet, View::level);
            let Some(silence) = &mut tab.silence else {
                continue;
            };
            silence.told = silence.told.min(level);
            if level == Level::Quiet {
                continue;
            }
            if unseen && !silence.asked {
                silence.asked = true;
                self.effects.push(Effect::Reach { tab: id });
            }
            if silence.closed && silence.told != level {
                silence.told = level;
                self.uncovered(id, level);
            }
        }
    }

    /// Tells of a bank's page that ought to be covered at this level, and is not.
    pub(super) fn uncovered(&mut self, tab: u32, level: Level) {
        let tab = &self.state.memory.tabs[tab];
        self.private = tab.private;
        if let Some(bank) = tab.bank.as_ref().map(|bank| bank.name.clone()) {
            self.note(Happening::Uncovered { bank });
        }
        self.private = false;
        self.notify(Notice::Uncovered);
        if level == Level::Stop && self.state.settings.voice {
            self.effects.push(Effect::Speak);
        }
    }

    pub(super) fn notify(&mut self, about: Notice) {
        self.effects.push(Effect::Notify { about });
    }

    fn arm(&mut self) {
        let armed = self.state.has_evidence(self.now);
        if armed != self.state.memory.armed {
            self.state.memory.armed = armed;
            let matches = if armed {
                self.engine.bank_patterns()
            } else {
                Vec::new()
            };
            self.effects.push(Effect::Arm { matches });
        }
    }

    fn wake(&mut self) {
        let at = self.state.next_change(self.now);
        if at != self.state.memory.wake_at
            && let Some(at) = at
        {
            self.effects.push(Effect::WakeAt { at });
        }
        self.state.memory.wake_at = at;
    }
}
