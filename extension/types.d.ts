// Made by `cargo xtask types` from the types of crate/core. Do not edit.

/**
 * What the browser lets Doorchain see. All of it, until the browser says otherwise.
 */
export type Access = {
/**
 * Pages of all sites.
 */
sites: boolean,
/**
 * Private windows.
 */
privateWindows: boolean, };

/**
 * One fact for the reader, to be worded by `_locales` under `advice_<kind>`.
 */
export type Advice = {
/**
 * What sort of fact.
 */
kind: AdviceKind,
/**
 * Whom the reader meets there; empty where nobody needs naming.
 */
name: string,
/**
 * Telephone number, host with path, or mail address, as people write it.
 */
value: string, };

/**
 * Sorts of advice, by the names that the data uses.
 */
export type AdviceKind = "bankPhone" | "cardPhone" | "policePhone" | "policeSite" | "helpPhone" | "reportSite" | "reportText" | "reportMail" | "amazonSite" | "amazonMail";

/**
 * Why a tab counts as a bank's.
 */
export type Bank = {
/**
 * Its name, or its site's where no list has it.
 */
name: string,
/**
 * It is on the list; otherwise only its forms and words look like a bank's.
 */
listed: boolean, };

/**
 * A change of a setting. Loosening ones are refused while the settings are frozen.
 */
export type Change = { "change": "site",
/**
 * Registrable domain, as [`Status`](super::Status) names it.
 */
site: string,
/**
 * No warnings there.
 */
quiet: boolean, } | { "change": "strict",
/**
 * On or off.
 */
on: boolean, } | { "change": "voice",
/**
 * On or off.
 */
on: boolean, } | { "change": "listeners",
/**
 * On or off.
 */
on: boolean, } | { "change": "country",
/**
 * Its code.
 */
code: string | null, } | { "change": "allowHelper",
/**
 * The tool's id in the catalogue.
 */
tool: string,
/**
 * For how many minutes; more than twelve hours are twelve hours.
 */
minutes: number, } | { "change": "forbidHelper",
/**
 * The tool's id in the catalogue.
 */
tool: string, } | { "change": "alarmOff" } | { "change": "clear" } | { "change": "pin",
/**
 * The PIN, hashed.
 */
pin: PinHash | null, } | { "change": "forgetPin",
/**
 * It is to go.
 */
on: boolean, };

/**
 * Whether the companion can be asked.
 */
export type CompanionHealth = { "is": "unasked" } | { "is": "well",
/**
 * Its version.
 */
release: string, } | { "is": "missing" } | { "is": "wrongVersion",
/**
 * The version it speaks.
 */
version: number, } | { "is": "broken",
/**
 * What went wrong, in English.
 */
why: string, };

/**
 * A question with its number and the version it is put in.
 */
export type CompanionRequest = {
/**
 * [`VERSION`] of the asker.
 */
version: number,
/**
 * Comes back in the answer.
 */
id: number, } & ({ "ask": "hello" } | { "ask": "sessions" } | { "ask": "end",
/**
 * [`Finding::id`](crate::Finding::id).
 */
finding: string, });

/**
 * An answer in its envelope.
 */
export type CompanionResponse = { "status": "ok",
/**
 * [`VERSION`] of the companion.
 */
version: number,
/**
 * Number of the question.
 */
id: number, } & ({ "answer": "hello",
/**
 * The companion's own version, such as `0.1.0`.
 */
release: string,
/**
 * `linux`, `windows` or `macos`.
 */
system: string, } | { "answer": "sessions",
/**
 * What the probes found.
 */
report: SessionReport, } | { "answer": "end",
/**
 * The session is gone, checked.
 */
gone: boolean,
/**
 * What was ended, in words, in English.
 */
ended: Array<string>,
/**
 * The tool started a new session in the meantime.
 */
cameBack: boolean, }) | { "status": "error",
/**
 * [`VERSION`] of the companion.
 */
version: number,
/**
 * Number of the question; none where the frame could not be read.
 */
id: number | null,
/**
 * Stable number.
 */
number: number,
/**
 * Its name.
 */
code: ErrorCode,
/**
 * For the log, in English.
 */
message: string, };

/**
 * How well the evidence holds.
 */
