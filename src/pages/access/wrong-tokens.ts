import { setTimeout as sleep } from 'node:timers/promises';

/** The log lines of access. */
export type AccessLog = { warn: (details: object, words: string) => void };

/** Wrong tokens that may wait at one time. More would take connections from health checks and webhooks. */
const MAX_WAITING = 10;
/** Time without a wrong token that ends a burst. */
const QUIET_MS = 60_000;

type Options = {
  log: AccessLog;
  delayMs: number;
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
};

/**
 * Makes guessing slow, with one limit for all addresses, because an attacker has many. While ten wrong tokens wait, each
 * other token is refused unseen, so at most ten are compared in each `delayMs`. Cookies are exempt: nobody can guess
 * their signature.
 */
export class WrongTokens {
  readonly #options: Required<Options>;
  #waiting = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = { now: () => performance.now(), pause: sleep, ...options };
  }

  /** Whether tokens are refused unseen now. */
  get areTooMany(): boolean {
    return this.#waiting >= MAX_WAITING;
  }

  /** Notes a wrong token, and resolves when it may be answered. */
  async wait(address: string | undefined): Promise<void> {
    const { log, delayMs, now, pause } = this.#options;
    const isNewBurst = now() - this.#lastAt > QUIET_MS;
    this.#lastAt = now();
    if (isNewBurst) {
      log.warn(
        { from: address },
        'a wrong token was given for the pages; further ones in the next minute are not logged',
      );
    }
    this.#waiting += 1;
    await pause(delayMs);
    this.#waiting -= 1;
  }
}
