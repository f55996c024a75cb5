import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/http/clock.ts';
import { retry } from '../../src/http/retry.ts';
import { newTraffic } from '../../src/model/list.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { jumpingClock, neverAborted } from '../support/list-server.ts';

const failure = new SyncError('NETWORK', 'The connection failed.', { retryable: true });

/** An attempt that throws these errors one after the other, and then succeeds. */
function attempt(...errors: unknown[]) {
  const tries = { count: 0 };
  const run = async () => {
    tries.count += 1;
    if (tries.count <= errors.length) throw errors[tries.count - 1];
    return 'done';
  };
  return { tries, run };
}

describe('retry', () => {
  test('waits random parts of 1, 2, 4 and 8 seconds, and gives up after the fifth try', async () => {
    const clock = jumpingClock();
    const traffic = newTraffic();
    const { run, tries } = attempt(failure, failure, failure, failure, failure);
    await expect(retry(clock, run, { signal: neverAborted, traffic })).rejects.toBe(failure);
    expect(tries.count).toBe(5);
    expect(traffic.retries).toBe(4);
    expect(clock.slept).toEqual([500, 1000, 2000, 4000]);
  });

  test('can happen without delay', async () => {
    const clock = { ...jumpingClock(), random: () => 0 };
    await expect(retry(clock, attempt(failure).run, { signal: neverAborted, traffic: newTraffic() })).resolves.toBe(
      'done',
    );
  });

  test('stops at the first success', async () => {
    const traffic = newTraffic();
    const { run, tries } = attempt(failure, failure);
    await expect(retry(jumpingClock(), run, { signal: neverAborted, traffic })).resolves.toBe('done');
    expect([tries.count, traffic.retries]).toEqual([3, 2]);
  });

  test.each([
    ['a SyncError that is not retryable', new SyncError('FORBIDDEN', 'No.')],
    ['any other error', new Error('A mistake.')],
    ['a TypeError', new TypeError('fetch failed')],
  ])('does not happen after %s', async (_what, error) => {
    const traffic = newTraffic();
    const { run, tries } = attempt(error);
    await expect(retry(jumpingClock(), run, { signal: neverAborted, traffic })).rejects.toBe(error);
    expect([tries.count, traffic.retries]).toEqual([1, 0]);
  });

  test('ends at once when it is aborted during a delay', async () => {
    const controller = new AbortController();
    const { run, tries } = attempt(failure, failure);
    const clock = { ...systemClock, random: () => 1000 };
    const retried = retry(clock, run, { signal: controller.signal, traffic: newTraffic() });
    controller.abort();
    await expect(retried).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(tries.count).toBe(1);
  });
});
