//! What the extension's own pages show.

use super::{Change, Kept, PinStatus, Settings, State, Status, ToolName, View};
use crate::{Engine, Millis, advice, advice_countries, tool::web_tools};

impl Engine {
    /// What the extension's own pages show of a tab.
    pub fn status(&self, state: &State, asked: Option<u32>, now: Millis) -> Status {
        let memory = &state.memory;
        let tab = asked.and_then(|id| memory.tabs.get(id));
        let quiet = tab.is_some_and(|tab| state.settings.is_quiet(&tab.site));
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
            frozen: state.is_frozen(now) || tab.is_some_and(|tab| state.guards(&tab.site, now)),
            sessions: state.session_lines(now),
            ending: state.ending(now),
            companion: memory.companion.clone(),
            alarm: state.alarm_on(now),
            access: memory.access.clone(),
            unseen: tab.is_some_and(|tab| tab.is_unseen(now)),
            gave_up: tab.is_some_and(|tab| !tab.gave_up.is_empty()),
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
                web_tools().iter().map(ToolName::from).collect()
            },
        }
    }
}
