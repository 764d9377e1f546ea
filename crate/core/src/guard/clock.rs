//! A clock that was ahead and is right again.

use super::{State, policy};
use crate::Millis;

impl State {
    /// Sets back what a clock that was ahead dated: it counts from now, and is over no later than
    /// what begins now.
    pub(super) fn set_back(&mut self, now: Millis) {
        let Self { settings, memory } = self;
        let kept = &mut settings.kept;
        // Nobody can have said so later than now, and nobody is hurt by being asked again.
        kept.alone_at.take_if(|at| *at > now);
        let (since, went_on) = match &mut memory.stop {
            Some(stop) => (Some(&mut stop.since), stop.went_on.as_mut()),
            None => (None, None),
        };
        for at in [
            Some(&mut memory.reported_at),
            memory.asked_at.as_mut(),
            kept.alarm.as_mut(),
            since,
            went_on,
        ] {
            no_later(at, now);
        }
        for entries in [
            &mut kept.exposures,
            &mut memory.exposures,
            &mut memory.timeline,
            &mut memory.private,
            &mut settings.incident,
        ] {
            for entry in entries {
                no_later(Some(&mut entry.at), now);
            }
        }
        for note in &mut settings.wrong {
            no_later(Some(&mut note.at), now);
        }
        for tab in memory.tabs.values_mut() {
            no_later(tab.silence.as_mut().map(|silence| &mut silence.since), now);
        }
        no_later(kept.last_active.as_mut(), policy::end_of_minute(now));
        for helper in &mut settings.helpers {
            no_later(Some(&mut helper.until), now.after(policy::HELPED_FOR));
        }
        if let Some(pin) = &mut settings.pin {
            let closed_for = policy::pin_closed_for(pin.wrong).unwrap_or_default();
            no_later(pin.closed_until.as_mut(), now.after(closed_for));
            no_later(pin.goes_at.as_mut(), now.after(policy::PIN_GOES_AFTER));
        }
    }
}

fn no_later(at: Option<&mut Millis>, latest: Millis) {
    if let Some(at) = at {
        *at = latest.min(*at);
    }
}
