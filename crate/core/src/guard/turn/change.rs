//! What the person says and sets.

use super::Turn;
use crate::guard::{
    Change, CompanionHealth, Exposure, Happening, Helper, Notice, PageMessage, Pin, Press, policy,
};
use crate::order::sort_by;

impl Turn<'_> {
    pub(super) fn page(&mut self, page: PageMessage) {
        match page {
            PageMessage::Status { .. } => {
                if !self.is_fresh() {
                    self.ask();
                }
            }
            PageMessage::Alarm => self.alarm(),
            PageMessage::Change { change, proof } => self.change(change, proof),
            PageMessage::EndSession => {
                if self.state.ending(self.now).can_be_asked() {
                    self.note(Happening::Pressed {
                        press: Press::EndSession,
                    });
                    self.ask_to_end();
                }
            }
        }
    }

    /// Loosens nothing while a session is active, was lately, or cannot yet be ruled out.
    fn change(&mut self, change: Change, proof: Option<String>) {
        // Strict mode that somebody else chose could not be left again while they are there.
        let locks = matches!(change, Change::Strict { .. }) && self.state.is_frozen(self.now);
        if !change.loosens() && !locks {
            return self.carry_out(change);
        }
        if self.is_refused(&change) {
            return self.note(Happening::Refused);
        }
        if change.needs_pin(self.state.settings.strict) && !self.is_proved(proof) {
            return;
        }
        let answers = matches!(
            self.state.memory.companion,
            CompanionHealth::Well { .. } | CompanionHealth::Unasked
        );
        if answers && !self.is_fresh() {
            let waiting = &mut self.state.memory.waiting_changes;
            if waiting.len() < policy::WAITING_CHANGES {
                waiting.push(change);
            }
            self.ask();
        } else {
            self.carry_out(change);
        }
    }

    /// Whether settings are frozen for this change, or it can never be made.
    fn is_refused(&self, change: &Change) -> bool {
        match change {
            Change::AlarmOff => !self.state.alarm_can_go(self.now),
            Change::Pin { pin: Some(pin) } if !pin.is_sound() => true,
            Change::Site { site, .. } => {
                self.state.is_frozen(self.now) || self.state.guards(site, self.now)
            }
            _ => self.state.is_frozen(self.now),
        }
    }

    /// Whether the family PIN was given, where one is set.
    fn is_proved(&mut self, proof: Option<String>) -> bool {
        let now = self.now;
        let Some(pin) = &mut self.state.settings.pin else {
            return true;
        };
        // A page that asks for the PIN has sent nothing yet: that is no try.
        let Some(proof) = proof else { return false };
        if pin.is_closed(now) {
            return false;
        }
        let proved = pin.is_proved(&proof, now);
        if !proved {
            self.note(Happening::PinWrong);
        }
        proved
    }

    fn carry_out(&mut self, change: Change) {
        let settings = &mut self.state.settings;
        match change {
            Change::Site { site, quiet } => self.switch_site(site, quiet),
            Change::Strict { on } => settings.strict = on,
            Change::Voice { on } => settings.voice = on,
            Change::Listeners { on } => settings.listeners = on,
            Change::Country { code } => settings.country = code,
            Change::AllowHelper { tool, minutes } => {
                settings.helpers.retain(|helper| helper.tool != tool);
                let until = self.now.after(policy::helped_for(minutes));
                settings.helpers.push(Helper { tool, until });
            }
            Change::ForbidHelper { tool } => settings.helpers.retain(|helper| helper.tool != tool),
            Change::AlarmOff => self.alarm_off(),
            Change::Clear => {
                settings.wrong.clear();
                settings.incident.clear();
                self.state.memory.timeline.clear();
                self.state.memory.private.clear();
            }
            Change::Pin { pin: Some(pin) } => settings.pin = Some(Pin::new(pin)),
            Change::Pin { pin: None } => self.pin_goes(),
            Change::ForgetPin { on } => self.pin_forgotten(on),
        }
    }

    fn switch_site(&mut self, site: String, quiet: bool) {
        self.state.settings.quiet_sites.retain(|old| *old != site);
        if !quiet || site.is_empty() {
            return;
        }
        let ids: Vec<u32> = self.state.memory.tabs.keys().collect();
        for id in ids {
            if self.state.memory.tabs[id].site == site {
                self.unmark(id);
            }
        }
        let quiet_sites = &mut self.state.settings.quiet_sites;
        quiet_sites.push(site);
        sort_by(quiet_sites, String::cmp);
    }

    fn alarm_off(&mut self) {
        // Whoever was there may have been the one to press it: all else stays frozen.
        let kept = &mut self.state.settings.kept;
        if kept.alarm.take().is_some() {
            kept.last_active = kept.last_active.max(Some(self.now));
        }
        let said = Happening::Exposed {
            how: Exposure::Said,
            tool: None,
        };
        self.forget_exposure(&said);
    }

    /// Lets the PIN go after a time, or keeps it after all.
    fn pin_forgotten(&mut self, on: bool) {
        let now = self.now;
        let Some(pin) = &mut self.state.settings.pin else {
            return;
        };
        if !on {
            pin.goes_at = None;
        } else if pin.goes_at.is_none() {
            pin.goes_at = Some(now.after(policy::PIN_GOES_AFTER));
            self.note(Happening::PinForgotten);
            self.notify(Notice::PinForgotten);
        }
    }

    pub(super) fn finish_waiting_changes(&mut self) {
        // The report has to count for the freeze before the changes are looked at again.
        self.follow_session();
        for change in std::mem::take(&mut self.state.memory.waiting_changes) {
            if self.is_refused(&change) {
                self.note(Happening::Refused);
            } else {
                self.carry_out(change);
            }
        }
    }

    pub(super) fn alarm(&mut self) {
        self.state.settings.kept.alarm = Some(self.now);
        // Settings are frozen from now on, and what was to be taken back was an earlier word.
        self.state.memory.waiting_changes.clear();
        // Whoever went on and then says so has thought better of it.
        self.state
            .memory
            .stop
            .take_if(|stop| stop.went_on.is_some());
        self.note(Happening::Alarm);
        self.exposed(Exposure::Said, None);
    }

    fn pin_goes(&mut self) {
        if self.state.settings.pin.take().is_some() {
            self.note(Happening::PinGone);
            self.notify(Notice::PinGone);
        }
    }

    /// Lets a forgotten PIN go when its time has come, but never while settings are frozen.
    pub(super) fn forget_pin(&mut self) {
        let due = (self.state.settings.pin.as_ref())
            .and_then(|pin| pin.goes_at)
            .is_some_and(|at| at <= self.now);
        if due && !self.state.is_frozen(self.now) {
            self.pin_goes();
        }
    }
}
