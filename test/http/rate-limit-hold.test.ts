import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/http/clock.ts';
import { RateLimitHold } from '../../src/http/rate-limit-hold.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { jumpingClock, neverAborted } from '../support/list-server.ts';

const MINUTE = 60_000;

describe('a hold by Retry-After', () => {
  test.each([
    ['seconds', '120', 120_000],
    ['seconds with spaces', ' 120 ', 120_000],
    ['a date', new Date(Date.UTC(2026, 5, 1, 0, 3)).toUTCString(), 3 * MINUTE],
    ['the longest that is waited for', '900', 15 * MINUTE],
  ])('delays the requests of all accounts: %s', async (_what, header, wait) => {
    const clock = jumpingClock();
    const hold = new RateLimitHold(clock);
    await hold.extend('P1', header);
    await hold.wait('P2', neverAborted);
    expect(clock.slept).toEqual([wait]);
    await hold.wait('P3', neverAborted);
    expect(clock.slept).toHaveLength(1);
  });

  test.each([['0'], ['Mon, 01 Jan 2001 00:00:00 GMT'], ['soon'], ['-5'], ['']])('ignores %j', async (header) => {
    const clock = jumpingClock();
    const hold = new RateLimitHold(clock);
    await hold.extend('P1', header);
    await hold.wait('P1', neverAborted);
    expect(clock.slept).toEqual([]);
  });

  test('is not shortened by a later, shorter Retry-After', async () => {
    const clock = jumpingClock();
    const hold = new RateLimitHold(clock);
    await hold.extend('P1', '120');
    await hold.extend('P1', '1');
    await hold.wait('P1', neverAborted);
    expect(clock.slept).toEqual([120_000]);
  });

  test('can be extended during a wait', async () => {
    const clock = jumpingClock();
    const hold = new RateLimitHold({
      ...clock,
      async sleep(ms, signal) {
        if (clock.slept.length === 0) await hold.extend('P2', '60');
        await clock.sleep(ms, signal);
      },
    });
    await hold.extend('P1', '30');
    await hold.wait('P1', neverAborted);
    expect(clock.slept).toEqual([30_000, 30_000]);
  });

  test('of more than 15 minutes is an error that names its end', async () => {
    const clock = jumpingClock();
    const hold = new RateLimitHold(clock);
    const tooLong = { code: 'RATE_LIMITED', retryable: false, message: expect.stringContaining('2026-06-01T00:15:01') };
    await expect(hold.extend('P1', '901')).rejects.toMatchObject(tooLong);
    await expect(hold.wait('P2', neverAborted)).rejects.toMatchObject({
      ...tooLong,
      message: expect.stringMatching(/^P2: /),
    });
    expect(clock.slept).toEqual([]);
    await clock.sleep(1000, neverAborted);
    await hold.wait('P2', neverAborted);
    expect(clock.slept).toEqual([1000, 15 * MINUTE]);
  });

  test.each(['9'.repeat(400), '99999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'lasts a day at most: %s',
    async (header) => {
      const hold = new RateLimitHold(jumpingClock());
      await expect(hold.extend('P1', header)).rejects.toThrow('2026-06-02T00:00:00.000Z');
    },
  );

  test('is shared with other workers, also those that start later', async () => {
    const clock = jumpingClock();
    let heldUntil = 0;
    const shared = {
      remainingMs: async () => Math.max(0, heldUntil - clock.now()),
      extend: async (ms: number) => {
        heldUntil = clock.now() + ms;
      },
    };
    await new RateLimitHold(clock, shared).extend('P1', '120');
    await new RateLimitHold(clock, shared).wait('P2', neverAborted);
    expect(clock.slept).toEqual([120_000]);
  });

  test('throws the reason of an abort, before or during a wait', async () => {
    const hold = new RateLimitHold(systemClock);
    const reason = new SyncError('ABANDONED', 'Another worker was faster.');
    await expect(hold.wait('P1', AbortSignal.abort(reason))).rejects.toBe(reason);
    await hold.extend('P1', '600');
    const controller = new AbortController();
    const waiting = hold.wait('P1', controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
