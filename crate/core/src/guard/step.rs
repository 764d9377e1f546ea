//! The reducer: applies one event, then brings the world in step with the state.

use super::{
    Access, Bank, Change, CompanionHealth, ContentMessage, Effect, Ending, Entry, Event, Exposure,
    FrameVerdict, Happening, Helper, Kept, Notice, PageMessage, Pin, PinStatus, Press, Settings,
    Silence, State, Status, Step, StopCount, Tab, ToolName, View, WrongReport, policy,
};
use crate::order::sort_by;
use crate::{
    CueKind, Engine, Finding, Level, Millis, Owner, SessionReport, SessionState, Verdict, advice,
    advice_countries, country_of, tool::web_tools,
};

impl Engine {
    /// Applies one event to the state.
    pub fn step(&self, state: State, event: Event, now: Millis) -> Step {
        let mut turn = Turn {
            engine: self,
            state,
            now,
            private: false,
            effects: Vec::new(),
        };
        turn.let_go();
        turn.apply(event);
        turn.private = false;
        turn.settle();
        Step {
            state: turn.state,
            effects: turn.effects,
        }
    }

    /// What the extension's own pages show of a tab.
    pub fn status(&self, state: &State, asked: Option<u32>, now: Millis) -> Status {
        let memory = &state.memory;
        let tab = asked.and_then(|id| memory.tabs.get(id));
        let quiet = tab.is_some_and(|tab| state.is_quiet(&tab.site));
        let view = tab.map(|tab| state.view(tab, now)).unwrap_or_default();
        Status {
            level: view.level(),
            reasons: match view {
                View::Banner { reasons, .. } => reasons,
                _ => tab
                    .map(|tab| tab.loudest().reasons.clone())
                    .unwrap_or_default(),
            },
            site: tab.map(|tab| tab.site.clone()).unwrap_or_default(),
            quiet,
            frozen: state.is_frozen(now),
            sessions: state.session_lines(now),
            companion: memory.companion.clone(),
            alarm: state.alarm_on(now),
            access: memory.access.clone(),
            unseen: tab.is_some_and(|tab| tab.is_unseen(now)),
            gave_up: tab.is_some_and(|tab| tab.gave_up),
            alarm_off_needs_pin: state.settings.pin.is_some()
                && Change::AlarmOff.needs_pin(state.settings.strict),
            alarm_off_waits: !state.alarm_can_go(now),
            settings: Settings {
                pin: None,
                kept: Kept::default(),
                ..state.settings.clone()
            },
            pin: state.settings.pin.as_ref().map(PinStatus::from),
            timeline: state.whole_timeline(),
            advice: state.country().map(advice).unwrap_or_default(),
            country: state.country().map(str::to_owned),
            countries: advice_countries(),
            tools: if asked.is_some() {
                Vec::new()
            } else {
                web_tools()
                    .into_iter()
                    .map(|tool| ToolName {
                        id: tool.id.to_owned(),
                        name: tool.name.to_owned(),
                    })
                    .collect()
            },
        }
    }
}

/// One call of the reducer.
struct Turn<'a> {
    engine: &'a Engine,
    state: State,
    now: Millis,
    /// What is noted comes from a private window.
    private: bool,
    effects: Vec<Effect>,
}

