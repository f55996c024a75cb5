// A hold is the time in which the API asked for no requests (`Retry-After`). Its first hour holds everything on the
// host, because a limit may be one of the client's address. The rest holds only the account that was told so: one
// account that must wait for a day does not stop the others.

import { SyncError } from '../model/sync-error.ts';
import type { Clock } from './clock.ts';
import { cancelledError } from './errors.ts';
import type { RequestContext, Waits } from './request.ts';
import { sleep } from './retry.ts';
import { type RetryHeaders, retryAfterMs } from './retry-after.ts';

const MINUTE_MS = 60_000;
const MAX_HOST_HOLD_MS = 60 * MINUTE_MS;
/** Upper limit for `Retry-After`: an absurd value must not stop an account for years. */
const MAX_HOLD_MS = 24 * 60 * MINUTE_MS;
/** `check` may end a hold, so waiting requests read it again this often. */
const LOOK_EVERY_MS = 15_000;
/** A hold that moves by less is not reported again. */
const REPORTED_MOVE_MS = 5 * MINUTE_MS;

/** How long the host and the account are held, in milliseconds; 0 = not held. */
type HoldTimes = { hostMs: number; accountMs: number };

/** Stores holds where all workers see them. */
export type SharedHolds = {
  remaining: (accountId: string) => Promise<HoldTimes>;
  /** Extends the holds; longer ones stay. */
  hold: (accountId: string, times: HoldTimes) => Promise<void>;
};

/** A hold that began, moved or ended. */
export type HoldChange = {
  /** Null = everything on the host. */
  accountId: string | null;
  /** Null = it is over. */
  until: Date | null;
};

type HoldOptions = { shared?: SharedHolds | undefined; onChange?: ((change: HoldChange) => void) | undefined };

/** The requests of one operation wait an hour in all; a longer wait ends them with `RATE_LIMITED`. */
export const newWaits = (): Waits => ({ leftMs: MAX_HOST_HOLD_MS, ignoreStored: false });

/** For a request that tests whether a hold is over: ignores stored holds, and waits a minute for new ones. */
export const newProbeWaits = (): Waits => ({ leftMs: MINUTE_MS, ignoreStored: true });

/** Delays the requests to one host for as long as the host demands. */
export class RateLimitHold {
  readonly #clock: Clock;
  readonly #shared: SharedHolds | null;
  readonly #onChange: (change: HoldChange) => void;
  // Ends of holds in milliseconds since 1970, by account id; null = the host.
  /** Holds that this process received itself. */
  readonly #received = new Map<string | null, number>();
  readonly #reported = new Map<string | null, number>();
  /** Until then, `#received` may have a hold that could not be stored. */
  #unstoredUntil = 0;

  constructor(clock: Clock, options: HoldOptions = {}) {
    this.#clock = clock;
    this.#shared = options.shared ?? null;
    this.#onChange = options.onChange ?? (() => {});
  }

  /** Resolves when the account may send a request. Throws `RATE_LIMITED` if that is too late, or the abort's error. */
  async wait(
    accountId: string,
    { signal, waits = newWaits() }: Pick<RequestContext, 'signal' | 'waits'>,
  ): Promise<void> {
    // In a loop, because another response, here or in another worker, can extend the hold during the wait.
    for (;;) {
      const until = await this.#until(accountId, waits);
      const remainingMs = until - this.#clock.now();
      if (remainingMs <= 0) break;
      if (remainingMs > waits.leftMs) throw tooLongError(accountId, until);
      const ms = this.#shared === null ? remainingMs : Math.min(remainingMs, LOOK_EVERY_MS);
      await sleep(this.#clock, ms, signal);
      waits.leftMs -= ms;
    }
    if (signal.aborted) throw cancelledError(signal);
  }

  /**
   * Extends the hold by a response's headers. Returns `RATE_LIMITED` if the account must wait too long then, or null.
   */
  async extend(accountId: string, headers: RetryHeaders, waits = newWaits()): Promise<SyncError | null> {
    const now = this.#clock.now();
    const ms = Math.min(retryAfterMs(headers, now), MAX_HOLD_MS);
    if (ms === 0) return null;
    const hostMs = Math.min(ms, MAX_HOST_HOLD_MS);
    const accountMs = ms > hostMs ? ms : 0;
    this.#received.set(null, Math.max(this.#received.get(null) ?? 0, now + hostMs));
    this.#received.set(accountId, Math.max(this.#received.get(accountId) ?? 0, now + accountMs));
    await this.#shared?.hold(accountId, { hostMs, accountMs }).catch(() => {
      this.#unstoredUntil = Math.max(this.#unstoredUntil, now + ms);
    });
    const until = await this.#until(accountId, waits);
    return until - now > waits.leftMs ? tooLongError(accountId, until) : null;
  }

  async #until(accountId: string, { ignoreStored }: Waits): Promise<number> {
    // Without the database, the holds that this process received count. The run itself reports the database.
    const stored = ignoreStored ? null : await this.#shared?.remaining(accountId).catch(() => null);
    const host = this.#end(null, stored?.hostMs);
    const account = this.#end(accountId, stored?.accountMs);
    this.#report(null, host);
    this.#report(accountId, account);
    return Math.max(host, account);
  }

  /** A hold that is no longer stored was ended by `check`, even if this process received it. */
  #end(key: string | null, storedMs?: number): number {
    const now = this.#clock.now();
    if (storedMs === 0 && now >= this.#unstoredUntil) return 0;
    return Math.max(this.#received.get(key) ?? 0, now + (storedMs ?? 0));
  }

  #report(accountId: string | null, until: number): void {
    const reported = this.#reported.get(accountId);
    if (until <= this.#clock.now()) {
      if (this.#reported.delete(accountId)) this.#onChange({ accountId, until: null });
    } else if (reported === undefined || until - reported > REPORTED_MOVE_MS) {
      this.#reported.set(accountId, until);
      this.#onChange({ accountId, until: new Date(until) });
    }
  }
}

function tooLongError(accountId: string, until: number): SyncError {
  const end = new Date(until).toISOString();
  const message = `${accountId}: the API allows no request before ${end}. Try again then. If the limit was lifted earlier, run cdd-sync check, which ends the wait.`;
  return new SyncError('RATE_LIMITED', message);
}
