import { api } from "./api.js";

/** There is one moment to wake at; a new one takes the place of the old. */
const NAME = "wake";
/** Browsers do not ring an alarm sooner than this, in milliseconds. */
const ALARM_MIN = 30_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * Calls `woke` at a moment: by a timer where an alarm would come late, and by an alarm
 * ([`isWake`]) in any case, because a timer dies with the background.
 *
 * @param {number} at milliseconds since 1970
 * @param {() => void} woke
 */
export async function wakeAt(at, woke) {
  const left = Math.max(0, at - Date.now());
  clearTimeout(timer);
  if (left < ALARM_MIN) timer = setTimeout(woke, left);
  await api.alarms.create(NAME, { when: Math.max(at, Date.now() + ALARM_MIN) });
}

/**
 * Whether this is the alarm of [`wakeAt`].
 *
 * @param {chrome.alarms.Alarm} alarm
 */
export function isWake(alarm) {
  return alarm.name === NAME;
}

/** What starts a background that died while it followed the companion. */
const FOLLOW = "follow";

/**
 * An open companion keeps the background alive, but not through a crash. While it is
 * followed, an alarm starts a background that is gone; starting is all that it takes.
 *
 * @param {boolean} on
 */
export async function keepFollowing(on) {
  if (on) await api.alarms.create(FOLLOW, { periodInMinutes: ALARM_MIN / 60_000 });
  else await api.alarms.clear(FOLLOW);
}
