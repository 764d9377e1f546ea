// A stop is told beside the screen too: spoken twice in the language of its words, and by a
// notification of the operating system.

import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BRANDS, setStage, until } from './harness.js';

const BANK = 'https://www.barclays.co.uk/';

/**
 * Writes down what the browser's voice is asked to say, and still asks it. It runs in the
 * background before everything else: no sound card can be listened to here.
 */
const EAR = `
const heard = (text, lang, more) => {
  const { spoken = [] } = globalThis;
  globalThis.spoken = [...spoken, { text, lang, ...more }];
  void (globalThis.browser ?? chrome).storage.session.set({ spoken: globalThis.spoken });
};
if (globalThis.chrome?.tts) {
  const { speak } = chrome.tts;
  chrome.tts.speak = (text, options) => {
    heard(text, options.lang, { by: 'tts', enqueue: options.enqueue ?? false });
    return speak.call(chrome.tts, text, options);
  };
} else {
  const { speak } = speechSynthesis;
  SpeechSynthesis.prototype.speak = function (words) {
    heard(words.text, words.lang, { by: 'synthesis' });
    return speak.call(this, words);
  };
}
`;

/** @typedef {{ text: string, lang: string, by: string, enqueue?: boolean }} Spoken */

for (const brand of BRANDS) {
  describe(`the alarm in ${brand}`, { timeout: 240_000 }, () => {
    for (const language of ['en', 'de']) {
      it(`speaks the stop twice in “${language}” and raises a notification`, async () => {
        const stage = await setStage(brand, {
          spoil: async (extension) => {
            const main = join(extension, 'background/main.js');
            await writeFile(join(extension, 'background/ear.js'), EAR);
            await writeFile(main, `import './ear.js';\n${await readFile(main, 'utf8')}`);
            if (language === 'en') return;
            // Every locale says the same, whatever language this machine's browser was built for.
            const words = join(extension, '_locales');
            await cp(join(words, language), join(words, 'en'), { recursive: true });
            await rm(join(words, 'en_US'), { recursive: true });
          },
          // Here is no desktop to hand a notification to; Firefox then draws it itself.
          firefoxPrefs: { 'alerts.useSystemBackend': false },
        });
        try {
          const page = await stage.open(BANK);
          const desk = await stage.desk();
          await stage.ask({ message: 'alarm' });
          await stage.shows(page, 'stop');
          const spoken = await until('two times', async () => {
            const { spoken } = await desk.evaluate(() => chrome.storage.session.get('spoken'));
            return /** @type {Spoken[]} */ (spoken)?.length >= 2 && /** @type {Spoken[]} */ (spoken);
          });
          assert.equal(spoken.length, 2);
          const words = await desk.evaluate(() => ['stop_spoken', 'language'].map((key) => chrome.i18n.getMessage(key)));
          for (const { text, lang } of spoken) {
            assert.deepEqual([text, lang], words);
            assert.equal(lang.split('-')[0], language);
          }
          // The second time does not cut off the first.
          if (brand === 'chromium') assert.deepEqual(spoken.map(({ by, enqueue }) => [by, enqueue]), [['tts', false], ['tts', true]]);
          const raised = await until('the notification', async () => {
            const all = await desk.evaluate(() => chrome.notifications.getAll());
            return 'stop' in all && all;
          });
          assert.deepEqual(Object.keys(raised), ['stop']);
        } finally {
          await stage.close();
        }
      });
    }
  });
}
