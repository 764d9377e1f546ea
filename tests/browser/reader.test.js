// What is read, wherever in a page it stands, and that the page lives on while it is.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BRANDS, ROOT, holds, setStage, until } from './harness.js';

/** @typedef {import('./harness.js').Page} Page */

const EMPTY = 'https://csp.longread.example/';
/** A page whose policy lets it have styles of its own. */
const STYLED = 'https://letterbox.longread.example/sender/';
/** Beyond the time after which a changed page is read again, in milliseconds. */
const READ = 4_000;
const SCAM =
  'This is Amazon. Your Amazon Prime membership renews today and £79.99 will be taken from your account. ' +
  'Call our Amazon refund department now on 0808 157 0142. Our technician will ask you to install AnyDesk.';

/** Where a page can hold its words. @type {Record<string, (text: string) => void>} */
const PLACES = {
  'an open shadow root in another one': (text) => {
    const outer = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
    const inner = outer.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
    inner.append(text);
  },
  'a closed shadow root': (text) => {
    const root = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'closed' });
    root.append(text);
  },
  'a slot': (text) => {
    const host = document.body.appendChild(document.createElement('div'));
    host.attachShadow({ mode: 'open' }).append(document.createElement('slot'));
    host.append(text);
  },
  // Written once it has loaded: Firefox 140 puts another document in the place of the first one.
  'a frame in a frame': (text) => {
    /** @type {(body: HTMLElement, style: string, fill: (body: HTMLElement) => void) => void} */
    const frame = (body, style, fill) => {
      const made = body.ownerDocument.createElement('iframe');
      made.style.cssText = style;
      const loaded = () => fill(/** @type {Document} */ (made.contentDocument).body);
      made.addEventListener('load', loaded, { once: true });
      body.append(made);
    };
    frame(document.body, 'width:600px;height:300px', (outer) =>
      frame(outer, 'width:500px;height:200px', (inner) => inner.append(text)),
    );
  },
  'an element to write in': (text) => {
    const box = document.body.appendChild(document.createElement('div'));
    box.contentEditable = 'true';
    box.append(text);
  },
  'a page with a field in a drawing': (text) => {
    document.body.innerHTML = '<svg><input name="surname" formaction="/"></svg>';
    document.body.append(text);
  },
  'a page with a slot in a drawing': (text) => {
    document.body.innerHTML = '<svg><slot></slot></svg>';
    document.body.append(text);
  },
  'a page with a script that holds an element': (text) => {
    const script = document.createElement('script');
    script.append(document.createElement('b'));
    document.body.append(script, text);
  },
  'many small elements': (text) => {
    for (const word of text.split(' ')) {
      const span = document.body.appendChild(document.createElement('span'));
      span.textContent = `${word} `;
    }
  },
  'text that comes word by word': (text) => {
    const box = document.body.appendChild(document.createElement('p'));
    const words = text.split(' ');
    const timer = setInterval(() => {
      const word = words.shift();
      if (word === undefined) clearInterval(timer);
      else box.append(`${word} `);
    }, 20);
  },
};

