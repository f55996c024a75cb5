import { setTimeout as sleep } from 'node:timers/promises';
import { SyncError } from '../../model/sync-error.ts';
import { fullTime } from '../../model/time-text.ts';
import type { Status } from './read.ts';

/** The status, or a sentence about a database that does not answer, with the last known status. */
export type Look = { outage: null; status: Status } | { outage: string; status: Status | null };

type WatchOptions = {
  read: () => Promise<Status>;
  show: (look: Look) => void | Promise<void>;
  seconds: number;
  signal: AbortSignal;
};

/** Reads and shows the status until the signal aborts. An outage of the database is shown and does not end it. */
export async function watch({ read, show, seconds, signal }: WatchOptions): Promise<void> {
  let last: Status | null = null;
  let since: Date | null = null;
  // A read of a vanished server takes a minute, and Ctrl-C must not.
  const aborted = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)));
  while (!signal.aborted) {
    try {
      const status = await Promise.race([read(), aborted]);
      if (status === null) return;
      last = status;
      since = null;
      await show({ outage: null, status });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SyncError && error.code === 'DATABASE')) throw error;
      since ??= new Date();
      const timezone = last?.clock.timezone ?? 'UTC';
      const outage = `The database has not answered since ${fullTime(since, { now: since, timezone })}; it is tried again every ${seconds} s. ${error.message}`;
      await show({ outage, status: last });
    }
    await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
  }
}