impl Turn<'_> {
    fn apply(&mut self, event: Event) {
        match event {
            Event::Started { language } => {
                if let Some(language) = language {
                    self.state.memory.country = country_of(&language);
                }
                self.started();
            }
            Event::Opened { tab, url, private } => {
                self.private = private;
                self.opened(tab, &url);
            }
            Event::Content {
                tab,
                frame,
                url,
                private,
                content,
            } => {
                self.private = private;
                self.content(tab, frame, &url, content);
                if let Some(tab) = self.state.memory.tabs.get_mut(tab) {
                    tab.private = private;
                }
            }
            Event::Page { page } => self.page(page),
            Event::Closed { tab } => {
                self.state.memory.tabs.remove(tab);
            }
            Event::Downloaded {
                url,
                file_name,
                private,
            } => {
                self.private = private;
                self.downloaded(&url, &file_name);
            }
            Event::Listening { ports } => {
                let allowed = |tool: &str| self.state.is_allowed(tool, self.now);
                for name in self.engine.tools_on_ports(&ports, allowed) {
                    let what = Happening::Exposed {
                        how: Exposure::Listening,
                        tool: Some(name.to_owned()),
                    };
                    // A tool that listens day and night is nothing new with every bank that is
                    // opened: whoever was asked about it is not asked again.
                    if !self.state.counts(&what, self.now) {
                        self.exposed(Exposure::Listening, Some(name.to_owned()));
                    }
                }
            }
            Event::Report { report } => self.report(report),
            Event::Companion { health } => self.companion(health),
            Event::Ended {
                finding,
                gone,
                came_back,
            } => {
                if gone && !came_back {
                    self.gone(&finding);
                }
                self.state.memory.ending = match (gone, came_back) {
                    (_, true) => Ending::CameBack,
                    (true, false) => Ending::Possible,
                    (false, false) => Ending::Failed,
                };
                self.ask();
            }
            Event::Access { access } => self.access(access),
            Event::Unreached { tab } => {
                if let Some(tab) = self.state.memory.tabs.get_mut(tab)
                    && let Some(silence) = &mut tab.silence
                {
                    // Of a page that went meanwhile it says nothing.
                    silence.closed = silence.asked;
                }
            }
            Event::Woke => self.state.memory.wake_at = None,
        }
    }

    /// A background that was killed may have lost the effects of its last event: all are said again.
    fn started(&mut self) {
        let memory = &mut self.state.memory;
        memory.asked_at = None;
        memory.wake_at = None;
        // Said again whenever the browser starts, until it is kept or gone.
        let forgotten = (self.state.settings.pin.as_ref()).is_some_and(|pin| pin.goes_at.is_some());
        if forgotten && memory.tabs.is_empty() {
            self.effects.push(Effect::Notify {
                about: Notice::PinForgotten,
            });
        }
        // Whoever was to end the sessions died with the background. To end what has ended is no error.
        if self.state.memory.ending == Ending::Asked {
            self.end_sessions();
        }
        // So did whoever was asked whether settings may be changed.
        if !self.state.memory.waiting_changes.is_empty() {
            self.ask();
        }
        let memory = &mut self.state.memory;
        // Where the world and the memory agree on "off", nothing needs saying.
        memory.armed = false;
        memory.following = false;
        if !self.state.has_evidence(self.now) {
            self.effects.push(Effect::Arm {
                matches: Vec::new(),
            });
        }
        // The sign stays on the button when whoever put it there dies.
        let on = !self.state.memory.access.sites;
        self.effects.push(Effect::Blind { on });
        let ids: Vec<u32> = self.state.memory.tabs.keys().collect();
        for tab in ids {
            if let Some(tab) = self.state.memory.tabs.get_mut(tab)
                && let Some(silence) = &mut tab.silence
            {
                silence.asked = silence.closed;
            }
            // The order to draw this may have been lost; what differs now, `settle` draws.
            if let Some(view) = self.state.memory.tabs[tab].shown.clone() {
                let level = view.level();
                self.effects.push(Effect::Badge { tab, level });
                self.effects.push(Effect::Show { tab, view });
            }
        }
    }

    fn access(&mut self, access: Access) {
        let old = std::mem::replace(&mut self.state.memory.access, access);
        let on = !self.state.memory.access.sites;
        if on != old.sites {
            return;
        }
        self.effects.push(Effect::Blind { on });
        if on {
            self.sight_taken();
        } else {
            self.effects.push(Effect::Greet);
        }
    }

    /// Whoever takes the sight away while there is reason to cover an open bank uncovers it.
    fn sight_taken(&mut self) {
        let ids: Vec<u32> = self.state.memory.tabs.keys().collect();
        for id in ids {
            let view = self.state.memory.tabs[id].shown.as_ref();
            if let Some(level) = view.filter(|view| view.covers()).map(View::level) {
                self.uncovered(id, level);
            }
        }
    }

    fn end_sessions(&mut self) {
        for finding in self.state.held_sessions(self.now) {
            let finding = finding.id.clone();
            self.effects.push(Effect::EndSession { finding });
        }
    }

    fn opened(&mut self, id: u32, url: &str) {
        let (site, owner) = (self.engine.site(url), self.engine.owner(url));
        let host = self.engine.host(url).unwrap_or_default();
        let support_page = (self.engine.support_page(url)).map(|(id, name)| ToolName { id, name });
        let now = self.now;
        let tab = self.state.memory.tabs.get_or_default(id);
        if tab.site != site {
            *tab = Tab {
                shown: tab.shown.take(),
                site,
                ..Tab::default()
            };
        }
        tab.private = self.private;
        // Another host has another document, which is to say hello by itself.
        if tab.host != host {
            tab.silence = (!host.is_empty()).then_some(Silence {
                since: now,
                asked: false,
                closed: false,
                told: Level::Quiet,
            });
            tab.host = host;
        }
        let listed = match &owner {
            Owner::Bank { name } => Some(Bank {
                name: name.clone(),
                listed: true,
            }),
            _ => None,
        };
        // A route within a page must not lift a cover that the page's structure has earned.
        let bank = listed.or_else(|| tab.bank.take().filter(|bank| !bank.listed));
        let opened_bank = match (&tab.bank_seen, &bank) {
            (false, Some(bank)) => Some(bank.name.clone()),
            _ => None,
        };
        tab.bank_seen |= bank.is_some();
        tab.bank = bank;
        tab.support_page = support_page;
        tab.owner = owner.clone();
        if let Owner::RemoteTool { tool, name } = owner
            && !self.state.is_allowed(&tool, self.now)
        {
            self.exposed(Exposure::Visited, Some(name));
        }
        if let Some(bank) = opened_bank {
            self.bank_opened(bank);
        }
    }

    fn bank_opened(&mut self, bank: String) {
        self.note(Happening::BankOpened { bank });
        if self.state.settings.listeners {
            self.effects.push(Effect::FindListeners {
                ports: self.engine.listener_ports(),
            });
        }
    }

    fn content(&mut self, id: u32, frame: u64, url: &str, content: ContentMessage) {
        match content {
            ContentMessage::Hello => self.hello(id, frame, url),
            ContentMessage::Read { facts } => {
                let verdict = self.engine.judge_frame(url, &facts, frame != 0);
                let tab = self.state.memory.tabs.get_or_default(id);
                tab.gave_up = facts.gave_up || frame != 0 && tab.gave_up;
                self.read(id, frame, verdict);
            }
            ContentMessage::Typed { text } => {
                let verdict = self.engine.judge_typed(url, &text);
                self.typed(id, verdict);
            }
            ContentMessage::Pressed { press } => {
                if frame == 0 {
                    self.pressed(id, press);
                }
            }
            ContentMessage::SharesScreen { live } => {
                let sharing = &mut self.state.memory.tabs.get_or_default(id).sharing;
                sharing.retain(|other| *other != frame);
                if live {
                    sharing.push(frame);
                    self.exposed(Exposure::SharesScreen, None);
                }
            }
            ContentMessage::NumbersChanged => {
                if let Some(tab) = self.state.memory.tabs.get_mut(id)
                    && let Some(bank) = &tab.bank
                {
                    let bank = bank.name.clone();
                    tab.numbers_changed = true;
                    self.note(Happening::NumbersChanged { bank });
                }
            }
        }
    }

    /// A new document: what an earlier one in this frame said is over.
    fn hello(&mut self, id: u32, frame: u64, url: &str) {
        if frame == 0 {
            let old = self.state.memory.tabs.remove(id).unwrap_or_default();
            let site = self.engine.site(url);
            let bank_seen = old.bank_seen && old.site == site;
            self.state.memory.tabs.insert(
                id,
                Tab {
                    site,
                    host: self.engine.host(url).unwrap_or_default(),
                    bank_seen,
                    ..Tab::default()
                },
            );
            self.opened(id, url);
        } else if let Some(tab) = self.state.memory.tabs.get_mut(id) {
            tab.frames.remove(frame);
            tab.sharing.retain(|other| *other != frame);
        }
    }

    fn read(&mut self, id: u32, frame: u64, verdict: Verdict) {
        let tab = self.state.memory.tabs.get_or_default(id);
        let unlisted_bank = frame == 0 && verdict.bank_like && tab.bank.is_none();
        if unlisted_bank {
            tab.bank = Some(Bank {
                name: tab.site.clone(),
                listed: false,
            });
            if !tab.bank_seen {
                tab.bank_seen = true;
                let bank = tab.site.clone();
                self.bank_opened(bank);
            }
        }
        self.warned(id, &verdict, false);
        let words = match verdict.level {
            Level::Quiet | Level::Notice => Vec::new(),
            _ => verdict
                .reasons
                .iter()
                .flat_map(|reason| reason.words.clone())
                .collect(),
        };
        if let Some(tab) = self.state.memory.tabs.get_mut(id) {
            let verdict = FrameVerdict {
                level: verdict.level,
                reasons: verdict.reasons,
            };
            // Advertisements come and go by the thousand, and say nothing.
            let old = if frame != 0 && verdict.level == Level::Quiet {
                tab.frames.remove(frame)
            } else {
                tab.frames.insert(frame, verdict)
            };
            tab.forget_frames();
            let marked = old.is_some_and(|old| old.level >= Level::Caution);
            let quiet = self.state.settings.quiet_sites.contains(&tab.site);
            if (marked || !words.is_empty()) && !quiet && !tab.is_dismissed() {
                self.effects.push(Effect::Mark {
                    tab: id,
                    frame,
                    words,
                });
            }
        }
    }

    fn typed(&mut self, id: u32, verdict: Verdict) {
        // One calm word typed later does not take back what was typed before on this page.
        let tab = self.state.memory.tabs.get_or_default(id);
        if tab
            .typed
            .as_ref()
            .is_some_and(|typed| typed.level > verdict.level)
        {
            return;
        }
        self.warned(id, &verdict, true);
        if let Some(tab) = self.state.memory.tabs.get_mut(id)
            && verdict.level >= Level::Caution
        {
            let reasons = verdict
                .reasons
                .into_iter()
                .map(|reason| crate::Reason {
                    words: Vec::new(),
                    ..reason
                })
                .collect();
            tab.typed = Some(FrameVerdict {
                level: verdict.level,
                reasons,
            });
        }
    }

    /// Writes a caution into the timeline, and what it says of remote access with it.
    fn warned(&mut self, id: u32, verdict: &Verdict, typed: bool) {
        if verdict.level < Level::Caution {
            return;
        }
        let site = self
            .state
            .memory
            .tabs
            .get(id)
            .map(|tab| tab.site.clone())
            .unwrap_or_default();
        if self.state.is_quiet(&site) {
            return;
        }
        let codes = verdict
            .reasons
            .iter()
            .map(|reason| reason.code.to_string())
            .collect();
        self.note(Happening::Warned { site, codes, typed });
        let asks =
            |reason: &crate::Reason| matches!(reason.kind, CueKind::Remote | CueKind::RemoteCode);
        if verdict.reasons.iter().any(asks) {
            self.exposed(Exposure::Asked, None);
        }
    }

    fn downloaded(&mut self, url: &str, file_name: &str) {
        if let Some((tool, name)) = self.engine.download(url, file_name)
            && !self.state.is_allowed(&tool, self.now)
        {
            self.exposed(Exposure::Downloaded, Some(name));
        }
    }

    fn pressed(&mut self, id: u32, press: Press) {
        let Some(tab) = self.state.memory.tabs.get(id) else {
            return;
        };
        let view = self.state.view(tab, self.now);
        if !view.offers(press, self.now) {
            return;
        }
        self.note(Happening::Pressed { press });
        match press {
            Press::Dismiss | Press::Wrong => {
                let View::Banner { reasons, .. } = view else {
                    return;
                };
                // A note would outlive the private window.
                if press == Press::Wrong && !self.private {
                    let wrong = &mut self.state.settings.wrong;
                    wrong.push(WrongReport {
                        site: self.state.memory.tabs[id].site.clone(),
                        codes: reasons
                            .iter()
                            .map(|reason| reason.code.to_string())
                            .collect(),
                        at: self.now,
                    });
                    shorten(wrong, policy::WRONG_NOTES);
                }
                if let Some(tab) = self.state.memory.tabs.get_mut(id) {
                    tab.dismissed.extend(reasons);
                    shorten(&mut tab.dismissed, policy::DISMISSED);
                }
                self.unmark(id);
            }
            Press::OnThePhone => {
                self.alarm();
                self.effects.push(Effect::OpenExplain);
            }
            Press::Explain => self.effects.push(Effect::OpenExplain),
            Press::Alone => self.state.settings.kept.alone_at = Some(self.now),
            Press::NotAlone => self.alarm(),
            Press::Leave => self.effects.push(Effect::CloseTab { tab: id }),
            Press::EndSession => {
                self.state.memory.ending = Ending::Asked;
                self.end_sessions();
            }
            Press::GoOn => {
                if let Some(stop) = &mut self.state.memory.stop {
                    stop.went_on = Some(self.now);
                }
            }
        }
    }

    /// Takes the marks from the words of a tab's page.
    fn unmark(&mut self, id: u32) {
        for frame in self.state.memory.tabs[id].frames.keys() {
            self.effects.push(Effect::Mark {
                tab: id,
                frame,
                words: Vec::new(),
            });
        }
    }

    fn alarm(&mut self) {
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

    fn page(&mut self, page: PageMessage) {
        match page {
            PageMessage::Status { .. } => {
                if !self.is_fresh() {
                    self.ask();
                }
            }
            PageMessage::Alarm { on: true } => self.alarm(),
            PageMessage::Alarm { on: false } => self.change(Change::AlarmOff, None),
            PageMessage::Change { change, proof } => self.change(change, proof),
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

    /// Whether settings are frozen for this change.
    fn is_refused(&self, change: &Change) -> bool {
        match change {
            Change::AlarmOff => !self.state.alarm_can_go(self.now),
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
        let now = self.now;
        let settings = &mut self.state.settings;
        match change {
            Change::Site { site, quiet } => {
                settings.quiet_sites.retain(|old| *old != site);
                if quiet && !site.is_empty() {
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
            }
            Change::Strict { on } => settings.strict = on,
            Change::Voice { on } => settings.voice = on,
            Change::Listeners { on } => settings.listeners = on,
            Change::Country { code } => settings.country = code,
            Change::AllowHelper { tool, minutes } => {
                settings.helpers.retain(|helper| helper.tool != tool);
                let minutes = minutes.min(policy::HELPER_MINUTES);
                let until = now.after(u64::from(minutes) * 60_000);
                settings.helpers.push(Helper { tool, until });
            }
            Change::ForbidHelper { tool } => settings.helpers.retain(|helper| helper.tool != tool),
            Change::AlarmOff => {
                // Whoever was there may have been the one to press it: all else stays frozen.
                let kept = &mut settings.kept;
                if kept.alarm.take().is_some() {
                    kept.last_active = kept.last_active.max(Some(now));
                }
                let said = Happening::Exposed {
                    how: Exposure::Said,
                    tool: None,
                };
                self.keep_exposure(None, said);
            }
            Change::Clear => {
                settings.wrong.clear();
                settings.incident.clear();
                settings.kept = Kept::default();
                self.state.memory.timeline.clear();
                self.state.memory.private.clear();
            }
            Change::Pin { pin: Some(pin) } => {
                if pin.is_sound() {
                    settings.pin = Some(Pin::new(pin));
                }
            }
            Change::Pin { pin: None } => self.pin_goes(),
            Change::ForgetPin { on: true } => {
                if let Some(pin) = &mut settings.pin
                    && pin.goes_at.is_none()
                {
                    pin.goes_at = Some(now.after(policy::PIN_GOES_AFTER));
                    self.note(Happening::PinForgotten);
                    self.notify(Notice::PinForgotten);
                }
            }
            Change::ForgetPin { on: false } => {
                if let Some(pin) = &mut settings.pin {
                    pin.goes_at = None;
                }
            }
        }
    }

    fn pin_goes(&mut self) {
        if self.state.settings.pin.take().is_some() {
            self.note(Happening::PinGone);
            self.notify(Notice::PinGone);
        }
    }

    fn notify(&mut self, about: Notice) {
        self.effects.push(Effect::Notify { about });
    }

    fn report(&mut self, report: SessionReport) {
        let memory = &mut self.state.memory;
        memory.asked_at = None;
        if report.state == SessionState::Unknown {
            self.finish_waiting_changes();
            return;
        }
        memory.reported_at = self.now;
        let old = std::mem::replace(&mut memory.report, report);
        let new = memory.report.clone();
        // What is asked first and then holds, or the other way, is another line.
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
                self.keep_exposure(None, may_be_connected(&finding.name));
            }
        }
        self.finish_waiting_changes();
    }

    /// The companion has looked after ending a session, and it is no more. Its next report may
    /// not come, or not be able to tell.
    fn gone(&mut self, finding: &str) {
        let at = self.state.memory.reported_at;
        let mut report = self.state.memory.report.clone();
        report.findings.retain(|known| known.id != finding);
        if report.findings.is_empty() {
            report.state = SessionState::None;
        }
        self.report(report);
        self.state.memory.reported_at = at;
    }

    fn companion(&mut self, health: CompanionHealth) {
        if !matches!(health, CompanionHealth::Well { .. }) {
            self.state.memory.asked_at = None;
        }
        self.state.memory.companion = health;
        if self.state.memory.asked_at.is_none() {
            self.finish_waiting_changes();
        }
    }

    fn finish_waiting_changes(&mut self) {
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

    fn is_fresh(&self) -> bool {
        self.now.since(self.state.memory.reported_at) <= policy::FRESH
    }

    fn ask(&mut self) {
        self.state.memory.asked_at = Some(self.now);
        self.effects.push(Effect::Ask);
    }

    fn exposed(&mut self, how: Exposure, tool: Option<String>) {
        let now = self.now;
        let what = Happening::Exposed { how, tool };
        if !self.private {
            self.keep_exposure(Some(now), what.clone());
        }
        // A line of the timeline within the quiet time is renewed.
        let timeline = self.lines();
        timeline.retain(|old| old.what != what || now.since(old.at) >= policy::SAME_LINE);
        self.note_always(what);
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

    fn note(&mut self, what: Happening) {
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

    fn note_always(&mut self, what: Happening) {
        let at = self.now;
        let timeline = self.lines();
        timeline.push(Entry { at, what });
        shorten(timeline, policy::TIMELINE_LINES);
    }

    /// Brings the world in step with the state.
    fn settle(&mut self) {
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

    /// Keeps what happened around a bank that was open in a session. Where the browser was ended
    /// meanwhile, what came before belongs to it.
    fn keep_incident(&mut self) {
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

    /// Lets go of what counts no longer. What a clock that was ahead dated counts from now.
    fn let_go(&mut self) {
        let now = self.now;
        let Kept {
            alarm,
            alone_at,
            last_active,
            exposures,
        } = &mut self.state.settings.kept;
        let counts = |at: Millis, lasts| (now.since(at) < lasts).then_some(at);
        *alarm = alarm.and_then(|at| counts(at.min(now), policy::ALARM_LASTS));
        // Nobody can have said so later than now, and nobody is hurt by being asked again.
        *alone_at = alone_at
            .filter(|at| *at <= now)
            .and_then(|at| counts(at, policy::ALONE_LASTS));
        let minute = policy::end_of_minute(now);
        *last_active = last_active.and_then(|at| counts(at.min(minute), policy::FROZEN_AFTER));
        exposures.retain_mut(|entry| {
            entry.at = entry.at.min(now);
            counts(entry.at, entry.counts_for()).is_some()
        });
        let memory = &mut self.state.memory;
        let moments = [&mut memory.reported_at]
            .into_iter()
            .chain(memory.asked_at.as_mut())
            .chain(memory.stop.as_mut().map(|stop| &mut stop.since))
            .chain(memory.private.iter_mut().map(|entry| &mut entry.at));
        for at in moments {
            *at = (*at).min(now);
        }
        let longest = now.after(u64::from(policy::HELPER_MINUTES) * 60_000);
        self.state.settings.helpers.retain_mut(|helper| {
            helper.until = helper.until.min(longest);
            helper.until > now
        });
    }

    /// Remembers that a session is on, and that a bank was open in it.
    fn follow_session(&mut self) {
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
            self.keep_exposure(Some(at), what);
        }
    }

    /// Keeps when a thing was last seen, or lets go of it.
    fn keep_exposure(&mut self, at: Option<Millis>, what: Happening) {
        let State { settings, memory } = &mut self.state;
        let exposures = &mut settings.kept.exposures;
        let private = at.is_none().then_some(&mut memory.private);
        for lines in std::iter::once(&mut *exposures).chain(private) {
            lines.retain(|entry| entry.what != what);
        }
        if let Some(at) = at {
            exposures.push(Entry { at, what });
        }
    }

    /// Lets a forgotten PIN go when its time has come, but never while settings are frozen.
    fn forget_pin(&mut self) {
        let due = (self.state.settings.pin.as_ref())
            .and_then(|pin| pin.goes_at)
            .is_some_and(|at| at <= self.now);
        if due && !self.state.is_frozen(self.now) {
            self.pin_goes();
        }
    }

    fn open_report_after_session(&mut self) {
        if self.state.inbound_sessions(self.now).is_empty() {
            self.state.memory.ending = Ending::default();
            if std::mem::take(&mut self.state.memory.bank_in_session) {
                self.effects.push(Effect::OpenHappened);
            }
        }
    }

    fn follow_companion(&mut self) {
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
    fn uncovered(&mut self, tab: u32, level: Level) {
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

fn may_be_connected(tool: &str) -> Happening {
    Happening::Exposed {
        how: Exposure::MayBeConnected,
        tool: Some(tool.to_owned()),
    }
}

/// Leaves no more lines than that; the oldest go first.
fn shorten<T>(lines: &mut Vec<T>, most: usize) {
    while lines.len() > most {
        lines.remove(0);
    }
}