/** Ways to let a text be seen that look like ways to hide one; each has WORDS once. @type {Record<string, string>} */
const SEEN = {
  'moved away and back': '<p style="position:absolute;left:-1000px;margin-left:1000px">WORDS</p>',
  'moved away by its indent and back by its padding': '<p style="text-indent:-999px;padding-left:1010px;white-space:nowrap">WORDS</p>',
  'moved away in a box that was scrolled': '<div id="scrolled" style="width:300px;height:60px;overflow:auto"><div style="width:5000px;height:5000px"><p>WORDS</p></div></div>',
  'above in a box that grows upwards': '<div style="height:60px;overflow:auto;display:flex;flex-direction:column-reverse"><p>The ferry.</p><p style="padding-bottom:4000px">WORDS</p></div>',
  'small letters, drawn large': '<p style="font-size:1px;transform:scale(16);transform-origin:0 0">WORDS</p>',
  'clear letters with a shadow': '<p style="color:transparent;text-shadow:0 0 0 black">WORDS</p>',
  'clear letters with an edge': '<p style="color:transparent;-webkit-text-stroke:1px black">WORDS</p>',
  'clear letters around which a ground is cut': '<p style="background:black;background-clip:text"><span style="color:transparent">WORDS</span></p>',
  'letters of the colour of the page on a dark box behind them': '<div style="position:relative"><div style="position:absolute;inset:0;background:black;pointer-events:none"></div><p style="position:relative;color:white">WORDS</p></div>',
  'letters of the colour of the page on a dark part of their own': '<style>#part::before{content:"";position:absolute;inset:0;background:black;z-index:-1}</style><p id="part" style="position:relative;z-index:0;color:white">WORDS</p>',
  'letters of the colour of the page whose first line has another': '<style>#line::first-line{color:black}</style><p id="line" style="color:white">WORDS</p>',
  'letters of the colour of the page, turned to another': '<p style="color:white;filter:invert(1)">WORDS</p>',
  'light letters on the browser’s own dark ground': '<style>:root{color-scheme:dark}</style><p style="color:white">WORDS</p>',
  'a box of no width with room at its side': '<div style="width:0;padding-right:600px;overflow:hidden;white-space:nowrap">WORDS</div>',
  'a flat box that cuts off its sides alone': '<div style="overflow:clip visible;height:1px">WORDS</div>',
  'a small box, drawn large': '<div style="width:20px;height:1px;font:1px/1px serif;overflow:hidden;transform:scale(30);transform-origin:0 0">WORDS</div>',
  'a box of which half is cut off': '<div style="height:100px;padding-top:100px;clip-path:inset(50% 0px 0px)">WORDS</div>',
  'a small box that its own contents stand outside of': '<div style="width:1px;height:1px;overflow:hidden"><p style="position:absolute;top:0;left:0">WORDS</p></div>',
  'a page that is cut off where it cannot be': '<style>html{overflow:hidden;height:1px}</style><p>WORDS</p>',
  'a dialog in a box that hides all else': '<div style="opacity:0;clip-path:inset(50%)"><dialog id="modal">WORDS</dialog></div>',
  'something that comes after a while': '<style>@keyframes come{from{opacity:0}}</style><p style="animation:come 1s 30s both">WORDS</p>',
  'something that comes from outside after a while': '<style>@keyframes come{from{left:-3000px}}</style><p style="position:absolute;left:0;animation:come 1s 30s both">WORDS</p>',
  'a formula': '<math><mtext>WORDS</mtext></math>',
  'a text of the page in a field': '<textarea readonly>WORDS</textarea>',
  'a text of the page in a field to write in': '<textarea>WORDS</textarea>',
  'a text of the page in a line': '<input readonly value="WORDS" size="80">',
  'an open list': '<select size="3"><option>WORDS</option></select>',
  'a script that is shown': '<script type="text/plain" style="display:block">WORDS</script>',
  'a title that is shown': '<title style="display:block">WORDS</title>',
  'a style that is shown': '<style style="display:block">WORDS</style>',
  'an object with nothing else to show': '<object>WORDS</object>',
  'an element with the name of a drawing’s': '<desc>WORDS</desc>',
};
/** Ways to hide a text. @type {Record<string, string>} */
const UNSEEN = {
  'moved away': '<p style="position:absolute;left:-3000px">WORDS</p>',
  'moved above': '<p style="position:absolute;top:-900px">WORDS</p>',
  'moved away by its margin': '<p style="margin-left:-3000px;width:900px">WORDS</p>',
  'moved away by a transform': '<p style="transform:translateX(-300vw)">WORDS</p>',
  'moved away by its indent': '<p style="text-indent:-3000px;white-space:nowrap">WORDS</p>',
  'cut off by its box': '<p style="width:1px;height:1px;overflow:hidden">WORDS</p>',
  'cut off by a path': '<p style="clip-path:inset(50%)">WORDS</p>',
  'cut off by a rectangle': '<p style="position:absolute;clip:rect(0,0,0,0)">WORDS</p>',
  'too small': '<p style="font-size:1px">WORDS</p>',
  'too faint': '<p style="opacity:0.01">WORDS</p>',
  'clear': '<p style="color:transparent">WORDS</p>',
  'of the colour of the page': '<p style="color:white">WORDS</p>',
  'of the colour of its box': '<div style="background:navy"><p>The ferry.</p><p style="color:navy">WORDS</p></div>',
};
/** What is no text of the page at all, or not to be read. @type {Record<string, string>} */
const UNREAD = {
  'a field that somebody wrote in': '<textarea id="written"></textarea>',
  'a field that is shown no more, with what somebody wrote': '<input id="written" size="80">',
  'a password': '<input type="password" readonly value="WORDS">',
  'an account': '<input name="iban" readonly value="WORDS">',
  'a code': '<textarea autocomplete="one-time-code" readonly>WORDS</textarea>',
  'a line to write in': '<input value="WORDS">',
  'a closed list': '<select><option>WORDS</option></select>',
  'a script': '<script type="text/plain">WORDS</script>',
  'what a picture stands for': '<canvas>WORDS</canvas>',
  'what a frame stands for': '<div id="framed"></div>',
  'what a drawing says of itself': '<svg><title>WORDS</title><desc>WORDS</desc></svg>',
};

