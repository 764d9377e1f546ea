//! What follows from the state alone: who is in the computer, and what a tab shows.

use super::{
    CompanionHealth, Ending, Entry, Exposure, FrameVerdict, Happening, SessionLine, Settings,
    State, Tab, View, policy,
};
use crate::order::{insert, sort_by};
use crate::{AdviceKind, Finding, Level, Millis, Reason, SessionState, advice};

/// How strong the evidence is of the findings that are asked for.
#[derive(Clone, Copy, PartialEq)]
enum Strength {
    Firm,
    Weak,
}

impl State {
    /// Inbound findings with evidence of this strength that are believed in.
    fn believed(&self, strength: Strength, now: Millis) -> Vec<&Finding> {
        let memory = &self.memory;
        // A companion that was silenced, or cannot tell any more, does not make a session
        // harmless at once.
        let believed = memory.report.state == SessionState::Active
            && now.since(memory.reported_at) <= policy::BELIEVED_UNANSWERED;
        let inbound = believed.then(|| memory.report.inbound());
        (inbound.into_iter().flatten())
            .filter(|finding| finding.holds() == (strength == Strength::Firm))
            .collect()
    }

    /// Inbound sessions with evidence that holds, allowed helpers included.
    pub(super) fn inbound_sessions(&self, now: Millis) -> Vec<&Finding> {
        self.believed(Strength::Firm, now)
    }

    /// Those without an allowed helper; they stop a bank's page.
    pub(super) fn held_sessions(&self, now: Millis) -> Vec<&Finding> {
        self.of_no_helper(Strength::Firm, now)
    }

    /// What may be an inbound session, of no allowed helper.
    fn weak_sessions(&self, now: Millis) -> Vec<&Finding> {
        self.of_no_helper(Strength::Weak, now)
    }

    fn of_no_helper(&self, strength: Strength, now: Millis) -> Vec<&Finding> {
        let mut findings = self.believed(strength, now);
        findings.retain(|finding| !self.is_allowed(&finding.tool, now));
        findings
    }

    pub(super) fn session_lines(&self, now: Millis) -> Vec<SessionLine> {
        self.inbound_sessions(now)
            .into_iter()
            .map(|finding| SessionLine {
                name: finding.name.clone(),
                since: finding.since,
            })
            .collect()
    }

    /// The kept incident and, after it, what this run of the browser has seen.
    pub(super) fn whole_timeline(&self) -> Vec<Entry> {
        let first = self.memory.timeline.first().map(|entry| entry.at);
        let kept = self.settings.incident.iter();
        let mut whole: Vec<Entry> = kept
            .filter(|entry| first.is_none_or(|first| entry.at < first))
            .chain(self.lines())
            .cloned()
            .collect();
        sort_by(&mut whole, |a, b| a.at.cmp(&b.at));
        whole
    }

    /// What this run of the browser has seen: first what private windows showed.
    fn lines(&self) -> impl Iterator<Item = &Entry> {
        self.memory.private.iter().chain(&self.memory.timeline)
    }

    /// Exposure that is kept, and that of private windows, which is not.
    fn exposures(&self) -> impl Iterator<Item = &Entry> {
        (self.settings.kept.exposures.iter()).chain(&self.memory.exposures)
    }

    /// Whether it was seen and still counts, even if the person was already asked.
    pub(super) fn counts(&self, what: &Happening, now: Millis) -> bool {
        self.exposures()
            .any(|entry| entry.what == *what && now.since(entry.at) < entry.counts_for())
    }

    pub(super) fn is_allowed(&self, tool: &str, now: Millis) -> bool {
        self.settings
            .helpers
            .iter()
            .any(|helper| helper.tool == tool && helper.until > now)
    }

    /// Whether somebody may be there who must not loosen settings. While it is asked whether
    /// somebody is, the answer comes first.
    pub(super) fn is_frozen(&self, now: Millis) -> bool {
        let covered =
            |tab: &Tab| tab.silence.is_none() && tab.shown.as_ref().is_some_and(View::covers);
        self.alarm_on(now)
            || self.memory.tabs.values().any(covered)
            || !self.inbound_sessions(now).is_empty()
            || self
                .settings
                .kept
                .last_active
                .is_some_and(|at| now.since(at) < policy::FROZEN_AFTER)
    }

