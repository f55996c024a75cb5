import { SyncError } from '../model/sync-error.ts';
import type { Clock } from './clock.ts';
import { cancelledError } from './errors.ts';
import { sleep } from './retry.ts';

/** A longer hold ends requests with `RATE_LIMITED` instead. */
const MAX_WAIT_MS = 15 * 60_000;
/** Upper limit for `Retry-After`: an absurd value must not stop a worker for years. */
const MAX_HOLD_MS = 24 * 60 * 60_000;

/** Shares the hold with the other workers that use the same API. Neither function may reject. */
export type SharedHold = {
  remainingMs: () => Promise<number>;
  extend: (ms: number) => Promise<void>;
};

const notShared: SharedHold = { remainingMs: async () => 0, extend: async () => {} };

/** Delays all requests to one host for as long as the host demands by `Retry-After` (RFC 9110 section 10.2.3). */
export class RateLimitHold {
  readonly #clock: Clock;
  readonly #shared: SharedHold;
  /** Milliseconds since 1970. */
  #until = 0;

  constructor(clock: Clock, shared = notShared) {
    this.#clock = clock;
    this.#shared = shared;
  }

  /** Resolves when requests may be sent. Throws `RATE_LIMITED` if the hold is too long, or the abort's error. */
  async wait(label: string, signal: AbortSignal): Promise<void> {
    // In a loop, because another response, here or in another worker, can extend the hold during the wait.
    for (;;) {
      const sharedMs = await this.#shared.remainingMs();
      if (sharedMs > 0) this.#until = Math.max(this.#until, this.#clock.now() + sharedMs);
      const remainingMs = this.#remainingMs(label);
      if (remainingMs <= 0) break;
      await sleep(this.#clock, remainingMs, signal);
    }
    if (signal.aborted) throw cancelledError(signal);
  }

  /** Extends the hold by a `Retry-After` header; anything but seconds or a date is ignored. Throws as `wait` does. */
  async extend(label: string, retryAfter: string): Promise<void> {
    const now = this.#clock.now();
    const until = Math.min(endOfHold(retryAfter, now), now + MAX_HOLD_MS);
    this.#until = Math.max(this.#until, until);
    if (until > now) await this.#shared.extend(until - now);
    this.#remainingMs(label);
  }

  #remainingMs(label: string): number {
    const remainingMs = this.#until - this.#clock.now();
    if (remainingMs <= MAX_WAIT_MS) return remainingMs;
    const until = new Date(this.#until).toISOString();
    throw new SyncError('RATE_LIMITED', `${label}: the API allows no request before ${until}. Try again then.`);
  }
}

function endOfHold(retryAfter: string, now: number): number {
  if (/^\s*\d+\s*$/.test(retryAfter)) return now + Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? now : date;
}
