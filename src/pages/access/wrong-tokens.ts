import { setTimeout as sleep } from 'node:timers/promises';

/** The log lines of access. */
export type AccessLog = { warn: (details: object, words: string) => void };

/** Wrong tokens that may wait at one time. More would take connections from health checks and webhooks. */
const MAX_WAITING = 10;
/** Of one address, so that somebody who guesses does not keep others from signing in. */
const MAX_OF_ADDRESS = 5;
/** Time without a wrong token that ends a burst. */
const QUIET_MS = 60_000;

type Options = {
  log: AccessLog;
  delayMs: number;
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
};

/**
 * Makes guessing slow. While five wrong tokens of an address wait, or ten of all, because an attacker may have many
 * addresses, each other token is refused unseen: at most ten are compared in each `delayMs`. Cookies are exempt: nobody
 * can guess their signature.
 */
export class WrongTokens {
  readonly #options: Required<Options>;
  /** The addresses of the tokens that wait. */
  readonly #waiting: (string | undefined)[] = [];
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = { now: () => performance.now(), pause: sleep, ...options };
  }

  /** Whether tokens of an address are refused unseen now. */
  areTooMany(address: string | undefined): boolean {
    const own = this.#waiting.filter((waiting) => waiting === address).length;
    return this.#waiting.length >= MAX_WAITING || own >= MAX_OF_ADDRESS;
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
    this.#waiting.push(address);
    await pause(delayMs);
    this.#waiting.splice(this.#waiting.indexOf(address), 1);
  }
}
