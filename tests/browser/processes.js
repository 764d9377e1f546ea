// Programs beside the browser: displays, the server of a real remote session and its viewer.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { until } from './wait.js';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/**
 * Starts a program that lives until `stop`.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text) => {
      said = (said + text).slice(-4000);
    });
  }
  /** @type {Error | undefined} */
  let failure;
  child.once('error', (error) => {
    failure = error;
  });
  return {
    child,
    /** What it wrote last, to tell why it failed. */
    said: () => said,
    /** Throws when the program is not running any more. */
    check() {
      if (failure) throw failure;
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`${command} ended (${child.exitCode ?? child.signalCode}): ${said}`);
      }
    },
    running: () => !failure && child.exitCode === null && child.signalCode === null,
    stop: () => stop(child),
  };
}

/** @param {ChildProcess} child */
async function stop(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(hard);
}

/** A port of 127.0.0.1 that nobody has. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param {number} port */
function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(socket.destroy() && true));
    socket.once('error', () => resolve(false));
  });
}

/**
 * @typedef {object} Display
 * @property {string} name Such as `:7`.
 * @property {() => Promise<Buffer>} picture What is on it now, as PNG.
 * @property {() => Promise<void>} stop
 */

/**
 * Starts an X server without a screen.
 * @param {number} [width] In pixels.
 * @param {number} [height] In pixels.
 * @returns {Promise<Display>}
 */
export async function startDisplay(width = 1280, height = 800) {
  const folder = await mkdtemp(join(tmpdir(), 'doorchain-display-'));
  const program = start(
    'Xvfb',
    // -displayfd picks a free display, whatever else runs on this machine.
    ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-fbdir', folder],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  let number = '';
  /** @type {import('node:stream').Readable} */ (program.child.stdio[3]).on('data', (data) => {
    number += String(data);
  });
  await until('an X display', () => {
    program.check();
    return number.endsWith('\n');
  });
  return {
    name: `:${number.trim()}`,
    picture: async () => readFrame(await readFile(join(folder, 'Xvfb_screen0'))),
    stop: program.stop,
  };
}

/**
 * PNG of an X window dump with 32 bits a pixel, as Xvfb keeps its screen.
 * Layout of the header: X11/XWDFile.h of xorgproto.
 * @param {Buffer} dump
 */
function readFrame(dump) {
  const word = (/** @type {number} */ index) => dump.readUInt32BE(index * 4);
  const [headerSize, width, height, bytesPerLine, colours] = [0, 4, 5, 12, 19].map(word);
  const start = headerSize + colours * 12;
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = start + y * bytesPerLine + x * 4;
      const to = (y * width + x) * 4;
      png.data[to] = dump[from + 2];
      png.data[to + 1] = dump[from + 1];
      png.data[to + 2] = dump[from];
      png.data[to + 3] = 255;
    }
  }
  return PNG.sync.write(png);
}

/**
 * @typedef {object} RemoteDesktop A real VNC server on a display of ours, and its viewers.
 * @property {number} port
 * @property {(view: Display) => Promise<Viewer>} connect Connects a real viewer, shown on another display.
 * @property {() => boolean} running
 * @property {() => Promise<void>} stop
 */

/**
 * @typedef {object} Viewer
 * @property {number} at When it was seen to be connected, by `performance.now()`.
 * @property {() => boolean} running
 * @property {() => Promise<void>} stop
 */

/**
 * Starts x11vnc on a display; idle until somebody connects.
 * @param {Display} display
 * @returns {Promise<RemoteDesktop>}
 */
export async function startRemoteDesktop(display) {
  const port = await freePort();
  const server = start('x11vnc', [
    ...['-display', display.name, '-rfbport', String(port), '-localhost'],
    // Stays when a viewer leaves; asks for no password of this machine-only session.
    // System V shared memory is none where a sandbox allows no segment.
    ...['-forever', '-shared', '-nopw', '-noipv6', '-norc', '-noshm'],
  ]);
  await until('x11vnc', () => {
    server.check();
    return answers(port);
  });
  return {
    port,
    running: server.running,
    stop: server.stop,
    async connect(view) {
      const viewer = start(
        'xtigervncviewer',
        // Sent away, it goes, and asks nobody whether to come back.
        ['-ReconnectOnError=0', '-AlertOnFatalError=0', '-MenuKey=', `127.0.0.1::${port}`],
        { env: { ...process.env, DISPLAY: view.name } },
      );
      await until('the viewer', () => {
        viewer.check();
        server.check();
        return connected(port);
      });
      return { at: performance.now(), running: viewer.running, stop: viewer.stop };
    },
  };
}

/**
 * Whether this machine's table of connections has an established one to the port.
 * @param {number} port
 */
async function connected(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const table = await readFile('/proc/net/tcp', 'utf8');
  // local_address rem_address st; 01 is ESTABLISHED (proc(5), tcp_states.h).
  return new RegExp(`^ *\\d+: [0-9A-F]{8}:${hex} [0-9A-F]{8}:[0-9A-F]{4} 01 `, 'm').test(table);
}
