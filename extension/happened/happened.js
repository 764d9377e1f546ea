import { adviceFacts, api, bankPhone, byId, clock, day, download, drawOff, follow, inRow, make, offerOff, reasonsInRow, say, sentence, unbroken, word } from "../ui/page.js";

/** @typedef {import("../types").Entry} Entry */
/** @typedef {import("../types").Happening} Happening */
/** @typedef {import("../types").PageAnswer} PageAnswer */
/** @typedef {import("../types").Status} Status */

/**
 * What to do in the hour after; the words are under `check_<id>`. The bank comes first here: who
 * switches off the computer no longer sees the rest.
 */
const CHECKS = ["hang_up", "bank", "off", "passwords", "remove", "report"];
/** Where the ticks are kept: those of one incident, which a later one takes the place of. */
const STORE = "checklist";

word();
offerOff();
document.title = `${say("happened_title")} – ${say("app_name")}`;
/** @type {Status | undefined} */
let status;
/** @type {{ since: number, done: string[] }} */
let ticks = { since: 0, done: [] };
const stored = (await api.storage.local.get(STORE))[STORE];
if (stored) ticks = /** @type {typeof ticks} */ (stored);
void follow({ message: "status", tab: null }, draw);

/** @param {PageAnswer} answer */
function draw(answer) {
  if (drawOff(answer)) return;
  status = answer.status;
  const { timeline } = status;
  byId("lead").textContent = say(timeline.length > 0 ? "happened_lead" : "happened_nothing");
  byId("seen").hidden = timeline.length === 0;
  byId("timeline").replaceChildren(...days(timeline));
  byId("advice").replaceChildren(...adviceFacts(status.advice));
  drawChecks(status);
}

/**
 * The moment since which help is needed: the last session, or the last time the person said
 * that somebody is there; 0 where there was neither.
 *
 * @param {Entry[]} timeline
 */
function incident(timeline) {
  const began = timeline.filter(({ what }) => what.what === "sessionBegan" || what.what === "alarm");
  return began.at(-1)?.at ?? 0;
}

/** @param {Status} now */
function drawChecks(now) {
  const since = incident(now.timeline);
  byId("list").hidden = since === 0;
  if (since === 0) return;
  if (ticks.since !== since) ticks = { since, done: [] };
  const phone = bankPhone(now.advice);
  // Whoever did as they were told has this computer switched off.
  const police = ["policePhone", "policeSite"].map((wanted) => now.advice.find(({ kind }) => kind === wanted)).find(Boolean);
  const list = byId("checks");
  if (list.childElementCount === 0) {
    list.append(
      ...CHECKS.map((id) => {
        const box = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox", id: `check-${id}`, class: "dc-box" }));
        box.addEventListener("change", () => void tick(id, box.checked));
        return make("li", {}, make("label", { class: "dc-check", for: `check-${id}` }, box, make("span", { "data-check": id })));
      }),
    );
  }
  for (const id of CHECKS) {
    const words = list.querySelector(`[data-check="${id}"]`);
    const box = /** @type {HTMLInputElement} */ (byId(`check-${id}`));
    box.checked = ticks.done.includes(id);
    if (!words) continue;
    words.textContent = id === "bank" && phone ? say("check_bank_phone", unbroken(phone))
      : id === "report" && police ? say("check_report_to", police.name, police.value)
        : say(`check_${id}`);
  }
  tell();
}

function tell() {
  const left = CHECKS.length - ticks.done.length;
  byId("checks-left").textContent = left === 0 ? say("checks_done") : say("checks_left", String(left));
}

/**
 * @param {string} id
 * @param {boolean} done
 */
async function tick(id, done) {
  ticks = { ...ticks, done: CHECKS.filter((other) => (other === id ? done : ticks.done.includes(other))) };
  tell();
  await api.storage.local.set({ [STORE]: ticks });
}

/** @param {Happening} what */
const words = (what) => ("tool" in what ? sentence(plainWords(what), what.tool) : plainWords(what));

/** @param {Happening} what @returns {string} */
function plainWords(what) {
  const tool = ("tool" in what && what.tool) || say("a_tool");
  switch (what.what) {
    case "warned": return say(what.typed ? "happened_warned_typed" : "happened_warned", what.site);
    case "exposed": return say(`happened_exposed_${what.how}`, tool);
    case "bankOpened": return say("happened_bankOpened", what.bank);
    case "sessionBegan": return say("happened_sessionBegan", tool);
    case "sessionEnded": return say("happened_sessionEnded", tool);
    case "uncovered": return say("happened_uncovered", what.bank);
    case "covered": return say(`happened_covered_${what.level}`, what.bank);
    case "pressed": return say(`happened_pressed_${what.press}`);
    case "numbersChanged": return say("happened_numbersChanged", what.bank);
    default: return say(`happened_${what.what}`);
  }
}

/** @param {Happening} what */
const grave = (what) =>
  what.what === "sessionBegan" || what.what === "numbersChanged" || what.what === "uncovered" || (what.what === "covered" && what.level === "stop");

/** @param {Entry[]} timeline */
function days(timeline) {
  /** @type {Map<string, Entry[]>} */
  const byDay = new Map();
  for (const entry of timeline) {
    const of = day(entry.at);
    byDay.set(of, [...(byDay.get(of) ?? []), entry]);
  }
  return [...byDay].map(([of, entries]) =>
    make(
      "section", {},
      make("h3", { class: "dc-text dc-soft dc-small" }, of),
      make("ol", { class: "dc-events" }, ...entries.map(event)),
    ),
  );
}

/** @param {Entry} entry */
function event({ at, what }) {
  const reasons = what.what === "warned" ? reasonsInRow(what.codes) : "";
  return make(
    "li", grave(what) ? { "data-level": "stop" } : {},
    make("time", { datetime: new Date(at).toISOString() }, clock(at)),
    make("div", {}, make("p", { class: "dc-text" }, words(what)),
      reasons !== "" && make("p", { class: "dc-text dc-soft dc-small" }, reasons)),
  );
}

byId("print").addEventListener("click", () => print());
byId("save-text").addEventListener("click", () => {
  if (!status) return;
  const lines = status.timeline.map(({ at, what }) => {
    const reasons = what.what === "warned" ? [reasonsInRow(what.codes)] : [];
    return `${day(at)}, ${clock(at)}  ${inRow([words(what), ...reasons])}`;
  });
  download("doorchain.txt", "text/plain;charset=utf-8", `${say("app_name")}: ${say("happened_title")}\n\n${lines.join("\n")}\n`);
});
byId("save-json").addEventListener("click", () => {
  if (status) download("doorchain.json", "application/json", `${JSON.stringify(status.timeline, null, 2)}\n`);
});
