import { setTimeout as sleep } from 'node:timers/promises';

export type AccessLog = { warn: (details: object, words: string) => void };

/** Wrong tokens that wait for their answer at one time. More would hold the connections of health checks and webhooks. */
const MAX_WAITING = 10;
/** A burst is over when no wrong token came for this long. */
const QUIET_MS = 60_000;

type Options = {
  log: AccessLog;
  delayMs: number;
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
};

/**
 * Makes guessing slow, for everybody together: an attacker has many addresses. While too many wrong tokens wait, no token
 * is looked at, so at most ten are tried in each `delayMs`. Cookies are not concerned, they cannot be guessed.
 */
export class WrongTokens {
  readonly #options: Required<Options>;
  #waiting = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = { now: () => performance.now(), pause: sleep, ...options };
  }

  /** Whether tokens are not looked at now. */
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
