import { askForPages, isFirefox } from "../ui/access.js";
import { changeByPin, changeWithPin } from "../ui/pin.js";
import { api, ask, bankPhone, bankStep, byId, change, companionWords, endingWords, follow, keepFocus, reasonLine, say, sessionLine, word } from "../ui/page.js";

/** @typedef {import("../types").PageAnswer} PageAnswer */
/** @typedef {import("../types").Status} Status */

word();
const [tab] = await api.tabs.query({ active: true, currentWindow: true });
/** @type {Status | undefined} */
let status;
const renew = follow({ message: "status", tab: tab?.id ?? null }, draw);

/** @param {PageAnswer} answer */
function draw(answer) {
  const off = answer.answer === "off";
  status = answer.answer === "status" ? answer.status : undefined;
  for (const id of ["alarm", "site-row", "companion-row"]) byId(id).hidden = off;
  byId("off-helper").hidden = !off;
  if (answer.answer === "off") {
    drawState("stop", say("off_title"), "", say("off_why"));
    byId("off-reason").textContent = answer.why;
    for (const id of ["reasons", "sessions", "ending-row", "frozen", "access"]) byId(id).hidden = true;
    return;
  }
  drawStatus(answer.status);
}

/**
 * @param {string} level
 * @param {string} title
 * @param {string} site
 * @param {string} more
 */
function drawState(level, title, site, more) {
  byId("state").dataset.level = level;
  byId("state-title").textContent = title;
  byId("state-site").textContent = site;
  byId("state-site").hidden = site === "";
  byId("state-more").textContent = more;
  byId("state-more").hidden = more === "";
}

/** @param {Status} now */
function drawStatus(now) {
  const here = now.site !== "";
  const key = !here ? "nowhere" : now.quiet ? "switched_off" : now.unseen ? "unseen" : now.level === "quiet" && now.gaveUp ? "too_big" : now.level;
  const sure = key === "stop" && now.sessions.length > 0;
  // Access may be to some pages alone, and this one of them.
  const sees = now.access.sites || (here && !now.unseen);
  // That nothing is wrong with the page is no comfort while somebody is there.
  const connected = now.ending !== "impossible";
  const calm = (now.alarm || connected) && ["quiet", "notice", "nowhere"].includes(key);
  const title = sure || (calm && connected) ? "stop_title_sure" : calm ? "alarm_is" : `popup_${key}`;
  // The steps of an alarm say the rest, and are to be seen without scrolling.
  const steps = sees && now.alarm && (calm || key === "stop");
  const more = steps ? "" : say(`popup_${calm ? "stop" : key}_more`);
  if (sees) drawState(calm ? "stop" : now.level, say(title), steps || calm ? "" : now.site, more);
  else drawState("stop", say("access_title"), "", say("access_why"));
  byId("access").hidden = now.access.sites;
  byId("reasons").replaceChildren(...now.reasons.map(reasonLine));
  byId("reasons").hidden = now.reasons.length === 0 || now.quiet || calm;
  byId("sessions").replaceChildren(...now.sessions.map(sessionLine));
  byId("sessions").hidden = now.sessions.length === 0;
  drawEnding(now.ending);

  byId("alarm-title").hidden = steps;
  keepFocus(
    byId("alarm"),
    () => {
      byId("alarm-on").hidden = now.alarm;
      byId("alarm-is").hidden = !now.alarm;
    },
    () => byId(!now.alarm ? "alarm-on" : steps ? "state-title" : "alarm-title"),
  );
  byId("alarm-bank").textContent = bankStep(bankPhone(now.advice));
  byId("alarm-off").toggleAttribute("disabled", now.alarmOffWaits);
  byId("alarm-off-waits").hidden = !now.alarmOffWaits;

  // Where nothing can be warned of, there is nothing to switch off, and in an alarm only to switch on.
  byId("site-row").hidden = !here || ((now.unseen || now.alarm) && !now.quiet);
  byId("site-label").textContent = say("warn_here", now.site);
  byId("site-switch").setAttribute("aria-checked", String(!now.quiet));
  // Switching back on is never refused.
  byId("site-switch").toggleAttribute("disabled", now.frozen && !now.quiet);
  byId("frozen").hidden = !now.frozen || now.alarm;
  byId("companion-row").hidden = now.alarm;

  const companion = companionWords(now);
  byId("companion").textContent = companion.text;
  byId("companion").classList.toggle("dc-soft", companion.well);
  byId("companion-help").hidden = companion.well;
}

/** @param {Status["ending"]} ending */
function drawEnding(ending) {
  byId("ending-row").hidden = ending === "impossible";
  const { told, key, again } = endingWords(ending);
  byId("ending").textContent = told;
  byId("end-session").textContent = say(key);
  byId("end-session").classList.toggle("dc-first", !again);
  // Disabled, it would lose the focus.
  byId("end-session").setAttribute("aria-disabled", String(ending === "asked"));
}

byId("end-session").addEventListener("click", async (event) => {
  if (!event.isTrusted || byId("end-session").ariaDisabled === "true") return;
  await ask({ message: "endSession" });
  await renew();
});
byId("alarm-on").addEventListener("click", async (event) => {
  if (!event.isTrusted) return;
  await ask({ message: "alarm" });
  await renew();
});
byId("alarm-off").addEventListener("click", async (event) => {
  if (!event.isTrusted) return;
  const wanted = /** @type {const} */ ({ change: "alarmOff" });
  await (status?.pin && status.alarmOffNeedsPin ? changeByPin(status.pin, wanted) : change(wanted));
  await renew();
});
byId("access-give").addEventListener("click", (event) => {
  if (!event.isTrusted) return;
  if (isFirefox) void openPage("options/options.html#access");
  else void askForPages();
});
byId("site-switch").addEventListener("click", async (event) => {
  if (!event.isTrusted || !status) return;
  const wanted = /** @type {const} */ ({ change: "site", site: status.site, quiet: !status.quiet });
  await (wanted.quiet ? changeWithPin(status, wanted) : change(wanted));
  await renew();
});
byId("open-options").addEventListener("click", () => openPage("options/options.html"));
byId("companion-help").addEventListener("click", () => openPage("options/options.html#companion"));
byId("open-happened").addEventListener("click", () => openPage("happened/happened.html"));

/** @param {string} path */
async function openPage(path) {
  await api.tabs.create({ url: api.runtime.getURL(path) });
  close();
}