export type Confidence = "weak" | "good" | "proof";

/**
 * From a content script to the background.
 *
 * Tab, frame and address are never in it: the background takes them from the sender.
 */
export type ContentMessage = { "message": "hello",
/**
 * The number that it gave itself, by chance, and keeps.
 */
document: number, } | { "message": "read",
/**
 * What it held.
 */
facts: PageFacts, } | { "message": "typed",
/**
 * The field's text, or its last part.
 */
text: string, } | { "message": "pressed",
/**
 * Which.
 */
press: Press, } | { "message": "sharesScreen",
/**
 * It shares now.
 */
live: boolean, } | { "message": "numbersChanged",
/**
 * It was told before, perhaps to nobody.
 */
again: boolean, };

/**
 * A family of evidence. A caution needs two different ones.
 *
 * Closed on purpose: data files name kinds by these names and no others.
 */
export type CueKind = "brand" | "address" | "structure" | "charge" | "refund" | "account" | "press" | "call" | "urgency" | "secrecy" | "remote" | "remoteCode" | "bank" | "giftCard" | "flaw" | "credential" | "trap" | "learned";

/**
 * Who connected to whom.
 */
export type Direction = "inbound" | "outbound";

/**
 * A reason of a banner that was put away. It counts for its document alone, which may come back.
 */
export type Dismissed = {
/**
 * The document.
 */
document: number,
/**
 * The reason.
 */
reason: Reason, };

/**
 * One thing for the shell to carry out, in order, after the state was stored.
 */
export type Effect = { "effect": "show",
/**
 * The tab.
 */
tab: number,
/**
 * What to draw.
 */
view: View, } | { "effect": "mark",
/**
 * The tab.
 */
tab: number,
/**
 * The frame.
 */
frame: number,
/**
 * The words with their place in the text that was read.
 */
words: Array<Words>, } | { "effect": "badge",
/**
 * The tab.
 */
tab: number,
/**
 * Its level.
 */
level: Level, } | { "effect": "blind",
/**
 * They cannot be seen.
 */
on: boolean, } | { "effect": "greet" } | { "effect": "reach",
/**
 * The tab.
 */
tab: number, } | { "effect": "arm",
/**
 * Match patterns of the extension API.
 */
matches: Array<string>, } | { "effect": "follow",
/**
 * Ask from now on.
 */
on: boolean,
/**
 * Pause between an answer and the next question, in milliseconds.
 */
everyMs: number, } | { "effect": "ask" } | { "effect": "endSession",
/**
 * The finding's id.
 */
finding: string, } | { "effect": "findListeners",
/**
 * The ports.
 */
ports: Array<number>, } | { "effect": "wakeAt",
/**
 * When.
 */
at: Millis, } | { "effect": "notify",
/**
 * What about.
 */
about: Notice, } | { "effect": "speak" } | { "effect": "closeTab",
/**
 * The tab.
 */
tab: number, } | { "effect": "openHappened" } | { "effect": "openExplain" };

/**
 * How ending a session stands, the worse the later.
 */
export type Ending = "impossible" | "possible" | "asked" | "failed" | "cameBack";

/**
 * One line of the timeline.
 */
export type Entry = {
/**
 * When.
 */
at: Millis,
/**
 * What.
 */
what: Happening, };

/**
 * What went wrong. The numbers are only ever appended to.
 */
export type ErrorCode = "badRequest" | "tooLarge" | "version" | "unknownFinding" | "endFailed";

/**
 * Something that happened, as the background hands it to the core.
 */
