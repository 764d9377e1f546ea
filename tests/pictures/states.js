// The states that the surfaces are pictured and examined in. Names of banks and shops are made up.

/** @typedef {import('../../extension/types.js').View} View */
/** @typedef {import('../../extension/types.js').PageAnswer} PageAnswer */
/** @typedef {import('../../extension/types.js').Status} Status */
/** @typedef {import('../../extension/types.js').Reason} Reason */

/** The pictures' now; a fixed one, so that two runs give the same. */
export const NOW = Date.UTC(2026, 10, 22, 15, 4, 0);
const MINUTE = 60_000;

/**
 * @param {string} code
 * @param {Reason['kind']} kind
 * @param {string} [text]
 * @returns {Reason}
 */
const reason = (code, kind, text) => ({ code, kind, words: text ? [{ text, start: 0, end: text.length }] : [] });

const REASONS = [
  reason('brand_claim', 'brand', 'Your Amazon Prime membership'),
  reason('charge_renewal', 'charge', 'will renew today for £39.99'),
  reason('call_number', 'call', 'call our support desk on 0800 011 2233 straight away'),
];
const LONG = reason('urgency_deadline', 'urgency', 'you have only fifteen minutes left before the whole amount is taken from your account and nobody will be able to give it back to you');

/** @type {import('../../extension/types.js').SessionLine[]} */
const SESSION = [{ name: 'TeamViewer', since: NOW - 9 * MINUTE }];
/** @type {import('../../extension/types.js').SessionLine[]} */
const UNDATED = [{ name: 'AnyDesk', since: null }];

/** As long as the longest domain in banks.tsv, 42 letters. */
const LONGEST = 'peoples-savingsbank-northgate-fell.example';

/** @type {Extract<View, { view: 'stop' }>} */
const STOP = { view: 'stop', bank: 'northgatebank.example', sessions: SESSION, bankPhone: '159', goOnAt: NOW + 24_000, ending: 'possible' };

/** What stands in web pages. @type {Record<string, View>} */
export const VIEWS = {
  'banner-notice': { view: 'banner', level: 'notice', reasons: [], tool: 'AnyDesk', typed: false },
  'banner-caution': { view: 'banner', level: 'caution', reasons: REASONS, tool: null, typed: false },
  'banner-caution-long': { view: 'banner', level: 'caution', reasons: [LONG, ...REASONS], tool: null, typed: false },
  'banner-manner': { view: 'banner', level: 'caution', reasons: [reason('brand_claim', 'brand', 'this is the amazon department'), reason('learned_text', 'learned', 'madam kindly confirm which bank you are having')], tool: null, typed: false },
  'banner-typed': { view: 'banner', level: 'caution', reasons: [reason('remote_install', 'remote')], tool: null, typed: true },
  'banner-dialog': { view: 'banner', level: 'caution', reasons: REASONS, tool: null, typed: false },
  'cover-waiting': { view: 'waiting' },
  'cover-pause': { view: 'pause', bank: 'northgatebank.example', exposure: ['downloaded'], tool: 'AnyDesk' },
  'cover-pause-long': { view: 'pause', bank: LONGEST, exposure: ['downloaded'], tool: 'AnyDesk' },
  'cover-pause-said': { view: 'pause', bank: 'northgatebank.example', exposure: ['said'], tool: null },
  'cover-stop': STOP,
  'cover-stop-long': { ...STOP, bank: LONGEST },
  'cover-stop-over': { ...STOP, goOnAt: NOW - 1000 },
  'cover-stop-ending': { ...STOP, ending: 'asked' },
  'cover-stop-failed': { ...STOP, ending: 'failed' },
  'cover-stop-back': { ...STOP, ending: 'cameBack', sessions: [...SESSION, ...UNDATED] },
  'cover-stop-undated': { ...STOP, sessions: UNDATED, bankPhone: null },
  'cover-stop-said': { ...STOP, sessions: [], ending: 'impossible' },
  'cover-stop-strict': { ...STOP, goOnAt: null },
  'bar': { view: 'bar', sessions: SESSION, numbersChanged: false },
  'bar-numbers': { view: 'bar', sessions: SESSION, numbersChanged: true },
};

