import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/http/clock.ts';
import { systemClock } from '../../src/http/clock.ts';
import { type HoldChange, newProbeWaits, newWaits, RateLimitHold } from '../../src/http/rate-limit-hold.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { jumpingClock, neverAborted } from '../support/list-server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const told = (retryAfter: string) => ({ retryAfter, date: '' });
const asRun = () => ({ signal: neverAborted, waits: newWaits() });
const asCheck = () => ({ signal: neverAborted, waits: newProbeWaits() });

/** Holds that several workers share; `isAway` makes the store fail. */
function sharedHolds(clock: Clock) {
  const ends = new Map<string, number>();
  const store = {
    isAway: false,
    clear: () => ends.clear(),
    async remaining(accountId: string) {
      if (store.isAway) throw new SyncError('DATABASE', 'away');
      const left = (key: string) => Math.max(0, (ends.get(key) ?? 0) - clock.now());
      return { hostMs: left('host'), accountMs: left(accountId) };
    },
    async hold(accountId: string, { hostMs, accountMs }: { hostMs: number; accountMs: number }) {
      if (store.isAway) throw new SyncError('DATABASE', 'away');
      ends.set('host', Math.max(ends.get('host') ?? 0, clock.now() + hostMs));
      ends.set(accountId, Math.max(ends.get(accountId) ?? 0, clock.now() + accountMs));
    },
  };
  return store;
}