export type Event = { "event": "started",
/**
 * Language of the browser's own words, as BCP 47 names it.
 */
language?: string | null, } | { "event": "opened",
/**
 * The tab.
 */
tab: number,
/**
 * Its address.
 */
url: string,
/**
 * Its window is a private one.
 */
private: boolean, } | { "event": "content",
/**
 * The tab.
 */
tab: number,
/**
 * The frame; 0 is the top. Firefox numbers frames beyond 32 bits.
 */
frame: number,
/**
 * The frame's address, from the browser and not from the page.
 */
url: string,
/**
 * The tab's window is a private one.
 */
private: boolean,
/**
 * What it says.
 */
content: ContentMessage, } | { "event": "page",
/**
 * What it says.
 */
page: PageMessage, } | { "event": "closed",
/**
 * The tab.
 */
tab: number, } | { "event": "downloaded",
/**
 * Where it comes from.
 */
url: string,
/**
 * File name without a path.
 */
fileName: string,
/**
 * It was begun in a private window.
 */
private: boolean, } | { "event": "listening",
/**
 * The ports of [`FindListeners`](super::Effect::FindListeners) that are open.
 */
ports: Array<number>, } | { "event": "report",
/**
 * Its report.
 */
report: SessionReport, } | { "event": "companion",
/**
 * How it is.
 */
health: CompanionHealth, } | { "event": "ended",
/**
 * The finding's id.
 */
finding: string,
/**
 * It is gone.
 */
gone: boolean,
/**
 * The tool came back.
 */
cameBack: boolean, } | { "event": "access",
/**
 * What it is.
 */
access: Access, } | { "event": "unreached",
/**
 * The tab.
 */
tab: number, } | { "event": "woke" };

/**
 * Evidence that somebody may be let in.
 */
export type Exposure = "visited" | "downloaded" | "asked" | "listening" | "sharesScreen" | "supportTab" | "said" | "mayBeConnected";

/**
 * A form field: what it asks for, never what was typed into it.
 */
export type Field = {
/**
 * `type` attribute in lower case.
 */
type: string,
/**
 * `name` attribute.
 */
name: string,
/**
 * `id` attribute.
 */
id: string,
/**
 * Visible label or `aria-label`.
 */
label: string,
/**
 * `placeholder` attribute.
 */
placeholder: string,
/**
 * `autocomplete` attribute.
 */
autocomplete: string, };

/**
 * One remote session that a probe found.
 */
export type Finding = {
/**
 * Stable for as long as this session lasts; what `end` is asked with.
 */
id: string,
/**
 * The tool's id in the catalogue.
 */
tool: string,
/**
 * The tool's name as people know it.
 */
name: string,
/**
 * Who connected to whom.
 */
direction: Direction,
/**
 * When the session began, where that is known.
 */
since: Millis | null,
/**
 * The evidence in words, in English, for the log and the report.
 */
evidence: string,
/**
 * How well the evidence holds.
 */
confidence: Confidence,
/**
 * Processes of the session, to be ended when the person asks.
 */
pids: Array<number>, };

/**
 * A form.
 */
export type Form = {
/**
 * Its fields.
 */
fields: Array<Field>,
/**
 * Hosts that it and its buttons send it to, each once.
 */
targets: Array<string>, };

/**
 * Level and reasons of one document or text.
 */
export type FrameVerdict = {
/**
 * Its level.
 */
level: Level,
/**
 * Its reasons.
 */
reasons: Array<Reason>, };

/**
 * What a line of the timeline tells; `_locales` words it under `happened_<what>`.
 */
export type Happening = { "what": "warned",
/**
 * Registrable domain.
 */
site: string,
/**
 * Codes of the reasons.
 */
codes: Array<string>,
/**
 * It was typed by the person.
 */
typed: boolean, } | { "what": "exposed",
/**
 * How.
 */
how: Exposure,
/**
 * The tool's name, where it is known.
 */
tool: string | null, } | { "what": "bankOpened",
/**
 * Its name.
 */
bank: string, } | { "what": "sessionBegan",
/**
 * The tool's name.
 */
tool: string, } | { "what": "sessionEnded",
/**
 * The tool's name.
 */
tool: string, } | { "what": "covered",
/**
 * Its name.
 */
bank: string,
/**
 * At this level.
 */
level: Level, } | { "what": "uncovered",
/**
 * The bank's name.
 */
bank: string, } | { "what": "pressed",
/**
 * Which.
 */
press: Press, } | { "what": "refused" } | { "what": "pinWrong" } | { "what": "pinForgotten" } | { "what": "pinGone" } | { "what": "numbersChanged",
/**
 * The bank's name.
 */
bank: string, } | { "what": "alarm" };

/**
 * A tool that is allowed, beforehand and for a time.
 */
export type Helper = {
/**
 * The tool's id in the catalogue.
 */
tool: string,
/**
 * Until when.
 */
until: Millis, };

