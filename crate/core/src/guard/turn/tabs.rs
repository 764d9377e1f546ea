//! What happens in a tab: an address, a document, a text, a press.

use super::{Turn, timeline::shorten};
use crate::catalogue::Place;
use crate::guard::{
    Bank, ContentMessage, Dismissed, Effect, Exposure, FrameVerdict, Happening, Press, Silence,
    Tab, View, WrongReport, policy,
};
use crate::order::sort_dedup;
use crate::{CueKind, Level, Owner, Reason, Verdict};

impl Turn<'_> {
    pub(super) fn opened(&mut self, id: u32, place: Place) {
        let Place {
            site,
            host,
            owner,
            support_page,
        } = place;
        let now = self.now;
        let tab = self.state.memory.tabs.get_or_default(id);
        if tab.site != site {
            *tab = Tab {
                shown: tab.shown.take(),
                site,
                ..tab.next()
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

    /// The browser lets nothing be drawn on a tab's page.
    pub(super) fn unreached(&mut self, id: u32) {
        if let Some(tab) = self.state.memory.tabs.get_mut(id)
            && let Some(silence) = &mut tab.silence
        {
            // Of a page that went meanwhile it says nothing.
            silence.closed = silence.asked;
        }
    }

    fn bank_opened(&mut self, bank: String) {
        self.note(Happening::BankOpened { bank });
        if self.state.settings.listeners {
            let listeners = self.engine.listeners();
            let mut ports: Vec<_> = listeners.iter().map(|(port, _)| *port).collect();
            sort_dedup(&mut ports);
            self.effects.push(Effect::FindListeners { ports });
        }
    }

    pub(super) fn content(&mut self, id: u32, frame: u64, url: &str, content: ContentMessage) {
        match content {
            ContentMessage::Hello { document } => self.hello(id, frame, url, document),
            ContentMessage::Read { facts } => {
                let verdict = self.engine.judge_frame(url, &facts, frame != 0);
                let tab = self.state.memory.tabs.get_or_default(id);
                enlist(&mut tab.gave_up, frame, facts.gave_up);
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
                let tab = self.state.memory.tabs.get_or_default(id);
                enlist(&mut tab.sharing, frame, live);
                if live {
                    self.exposed(Exposure::SharesScreen, None);
                }
            }
            ContentMessage::NumbersChanged { again } => self.numbers_changed(id, again),
        }
    }

    fn numbers_changed(&mut self, id: u32, again: bool) {
        let Some(tab) = self.state.memory.tabs.get_mut(id) else {
            return;
        };
        let Some(bank) = tab.bank.as_ref().map(|bank| bank.name.clone()) else {
            return;
        };
        let known = tab.numbers_changed.replace(tab.document) == Some(tab.document);
        if !(known && again) {
            self.note(Happening::NumbersChanged { bank });
        }
    }

    /// What an earlier document in this frame said is over.
    fn hello(&mut self, id: u32, frame: u64, url: &str, document: u32) {
        if frame == 0 {
            let place = self.engine.place(url);
            let tab = self.state.memory.tabs.get_or_default(id);
            if tab.document != document {
                *tab = Tab {
                    document,
                    bank_seen: tab.bank_seen && tab.site == place.site,
                    ..tab.next()
                };
            }
            tab.site.clone_from(&place.site);
            tab.host.clone_from(&place.host);
            tab.silence = None;
            // It may have been drawn for a document that is gone.
            tab.shown = None;
            self.opened(id, place);
        } else if let Some(tab) = self.state.memory.tabs.get_mut(id) {
            tab.frames.remove(frame);
            enlist(&mut tab.sharing, frame, false);
            enlist(&mut tab.gave_up, frame, false);
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
        let level = verdict.level;
        let mut words = Vec::new();
        for reason in &verdict.reasons {
            words.extend_from_slice(&reason.words);
        }
        if let Some(tab) = self.state.memory.tabs.get_mut(id) {
            let verdict = FrameVerdict {
                level,
                reasons: verdict.reasons,
            };
            // Advertisements come and go by the thousand, and say nothing.
            let old = if frame != 0 && level == Level::Quiet {
                tab.frames.remove(frame)
            } else {
                tab.frames.insert(frame, verdict)
            };
            tab.forget_frames();
            let marked = old.is_some_and(|old| old.level >= Level::Caution);
            let quiet = self.state.settings.is_quiet(&tab.site);
            if level < Level::Caution || quiet || tab.is_dismissed() {
                words.clear();
            }
            if marked || !words.is_empty() {
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
            let mut reasons = verdict.reasons;
            for reason in &mut reasons {
                reason.words.clear();
            }
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
        if self.state.settings.is_quiet(&site) {
            return;
        }
        let codes = codes(&verdict.reasons);
        self.note(Happening::Warned { site, codes, typed });
        let asks = |reason: &Reason| matches!(reason.kind, CueKind::Remote | CueKind::RemoteCode);
        if verdict.reasons.iter().any(asks) {
            self.exposed(Exposure::Asked, None);
        }
    }

    pub(super) fn downloaded(&mut self, url: &str, file_name: &str) {
        if let Some(tool) = self.engine.download(url, file_name)
            && !self.state.is_allowed(tool.id, self.now)
        {
            self.exposed(Exposure::Downloaded, Some(tool.name.to_owned()));
        }
    }

    pub(super) fn listening(&mut self, ports: &[u16]) {
        for port in ports {
            self.listens(*port);
        }
    }

    fn listens(&mut self, port: u16) {
        let mut names = Vec::new();
        for (other, tool) in self.engine.listeners() {
            if other == port {
                if self.state.is_allowed(tool.id, self.now) {
                    return;
                }
                names.push(tool.name);
            }
        }
        let tool = match names[..] {
            [] => return,
            [name] => Some(name.to_owned()),
            // Which of them it is, the port does not tell.
            _ => None,
        };
        let how = Exposure::Listening;
        // A tool that listens day and night is nothing new with every bank that is
        // opened: whoever was asked about it is not asked again.
        let what = Happening::Exposed {
            how,
            tool: tool.clone(),
        };
        if !self.state.counts(&what, self.now) {
            self.exposed(how, tool);
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
                        codes: codes(&reasons),
                        at: self.now,
                    });
                    shorten(wrong, policy::WRONG_NOTES);
                }
                if let Some(tab) = self.state.memory.tabs.get_mut(id) {
                    let document = tab.document;
                    let put_away = |reason| Dismissed { document, reason };
                    tab.dismissed.extend(reasons.into_iter().map(put_away));
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
            Press::EndSession => self.ask_to_end(),
            Press::GoOn => {
                if let Some(stop) = &mut self.state.memory.stop {
                    stop.went_on = Some(self.now);
                }
            }
        }
    }

    /// Takes the marks from the words of a tab's page.
    pub(super) fn unmark(&mut self, id: u32) {
        for frame in self.state.memory.tabs[id].frames.keys() {
            self.effects.push(Effect::Mark {
                tab: id,
                frame,
                words: Vec::new(),
            });
        }
    }
}

/// Has a frame in a list, or not.
fn enlist(frames: &mut Vec<u64>, frame: u64, is: bool) {
    let at = frames.iter().position(|other| *other == frame);
    match at {
        Some(at) if !is => drop(frames.swap_remove(at)),
        None if is => frames.push(frame),
        _ => {}
    }
}

fn codes(reasons: &[Reason]) -> Vec<String> {
    (reasons.iter())
        .map(|reason| reason.code.to_string())
        .collect()
}
