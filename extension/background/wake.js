import { api } from "./api.js";

/** Alarms carry their moment in their name. */
const PREFIX = "wake:";
/** Browsers do not ring an alarm sooner than this, in milliseconds. */
const ALARM_MIN = 30_000;

/** @type {Map<number, ReturnType<typeof setTimeout>>} */
const timers = new Map();

/**
 * Calls `woke` at a moment: by a timer where an alarm would come late, and by an alarm
 * in any case, because a timer dies with the background.
 *
 * @param {number} at milliseconds since 1970
 * @param {() => void} woke
 */
export async function wakeAt(at, woke) {
  const left = Math.max(0, at - Date.now());
  clearTimeout(timers.get(at));
  timers.delete(at);
  if (left < ALARM_MIN) {
    const timer = setTimeout(() => {
      timers.delete(at);
      void api.alarms.clear(PREFIX + at);
      woke();
    }, left);
    timers.set(at, timer);
  }
  await api.alarms.create(PREFIX + at, { when: Math.max(at, Date.now() + ALARM_MIN) });
}

/**
 * Whether this alarm is one of [`wakeAt`]; its timer is cleared then.
 *
 * @param {chrome.alarms.Alarm} alarm
 */
export function isWake(alarm) {
  if (!alarm.name.startsWith(PREFIX)) return false;
  const at = Number(alarm.name.slice(PREFIX.length));
  clearTimeout(timers.get(at));
  timers.delete(at);
  return true;
}
