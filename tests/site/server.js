// The stage: one port that plays every host of the tests.
//
// The port is an HTTP proxy. A browser that uses it reaches pages of our own
// under any host name, by https with a certificate made at start, without root,
// without port 443 and without touching the machine's name service. Nothing
// that the browser asks for leaves the machine: every host ends here.

import { createHash, X509Certificate } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
// Node can read certificates and cannot make them.
import { generate } from 'selfsigned';
import { madePages } from './made.js';

const HOSTS = fileURLToPath(new URL('./hosts', import.meta.url));

/** Hosts that show what another one's folder holds. @type {Record<string, string>} */
const FOLDERS = { 'usercontent.fernpost.example': 'mail.fernpost.example' };

/** What every page begins with; its file holds the rest. */
const HEAD =
  '<!doctype html>\n<html lang="en-GB">\n<meta charset="utf-8">\n' +
  '<meta name="viewport" content="width=device-width">\n';

/** Content types of what the hosts hold. @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.xhtml': 'application/xhtml+xml; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.exe': 'application/octet-stream',
  '.deb': 'application/octet-stream',
};

/**
 * @typedef {object} Site
 * @property {number} port Port of the proxy on 127.0.0.1.
 * @property {string} keyHash SHA-256 of the certificate's public key (SPKI), in Base64.
 * @property {() => Promise<void>} close
 */

/**
 * Starts the stage on a free port of 127.0.0.1.
 * @returns {Promise<Site>}
 */
export async function startSite() {
  const certificate = await generate([{ name: 'commonName', value: 'Doorchain test stage' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
  });

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   * @param {URL} url
   */
  async function answer(request, response, url) {
    if (request.method === 'POST') {
      request.resume();
      // What a server does after a form: the next page by GET, whose address the form names.
      response.writeHead(303, { location: url.searchParams.get('next') ?? './' }).end();
      return;
    }
    const made = madePages(url);
    if (made) {
      response.writeHead(200, { 'content-type': TYPES['.html'], ...made.headers });
      response.end(made.body);
      return;
    }
    const folder = join(HOSTS, FOLDERS[url.hostname] ?? url.hostname);
    const path = decodeURIComponent(url.pathname);
    let file = normalize(join(folder, path));
    if (!file.startsWith(folder + sep) && file !== folder) {
      response.writeHead(400).end();
      return;
    }
    if (extname(file) === '' || path.endsWith('/')) file = join(file, 'index.html');
    try {
      const held = await readFile(file);
      const body = extname(file) === '.html' ? HEAD + held.toString('utf8') : held;
      /** @type {Record<string, string>} */
      const headers = {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'cache-control': 'no-store',
      };
      if (headers['content-type'] === 'application/octet-stream') {
        headers['content-disposition'] = 'attachment';
      }
      response.writeHead(200, headers).end(body);
    } catch {
      response.writeHead(404, { 'content-type': TYPES['.txt'] }).end('Not on this stage.\n');
    }
  }

  /** @param {unknown} error @param {import('node:http').ServerResponse} response */
  function failed(error, response) {
    if (!response.headersSent) response.writeHead(500, { 'content-type': TYPES['.txt'] });
    response.end(String(error));
  }

  const secure = createHttpsServer(
    { key: certificate.private, cert: certificate.cert },
    (request, response) => {
      const url = new URL(request.url ?? '/', `https://${request.headers.host}`);
      answer(request, response, url).catch((error) => failed(error, response));
    },
  );
  const proxy = createHttpServer((request, response) => {
    // A proxy is asked for whole addresses; anything else was not meant for one.
    if (!URL.canParse(request.url ?? '')) {
      response.writeHead(400).end();
      return;
    }
    const url = new URL(/** @type {string} */ (request.url));
    answer(request, response, url).catch((error) => failed(error, response));
  });
  /** @type {Set<import('node:stream').Duplex>} */
  const sockets = new Set();
  proxy.on('connect', (_request, socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A browser that is closed resets its connections.
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    secure.emit('connection', socket);
  });
  secure.on('tlsClientError', (_error, socket) => socket.destroy());

  await new Promise((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (proxy.address());
  return {
    port: address.port,
    keyHash: createHash('sha256')
      .update(new X509Certificate(certificate.cert).publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
    async close() {
      for (const socket of sockets) socket.destroy();
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(() => resolve(undefined)));
    },
  };
}

// Started by hand, the stage stays up, to be looked at with a browser of one's own.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const site = await startSite();
  process.stdout.write(
    `The stage is up. Look at it with:\n` +
      `  chromium --user-data-dir="$(mktemp -d)" --ignore-certificate-errors ` +
      `--proxy-server=127.0.0.1:${site.port} https://mail.fernpost.example/\n`,
  );
}
