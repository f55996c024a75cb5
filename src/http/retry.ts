// The rules of trying again, all of them:
// - What may be tried again is decided where the error is born: `SyncError.retryable`.
// - At most 5 tries; between them a random part of 1, 2, 4 and 8 seconds ("full jitter").
// - `Retry-After` holds back every request of the client, as they all go to one host. Up to 15 minutes are waited for;
//   a longer hold ends requests with RATE_LIMITED at once, until it is over or short enough.
// - An aborted signal ends any waiting at once.

import pRetry from 'p-retry';
import type { Traffic } from '../model/list.ts';
import { SyncError } from '../model/sync-error.ts';
import type { Clock } from './clock.ts';
import { cancelled } from './errors.ts';

const TRIES = 5;
const FIRST_DELAY_MS = 1000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** What a server may ask for at most: a slip of it must not silence a worker for years. */
const LONGEST_HOLD_MS = 24 * 60 * 60_000;

export type Retry = <T>(attempt: () => Promise<T>, how: { signal: AbortSignal; traffic: Traffic }) => Promise<T>;

/** Tries again what is retryable, and counts it in `traffic.retries`. Raises what the last try raised. */
export function createRetry(clock: Clock): Retry {
  return (attempt, { signal, traffic }) =>
    pRetry(attempt, {
      retries: TRIES - 1,
      // Its own delays cannot be injected, and are never shorter than half of what they could be.
      minTimeout: 0,
      shouldRetry: async ({ error, attemptNumber }) => {
        if (!(error instanceof SyncError && error.retryable)) return false;
        await wait(clock, clock.random() * FIRST_DELAY_MS * 2 ** (attemptNumber - 1), signal);
        traffic.retries += 1;
        return true;
      },
    });
}

/** Where all requests to a host wait when it asked for that. */
export type Gate = {
  /** Resolves when requests may be sent. Raises `RATE_LIMITED` when that is too long to wait for, or the abort. */
  pass: (account: string, signal: AbortSignal) => Promise<void>;
  /** Takes a `Retry-After` header, seconds or a date; anything else is ignored. Raises as `pass` does. */
  hold: (account: string, retryAfter: string) => Promise<void>;
};

/** What the workers of an API tell each other of its holds, in milliseconds from now. Must not reject. */
export type SharedHold = { heldFor: () => Promise<number>; hold: (ms: number) => Promise<void> };

/** For a worker that is alone. */
const noSharedHold: SharedHold = { heldFor: async () => 0, hold: async () => {} };

export function createGate(clock: Clock, shared = noSharedHold): Gate {
  let openAt = 0;

  function millisecondsLeft(account: string): number {
    const left = openAt - clock.now();
    if (left <= LONGEST_WAIT_MS) return left;
    const when = new Date(openAt).toISOString();
    throw new SyncError('RATE_LIMITED', `${account}: the API asked for no request before ${when}. Try again then.`);
  }

  return {
    async pass(account, signal) {
      // Again after each wait: another answer, here or in another worker, may have moved it meanwhile.
      for (;;) {
        const held = await shared.heldFor();
        if (held > 0) openAt = Math.max(openAt, clock.now() + held);
        const left = millisecondsLeft(account);
        if (left <= 0) break;
        await wait(clock, left, signal);
      }
      if (signal.aborted) throw cancelled(signal);
    },
    async hold(account, retryAfter) {
      const now = clock.now();
      const until = Math.min(heldUntil(retryAfter, now), now + LONGEST_HOLD_MS);
      openAt = Math.max(openAt, until);
      if (until > now) await shared.hold(until - now);
      millisecondsLeft(account);
    },
  };
}

async function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    throw signal.aborted ? cancelled(signal) : error;
  }
}

function heldUntil(retryAfter: string, now: number): number {
  if (/^\s*\d+\s*$/.test(retryAfter)) return now + Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? now : date;
}