describe('a hold by Retry-After', () => {
  test.each([
    ['two minutes', '120', 2 * MINUTE],
    ['the longest that everything waits for', '3600', HOUR],
  ])('delays the requests of all accounts: %s', async (_what, header, wait) => {
    const clock = jumpingClock();
    const hold = new RateLimitHold(clock);
    expect(await hold.extend('P1', told(header))).toBeNull();
    await hold.wait('P2', asRun());
    expect(clock.slept).toEqual([wait]);
    await hold.wait('P3', asRun());
    expect(clock.slept).toHaveLength(1);
  });

  test('is not shortened by a later, shorter Retry-After', async () => {
    const clock = jumpingClock();
    const hold = new RateLimitHold(clock);
    await hold.extend('P1', told('120'));
    await hold.extend('P1', told('1'));
    await hold.wait('P1', asRun());
    expect(clock.slept).toEqual([120_000]);
  });

  test('can be extended during a wait', async () => {
    const clock = jumpingClock();
    const hold: RateLimitHold = new RateLimitHold({
      ...clock,
      async sleep(ms, signal) {
        if (clock.slept.length === 0) await hold.extend('P2', told('60'));
        await clock.sleep(ms, signal);
      },
    });
    await hold.extend('P1', told('30'));
    await hold.wait('P1', asRun());
    expect(clock.slept).toEqual([30_000, 30_000]);
  });

  test.each(['3601', '86400', '1000000000000', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'of more than an hour stops other accounts for an hour only, and its own with an error that names its end: %s',
    async (header) => {
      const clock = jumpingClock();
      const hold = new RateLimitHold(clock);
      const end = header === '3601' ? '2026-06-01T01:00:01' : '2026-06-02T00:00:00';
      const tooLong = { code: 'RATE_LIMITED', retryable: false, message: expect.stringMatching(`^P1: .*${end}`) };
      expect(await hold.extend('P1', told(header))).toMatchObject(tooLong);
      await expect(hold.wait('P1', asRun())).rejects.toMatchObject(tooLong);
      expect(clock.slept).toEqual([]);
      await hold.wait('P2', asRun());
      expect(clock.slept).toEqual([HOUR]);
      // A new Retry-After for another account says nothing about the first one, which still waits.
      await hold.extend('P2', told('1'));
      await hold.wait('P1', { ...asRun(), waits: { leftMs: 24 * HOUR, ignoreStored: false } });
      expect(clock.now()).toBe(Date.parse(`${end}Z`));
    },
  );

  test('ends an operation that has waited for an hour in all', async () => {
    const clock = jumpingClock();
    const hold = new RateLimitHold(clock);
    const run = asRun();
    for (const seconds of ['1800', '1800']) {
      await hold.extend('P1', told(seconds), run.waits);
      await hold.wait('P1', run);
    }
    expect(await hold.extend('P1', told('1'), run.waits)).toMatchObject({ code: 'RATE_LIMITED' });
    await expect(hold.wait('P1', run)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(clock.slept).toEqual([1_800_000, 1_800_000]);
    await hold.wait('P1', asRun());
  });

  test('is reported when it begins, moves and ends, and not in between', async () => {
    const clock = jumpingClock();
    const changes: HoldChange[] = [];
    const hold = new RateLimitHold(clock, { onChange: (change) => changes.push(change) });
    const at = (minutes: number) => new Date(Date.UTC(2026, 5, 1) + minutes * MINUTE);
    for (const seconds of ['60', '61', '62']) await hold.extend('P1', told(seconds));
    expect(changes).toEqual([{ accountId: null, until: at(1) }]);
    await hold.extend('P2', told('7200'));
    await hold.wait('P3', asRun());
    await hold.wait('P3', asRun());
    expect(changes.slice(1)).toEqual([
      { accountId: null, until: at(60) },
      { accountId: 'P2', until: at(120) },
      { accountId: null, until: null },
    ]);
    await hold.wait('P2', asRun());
    expect(changes.slice(4)).toEqual([{ accountId: 'P2', until: null }]);
  });

  test('throws the reason of an abort, before or during a wait', async () => {
    const hold = new RateLimitHold(systemClock);
    const reason = new SyncError('ABANDONED', 'Another worker was faster.');
    await expect(hold.wait('P1', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await hold.extend('P1', told('600'));
    const controller = new AbortController();
    const waiting = hold.wait('P1', { signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe('a stored hold', () => {
  test('stops other workers, also those that start later', async () => {
    const clock = jumpingClock();
    const shared = sharedHolds(clock);
    await new RateLimitHold(clock, { shared }).extend('P1', told('120'));
    await new RateLimitHold(clock, { shared }).wait('P2', asRun());
    expect(clock.now()).toBe(Date.UTC(2026, 5, 1, 0, 2));
  });

  test('that is ended in the database ends within 15 s in every worker, the one that received it too', async () => {
    const clock = jumpingClock();
    const shared = sharedHolds(clock);
    const hold = new RateLimitHold(
      { ...clock, sleep: async (ms, signal) => clock.sleep(ms, signal).then(shared.clear) },
      { shared },
    );
    await hold.extend('P1', told('3000'));
    await hold.wait('P1', asRun());
    expect(clock.slept).toEqual([15_000]);
  });

  test('is tried by a check, which obeys only the hold that it is told itself, and for a minute', async () => {
    const clock = jumpingClock();
    const shared = sharedHolds(clock);
    await new RateLimitHold(clock, { shared }).extend('P1', told('86400'));
    const hold = new RateLimitHold(clock, { shared });
    await hold.wait('P1', asCheck());
    expect(clock.slept).toEqual([]);
    expect(await hold.extend('P1', told('61'), newProbeWaits())).toMatchObject({ code: 'RATE_LIMITED' });
    await expect(hold.wait('P2', asCheck())).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('that cannot be stored or read is obeyed by the worker that received it', async () => {
    const clock = jumpingClock();
    const shared = sharedHolds(clock);
    const hold = new RateLimitHold(clock, { shared });
    shared.isAway = true;
    await hold.extend('P1', told('120'));
    await hold.wait('P1', asRun());
    expect(clock.now()).toBe(Date.UTC(2026, 5, 1, 0, 2));
    await hold.extend('P1', told('120'));
    shared.isAway = false;
    await hold.wait('P1', asRun());
    expect(clock.now()).toBe(Date.UTC(2026, 5, 1, 0, 4));
  });
});