/**
 * What still counts of the last hours, and no longer than it counts: no site, no page's words.
 */
export type Kept = {
/**
 * Since when the person says that somebody is on the phone or in the computer.
 */
alarm?: Millis | null,
/**
 * When the person last said to be alone.
 */
aloneAt?: Millis | null,
/**
 * The end of the minute in which a session was last active.
 */
lastActive?: Millis | null,
/**
 * When each [`Happening::Exposed`] was last seen, in no order; no other lines.
 */
exposures: Array<Entry>, };

/**
 * How loudly the person is to be told; ordered, `Quiet` lowest.
 */
export type Level = "quiet" | "notice" | "caution" | "pause" | "stop";

/**
 * What the background knows of now and of the last hours.
 */
export type Memory = {
/**
 * Tabs by their id.
 */
tabs: { [key in number]: Tab },
/**
 * What happened, oldest first.
 */
timeline: Array<Entry>,
/**
 * What happened in private windows, oldest first. Apart from the rest, of which some is kept
 * in [`Settings`]: of this nothing is.
 */
private: Array<Entry>,
/**
 * What [`Kept::exposures`] would have of private windows.
 */
exposures: Array<Entry>,
/**
 * What the browser lets Doorchain see.
 */
access: Access,
/**
 * The companion's last report that was not `unknown`.
 */
report: SessionReport,
/**
 * When that report came.
 */
reportedAt: Millis,
/**
 * Whether the companion can be asked.
 */
companion: CompanionHealth,
/**
 * The count of the `stop` that holds.
 */
stop?: StopCount | null,
/**
 * The banks are covered from the first moment.
 */
armed: boolean,
/**
 * The companion is being asked.
 */
following: boolean,
/**
 * Since when an answer of the companion is waited for; none when it came.
 */
askedAt?: Millis | null,
/**
 * Country that the browser's language makes likely, ISO 3166-1 alpha-2.
 */
country?: string | null,
/**
 * A bank was open during the session that is active.
 */
bankInSession: boolean,
/**
 * How ending the session stands.
 */
ending: Ending,
/**
 * Changes that wait for the companion to say whether settings are frozen, in their order.
 */
waitingChanges: Array<Change>,
/**
 * The moment the shell was last asked to wake the core at.
 */
wakeAt?: Millis | null, };

/**
 * A moment, in whole milliseconds since 1970-01-01T00:00:00Z.
 */
export type Millis = number;

/**
 * What a notification tells; `_locales` words it under `notice_<about>`.
 */
export type Notice = "stop" | "uncovered" | "pinForgotten" | "pinGone";

/**
 * From the background to a content script.
 */
export type Order = { "order": "show",
/**
 * What to draw.
 */
view: View,
/**
 * Text of the one stylesheet; empty with [`View::Nothing`].
 */
style: string, } | { "order": "mark",
/**
 * The words with their place in the text that was read.
 */
words: Array<Words>, } | { "order": "notYet" };

/**
 * Who stands behind a host.
 */
export type Owner = { "is": "unknown" } | { "is": "amazon" } | { "is": "bank",
/**
 * Its domain, as the list has it: people know their bank by its address.
 */
name: string, } | { "is": "remoteTool",
/**
 * The tool's id in the catalogue.
 */
tool: string,
/**
 * The tool's name as people know it.
 */
name: string, };

/**
 * The background's answer to every [`PageMessage`](super::PageMessage).
 */
export type PageAnswer = { "answer": "status",
/**
 * The status, after the change where one was asked for.
 */
status: Status, } | { "answer": "off",
/**
 * Why, in English, for the report; `_locales` words the fact that it is off.
 */
why: string, };

/**
 * What the content script read in one document.
 *
 * The content script hands over at most 200,000 UTF-16 code units of text and 300 entries of a list;
 * the core reads at most 600,000 bytes of a text. What lies beyond is not judged.
 *
 * Also the shape in which `cargo xtask score` takes `facts`.
 */
