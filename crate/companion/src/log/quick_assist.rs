//! Quick Assist's events in the Windows Application log.

use super::Told;
use doorchain_core::{Confidence, Millis};
use std::time::UNIX_EPOCH;

/// The tool's id in the catalogue.
const TOOL: &str = "quick-assist";

/// What the events have said.
///
/// Provider `Quick Assist`, event 0; its first parameter names the step:
/// `beginsharing`, `setsharingmode`, `endsharing` (elastic/detection-rules,
/// `command_and_control_quick_assist_fullcontrol_sharing.toml`).
#[derive(Clone, Debug, Default)]
pub struct QuickAssist {
    begun: Option<Millis>,
    ended: Option<Millis>,
    control: Option<Millis>,
}

impl QuickAssist {
    /// Takes in one event as Windows renders it to XML, in any order; other events say nothing.
    pub fn take(&mut self, event: &str) {
        let Some(at) = moment(event) else { return };
        let event = event.to_ascii_lowercase();
        let latest = |of: &mut Option<Millis>| *of = (*of).max(Some(at));
        if event.contains("endsharing") {
            latest(&mut self.ended);
        } else if event.contains("beginsharing") {
            latest(&mut self.begun);
        } else if event.contains("setsharingmode") && event.contains("fullcontrol") {
            latest(&mut self.control);
        }
    }

    /// The session that the events tell of.
    pub fn told(&self) -> Option<Told> {
        let since = self
            .begun
            .filter(|begun| self.ended.is_none_or(|ended| *begun > ended))?;
        let control = self.control.is_some_and(|control| control >= since);
        Some(Told {
            tool: TOOL,
            since: Some(since),
            who: None,
            words: if control {
                "Windows recorded that the helper may use this computer".to_owned()
            } else {
                "Windows recorded that this screen is shown to a helper".to_owned()
            },
            confidence: Confidence::Proof,
        })
    }
}

/// `SystemTime` of an event, which is in UTC in every locale.
fn moment(event: &str) -> Option<Millis> {
    let (_, rest) = event.split_once("SystemTime=")?;
    let quote = rest.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let (text, _) = rest[1..].split_once(quote)?;
    let at = humantime::parse_rfc3339(text).ok()?;
    u64::try_from(at.duration_since(UNIX_EPOCH).ok()?.as_millis())
        .ok()
        .map(Millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(time: &str, step: &str) -> String {
        format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
             <Provider Name='Quick Assist'/><EventID Qualifiers='0'>0</EventID>\
             <TimeCreated SystemTime='{time}'/><Channel>Application</Channel></System>\
             <EventData><Data>{step}</Data></EventData></Event>"
        )
    }

    fn after(events: &[(&str, &str)]) -> Option<Told> {
        let mut log = QuickAssist::default();
        for (time, step) in events {
            log.take(&event(time, step));
        }
        log.told()
    }

    const BEGIN: (&str, &str) = ("2026-11-22T18:04:05.1234567Z", "BeginSharing");
    const CONTROL: (&str, &str) = ("2026-11-22T18:04:09.0Z", "SetSharingMode FullControl");
    const END: (&str, &str) = ("2026-11-22T18:30:00.0000000Z", "EndSharing");

    #[test]
    fn it_is_on_from_begin_to_end() {
        assert_eq!(after(&[]), None);
        let seen = after(&[BEGIN]).expect("on");
        assert_eq!(seen.since, Some(Millis(1_795_370_645_123)));
        assert!(seen.words.contains("shown"));
        assert!(
            after(&[BEGIN, CONTROL])
                .expect("on")
                .words
                .contains("use this computer")
        );
        assert_eq!(after(&[BEGIN, CONTROL, END]), None);
        assert_eq!(
            after(&[END, CONTROL, BEGIN]),
            None,
            "newest first, as Windows lists them"
        );
        assert!(after(&[("2026-11-22T18:00:00Z", "endsharing"), BEGIN]).is_some());
    }

    #[test]
    fn no_event_makes_it_fail() {
        let good = [BEGIN, CONTROL, END].map(|(time, step)| event(time, step));
        let good = good.each_ref().map(|text| text.as_bytes());
        let mut log = QuickAssist::default();
        for text in crate::hostile::spoilt(&good, 20_000) {
            log.take(&String::from_utf8_lossy(&text));
            log.told();
        }
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for bad in [
            "",
            "SystemTime=",
            "SystemTime='",
            "SystemTime='22.11.2026'",
            "SystemTime=é'",
        ] {
            let mut log = QuickAssist::default();
            log.take(&format!("{bad} beginsharing"));
            assert_eq!(log.told(), None, "{bad}");
        }
    }
}