/** The first text read that has a part. @param {Awaited<ReturnType<import('./harness.js').Stage['hear']>>} heard @param {string} part */
const textWith = (heard, part) =>
  until('the reading', async () => {
    for (const { message } of await heard()) if (message.message === 'read' && message.facts.text.includes(part)) return message.facts.text;
    return null;
  });

for (const brand of BRANDS) {
  describe(`reading in ${brand}`, { timeout: 300_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    for (const [place, put] of Object.entries(PLACES)) {
      it(`finds ${place}`, async (test) => {
        const page = await stage.open(EMPTY);
        test.after(() => page.close());
        const tab = await stage.tab(page);
        await until('the page to be judged', async () => (await stage.memory()).tabs[tab]?.frames[0]);
        await page.evaluate(put, SCAM);
        assert.equal((await stage.shows(page, 'banner', 20_000)).level, 'caution');
      });
    }

    it('finds what comes while it reads, where it has read already', async (test) => {
      const page = await stage.open(EMPTY);
      test.after(() => page.close());
      const tab = await stage.tab(page);
      await until('the page to be judged', async () => (await stage.memory()).tabs[tab]?.frames[0]);
      await page.evaluate((text) => {
        document.body.insertAdjacentHTML('beforeend', '<b>a </b>'.repeat(20_000));
        // Beyond the rest that is waited for, and before the end of so much.
        setTimeout(() => document.body.prepend(text), 800);
      }, SCAM);
      assert.equal((await stage.shows(page, 'banner', 40_000)).level, 'caution');
    });

    for (const filling of ['text', 'spans', 'untouched']) {
      it(`finds what is on the screen between ${filling} without end`, async (test) => {
        const page = await stage.open(`https://padded.longread.example/?with=${filling}`);
        test.after(() => page.close());
        assert.equal((await stage.shows(page, 'banner', 40_000)).level, 'caution');
      });
    }

    it('finds what is on the screen of a slow computer', { skip: brand !== 'chromium' }, async (test) => {
      const page = await stage.newPage();
      test.after(() => page.close());
      await page.emulateCPUThrottling(8);
      await page.goto('https://padded.longread.example/?with=untouched', { waitUntil: 'domcontentloaded', timeout: 60_000 });
      assert.equal((await stage.shows(page, 'banner', 90_000)).level, 'caution');
    });

    it('says that there is more than it read', async (test) => {
      const page = await stage.open('https://padded.longread.example/calm/');
      test.after(() => page.close());
      await until('it to be read', async () => (await stage.status(page)).gaveUp, 40_000);
      assert.equal((await stage.view(page)).view, 'nothing');
      const popup = await stage.popup(page);
      test.after(() => popup.close());
      assert.equal(await popup.evaluate(() => document.querySelector('h1')?.textContent), stage.words('popup_too_big'));
    });

    for (const path of ['', 'written/']) {
      it(`takes the body of a mail for no site of its own, at /${path}`, async (test) => {
        const page = await stage.open(`https://letters.fernpost.example/${path}`);
        test.after(() => page.close());
        assert.equal((await stage.shows(page, 'banner', 20_000)).level, 'caution');
      });
    }

    for (const path of ['form', 'button']) {
      it(`sees where a ${path} sends a password`, async (test) => {
        const page = await stage.open(`https://letterbox.longread.example/${path}/`);
        test.after(() => page.close());
        const { reasons } = await stage.shows(page, 'banner', 20_000);
        assert.ok(reasons.some(({ code }) => code === 'form_elsewhere'), JSON.stringify(reasons));
      });
    }

    it('takes no sender whom nobody sees', async (test) => {
      const page = await stage.open('https://letterbox.longread.example/sender/');
      test.after(() => page.close());
      assert.equal((await stage.shows(page, 'banner', 20_000)).level, 'caution');
    });

    for (const path of ['', 'framed/']) {
      it(`finds a form whose page took every name, at /${path}`, async (test) => {
        const page = await stage.open(`https://names.longread.example/${path}`);
        test.after(() => page.close());
        assert.equal((await stage.shows(page, 'banner', 20_000)).level, 'caution');
      });
    }

    // An element that is there before any script: the document's own.
    for (const id of ['DoorchainHere', 'DoorchainArmed', 'DoorchainDom', 'DoorchainSurface', 'browser', 'chrome']) {
      it(`finds what is in a document that is called ${id}`, async (test) => {
        const page = await stage.open(`https://names.longread.example/root/?id=${id}`);
        test.after(() => page.close());
        assert.equal((await stage.shows(page, 'banner', 20_000)).level, 'caution');
      });
    }

    it('leaves out what nobody can see', async (test) => {
      const page = await stage.open(EMPTY);
      test.after(() => page.close());
      const tab = await stage.tab(page);
      await until('the page to be judged', async () => (await stage.memory()).tabs[tab]?.frames[0]);
      await page.evaluate((text) => {
        for (const style of ['display:none', 'visibility:hidden']) {
          const box = document.body.appendChild(document.createElement('p'));
          box.style.cssText = style;
          box.append(text);
        }
        document.body.append('The ferry was late.');
      }, SCAM);
      await holds('what is hidden is no warning', async () => (await stage.view(page)).view === 'nothing', READ);
      await page.evaluate((text) => document.body.append(text), SCAM);
      await stage.shows(page, 'banner');
    });

    for (const where of ['a closed shadow root', 'an editor']) {
      it(`finds what comes into ${where} in which somebody wrote`, async (test) => {
        const page = await stage.open(EMPTY);
        test.after(() => page.close());
        await page.bringToFront();
        await page.evaluate((editable) => {
          const box = document.createElement('div');
          box.style.cssText = 'position:fixed;inset:0;background:white';
          document.body.append(box);
          const inside = editable ? box : box.attachShadow({ mode: 'closed' });
          if (editable) box.contentEditable = 'true';
          else inside.append(document.createElement('input'));
          Object.assign(window, { inside, wrote: 0 });
          // The one event of what is in a closed root that comes out to the page.
          inside.addEventListener('input', () => { /** @type {any} */ (window).wrote += 1; });
        }, where !== 'a closed shadow root');
        await page.mouse.click(30, 12);
        await page.keyboard.type('hello');
        await until('the words', () => page.evaluate(() => /** @type {any} */ (window).wrote === 5));
        await page.evaluate((text) => {
          const line = document.createElement('p');
          line.append(text);
          /** @type {any} */ (window).inside.append(line);
        }, SCAM);
        assert.equal((await stage.shows(page, 'banner', 20_000)).level, 'caution');
      });
    }

    it('leaves out what somebody wrote in a page’s editor', async (test) => {
      const page = await stage.open(EMPTY);
      test.after(() => page.close());
      await page.bringToFront();
      const heard = await stage.hear();
      await page.evaluate(() => {
        const box = document.createElement('div');
        box.style.cssText = 'position:fixed;inset:0;background:white';
        box.contentEditable = 'true';
        document.body.append(box);
      });
      await page.mouse.click(30, 12);
      const words = 'my wheelbarrow stands behind the shed and nobody has oiled it '.repeat(3);
      await page.keyboard.type(words);
      // Typing alone is no new reading: the page has to change, too.
      await page.evaluate(() => {
        const line = document.createElement('p');
        line.append('The last line.');
        document.body.append(line);
      });
      const read = await textWith(heard, 'The last line.');
      assert.ok(!read.includes('wheelbarrow'), read);
    });

    it('looks into each element that can hold a shadow root', async (test) => {
      const page = await stage.open(EMPTY);
      test.after(() => page.close());
      const heard = await stage.hear();
      const held = await page.evaluate(() => {
        // Deep enough to be asked only where one is likely, and every name that a browser knows.
        const box = document.createElement('div');
        document.body.append(box);
        box.innerHTML = '<div>'.repeat(8);
        const deepest = /** @type {Element} */ ([...box.querySelectorAll('div')].at(-1));
        const names = Object.getOwnPropertyNames(window).flatMap((name) => /^HTML(.+)Element$/.exec(name)?.[1]?.toLowerCase() ?? []);
        const others = 'a abbr address article aside b bdi bdo blockquote body center cite code dd dfn dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup i kbd li main mark nav noscript ol p rp rt ruby s samp search section small strong sub summary sup table tbody td th tr u ul var own-name'.split(' ');
        return [...new Set([...names, ...others])].filter((name) => {
          try {
            const root = document.createElement(name).attachShadow({ mode: 'closed' });
            root.append(`what ${name} holds`);
            deepest.append(root.host);
            return true;
          } catch {
            return false;
          }
        });
      });
      assert.ok(held.length >= 19, held.join());
      const text = await textWith(heard, 'what ');
      assert.deepEqual(held.filter((name) => !text.includes(`what ${name} holds`)), []);
    });

    /** Opens a page with the reader in its own world, where a test can call it. @param {string} url */
    async function openRead(url) {
      const page = await stage.open(url);
      const [dom, typing, reader] = await Promise.all(
        ['dom.js', 'typing.js', 'reader.js'].map((name) => readFile(join(ROOT, 'extension/content', name), 'utf8')),
      );
      await page.evaluate(`globalThis.DoorchainSurface = { isOurs: () => false };${dom};${typing};${reader};globalThis.DoorchainReader = DoorchainReader;0`);
      return page;
    }

    /** @param {Page} page @param {string} body */
    const readBody = (page, body) =>
      page.evaluate(async (body) => {
        document.body.innerHTML = body;
        document.querySelector('#scrolled')?.scrollTo(2_000, 2_000);
        document.querySelector('dialog')?.showModal();
        return (await /** @type {any} */ (window).DoorchainReader.read(() => false)).facts;
      }, body);

    it('reads what is seen, however it is drawn, and knows what is not', async (test) => {
      const page = await openRead(STYLED);
      test.after(() => page.close());
      const faults = [];
      for (const [what, body] of Object.entries(SEEN)) {
        const { text } = await readBody(page, body);
        if (!text.includes('WORDS')) faults.push(`not read: ${what}`);
      }
      for (const [what, body] of Object.entries(UNSEEN)) {
        const { text, hiddenText } = await readBody(page, body);
        if (text.includes('WORDS') || !hiddenText.includes('WORDS')) faults.push(`read as seen: ${what}`);
      }
      assert.deepEqual(faults, []);
    });

    it('leaves out what is not the page’s to say', async (test) => {
      const page = await openRead(STYLED);
      test.after(() => page.close());
      await page.bringToFront();
      const read = [];
      for (const [what, body] of Object.entries(UNREAD)) {
        await page.evaluate((body) => { document.body.innerHTML = body; }, body);
        const field = await page.$('#written');
        if (field) {
          await field.click();
          await page.keyboard.type('WORDS');
          // As a library for pages does at each key; and as a page that asks whether all is right.
          await field.evaluate((field) => {
            Object.assign(field, { defaultValue: /** @type {HTMLInputElement} */ (field).value, readOnly: true });
          });
        }
        const { text, hiddenText } = await page.evaluate(async () => {
          document.querySelector('#framed')?.appendChild(document.createElement('iframe')).append('WORDS');
          return (await /** @type {any} */ (window).DoorchainReader.read(() => false)).facts;
        });
        if (`${text}${hiddenText}`.includes('WORDS')) read.push(what);
      }
      assert.deepEqual(read, []);
    });

    it('reads on from the end, past a text that was moved there when it was read', async (test) => {
      const page = await openRead(EMPTY);
      test.after(() => page.close());
      const text = await page.evaluate(async () => {
        const line = (/** @type {string} */ text) => {
          const made = document.createElement('p');
          made.append(text);
          return made;
        };
        const first = document.createTextNode('The first swallow.');
        document.body.prepend(first);
        document.body.append(...Array.from({ length: 2_000 }, () => line('The ferry was late, and nobody on the pier knew why it was. '.repeat(3))));
        document.body.append(line('The last boat.'));
        let goes = 0;
        const idle = { didTimeout: false, timeRemaining: () => 50 };
        window.requestIdleCallback = (go) => {
          goes += 1;
          if (goes === 2) document.body.append(first);
          queueMicrotask(() => go(idle));
          return goes;
        };
        return (await /** @type {any} */ (window).DoorchainReader.read(() => false)).facts.text;
      });
      assert.equal(text.split('The first swallow.').length, 2, 'the moved one is there once');
      assert.equal(text.split('The last boat.').length, 2);
    });

    it('takes the sender that is seen, and of several addresses the last', async (test) => {
      const page = await openRead(EMPTY);
      test.after(() => page.close());
      for (const [body, wanted] of [
        ['<i data-email="order@amazon.com"></i>Hello', ''],
        ['<i data-email="order@amazon.com" hidden>Amazon</i>Hello', ''],
        ['<span email="order@amazon.com" name="Amazon">Amazon</span> Hello', 'Amazon <order@amazon.com>'],
        ['<p>From: Amazon &lt;order@amazon.com&gt;</p>Hello', 'Amazon <order@amazon.com>'],
        ['<p>"Amazon &lt;order@amazon.com&gt;" &lt;desk@panel-9.example&gt;</p>', '"Amazon <order@amazon.com>" <desk@panel-9.example>'],
      ]) {
        const from = await page.evaluate(async (body) => {
          document.body.innerHTML = body;
          return (await /** @type {any} */ (window).DoorchainReader.read(() => false)).facts.from;
        }, body);
        assert.equal(from, wanted);
      }
    });

    it('goes on where a text was shortened that it has read', async (test) => {
      const page = await openRead(EMPTY);
      test.after(() => page.close());
      const text = await page.evaluate(async () => {
        const long = document.createTextNode('The ferry was late. '.repeat(10_000));
        const last = document.createElement('p');
        last.append('The last boat.');
        document.body.replaceChildren(long, last);
        let goes = 0;
        window.requestIdleCallback = (go) => {
          goes += 1;
          if (goes === 2) long.data = 'The ferry.';
          queueMicrotask(() => go({ didTimeout: false, timeRemaining: () => 50 }));
          return goes;
        };
        return (await /** @type {any} */ (window).DoorchainReader.read(() => false)).facts.text;
      });
      assert.ok(text.endsWith('The last boat.'), text.slice(-100));
    });

    it('goes on past what it cannot read, and says so', async (test) => {
      const page = await openRead(EMPTY);
      test.after(() => page.close());
      const { text, gaveUp } = await page.evaluate(async () => {
        document.body.innerHTML = '<p>The first boat.</p><p id="bad">The ferry.</p><p>The last boat.</p>';
        const real = getComputedStyle;
        window.getComputedStyle = (element) => {
          if (element.id === 'bad') throw new Error('no');
          return real(element);
        };
        return (await /** @type {any} */ (window).DoorchainReader.read(() => false)).facts;
      });
      assert.match(text, /The first boat\.\s+The last boat\./u);
      assert.equal(gaveUp, true);
    });

    it('looks through a script of blanks as fast as through another', async (test) => {
      const page = await openRead(EMPTY);
      test.after(() => page.close());
      const works = await page.evaluate(async () => {
        const begins = [
          '', 'while', 'while(', 'while(1', 'while(1)', 'do', 'do{', 'do{alert(', 'do{alert()}', 'do{alert()}while(', 'for', 'for(', 'for(;', 'for(;;', 'for(;;)',
          'for(a;b;c)', 'for(a;b;c){', 'setInterval', 'setInterval(', 'setInterval(function', 'setInterval(function(){', 'setInterval(()=>',
          'setInterval(()=>{', 'setInterval("', 'onbeforeunload', 'addEventListener(', 'addEventListener("beforeunload',
        ];
        const work = async (/** @type {string} */ filling) => {
          const scripts = begins.map((begin) => {
            const script = document.createElement('script');
            // Of a kind that does not run.
            script.type = 'text/plain';
            script.append((begin + filling).slice(0, 20_000));
            return script;
          });
          document.body.append(...scripts);
          const { work } = await /** @type {any} */ (window).DoorchainReader.read(() => false);
          for (const script of scripts) script.remove();
          return work;
        };
        // What is run for the first time is slower.
        await work('a'.repeat(20_000));
        return { words: await work('more words; '.repeat(2_000)), blanks: await work(' '.repeat(20_000)) };
      });
      test.diagnostic(`${works.words} ms for words, ${works.blanks} ms for blanks`);
      // Where each blank begins a search of all behind it, a thousand times as long.
      assert.ok(works.blanks < 20 * Math.max(works.words, 5), JSON.stringify(works));
    });

    it('reads in slices: the page runs between them', async () => {
      const page = await openRead('https://www.longread.example/ten-megabytes/');
      const turns = await page.evaluate(async () => {
        let turns = 0;
        let over = false;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          turns += 1;
          if (!over) port2.postMessage(0);
        };
        port2.postMessage(0);
        await /** @type {any} */ (window).DoorchainReader.read(() => false);
        over = true;
        return turns;
      });
      assert.ok(turns >= 3, `${turns} turns of the page's own`);
      await page.close();
    });
  });
}
