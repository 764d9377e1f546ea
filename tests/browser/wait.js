// Waiting for conditions: never for a span of time alone.

/** How often a condition is looked at, in milliseconds. */
const LOOK_EVERY = 25;

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Waits until `look` gives something truthy, and gives that.
 * @template T
 * @param {string} what What is waited for, for the error.
 * @param {() => T | Promise<T>} look May throw while the thing is not there yet.
 * @param {number} [timeout] In milliseconds.
 * @returns {Promise<Exclude<T, null | undefined | false | 0 | ''>>}
 */
export async function until(what, look, timeout = 30_000) {
  const end = performance.now() + timeout;
  /** @type {unknown} */
  let last;
  for (;;) {
    try {
      const value = await look();
      if (value) return /** @type {any} */ (value);
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      throw new Error(`Waited ${timeout} ms in vain for ${what}; last: ${inspect(last)}`);
    }
    await pause(LOOK_EVERY);
  }
}

/**
 * Looks again and again for as long as `span` says, and fails when `look` is ever falsy.
 * For what must not happen, which no event tells.
 * @param {string} what
 * @param {() => unknown} look
 * @param {number} span In milliseconds.
 */
export async function holds(what, look, span) {
  const end = performance.now() + span;
  do {
    if (!(await look())) throw new Error(`Did not hold for ${span} ms: ${what}`);
    await pause(LOOK_EVERY);
  } while (performance.now() < end);
}

/** @param {unknown} value */
function inspect(value) {
  if (value instanceof Error) return value.message;
  return (JSON.stringify(value) ?? 'undefined').slice(0, 600);
}
