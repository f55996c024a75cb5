import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SyncError } from '../../src/model/sync-error.ts';
import { BEGUN, CASES, listOf, runSync, SAVED } from '../support/sync-parts.ts';

describe('the heartbeat of a run', () => {
  beforeEach(() => void vi.useFakeTimers());

  test('saves and reports the progress while the list is read, and ends before the run is closed', async () => {
    const { calls, reported } = await runSync({
      readList: async (list) => {
        await vi.advanceTimersByTimeAsync(2_500);
        return listOf(...CASES)(list);
      },
      closeRun: async () => void (await vi.advanceTimersByTimeAsync(5_000)),
    });
    const beats = ['saveHeartbeat', 'saveHeartbeat'];
    expect(calls).toEqual([...BEGUN, ...beats, 'saveBatch 1', 'closeRun', 'updateReports succeeded']);
    expect(reported).toMatchObject([{ casesCreated: 0, requests: 0 }, { casesCreated: 0 }]);
  });

  test('goes on if nobody listens to the run', async () => {
    const { calls, failed } = await runSync({
      isQuiet: true,
      saveBatch: async () => ({ ...SAVED, problems: new Map([['id', 1]]) }),
      readList: async (list) => {
        await listOf(...CASES)(list);
        await vi.advanceTimersByTimeAsync(1_000);
        throw new SyncError('TRUNCATED', 'the list ends early');
      },
    });
    expect(calls).toEqual([...BEGUN, 'saveHeartbeat', 'saveBatch 1', 'failRun', 'updateReports failed']);
    expect(failed?.error.code).toBe('TRUNCATED');
  });

  test('ends with a run that fails', async () => {
    await runSync({ readList: () => Promise.reject(new SyncError('AUTH', 'refused')) });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends the reading of the list when another worker has declared the run abandoned', async () => {
    const { failed } = await runSync({
      saveHeartbeat: async () => false,
      readList: async ({ signal }) => {
        await vi.advanceTimersByTimeAsync(1_000);
        signal.throwIfAborted();
        return { notModified: false, etag: null };
      },
    });
    expect(failed?.error.code).toBe('ABANDONED');
  });

  test('is not needed to cancel the reading: the signal of the request does it', async () => {
    const cancelled = new SyncError('CANCELLED', 'stopped');
    const { failed } = await runSync({
      signal: AbortSignal.abort(cancelled),
      readList: async ({ signal }) => Promise.reject(signal.reason),
    });
    expect(failed?.error.code).toBe('CANCELLED');
  });
});