/** @type {Status} */
const STATUS = {
  level: 'quiet',
  reasons: [],
  site: 'mail.example',
  quiet: false,
  frozen: false,
  sessions: [],
  ending: 'impossible',
  companion: { is: 'well', release: '0.1.0' },
  alarm: false,
  access: { sites: true, privateWindows: true },
  unseen: false, gaveUp: false,
  alarmOffNeedsPin: false,
  alarmOffWaits: false,
  pin: null,
  settings: {
    quietSites: ['news.example'],
    strict: false,
    voice: true,
    listeners: false,
    country: null,
    helpers: [{ tool: 'teamviewer', until: NOW + 180 * MINUTE }],
    wrong: [{ site: 'shop.example', codes: ['brand_claim', 'call_number'], at: NOW - 1440 * MINUTE }],
    incident: [],
    kept: { alarm: null, aloneAt: null, lastActive: null, exposures: [] },
  },
  timeline: [
    { at: NOW - 42 * MINUTE, what: { what: 'warned', site: 'mail.example', codes: ['brand_claim', 'charge_renewal', 'call_number'], typed: false } },
    { at: NOW - 31 * MINUTE, what: { what: 'exposed', how: 'visited', tool: 'AnyDesk' } },
    { at: NOW - 29 * MINUTE, what: { what: 'exposed', how: 'downloaded', tool: 'AnyDesk' } },
    { at: NOW - 25 * MINUTE, what: { what: 'sessionBegan', tool: 'AnyDesk' } },
    { at: NOW - 22 * MINUTE, what: { what: 'bankOpened', bank: 'northgatebank.example' } },
    { at: NOW - 22 * MINUTE, what: { what: 'covered', bank: 'northgatebank.example', level: 'stop' } },
    { at: NOW - 21 * MINUTE, what: { what: 'refused' } },
    { at: NOW - 20 * MINUTE, what: { what: 'pressed', press: 'endSession' } },
    { at: NOW - 20 * MINUTE, what: { what: 'sessionEnded', tool: 'AnyDesk' } },
  ],
  advice: [
    { kind: 'bankPhone', name: '', value: '159' },
    { kind: 'policeSite', name: 'Report Fraud', value: 'reportfraud.police.uk' },
    { kind: 'policePhone', name: 'Report Fraud', value: '0300 123 2040' },
    { kind: 'policePhone', name: 'Police Scotland', value: '101' },
    { kind: 'reportText', name: '', value: '7726' },
    { kind: 'reportMail', name: '', value: 'report@phishing.gov.uk' },
    { kind: 'amazonSite', name: 'Amazon', value: 'amazon.co.uk/reportascam' },
  ],
  country: 'GB',
  countries: ['AT', 'AU', 'BE', 'BR', 'CA', 'CH', 'DE', 'ES', 'FR', 'GB', 'IE', 'IN', 'IT', 'JP', 'NL', 'NZ', 'PL', 'PT', 'US'],
  tools: [{ id: 'anydesk', name: 'AnyDesk' }, { id: 'teamviewer', name: 'TeamViewer' }, { id: 'rustdesk', name: 'RustDesk' }],
};

/** @param {Partial<Status>} [other] @returns {PageAnswer} */
const status = (other) => ({ answer: 'status', status: { ...STATUS, ...other } });
/** The browser lets nothing be seen. @type {Status['access']} */
const BLIND = { sites: false, privateWindows: false };
/** @type {PageAnswer} */
const OFF = { answer: 'off', why: 'the wasm file could not be read' };

/** The extension's own pages: path, answer of the background, width of the window. @type {Record<string, [path: string, answer: PageAnswer, width: number]>} */
export const PAGES = {
  'popup-quiet': ['popup/popup.html', status(), 376],
  'popup-notice': ['popup/popup.html', status({ level: 'notice', site: 'anydesk.example' }), 376],
  'popup-caution': ['popup/popup.html', status({ level: 'caution', reasons: REASONS, companion: { is: 'missing' } }), 376],
  'popup-pause': ['popup/popup.html', status({ level: 'pause', site: 'northgate.example', companion: { is: 'broken', why: '' } }), 376],
  'popup-stop': ['popup/popup.html', status({ level: 'stop', site: 'northgate.example', frozen: true, alarm: true, sessions: SESSION, ending: 'possible' }), 376],
  'popup-connected': ['popup/popup.html', status({ frozen: true, sessions: SESSION, ending: 'possible' }), 376],
  'popup-ending': ['popup/popup.html', status({ frozen: true, sessions: SESSION, ending: 'asked' }), 376],
  'popup-not-ended': ['popup/popup.html', status({ frozen: true, sessions: SESSION, ending: 'failed' }), 376],
  'popup-alarm-waits': ['popup/popup.html', status({ frozen: true, alarm: true, alarmOffWaits: true, advice: [] }), 376],
  'popup-switched-off': ['popup/popup.html', status({ quiet: true }), 376],
  'popup-nowhere': ['popup/popup.html', status({ site: '', companion: { is: 'unasked' } }), 376],
  'popup-unseen': ['popup/popup.html', status({ site: 'northgate.example', unseen: true }), 376],
  'popup-blind': ['popup/popup.html', status({ site: '', access: BLIND }), 376],
  'popup-off': ['popup/popup.html', OFF, 376],
  'settings': ['options/options.html', status(), 1024],
  'settings-bare': ['options/options.html', status({ timeline: [], settings: { ...STATUS.settings, quietSites: [], helpers: [], wrong: [] } }), 1024],
  'settings-no-country': ['options/options.html', status({ country: 'MX', advice: [] }), 1024],
  'settings-frozen': ['options/options.html', status({ frozen: true, companion: { is: 'missing' } }), 1024],
  'settings-pin': ['options/options.html', status({ pin: { salt: '', rounds: 600_000, wrong: 0, closedUntil: null, goesAt: null } }), 1024],
  'settings-pin-goes': ['options/options.html', status({ pin: { salt: '', rounds: 600_000, wrong: 0, closedUntil: null, goesAt: NOW + 1380 * MINUTE } }), 1024],
  'settings-blind': ['options/options.html', status({ access: BLIND }), 1024],
  'settings-off': ['options/options.html', OFF, 1024],
  'welcome': ['welcome/welcome.html', status({ companion: { is: 'missing' } }), 1024],
  'welcome-blind': ['welcome/welcome.html', status({ access: BLIND }), 1024],
  'explain': ['explain/explain.html', status(), 1024],
  'happened': ['happened/happened.html', status(), 1024],
  'happened-nothing': ['happened/happened.html', status({ timeline: [] }), 1024],
};
