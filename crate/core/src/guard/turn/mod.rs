//! The reducer: applies one event, then brings the world in step with the state.

mod change;
mod session;
mod settle;
mod tabs;
mod timeline;

use super::{Access, Effect, Ending, Event, Notice, State, Step, View};
use crate::{Engine, Millis, country_of};

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
                self.opened(tab, self.engine.place(&url));
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
            Event::Listening { ports } => self.listening(&ports),
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
                self.ended(Ending::of(gone, came_back));
            }
            Event::Access { access } => self.access(access),
            Event::Unreached { tab } => self.unreached(tab),
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

    /// If site access is revoked while a bank should be covered, record and tell it.
    fn sight_taken(&mut self) {
        let ids: Vec<u32> = self.state.memory.tabs.keys().collect();
        for id in ids {
            let view = self.state.memory.tabs[id].shown.as_ref();
            if let Some(level) = view.filter(|view| view.covers()).map(View::level) {
                self.uncovered(id, level);
            }
        }
    }
}
