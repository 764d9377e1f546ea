//! How long evidence counts, and how long a stop holds. All times in milliseconds.

use super::state::Exposure;
use crate::Millis;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// How long "Go on anyway" stays out of reach.
///
/// The length that Android's in-call protection holds a person back for:
/// <https://blog.google/products/android/android-in-call-scam-protection/>.
pub(super) const STOP_HOLD: u64 = 30 * SECOND;

/// How long after a session settings stay frozen.
pub(super) const FROZEN_AFTER: u64 = 15 * MINUTE;

/// The end of a moment's minute: to the minute it is told when a session was last active, which
/// is written to the disk while one is.
pub(super) fn end_of_minute(at: Millis) -> Millis {
    at.after(MINUTE - at.0 % MINUTE)
}

/// The minute that a moment falls into.
pub(super) fn begin_of_minute(at: Millis) -> Millis {
    Millis(at.0 - at.0 % MINUTE)
}

/// How long the browser may have been ended within one incident.
pub(super) const SAME_INCIDENT: u64 = HOUR;

/// How long the person's own word counts unless it is taken back.
pub(super) const ALARM_LASTS: u64 = 2 * HOUR;

/// How long "I am alone" counts, unless new exposure comes first.
pub(super) const ALONE_LASTS: u64 = HOUR;

/// Pause between an answer of the companion and the next question.
pub(super) const FOLLOW_EVERY: u32 = 2_000;

/// A report no older than this needs no new question before it is relied on.
pub(super) const FRESH: u64 = 5 * SECOND;

/// How long an armed bank page waits for the companion's first answer.
pub(super) const WAIT_FOR_REPORT: u64 = 3 * SECOND;

/// How long a bank's page may take to say hello before it is looked whether the browser lets
/// anything be drawn there.
pub(super) const GREETS_WITHIN: u64 = 4 * SECOND;

/// How long a session is still believed in when the companion has stopped answering, or telling.
pub(super) const BELIEVED_UNANSWERED: u64 = 30 * MINUTE;

/// The same line of the timeline is not written again within this time.
pub(super) const SAME_LINE: u64 = 10 * MINUTE;

/// Changes that can wait for the companion at a time; more are made by no person.
pub(super) const WAITING_CHANGES: usize = 20;

/// Frames of a tab whose verdicts are kept; the quietest go first.
pub(super) const FRAMES: usize = 32;

/// Reasons of a page that were put away and are remembered; the oldest go first.
pub(super) const DISMISSED: usize = 40;

/// Lines the timeline holds; the oldest go first.
pub(super) const TIMELINE_LINES: usize = 500;

/// Notes of wrong warnings that are kept; the oldest go first.
pub(super) const WRONG_NOTES: usize = 200;

/// How long a helper is allowed for who is allowed for so many minutes.
pub(super) fn helped_for(minutes: u32) -> u64 {
    HELPED_FOR.min(u64::from(minutes) * MINUTE)
}

/// Longest time a helper can be allowed for.
pub(super) const HELPED_FOR: u64 = 12 * HOUR;

/// Fewest rounds of PBKDF2 with HMAC-SHA-256 that a PIN is kept by.
///
/// <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2>
pub(super) const PIN_ROUNDS: u32 = 600_000;

/// How long after it was forgotten the PIN goes: longer than a caller stays on the line, and
/// time for the family to see the notice.
pub(super) const PIN_GOES_AFTER: u64 = 24 * HOUR;

/// How long no PIN can be tried after so many wrong ones in a row; none for the first two.
///
/// Half a minute after the third, twice as long after each further one, an hour at the most.
pub(super) fn pin_closed_for(wrong: u32) -> Option<u64> {
    let doublings = wrong.checked_sub(3)?;
    Some(
        (30 * SECOND)
            .saturating_mul(1 << doublings.min(10))
            .min(HOUR),
    )
}

/// How long exposure counts after it was seen.
///
/// The median session of this crime reaches the payment within 17 minutes (DESIGN);
/// an installer stays on the disk, so a download counts for longer.
pub(super) fn exposure_lasts(how: Exposure) -> u64 {
    match how {
        Exposure::Downloaded => 12 * HOUR,
        Exposure::Said => ALARM_LASTS,
        Exposure::Visited
        | Exposure::Asked
        | Exposure::Listening
        | Exposure::SharesScreen
        | Exposure::SupportTab
        | Exposure::MayBeConnected => HOUR,
    }
}
