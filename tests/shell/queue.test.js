// The order in which the background does things.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const { Queue } = await import(new URL('../../extension/background/queue.js', import.meta.url).href);

/** A queue that is busy until it is let go, and what it has done since. */
function busy() {
  const queue = new Queue();
  /** @type {string[]} */
  const done = [];
  /** @type {() => void} */
  let go = () => {};
  void queue.add(() => new Promise((resolve) => { go = () => resolve(undefined); }));
  /** @param {string} what */
  const work = (what) => async () => void done.push(what);
  return { queue, done, work, go: () => go() };
}

test('does what happens before it reads', async () => {
  const { queue, done, work, go } = busy();
  const read = queue.addReading(1, 0, work('read'));
  void queue.add(work('hello'));
  void queue.add(work('press'));
  go();
  await read;
  assert.deepEqual(done, ['hello', 'press', 'read']);
});

test('lets what happens overtake readings that go on', async () => {
  const { queue, done, work, go } = busy();
  void queue.addReading(1, 0, async () => {
    done.push('first');
    void queue.add(work('hello'));
  });
  const last = queue.addReading(1, 7, work('second'));
  go();
  await last;
  assert.deepEqual(done, ['first', 'hello', 'second']);
});

test('reads of each frame the newest alone, in the order of the first', async () => {
  const { queue, done, work, go } = busy();
  const old = queue.addReading(1, 0, work('old'));
  const other = queue.addReading(2, 0, work('other'));
  void queue.addReading(1, 0, work('new'));
  await old;
  go();
  await other;
  assert.deepEqual(done, ['new', 'other']);
});

test('forgets what is gone: a frame, and with the top one its tab', async () => {
  const { queue, done, work, go } = busy();
  const gone = [queue.addReading(1, 0, work('top')), queue.addReading(1, 5, work('frame')), queue.addReading(2, 5, work('other frame'))];
  const kept = queue.addReading(2, 0, work('kept'));
  queue.drop(1, 0);
  queue.drop(2, 5);
  await Promise.all(gone);
  go();
  await kept;
  assert.deepEqual(done, ['kept']);
});

test('serves the tabs in turn, and each in its own order', async () => {
  const { queue, done, work, go } = busy();
  for (const frame of [1, 2, 3]) void queue.addHello(1, frame, work(`flood ${frame}`));
  void queue.add(work('companion'));
  void queue.add(work('opened'), 2);
  const hello = queue.addHello(2, 0, work('hello'));
  go();
  assert.equal(await hello, true);
  assert.deepEqual(done, ['flood 1', 'companion', 'opened', 'flood 2', 'hello']);
});

test('hears of each frame the newest greeting alone, and a new page instead of all its frames', async () => {
  const { queue, done, work, go } = busy();
  const old = [queue.addHello(1, 4, work('old')), queue.addHello(1, 4, work('new')), queue.addHello(1, 5, work('other'))];
  void queue.add(work('press'), 1);
  assert.equal(await old[0], false);
  const next = [queue.addHello(1, 0, work('page')), queue.addHello(1, 4, work('frame of the page')), queue.addHello(2, 4, work('other tab'))];
  assert.deepEqual(await Promise.all(old), [false, false, false]);
  go();
  assert.deepEqual(await Promise.all(next), [true, true, true]);
  assert.deepEqual(done, ['press', 'other tab', 'page', 'frame of the page']);
});

test('tells how much it has done', async () => {
  const { queue, work, go } = busy();
  const hello = queue.addHello(1, 0, work('hello'));
  assert.equal(queue.done, 0);
  go();
  await hello;
  await queue.add(work('press'));
  assert.equal(queue.done, 2);
});

test('goes on after what fails, and tells whoever waits for it', async () => {
  const queue = new Queue();
  await assert.rejects(queue.add(async () => { throw new Error('no'); }), /no/);
  await assert.rejects(queue.addReading(1, 0, async () => { throw new Error('nor this'); }), /nor this/);
  assert.equal(await queue.add(async () => 'yes'), 'yes');
});

test('reads in the end, however much happens', async () => {
  const { queue, done, work, go } = busy();
  const read = queue.addReading(1, 0, work('read'));
  const all = Array.from({ length: 1_000 }, () => queue.add(work('event')));
  go();
  await read;
  assert.ok(done.length < 100, `${done.length} before it`);
  await Promise.all(all);
});