    pub(super) fn alarm_on(&self, now: Millis) -> bool {
        self.settings
            .kept
            .alarm
            .is_some_and(|at| now.since(at) < policy::ALARM_LASTS)
    }

    /// Whether the person's word can be taken back. Not within the time of a stop, or whoever is
    /// there takes it back at once, nor while the companion sees that somebody is or may be.
    pub(super) fn alarm_can_go(&self, now: Millis) -> bool {
        let said = self.settings.kept.alarm;
        said.is_none_or(|at| now.since(at) >= policy::STOP_HOLD)
            && self.inbound_sessions(now).is_empty()
            && self.weak_sessions(now).is_empty()
    }

    pub(super) fn bank_is_open(&self) -> bool {
        self.memory
            .tabs
            .values()
            .any(|tab| tab.bank.is_some() && !self.settings.is_quiet(&tab.site))
    }

    /// When the person said that nobody else is there, while that counts.
    fn alone(&self, now: Millis) -> Option<Millis> {
        let said = self.settings.kept.alone_at;
        said.filter(|at| now.since(*at) < policy::ALONE_LASTS)
    }

    /// Exposure that counts now, newest first, with the tool's name where it is known.
    pub(super) fn exposure(&self, now: Millis) -> Vec<(Exposure, Option<String>)> {
        let alone = self.alone(now);
        let mut found: Vec<(Exposure, Option<String>)> = Vec::new();
        let mut add = |how, tool| {
            insert(&mut found, (how, tool));
        };
        for tab in self.memory.tabs.values() {
            if !tab.sharing.is_empty() && alone.is_none() {
                add(Exposure::SharesScreen, None);
            }
            if let Some(tool) = &tab.support_page
                && alone.is_none()
                && !self.is_allowed(&tool.id, now)
            {
                add(Exposure::SupportTab, Some(tool.name.clone()));
            }
        }
        if alone.is_none() {
            for finding in self.weak_sessions(now) {
                add(Exposure::MayBeConnected, Some(finding.name.clone()));
            }
        }
        let mut exposures: Vec<&Entry> = self.exposures().collect();
        sort_by(&mut exposures, |a, b| a.at.cmp(&b.at));
        for Entry { at, what } in exposures.into_iter().rev() {
            if let Happening::Exposed { how, tool } = what
                && now.since(*at) < policy::exposure_lasts(*how)
                && alone.is_none_or(|alone| *at > alone)
            {
                add(*how, tool.clone());
            }
        }
        found
    }

    /// Whether there is anything for which a bank page would be covered.
    pub(super) fn has_evidence(&self, now: Millis) -> bool {
        !self.held_sessions(now).is_empty() || self.alarm_on(now) || !self.exposure(now).is_empty()
    }

    /// Whether a bank of this site is open for which there is anything to ask or to warn of, whatever
    /// of that its page shows by now.
    pub(super) fn guards(&self, site: &str, now: Millis) -> bool {
        let is_bank = |tab: &Tab| tab.site == site && tab.bank.is_some();
        self.has_evidence(now) && self.memory.tabs.values().any(is_bank)
    }

    /// Whether the bank is to be stopped, even if the person went on.
    pub(super) fn stops(&self, tab: &Tab, now: Millis) -> bool {
        let Some(bank) = &tab.bank else { return false };
        if self.settings.is_quiet(&tab.site) {
            return false;
        }
        if self.alarm_on(now) {
            return true;
        }
        let held = self.held_sessions(now);
        // A page that only looks like a bank's needs more than a session: a sign of the crime.
        !held.is_empty()
            && (bank.listed
                || self.warned_lately(now)
                || (self.exposure(now).iter()).any(|(how, tool)| is_other(*how, tool, &held)))
    }

    /// Whether anything that counts was seen since that moment, beside the sessions that are held.
    fn exposed_since(&self, at: Millis, now: Millis) -> bool {
        let held = self.held_sessions(now);
        let alone = self.settings.kept.alone_at;
        self.exposures().any(|entry| {
            matches!(&entry.what, Happening::Exposed { how, tool } if is_other(*how, tool, &held))
                && now.since(entry.at) < entry.counts_for()
                && entry.at >= at
                && Some(entry.at) > alone
        })
    }

    fn warned_lately(&self, now: Millis) -> bool {
        self.lines().any(|entry| {
            matches!(entry.what, Happening::Warned { .. })
                && now.since(entry.at) < policy::exposure_lasts(Exposure::Asked)
        })
    }

