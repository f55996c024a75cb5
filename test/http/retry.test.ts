import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/http/clock.ts';
import { createGate, createRetry } from '../../src/http/retry.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { jumpingClock, never } from '../support/list-server.ts';

const MINUTE = 60_000;
const counted = () => ({ requests: 0, retries: 0, bytesRead: 0 });
const trouble = new SyncError('NETWORK', 'The cable is out.', { retryable: true });

/** An attempt that throws these one after the other, and then succeeds. */
function attempt(...errors: unknown[]) {
  const tries = { count: 0 };
  const run = async () => {
    tries.count += 1;
    if (tries.count <= errors.length) throw errors[tries.count - 1];
    return 'done';
  };
  return { tries, run };
}

describe('trying again', () => {
  test('waits a random part of 1, 2, 4 and 8 seconds, and gives up after the fifth try', async () => {
    const clock = jumpingClock();
    const traffic = counted();
    const { run, tries } = attempt(trouble, trouble, trouble, trouble, trouble);
    await expect(createRetry(clock)(run, { signal: never, traffic })).rejects.toBe(trouble);
    expect(tries.count).toBe(5);
    expect(traffic.retries).toBe(4);
    expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
  });

  test('can be at once, for the part may be nothing', async () => {
    const clock = { ...jumpingClock(), random: () => 0 };
    await expect(createRetry(clock)(attempt(trouble).run, { signal: never, traffic: counted() })).resolves.toBe('done');
  });

  test('ends with the first success', async () => {
    const traffic = counted();
    const { run, tries } = attempt(trouble, trouble);
    await expect(createRetry(jumpingClock())(run, { signal: never, traffic })).resolves.toBe('done');
    expect([tries.count, traffic.retries]).toEqual([3, 2]);
  });

  test.each([
    ['a SyncError that says so', new SyncError('FORBIDDEN', 'No.')],
    ['any other error', new Error('A mistake.')],
    ['a TypeError', new TypeError('fetch failed')],
  ])('does not happen after %s', async (_what, error) => {
    const traffic = counted();
    const { run, tries } = attempt(error);
    await expect(createRetry(jumpingClock())(run, { signal: never, traffic })).rejects.toBe(error);
    expect([tries.count, traffic.retries]).toEqual([1, 0]);
  });

  test('is over at once when it is aborted while it waits', async () => {
    const controller = new AbortController();
    const { run, tries } = attempt(trouble, trouble);
    const clock = { ...systemClock, random: () => 1000 };
    const retried = createRetry(clock)(run, { signal: controller.signal, traffic: counted() });
    controller.abort();
    await expect(retried).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(tries.count).toBe(1);
  });
});

describe('the gate', () => {
  test.each([
    ['seconds', '120', 120_000],
    ['seconds with spaces', ' 120 ', 120_000],
    ['a date', new Date(Date.UTC(2026, 5, 1, 0, 3)).toUTCString(), 3 * MINUTE],
    ['just so long as is waited for', '900', 15 * MINUTE],
  ])('holds everybody back as long as Retry-After says: %s', async (_what, header, wait) => {
    const clock = jumpingClock();
    const gate = createGate(clock);
    await gate.hold('P1', header);
    await gate.pass('P2', never);
    expect(clock.slept).toEqual([wait]);
    await gate.pass('P3', never);
    expect(clock.slept).toHaveLength(1);
  });

  test.each([['0'], ['Mon, 01 Jan 2001 00:00:00 GMT'], ['soon'], ['-5'], ['']])('ignores %j', async (header) => {
    const clock = jumpingClock();
    const gate = createGate(clock);
    await gate.hold('P1', header);
    await gate.pass('P1', never);
    expect(clock.slept).toEqual([]);
  });

  test('is not opened earlier by a shorter Retry-After', async () => {
    const clock = jumpingClock();
    const gate = createGate(clock);
    await gate.hold('P1', '120');
    await gate.hold('P1', '1');
    await gate.pass('P1', never);
    expect(clock.slept).toEqual([120_000]);
  });

  test('keeps those waiting for whom it was moved while they waited', async () => {
    const clock = jumpingClock();
    const gate = createGate({
      ...clock,
      async sleep(ms, signal) {
        if (clock.slept.length === 0) await gate.hold('P2', '60');
        await clock.sleep(ms, signal);
      },
    });
    await gate.hold('P1', '30');
    await gate.pass('P1', never);
    expect(clock.slept).toEqual([30_000, 30_000]);
  });

  test('is not waited for when it opens later than in 15 minutes, and says when that is', async () => {
    const clock = jumpingClock();
    const gate = createGate(clock);
    const tooLong = { code: 'RATE_LIMITED', retryable: false, message: expect.stringContaining('2026-06-01T00:15:01') };
    await expect(gate.hold('P1', '901')).rejects.toMatchObject(tooLong);
    await expect(gate.pass('P2', never)).rejects.toMatchObject({ ...tooLong, message: expect.stringMatching(/^P2: /) });
    expect(clock.slept).toEqual([]);
    await clock.sleep(1000, never);
    await gate.pass('P2', never);
    expect(clock.slept).toEqual([1000, 15 * MINUTE]);
  });

  test.each(['9'.repeat(400), '99999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'is closed for a day at most: %s',
    async (header) => {
      const gate = createGate(jumpingClock());
      await expect(gate.hold('P1', header)).rejects.toThrow('2026-06-02T00:00:00.000Z');
    },
  );

  test('holds back the workers that share it, and those that start later', async () => {
    const clock = jumpingClock();
    let openAt = 0;
    const shared = {
      heldFor: async () => Math.max(0, openAt - clock.now()),
      hold: async (ms: number) => {
        openAt = clock.now() + ms;
      },
    };
    await createGate(clock, shared).hold('P1', '120');
    await createGate(clock, shared).pass('P2', never);
    expect(clock.slept).toEqual([120_000]);
  });

  test('lets nobody pass who is aborted, waiting or not', async () => {
    const gate = createGate(systemClock);
    const reason = new SyncError('ABANDONED', 'Another worker was faster.');
    await expect(gate.pass('P1', AbortSignal.abort(reason))).rejects.toBe(reason);
    await gate.hold('P1', '600');
    const controller = new AbortController();
    const waiting = gate.pass('P1', controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
