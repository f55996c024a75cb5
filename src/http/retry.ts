// The retry rules:
// - The place that creates an error decides whether a retry can help: `SyncError.retryable`.
// - At most 5 tries. The delays between them are random parts of 1, 2, 4 and 8 seconds ("full jitter",
//   https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
// - `Retry-After` delays all requests of the client: see rate-limit-hold.ts.
// - An aborted signal ends every delay at once.

import pRetry from 'p-retry';
import { SyncError } from '../model/sync-error.ts';
import type { Clock } from './clock.ts';
import { cancelledError } from './errors.ts';
import type { RequestContext } from './request.ts';

const TRIES = 5;
const FIRST_DELAY_MS = 1000;

/** Runs `attempt` until it succeeds. Counts retries in `traffic.retries`; throws the error of the last try. */
export function retry<T>(clock: Clock, attempt: () => Promise<T>, { signal, traffic }: RequestContext): Promise<T> {
  return pRetry(attempt, {
    retries: TRIES - 1,
    // The delays of p-retry itself cannot be injected, and are never shorter than half of the maximum.
    minTimeout: 0,
    shouldRetry: async ({ error, attemptNumber }) => {
      if (!(error instanceof SyncError && error.retryable)) return false;
      await sleep(clock, clock.random() * FIRST_DELAY_MS * 2 ** (attemptNumber - 1), signal);
      traffic.retries += 1;
      return true;
    },
  });
}

/** Sleeps; throws a SyncError when the signal aborts. */
export async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    throw signal.aborted ? cancelledError(signal) : error;
  }
}