export type PageFacts = {
/**
 * Title of the document, or the subject of a message.
 */
title: string,
/**
 * Text a person can see, in document order, blocks apart by `\n`.
 */
text: string,
/**
 * Text that is in the document and that nobody can see.
 */
hiddenText: string,
/**
 * Text of `h1` to `h3`.
 */
heading: Array<string>,
/**
 * Sender of a message, where the page shows one: `Amazon <x@example.org>`. It is the page's own
 * word, and can be forged.
 */
from: string,
/**
 * Forms; fields outside any form are in `looseFields`.
 */
forms: Array<Form>,
/**
 * Form fields that stand in no form.
 */
looseFields: Array<Field>,
/**
 * Hosts that images come from, each once.
 */
imageHosts: Array<string>,
/**
 * Hosts that styles come from, each once.
 */
styleHosts: Array<string>,
/**
 * Hosts that links lead to, each once.
 */
linkHosts: Array<string>,
/**
 * `id` attributes.
 */
ids: Array<string>,
/**
 * Descriptions of pictures: the `alt` texts of images.
 */
imageAlts: Array<string>,
/**
 * Ways in which the page holds its reader.
 */
traps: Array<Trap>,
/**
 * There is more of it than was read.
 */
gaveUp: boolean, };

/**
 * From the extension's own pages (popup, options) to the background.
 */
export type PageMessage = { "message": "status",
/**
 * The tab; none for what concerns no tab.
 */
tab?: number | null, } | { "message": "change",
/**
 * What to change.
 */
change: Change,
/**
 * What PBKDF2 made of the family PIN that was typed, in Base64; the PIN itself is
 * in no message.
 */
proof?: string | null, } | { "message": "alarm" } | { "message": "endSession" };

/**
 * The PIN and what was tried against it.
 */
export type Pin = {
/**
 * What a proof is compared with.
 */
kept: PinHash,
/**
 * Wrong proofs in a row.
 */
wrong: number,
/**
 * No proof is looked at before this.
 */
closedUntil?: Millis | null,
/**
 * It was forgotten, and goes at this moment unless it is kept.
 */
goesAt?: Millis | null, };

/**
 * A PIN that was set, as PBKDF2 with HMAC-SHA-256 leaves it.
 */
export type PinHash = {
/**
 * Random bytes, in Base64; at least 16 of them.
 */
salt: string,
/**
 * Rounds of PBKDF2; at least 600,000.
 */
rounds: number,
/**
 * The 32 bytes that came out, in Base64.
 */
hash: string, };

/**
 * What the extension's own pages are told of the PIN: all but the hash.
 */
export type PinStatus = {
/**
 * Salt for a proof, in Base64.
 */
salt: string,
/**
 * Rounds of PBKDF2 for a proof.
 */
rounds: number,
/**
 * Wrong proofs in a row.
 */
wrong: number,
/**
 * No proof is looked at before this.
 */
closedUntil?: Millis | null,
/**
 * It was forgotten, and goes at this moment unless it is kept.
 */
goesAt?: Millis | null, };

/**
 * A button in a banner or a cover.
 */
export type Press = "dismiss" | "wrong" | "onThePhone" | "explain" | "alone" | "notAlone" | "leave" | "endSession" | "goOn";

/**
 * Why a level was given.
 */
export type Reason = {
/**
 * Stable name; `_locales` has a plain sentence under `reason_<code>`.
 * Append-only: a code is never given a new meaning.
 */
code: string,
/**
 * The family of evidence it belongs to.
 */
kind: CueKind,
/**
 * The words that made it; empty for typed text and for what is not text.
 */
words: Array<Words>, };

/**
 * One session as a person is told of it.
 */
export type SessionLine = {
/**
 * The tool's name.
 */
name: string,
/**
 * Since when, where that is known.
 */
since?: Millis | null, };

/**
 * Everything the companion can say at one moment.
 */
export type SessionReport = {
/**
 * `Active` when an inbound finding is there, `Unknown` when none is and a probe failed.
 */
state: SessionState,
/**
 * The sessions, inbound first.
 */
findings: Array<Finding>,
/**
 * Probes that failed, in words, in English.
 */
failed: Array<string>, };

/**
 * Whether somebody else is in the computer.
 */
export type SessionState = "active" | "none" | "unknown";

/**
 * What the person chose, and what else has to outlive the browser.
 */
