// Failures of the connection to the API, made by real servers: each says its cause and advice, and is retried only if a
// retry can help.
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAuthority, createSelfSigned } from '../support/certificate.ts';
import { clientOf, readListing } from '../support/list-server.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const ACME = sandboxAccount('P12345678');
const TRIES = 5;
const LATE = '20990101000000Z';
const trusted = createAuthority('an authority that the system trusts');
const unknown = createAuthority('an authority of somebody else');
const before = getCACertificates('default');

beforeAll(() => setDefaultCACertificates([...before, trusted.certificate.cert]));
afterAll(() => setDefaultCACertificates(before));

/** Reads a list from a server, and returns the error, and how many connections or requests there were. */
async function failureOf(server: Server, scheme: 'http' | 'https' = 'http', event = 'connection') {
  let count = 0;
  server.on(event, () => {
    count += 1;
  });
  server.on('tlsClientError', () => {});
  const port = await listen(server);
  using client = clientOf(`${scheme}://localhost:${port}/v1`, { timeoutSeconds: 5 });
  const { error } = await readListing(client, ACME);
  server.close();
  return { code: error?.code, message: error?.message ?? '', tries: count };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, () => resolve()));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const https = (options: object) => createHttpsServer(options, (_request, response) => response.end('[]'));

/** A server that answers these bytes to whatever it is sent, a little later the rest, and closes. */
function tcp(answer: string | Buffer, rest = ''): Server {
  return createTcpServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      if (rest === '') return socket.end(answer);
      socket.write(answer);
      return setTimeout(() => socket.end(rest), 50);
    });
  });
}

function encoded(encoding: string, body: Buffer): Server {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return tcp(Buffer.concat([Buffer.from(head), body]));
}

