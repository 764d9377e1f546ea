//! What the companion tells of sessions.

use super::Turn;
use crate::guard::{CompanionHealth, Effect, Ending, Exposure, Happening, policy};
use crate::{Finding, SessionReport, SessionState};

impl Turn<'_> {
    pub(super) fn report(&mut self, report: SessionReport) {
        let memory = &mut self.state.memory;
        memory.asked_at = None;
        if report.state == SessionState::Unknown {
            self.finish_waiting_changes();
            return;
        }
        memory.reported_at = self.now;
        let old = std::mem::replace(&mut memory.report, report);
        let new = memory.report.clone();
        // A change between weak and firm evidence gets its own line.
        let lacks = |report: &SessionReport, known: &Finding| {
            (report.findings.iter())
                .all(|finding| finding.id != known.id || finding.holds() != known.holds())
        };
        for finding in new.inbound().filter(|finding| lacks(&old, finding)) {
            if finding.holds() {
                self.note_always(Happening::SessionBegan {
                    tool: finding.name.clone(),
                });
            } else if !self.state.is_allowed(&finding.tool, self.now) {
                self.exposed(Exposure::MayBeConnected, Some(finding.name.clone()));
            }
        }
        for finding in old.inbound().filter(|finding| lacks(&new, finding)) {
            if finding.holds() {
                self.note_always(Happening::SessionEnded {
                    tool: finding.name.clone(),
                });
                self.forget_exposure(&may_be_connected(&finding.name));
            }
        }
        self.finish_waiting_changes();
    }

    /// The companion has looked after ending a session, and it is no more. Its next report may
    /// not come, or not be able to tell.
    pub(super) fn gone(&mut self, finding: &str) {
        let at = self.state.memory.reported_at;
        let mut report = self.state.memory.report.clone();
        report.findings.retain(|known| known.id != finding);
        if report.findings.is_empty() {
            report.state = SessionState::None;
        }
        self.report(report);
        self.state.memory.reported_at = at;
    }

    pub(super) fn companion(&mut self, health: CompanionHealth) {
        if !matches!(health, CompanionHealth::Well { .. }) {
            self.state.memory.asked_at = None;
        }
        self.state.memory.companion = health;
        if self.state.memory.asked_at.is_none() {
            self.finish_waiting_changes();
        }
    }

    /// Remembers that a session is on, and that a bank was open in it.
    pub(super) fn follow_session(&mut self) {
        if !self.state.inbound_sessions(self.now).is_empty() {
            self.state.settings.kept.last_active = Some(policy::end_of_minute(self.now));
            self.state.memory.bank_in_session |= self.state.bank_is_open();
        }
        // The companion's report ends with the browser, which a caller can ask for.
        let at = policy::begin_of_minute(self.state.memory.reported_at);
        let held: Vec<_> = (self.state.held_sessions(self.now).iter())
            .map(|finding| may_be_connected(&finding.name))
            .collect();
        for what in held {
            self.keep_exposure(at, what);
        }
    }

    pub(super) fn follow_companion(&mut self) {
        // A session once seen is followed to its end: until then the banks stay armed.
        let on = self.state.bank_is_open() || !self.state.inbound_sessions(self.now).is_empty();
        let memory = &mut self.state.memory;
        if on != memory.following {
            memory.following = on;
            if on && memory.asked_at.is_none() {
                memory.asked_at = Some(self.now);
            }
            self.effects.push(Effect::Follow {
                on,
                every_ms: policy::FOLLOW_EVERY,
            });
        }
    }

    pub(super) fn open_report_after_session(&mut self) {
        if self.state.inbound_sessions(self.now).is_empty() {
            self.state.memory.ending = Ending::default();
            if std::mem::take(&mut self.state.memory.bank_in_session) {
                self.effects.push(Effect::OpenHappened);
            }
        }
    }

    pub(super) fn ask_to_end(&mut self) {
        self.state.memory.ending = Ending::Asked;
        self.end_sessions();
    }

    /// One of the sessions that were to end has, or has not.
    pub(super) fn ended(&mut self, how: Ending) {
        let ending = &mut self.state.memory.ending;
        *ending = match *ending {
            Ending::Asked => how,
            // The worst of them is told, whichever answers last.
            other => how.max(other),
        };
        self.ask();
    }

    pub(super) fn end_sessions(&mut self) {
        for finding in self.state.held_sessions(self.now) {
            let finding = finding.id.clone();
            self.effects.push(Effect::EndSession { finding });
        }
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.now.since(self.state.memory.reported_at) <= policy::FRESH
    }

    pub(super) fn ask(&mut self) {
        self.state.memory.asked_at = Some(self.now);
        self.effects.push(Effect::Ask);
    }
}

fn may_be_connected(tool: &str) -> Happening {
    Happening::Exposed {
        how: Exposure::MayBeConnected,
        tool: Some(tool.to_owned()),
    }
}