export type Settings = {
/**
 * Registrable domains without warnings.
 */
quietSites: Array<string>,
/**
 * A `stop` has no "Go on".
 */
strict: boolean,
/**
 * A `stop` is spoken aloud.
 */
voice: boolean,
/**
 * Look for tools that listen on this machine when a bank is opened.
 */
listeners: boolean,
/**
 * Country of the advice, ISO 3166-1 alpha-2; none follows the locale.
 */
country?: string | null,
/**
 * Helpers that are allowed for a time.
 */
helpers: Array<Helper>,
/**
 * The family PIN, where one was set. Pages never see it.
 */
pin?: Pin | null,
/**
 * Warnings that the person called wrong.
 */
wrong: Array<WrongReport>,
/**
 * Timeline of the last session in which a bank was open. Kept here because the
 * advice after such a session is to switch the computer off.
 */
incident: Array<Entry>,
/**
 * What protects, and must not end with the browser: a caller can ask for it to be closed.
 */
kept: Kept, };

/**
 * A page that was opened and has not said hello: it has no content script.
 */
export type Silence = {
/**
 * Since when.
 */
since: Millis,
/**
 * It is being looked whether the browser lets anything be drawn there.
 */
asked: boolean,
/**
 * The browser does not.
 */
closed: boolean,
/**
 * Up to which level the person was told that the page is not covered.
 */
told: Level, };

/**
 * Settings and memory; the shell keeps the one in `storage.local`, the other in `storage.session`.
 */
export type State = {
/**
 * Outlives the browser.
 */
settings: Settings,
/**
 * Outlives the background, not the browser.
 */
memory: Memory, };

/**
 * What the popup and the other pages show.
 */
export type Status = {
/**
 * The tab's level.
 */
level: Level,
/**
 * Its reasons.
 */
reasons: Array<Reason>,
/**
 * Its registrable domain; empty where nothing can be read (the browser's own pages).
 */
site: string,
/**
 * The site is switched off.
 */
quiet: boolean,
/**
 * Settings cannot be loosened now.
 */
frozen: boolean,
/**
 * Sessions that are active now.
 */
sessions: Array<SessionLine>,
/**
 * How ending them stands.
 */
ending: Ending,
/**
 * Whether the companion can be asked.
 */
companion: CompanionHealth,
/**
 * The person said that somebody is on the phone or in the computer.
 */
alarm: boolean,
/**
 * What the browser lets Doorchain see.
 */
access: Access,
/**
 * The tab's page has said nothing, though it had the time.
 */
unseen: boolean,
/**
 * There is more of the tab's page, or of a frame in it, than was read.
 */
gaveUp: boolean,
/**
 * To take that back needs the family PIN.
 */
alarmOffNeedsPin: boolean,
/**
 * It cannot be taken back yet.
 */
alarmOffWaits: boolean,
/**
 * All settings, but for the family PIN.
 */
settings: Settings,
/**
 * The family PIN, where one is set.
 */
pin?: PinStatus | null,
/**
 * The timeline, oldest first.
 */
timeline: Array<Entry>,
/**
 * Whom to call and where to report.
 */
advice: Array<Advice>,
/**
 * The country it is for, ISO 3166-1 alpha-2; none where no advice is known for it.
 */
country?: string | null,
/**
 * The countries that can be chosen.
 */
countries: Array<string>,
/**
 * The tools that can be allowed; empty where a tab was asked for.
 */
tools: Array<ToolName>, };

/**
 * Result of [`Engine::step`](crate::Engine::step).
 */
export type Step = {
/**
 * To be stored.
 */
state: State,
/**
 * To be carried out afterwards, in order.
 */
effects: Array<Effect>, };

/**
 * The 30 seconds of a `stop`.
 */
export type StopCount = {
/**
 * Since when they are counted.
 */
since: Millis,
/**
 * Ids of the sessions they are counted for; others start the count again.
 */
findings: Array<string>,
/**
 * When the person went on in spite of it.
 */
wentOn: Millis | null, };

/**
 * One tab.
 */
