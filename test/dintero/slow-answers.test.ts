import dns from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { clientOf, neverAborted, readListing } from '../support/list-server.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const ACME = sandboxAccount('P12345678');
const PARTNER = { id: 'P11200000', ...sandboxCredentials('P11200000') };
/** Milliseconds between two bytes of a drip: a fifth of the idle timeout. */
const DRIP_MS = 60;
const timeoutSeconds = 0.3;

const TOKEN = '{"access_token":"t","expires_in":14400}';
const respond = (body: string, head = '') =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${head}\r\n${body}`;

/** A server that hands each request's head to `answer`, which writes bytes itself. Nothing ends by itself. */
async function serveBytes(answer: (head: string, socket: Socket) => unknown) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => answer(String(bytes), socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/v1`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends the start at once, then the text byte by byte, then spaces for ever. */
function drip(socket: Socket, text: string, start = ''): void {
  let sent = 0;
  socket.write(start);
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write(text[sent] ?? ' ');
    sent += 1;
  }, DRIP_MS);
}

type Lookup = typeof dns.lookup;

const isToken = (head: string) => head.includes('/auth/token');
const endless = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n';

describe('an API that drips', () => {
  test.each([
    ['the body of a list', '', /sent only \d+ bytes in 2 s/],
    ['the body of an error', 'HTTP/1.1 503 Service Unavailable\r\n\r\n', /sent only \d+ bytes in 2 s/],
  ])('ends the fetch once, as TIMEOUT: %s', async (_what, start, message) => {
    await using server = await serveBytes((head, socket) => {
      return isToken(head) ? socket.write(respond(TOKEN)) : drip(socket, '[', start || endless);
    });
    using client = clientOf(server.url, { timeoutSeconds });
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toMatchObject({ code: 'TIMEOUT', message: expect.stringMatching(message) });
    expect(traffic).toMatchObject({ requests: 2, retries: 0 });
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  test('the head of a list ends each try after the idle timeout', async () => {
    await using server = await serveBytes((head, socket) => {
      if (isToken(head)) socket.write(respond(TOKEN));
      else drip(socket, `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(1000)}`);
    });
    using client = clientOf(server.url, { timeoutSeconds });
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('got no answer in time') });
    expect(traffic.retries).toBe(4);
  });

  test('a token ends the fetch', async () => {
    await using server = await serveBytes((_head, socket) => {
      drip(socket, TOKEN.slice(0, -1), endless);
    });
    using client = clientOf(server.url, { timeoutSeconds });
    expect((await readListing(client, ACME)).error).toMatchObject({ code: 'TIMEOUT', retryable: false });
  });

  test('the list of merchants ends its discovery', async () => {
    await using server = await serveBytes((head, socket) => {
      return isToken(head) ? socket.write(respond(TOKEN)) : drip(socket, '[', endless);
    });
    using client = clientOf(server.url, { timeoutSeconds });
    await expect(client.listMerchants(PARTNER, neverAborted)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});

describe('a connection', () => {
  test('that is accepted and never answered is a TIMEOUT', async () => {
    await using server = await serveBytes(() => {});
    using client = clientOf(server.url, { timeoutSeconds: 0.1 });
    expect((await readListing(client, ACME)).error).toMatchObject({ code: 'TIMEOUT', retryable: true });
  });

  test('whose host was lost while it was idle costs one try', async () => {
    const answered = new Set<Socket>();
    await using server = await serveBytes((head, socket) => {
      // A second list on one connection gets no answer, like one to a host that is gone.
      if (isToken(head)) socket.write(respond(TOKEN));
      else if (!answered.has(socket)) socket.write(respond('[1]'));
      if (!isToken(head)) answered.add(socket);
    });
    using client = clientOf(server.url, { timeoutSeconds });
    expect((await readListing(client, ACME)).error).toBeNull();
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toBeNull();
    expect(traffic).toMatchObject({ requests: 2, retries: 1 });
  });

  test('is made by IPv4 if the name also has an IPv6 address where nobody listens', async () => {
    const addresses = [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const lookup = vi
      .spyOn(dns, 'lookup')
      .mockImplementation(((...[, , found]: [string, object, (error: null, found: object[]) => void]) =>
        found(null, addresses)) as unknown as Lookup);
    await using server = await serveBytes((head, socket) => {
      socket.write(respond(isToken(head) ? TOKEN : '[1]'));
    });
    using client = clientOf(`http://api.test:${server.port}/v1`, { timeoutSeconds });
    expect((await readListing(client, ACME)).error).toBeNull();
    expect(lookup).toHaveBeenCalled();
  });
});