    /// Country whose advice is shown: the chosen one, or the one of the browser's language.
    pub(super) fn country(&self) -> Option<&str> {
        let chosen = self.settings.country.as_deref();
        chosen.or(self.memory.country.as_deref())
    }

    fn bank_phone(&self) -> Option<String> {
        advice(self.country()?)
            .into_iter()
            .find(|fact| fact.kind == AdviceKind::BankPhone)
            .map(|fact| fact.value)
    }

    pub(super) fn view(&self, tab: &Tab, now: Millis) -> View {
        if self.settings.is_quiet(&tab.site) {
            return View::Nothing;
        }
        self.bank_view(tab, now).unwrap_or_else(|| tab.banner())
    }

    /// How ending the sessions stands that are held.
    pub(super) fn ending(&self, now: Millis) -> Ending {
        match (self.held_sessions(now).is_empty(), self.memory.ending) {
            (true, _) => Ending::Impossible,
            (false, Ending::Impossible) => Ending::Possible,
            (false, ending) => ending,
        }
    }

    fn bank_view(&self, tab: &Tab, now: Millis) -> Option<View> {
        let bank = tab.bank.as_ref()?;
        let sessions = self.session_lines(now);
        let bar = |sessions| View::Bar {
            sessions,
            numbers_changed: tab.numbers_changed == Some(tab.document),
        };
        let stop = self.memory.stop.as_ref();
        let went_on = stop
            .and_then(|stop| stop.went_on)
            .filter(|_| !self.settings.strict);
        let stops = self.stops(tab, now);
        if stops && went_on.is_none() {
            let since = stop.map_or(now, |stop| stop.since);
            return Some(View::Stop {
                bank: bank.name.clone(),
                ending: self.ending(now),
                sessions,
                bank_phone: self.bank_phone(),
                go_on_at: (!self.settings.strict).then(|| since.after(policy::STOP_HOLD)),
            });
        }
        // Going on covers only what was known at that time.
        if stops && !went_on.is_some_and(|at| self.exposed_since(at, now)) {
            return Some(bar(sessions));
        }
        let exposure = self.exposure(now);
        let unlisted_session = !bank.listed && !self.held_sessions(now).is_empty();
        let asked_about = bank.listed || stops;
        if (asked_about && !exposure.is_empty()) || (unlisted_session && self.alone(now).is_none())
        {
            // A pause that is asked already is not taken back to be asked again.
            let asks = matches!(tab.shown, Some(View::Pause { .. }));
            let waits = self.memory.armed
                && !asks
                && self
                    .memory
                    .asked_at
                    .is_some_and(|at| now.since(at) < policy::WAIT_FOR_REPORT);
            if waits {
                return Some(View::Waiting);
            }
            let mut distinct = Vec::new();
            for (how, _) in &exposure {
                insert(&mut distinct, *how);
            }
            return Some(View::Pause {
                bank: bank.name.clone(),
                tool: exposure.into_iter().next().and_then(|(_, tool)| tool),
                exposure: distinct,
            });
        }
        (!sessions.is_empty()).then(|| bar(sessions))
    }

    /// The next moment at which time alone changes what is shown or armed.
    pub(super) fn next_change(&self, now: Millis) -> Option<Millis> {
        let memory = &self.memory;
        let kept = &self.settings.kept;
        let exposed = self
            .exposures()
            .map(|entry| entry.at.after(entry.counts_for()));
        // While reports come in, each brings the next look with it.
        let unanswered = now.since(memory.reported_at) > policy::FRESH
            || !matches!(memory.companion, CompanionHealth::Well { .. });
        let session = (memory.report.state == SessionState::Active && unanswered)
            .then(|| memory.reported_at.after(policy::BELIEVED_UNANSWERED + 1));
        let thaw = kept
            .last_active
            .filter(|_| self.inbound_sessions(now).is_empty())
            .map(|at| at.after(policy::FROZEN_AFTER));
        let waiting = memory
            .tabs
            .values()
            .any(|tab| tab.shown == Some(View::Waiting))
            .then(|| memory.asked_at.map(|at| at.after(policy::WAIT_FOR_REPORT)))
            .flatten();
        let silent = memory
            .tabs
            .values()
            .filter(|tab| tab.shown.as_ref().is_some_and(View::covers))
            .filter_map(|tab| tab.silence.as_ref())
            .map(|silence| silence.since.after(policy::GREETS_WITHIN));
        exposed
            .chain(silent)
            .chain(kept.alarm.map(|at| at.after(policy::ALARM_LASTS)))
            .chain(kept.alone_at.map(|at| at.after(policy::ALONE_LASTS)))
            .chain(self.settings.helpers.iter().map(|helper| helper.until))
            .chain(self.settings.pin.iter().filter_map(|pin| pin.goes_at))
            .chain(session)
            .chain(thaw)
            .chain(waiting)
            .filter(|at| *at > now)
            .min()
    }
}

