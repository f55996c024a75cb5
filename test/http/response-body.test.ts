import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestInfo } from '../../src/http/request.ts';
import { readText, receiveBody } from '../../src/http/response-body.ts';
import { neverAborted } from '../support/list-server.ts';

const request: RequestInfo = { label: 'P12345678', method: 'GET', path: '/list', advice: {} };

function receiving(encoding = '') {
  const raw = new PassThrough();
  const body = receiveBody(raw, encoding, { request, signal: neverAborted, timeoutSeconds: 1 });
  const response = { status: 200, etag: null, clockAheadMs: null, ...body };
  return { raw, response, chunks: response.body[Symbol.asyncIterator]() };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

// Not `once` of node:events, which rejects if the stream is closed with an error.
const closing = (stream: PassThrough) => new Promise((resolve) => stream.on('close', resolve));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

describe('a body that arrives faster than it is read', () => {
  test('yields to the event loop every half a megabyte', async () => {
    const pieces = Array.from({ length: 64 }, () => Buffer.alloc(64 * 1024));
    const raw = Readable.from(pieces, { objectMode: false });
    const { body } = receiveBody(raw, '', { request, signal: neverAborted, timeoutSeconds: 1 });
    let turns = 0;
    let isDone = false;
    const countTurn = () => {
      turns += 1;
      if (!isDone) setImmediate(countTurn);
    };
    setImmediate(countTurn);
    for await (const _ of body);
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(8);
  });
});

describe('the idle timeout of a body', () => {
  test('is a retryable TIMEOUT, and closes the connection', async () => {
    const { raw, chunks } = receiving();
    raw.write('[1');
    await expect(chunks.next()).resolves.toEqual({ done: false, value: Buffer.from('[1') });
    const next = expect(chunks.next()).rejects.toMatchObject({
      code: 'TIMEOUT',
      retryable: true,
      message: expect.stringMatching(/^P12345678: GET \/list sent nothing for 1 s \(api\.timeoutSeconds\)/),
    });
    await seconds(1);
    await next;
    expect(raw.destroyed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not occur while bytes arrive slowly', async () => {
    const { raw, chunks } = receiving();
    for (let count = 0; count < 5; count += 1) {
      const next = chunks.next();
      await seconds(0.9);
      raw.write('x');
      await expect(next).resolves.toMatchObject({ done: false });
    }
    raw.end();
    await expect(chunks.next()).resolves.toMatchObject({ done: true });
  });

  test('does not occur while the reader works', async () => {
    const { raw, chunks } = receiving();
    raw.write('[1');
    await chunks.next();
    await seconds(3600);
    raw.write(',2]');
    await expect(chunks.next()).resolves.toMatchObject({ done: false });
  });

  test('does not occur while compressed bytes arrive that are not yet enough for a chunk', async () => {
    const { raw, chunks } = receiving('gzip');
    const bytes = gzipSync(JSON.stringify(Array.from({ length: 100 }, (_, index) => index)));
    const next = chunks.next();
    for (const byte of bytes.subarray(0, 20)) {
      raw.write(Buffer.from([byte]));
      await seconds(0.9);
    }
    const timedOut = expect(next).rejects.toMatchObject({ code: 'TIMEOUT' });
    await seconds(1);
    await timedOut;
  });
});

describe('a compressed body', () => {
  test.each(['gzip', 'x-gzip'])('is decompressed: %s', async (encoding) => {
    const { raw, response } = receiving(encoding);
    raw.end(gzipSync('[1,2,3]'));
    await expect(readText(response)).resolves.toBe('[1,2,3]');
  });

  test.each([
    ['ends early', (bytes: Buffer) => bytes.subarray(0, -9), true],
    ['lacks its checksum', (bytes: Buffer) => bytes.subarray(0, -4), true],
    ['has a wrong checksum', (bytes: Buffer) => bytes.fill(0, bytes.length - 8), false],
    ['is not compressed', () => Buffer.from('[1,2,3]'), false],
  ])('that %s is a NETWORK error', async (_what, damage, retryable) => {
    const { raw, response } = receiving('gzip');
    raw.end(damage(gzipSync('[1,2,3]')));
    await expect(readText(response)).rejects.toMatchObject({ code: 'NETWORK', retryable });
  });

  test('in another encoding is an HTTP error', async () => {
    const { raw, response } = receiving('br');
    await expect(readText(response)).rejects.toMatchObject({ code: 'HTTP', retryable: false });
    expect(raw.destroyed).toBe(true);
  });
});

describe('a discarded body', () => {
  test.each(['', 'gzip'])('closes its connection, read or not (%j)', async (encoding) => {
    const unread = receiving(encoding);
    const unreadClosed = closing(unread.raw);
    unread.response.discard();
    await unreadClosed;

    const { raw, chunks } = receiving(encoding);
    const closed = closing(raw);
    raw.write(encoding === '' ? 'text' : gzipSync('text'));
    await chunks.next();
    await chunks.return?.(undefined);
    await closed;
    expect([unread.raw.destroyed, raw.destroyed]).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that broke before it was read is still an error for its reader', async () => {
    const { raw, chunks } = receiving();
    raw.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    await expect(chunks.next()).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
  });

  test('is read as text up to one megabyte only', async () => {
    const { raw, response } = receiving();
    for (let count = 0; count < 40; count += 1) raw.write(Buffer.alloc(64 * 1024, 'x'));
    expect((await readText(response)).length).toBeLessThan(1.2 * 1024 * 1024);
    expect(raw.destroyed).toBe(true);
  });
});
