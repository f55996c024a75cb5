import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestInfo } from '../../src/http/request.ts';
import { receiveBody } from '../../src/http/response-body.ts';
import { neverAborted } from '../support/list-server.ts';

const request: RequestInfo = { label: 'P12345678', method: 'GET', path: '/list', advice: {} };
const TIMEOUT_SECONDS = 60;

/** The body's reader, and how it ended after `seconds` of a server that sends `bytes` at every interval. */
async function readDuring(
  seconds: number,
  {
    bytes,
    everySeconds,
    encoding = '',
    readerSeconds = 0,
  }: {
    bytes: (n: number) => Buffer;
    everySeconds: number;
    encoding?: string;
    readerSeconds?: number;
  },
) {
  const raw = new PassThrough({ highWaterMark: 1024 * 1024 * 1024 });
  const { body } = receiveBody(raw, encoding, { request, signal: neverAborted, timeoutSeconds: TIMEOUT_SECONDS });
  const state = { bytesRead: 0, seconds: 0, error: null as unknown, raw };
  const reading = (async () => {
    for await (const chunk of body) {
      state.bytesRead += chunk.length;
      if (readerSeconds > 0) await new Promise((resolve) => setTimeout(resolve, readerSeconds * 1000));
    }
  })().catch((error: unknown) => {
    state.error = error;
  });
  for (let n = 0; state.seconds < seconds && state.error === null; n += 1) {
    raw.write(bytes(n));
    // The body yields to the event loop between large chunks.
    await setImmediate();
    await vi.advanceTimersByTimeAsync(everySeconds * 1000);
    state.seconds += everySeconds;
  }
  if (state.error === null) raw.destroy();
  await vi.advanceTimersByTimeAsync(0);
  await reading;
  return state;
}

const constant = (size: number) => () => Buffer.alloc(size, 'x');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

describe('a body that never pauses for long', () => {
  test('ends after five idle timeouts if it drips', async () => {
    const { error, seconds, raw } = await readDuring(3600, { bytes: constant(1), everySeconds: 1 });
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      retryable: false,
      message: expect.stringMatching(/^P12345678: GET \/list sent only 30\d bytes in 300 s/),
    });
    expect(seconds).toBe(301);
    expect(raw.destroyed).toBe(true);
  });

  test('ends also if compressed bytes drip that are not yet enough for a chunk', async () => {
    const zipped = gzipSync(JSON.stringify(Array.from({ length: 10_000 }, () => Math.random())));
    const bytes = (n: number) => zipped.subarray(n, n + 1);
    const { error, seconds } = await readDuring(3600, { bytes, everySeconds: 1, encoding: 'gzip' });
    expect(error).toMatchObject({ code: 'TIMEOUT' });
    expect(seconds).toBeLessThan(310);
  });

  test('goes on for hours if it sends two kilobytes a second', async () => {
    const { bytesRead, error } = await readDuring(4 * 3600, { bytes: constant(20 * 1024), everySeconds: 10 });
    expect(error).toMatchObject({ code: 'NETWORK' });
    expect(bytesRead).toBe(4 * 3600 * 2 * 1024);
  });

  test('ends after twelve hours however much it sends', async () => {
    const { error, seconds } = await readDuring(24 * 3600, { bytes: constant(500 * 1024), everySeconds: 50 });
    expect(error).toMatchObject({ code: 'TIMEOUT' });
    expect(seconds).toBeCloseTo(12 * 3600 + 300, -3);
  });

  test('is not blamed for the time that its reader takes', async () => {
    const { error, seconds } = await readDuring(7200, { bytes: constant(1), everySeconds: 10, readerSeconds: 9.9 });
    expect(seconds).toBe(7200);
    expect(error).toMatchObject({ code: 'NETWORK' });
  });
});