impl Settings {
    /// Whether the site was switched off.
    pub(super) fn is_quiet(&self, site: &str) -> bool {
        self.quiet_sites.iter().any(|quiet| quiet == site)
    }
}

impl Entry {
    /// How long it counts as evidence.
    pub(super) fn counts_for(&self) -> u64 {
        match self.what {
            Happening::Exposed { how, .. } => policy::exposure_lasts(how),
            _ => 0,
        }
    }
}

impl Tab {
    /// Whether its page has kept silent for longer than one that is seen would.
    pub(super) fn is_unseen(&self, now: Millis) -> bool {
        (self.silence.as_ref())
            .is_some_and(|silence| now.since(silence.since) >= policy::GREETS_WITHIN)
    }

    /// The loudest of what its frames and the typed text gave.
    pub(super) fn loudest(&self) -> &FrameVerdict {
        static NONE: FrameVerdict = FrameVerdict {
            level: Level::Quiet,
            reasons: Vec::new(),
        };
        // The first of equals: the top frame before others, all before what was typed.
        self.frames
            .values()
            .chain(&self.typed)
            .fold(&NONE, |loudest, verdict| {
                if verdict.level > loudest.level {
                    verdict
                } else {
                    loudest
                }
            })
    }

    /// What is left of a tab when another document comes: one that was left may come back, and what
    /// was answered on it still holds.
    pub(super) fn next(&mut self) -> Self {
        Self {
            dismissed: std::mem::take(&mut self.dismissed),
            numbers_changed: self.numbers_changed,
            ..Self::default()
        }
    }

    /// Lets go of the quietest frames where there are more than a page has: nobody says which
    /// of them are there still.
    pub(super) fn forget_frames(&mut self) {
        while self.frames.keys().count() > policy::FRAMES {
            let levels = self.frames.values().map(|verdict| verdict.level);
            let frames = self
                .frames
                .keys()
                .zip(levels)
                .filter(|(frame, _)| *frame != 0);
            let Some((quietest, _)) = frames.min_by_key(|(_, level)| *level) else {
                return;
            };
            self.frames.remove(quietest);
        }
    }

    /// Whether all that the loudest says was put away: another mail in the same page says more.
    pub(super) fn is_dismissed(&self) -> bool {
        let reasons = &self.loudest().reasons;
        !reasons.is_empty()
            && (reasons.iter()).all(|reason| {
                self.dismissed
                    .iter()
                    .any(|old| old.document == self.document && says_same(&old.reason, reason))
            })
    }

    fn banner(&self) -> View {
        let loudest = self.loudest();
        if loudest.level < Level::Notice || self.is_dismissed() {
            return View::Nothing;
        }
        View::Banner {
            level: loudest.level,
            reasons: loudest.reasons.clone(),
            tool: match &self.owner {
                crate::Owner::RemoteTool { name, .. } => Some(name.clone()),
                _ => None,
            },
            typed: self
                .typed
                .as_ref()
                .is_some_and(|typed| std::ptr::eq(typed, loudest)),
        }
    }
}

/// Whether two reasons have the same code and words, wherever in the page these stand.
fn says_same(a: &Reason, b: &Reason) -> bool {
    a.code == b.code
        && a.words.len() == b.words.len()
        && (a.words.iter().zip(&b.words)).all(|(a, b)| a.text == b.text)
}

/// Whether it is more than what the sessions that are held leave behind.
fn is_other(how: Exposure, tool: &Option<String>, held: &[&Finding]) -> bool {
    how != Exposure::MayBeConnected
        || !(held.iter()).any(|finding| Some(&finding.name) == tool.as_ref())
}