describe('a TLS connection that no retry can mend is tried once', () => {
  test.each([
    ['an authority that is not known', https(unknown.sign({})), 'NODE_EXTRA_CA_CERTS=/path/to/ca.pem'],
    ['a self-signed certificate', https(createSelfSigned()), 'NODE_OPTIONS=--use-system-ca'],
    ['another host name', https(trusted.sign({ host: 'other.example' })), 'is for another host name'],
    ['a certificate that has expired', https(trusted.sign({ until: '20210101000000Z' })), 'has expired'],
    ['a certificate that is not valid yet', https(trusted.sign({ from: LATE })), "Compare this machine's clock"],
    [
      'TLS 1.0 only',
      https({ ...trusted.sign({}), minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' }),
      'TLS 1.2 or newer',
    ],
    [
      'no common cipher',
      https({ ...trusted.sign({}), maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }),
      'no common cipher',
    ],
    [
      'a client certificate that it asks for',
      https({ ...trusted.sign({}), requestCert: true }),
      'asks for a client certificate',
    ],
    ['plain HTTP at the port', createHttpServer(), 'may expect plain HTTP'],
  ])('%s', async (_what, server, words) => {
    const { code, message, tries } = await failureOf(server, 'https');
    expect(message).toContain(words);
    expect({ code, tries }).toEqual({ code: 'NETWORK', tries: 1 });
  });
});

describe('an answer that no retry can mend is tried once', () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n';
  const zipped = gzipSync('[1,2,3]');
  const damaged = gzipSync(JSON.stringify(Array.from({ length: 1000 }, (_, index) => index))).fill(0xaa, 200, 210);
  test.each([
    [
      'headers that are too large',
      tcp(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`),
      'NODE_OPTIONS=--max-http-header-size',
    ],
    ['a status that is no number', tcp('HTTP/1.1 abc\r\n\r\n'), 'breaks the rules of HTTP (Invalid status code)'],
    [
      'two lengths',
      tcp('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n[]'),
      'breaks the rules of HTTP',
    ],
    ['a length and chunks', tcp(`${chunked}Content-Length: 2\r\n\r\n2\r\n[]\r\n0\r\n\r\n`), 'breaks the rules of HTTP'],
    ['a header without a name', tcp('HTTP/1.1 200 OK\r\n: x\r\n\r\n'), 'breaks the rules of HTTP'],
    ['HTTP/2', createHttp2Server(), 'is not HTTP/1.1'],
    ['HTTP/0.9', tcp('<html>'), 'is not HTTP/1.1'],
    ['another protocol', tcp('SSH-2.0-OpenSSH_9.6\r\n'), 'is not HTTP/1.1'],
    ['a bad chunk in the body', tcp(`${chunked}\r\n1\r\n[\r\n`, 'zz\r\n]\r\n'), 'breaks the rules of HTTP'],
    ['damaged gzip', encoded('gzip', damaged), 'is damaged'],
    [
      'gzip with a wrong checksum',
      encoded('gzip', Buffer.concat([zipped.subarray(0, -8), Buffer.alloc(8)])),
      'is damaged',
    ],
    ['gzip that is not compressed', encoded('gzip', Buffer.from('[1,2,3]')), 'is damaged'],
  ])('%s', async (_what, server, words) => {
    const { code, message, tries } = await failureOf(server);
    expect(message).toContain(words);
    expect({ code, tries }).toEqual({ code: 'NETWORK', tries: 1 });
  });

  test.each([
    ['brotli', encoded('br', brotliCompressSync('[]')), 'a proxy in between'],
    ['deflate', encoded('deflate', deflateSync('[]')), 'a proxy in between'],
    [
      'a redirect to itself',
      tcp('HTTP/1.1 302 Found\r\nLocation: /v1\r\nContent-Length: 0\r\n\r\n'),
      'Redirects are not followed',
    ],
    [
      'a proxy that wants a password',
      tcp('HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n'),
      'HTTPS_PROXY=http://user:password@',
    ],
  ])('%s', async (_what, server, words) => {
    const { code, message, tries } = await failureOf(server);
    expect(message).toContain(words);
    expect({ code, tries }).toEqual({ code: 'HTTP', tries: 1 });
  });
});

describe('a connection that may work later is tried five times', () => {
  const zipped = gzipSync('[1,2,3]');
  test.each([
    ['closed without an answer', createTcpServer((socket) => socket.destroy()), 'without an answer'],
    ['TLS at the port', https(trusted.sign({})), 'where the server expects https://'],
    ['reset', createTcpServer((socket) => socket.resetAndDestroy()), 'closed'],
    ['a body that ends early', tcp('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n[]'), 'before the answer was whole'],
    ['gzip that ends early', encoded('gzip', zipped.subarray(0, -9)), 'before the answer was whole'],
  ])('%s', async (_what, server, words) => {
    const { code, message, tries } = await failureOf(server);
    expect(message).toContain(words);
    expect({ code, tries }).toEqual({ code: 'NETWORK', tries: TRIES });
  });

  test('nothing listens at the port, which the message names', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    using client = clientOf(`http://127.0.0.1:${port}/v1`);
    const { error, traffic } = await readListing(client, ACME);
    expect(error?.message).toContain(`nothing listens at 127.0.0.1 port ${port}`);
    expect(traffic.requests).toBe(TRIES);
  });
});

test('an answer that switches to another protocol ends as a timeout, and the request does not wait for ever', async () => {
  const server = tcp('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
  using client = clientOf(`http://localhost:${await listen(server)}/v1`, { timeoutSeconds: 0.1 });
  const { error, traffic } = await readListing(client, ACME);
  server.close();
  expect(error).toMatchObject({ code: 'TIMEOUT' });
  expect(traffic.requests).toBe(TRIES);
});

test('a host that does not exist is tried once', async () => {
  using client = clientOf('http://nothere.invalid/v1');
  const { error, traffic } = await readListing(client, ACME);
  expect(error).toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining('there is no host of this name (nothere.invalid)'),
  });
  expect(traffic.requests).toBe(1);
});

describe('a proxy', () => {
  /** Reads a list through a proxy that answers every CONNECT with this status. */
  async function through(status: string) {
    const seen: string[] = [];
    const proxy = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        seen.push(String(bytes));
        socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
      });
    });
    vi.stubEnv('HTTPS_PROXY', `http://localhost:${await listen(proxy)}`);
    vi.stubEnv('NO_PROXY', '');
    using client = clientOf('https://api.invalid/v1');
    const { error } = await readListing(client, ACME);
    proxy.close();
    return { seen, error };
  }

  test('that HTTPS_PROXY names gets a tunnel to the host, and no token', async () => {
    const { seen } = await through('407 Proxy Authentication Required');
    expect(seen).toEqual([expect.stringMatching(/^CONNECT api\.invalid:443 /)]);
    expect(seen[0]?.toLowerCase()).not.toContain('\r\nauthorization');
  });

  test.each([
    ['407 Proxy Authentication Required', 'HTTPS_PROXY=http://user:password@', 1],
    // Not FORBIDDEN: the circuit breaker of the account would open.
    ['403 Forbidden', 'Its administrator must allow the host', 1],
    ['503 Service Unavailable', 'the proxy of HTTPS_PROXY answered 503', TRIES],
  ])('that answers %s is a NETWORK error that names the proxy', async (status, words, tries) => {
    const { seen, error } = await through(status);
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringContaining(words) });
    expect(seen).toHaveLength(tries);
  });

  test('that connects carries the requests, as a direct connection does', async () => {
    const api = createHttpsServer(trusted.sign({}), (request, response) => {
      const isToken = request.url?.endsWith('/auth/token');
      response.end(isToken ? JSON.stringify({ access_token: 'a-token', expires_in: 1000 }) : '[]');
    });
    const port = await listen(api);
    let tunnels = 0;
    const proxy = createTcpServer((socket) => {
      socket.once('data', () => {
        tunnels += 1;
        const target = connect(port, 'localhost', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          socket.pipe(target).pipe(socket);
        });
      });
    });
    for (const address of ['', `http://localhost:${await listen(proxy)}`]) {
      vi.stubEnv('HTTPS_PROXY', address);
      // Without this name, requests to the own machine would pass by the proxy.
      vi.stubEnv('NO_PROXY', address === '' ? '*' : 'nowhere.invalid');
      using client = clientOf(`https://localhost:${port}/v1`);
      for (let count = 0; count < 5; count += 1) expect((await readListing(client, ACME)).error).toBeNull();
    }
    expect(tunnels).toBeGreaterThan(0);
    api.closeAllConnections();
    api.close();
    proxy.close();
  });

  test('that does not listen is named by its address', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('NO_PROXY', '');
    using client = clientOf('https://api.invalid/v1');
    const { error } = await readListing(client, ACME);
    expect(error?.message).toMatch(/nothing listens at 127\.0\.0\.1 port 1\. .*HTTPS_PROXY/);
  });
});