export type Tab = {
/**
 * Registrable domain of the top-level page, or its host where it has none.
 */
site: string,
/**
 * Host of the top-level page; empty where it is none of the web.
 */
host: string,
/**
 * Its window is a private one.
 */
private: boolean,
/**
 * The document that it shows; 0 where none has said hello.
 */
document: number,
/**
 * How its page keeps silent; none once that has said hello.
 */
silence?: Silence | null,
/**
 * Who owns its host.
 */
owner: Owner,
/**
 * The bank it shows, if it shows one.
 */
bank?: Bank | null,
/**
 * Verdicts by frame.
 */
frames: { [key in number]: FrameVerdict },
/**
 * Level and reasons of what was typed; the reasons carry no words.
 */
typed?: FrameVerdict | null,
/**
 * The reasons of banners that were put away, on this document and on those before it.
 */
dismissed: Array<Dismissed>,
/**
 * The last document whose amounts were changed on this computer.
 */
numbersChanged?: number | null,
/**
 * The frames that share this screen.
 */
sharing: number[],
/**
 * It is a tool's page on which this screen is handed over, and which tool's.
 */
supportPage?: ToolName | null,
/**
 * A bank was seen here since the document began.
 */
bankSeen: boolean,
/**
 * The frames of which there is more than was read.
 */
gaveUp: number[],
/**
 * What is drawn in it; none where that is not known.
 */
shown?: View | null, };

/**
 * A remote-access tool, to be chosen from a list.
 */
export type ToolName = {
/**
 * Its id in the catalogue.
 */
id: string,
/**
 * Its name as people know it.
 */
name: string, };

/**
 * A way in which a page keeps its reader from leaving.
 */
export type Trap = "fullScreen" | "loopingSound" | "blockedExit";

/**
 * The core's conclusion about one document, text or address.
 */
export type Verdict = {
/**
 * `Quiet`, `Notice` or `Caution`; the guard alone gives the levels above.
 */
level: Level,
/**
 * Calibrated log-odds (natural logarithm) that this is the crime; 0 is even. Of an address
 * alone the sum of its cues' weights, which is not calibrated, and 0 without any.
 */
score: number,
/**
 * Most telling first, at most five.
 */
reasons: Array<Reason>,
/**
 * Who owns the host.
 */
owner: Owner,
/**
 * The page looks like a bank's by its forms and words, though no list has it.
 */
bankLike: boolean, };

/**
 * What is drawn in the top frame of a tab.
 */
export type View = { "view": "nothing" } | { "view": "waiting" } | { "view": "banner",
/**
 * `Notice` or `Caution`.
 */
level: Level,
/**
 * Why.
 */
reasons: Array<Reason>,
/**
 * The remote-access tool whose page this is, where it is one's.
 */
tool?: string | null,
/**
 * It is about what the person typed.
 */
typed: boolean, } | { "view": "pause",
/**
 * The bank's name.
 */
bank: string,
/**
 * What led to it, newest first.
 */
exposure: Array<Exposure>,
/**
 * Name of the tool of the first of these, where that is known.
 */
tool?: string | null, } | { "view": "stop",
/**
 * The bank's name.
 */
bank: string,
/**
 * Who is connected; empty where only the person said so.
 */
sessions: Array<SessionLine>,
/**
 * One number that reaches every bank of the reader's country, where there is one.
 */
bankPhone?: string | null,
/**
 * From when on "Go on anyway" can be pressed; none in strict mode.
 */
goOnAt?: Millis | null,
/**
 * How ending the session stands.
 */
ending: Ending, } | { "view": "bar",
/**
 * Who is connected.
 */
sessions: Array<SessionLine>,
/**
 * Amounts on the page were changed on this computer.
 */
numbersChanged: boolean, };

/**
 * A place in the text that made a reason, with the words that stand there.
 *
 * `start` and `end` are both 0 where the words stand elsewhere: in the title, a heading, the sender or
 * the description of a picture.
 */
export type Words = {
/**
 * The words as the page has them.
 */
text: string,
/**
 * Offset of their first UTF-16 code unit in [`PageFacts::text`](crate::PageFacts::text).
 */
start: number,
/**
 * Offset behind their last UTF-16 code unit.
 */
end: number, };

/**
 * A warning the person called wrong: the cues, never the page's words.
 */
export type WrongReport = {
/**
 * Registrable domain.
 */
site: string,
/**
 * Codes of the reasons.
 */
codes: Array<string>,
/**
 * When.
 */
at: Millis, };
