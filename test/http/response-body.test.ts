import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Asked } from '../../src/http/errors.ts';
import { readText, receive } from '../../src/http/response-body.ts';
import { never } from '../support/list-server.ts';

const asked: Asked = { account: 'P12345678', method: 'GET', path: '/list', credentialsOf: null };

function receiving(encoding = '') {
  const raw = new PassThrough();
  const answer = { status: 200, etag: null, ...receive(raw, encoding, { asked, signal: never, timeoutSeconds: 1 }) };
  return { raw, answer, chunks: answer.body[Symbol.asyncIterator]() };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

// Not `once` of node:events, which would reject when the stream is closed with an error.
const closing = (stream: PassThrough) => new Promise((resolve) => stream.on('close', resolve));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('an answer that comes faster than it is read', () => {
  test('lets everything else take its turn every half a megabyte', async () => {
    const pieces = Array.from({ length: 64 }, () => Buffer.alloc(64 * 1024));
    const raw = Readable.from(pieces, { objectMode: false });
    const { body } = receive(raw, '', { asked, signal: never, timeoutSeconds: 1 });
    let turns = 0;
    let isOver = false;
    const takeTurns = () => {
      turns += 1;
      if (!isOver) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    for await (const _ of body);
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(8);
  });
});

describe('an answer that stops coming', () => {
  test('is a TIMEOUT, to be tried again, and its connection is let go', async () => {
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

  test('is none as long as bytes come, however slowly', async () => {
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

  test('is none while its reader is at work', async () => {
    const { raw, chunks } = receiving();
    raw.write('[1');
    await chunks.next();
    await seconds(3600);
    raw.write(',2]');
    await expect(chunks.next()).resolves.toMatchObject({ done: false });
  });

  test('is none while compressed bytes come that are not yet enough for a piece of text', async () => {
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

describe('a compressed answer', () => {
  test.each(['gzip', 'x-gzip'])('is unpacked: %s', async (encoding) => {
    const { raw, answer } = receiving(encoding);
    raw.end(gzipSync('[1,2,3]'));
    await expect(readText(answer)).resolves.toBe('[1,2,3]');
  });

  test.each([
    ['ends early', (bytes: Buffer) => bytes.subarray(0, -9)],
    ['lacks its checksum', (bytes: Buffer) => bytes.subarray(0, -4)],
    ['is damaged', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 12), Buffer.alloc(40, 0xff)])],
    ['is not compressed', () => Buffer.from('[1,2,3]')],
  ])('that %s is a NETWORK error, to be tried again', async (_what, damage) => {
    const { raw, answer } = receiving('gzip');
    raw.end(damage(gzipSync('[1,2,3]')));
    await expect(readText(answer)).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
  });

  test('is refused when it is compressed in another way', async () => {
    const { raw, answer } = receiving('br');
    await expect(readText(answer)).rejects.toMatchObject({ code: 'HTTP', retryable: false });
    expect(raw.destroyed).toBe(true);
  });
});

describe('an answer that is not wanted any more', () => {
  test.each(['', 'gzip'])('lets go of its connection, read or not (%j)', async (encoding) => {
    const unread = receiving(encoding);
    const unreadClosed = closing(unread.raw);
    unread.answer.discard();
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

  test('that broke before it was read still tells so', async () => {
    const { raw, chunks } = receiving();
    raw.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    await expect(chunks.next()).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
  });

  test('is not read further as text than text is expected to be long', async () => {
    const { raw, answer } = receiving();
    for (let count = 0; count < 40; count += 1) raw.write(Buffer.alloc(64 * 1024, 'x'));
    expect((await readText(answer)).length).toBeLessThan(1.2 * 1024 * 1024);
    expect(raw.destroyed).toBe(true);
  });
});
