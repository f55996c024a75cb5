import type { Log } from '../log.ts';
import { Outage } from './outage.ts';

/** The worker is unready after this many jobs in a row without a recorded run, of at least this many accounts. */
const FAILURES_IN_A_ROW = 3;
const ACCOUNTS = 2;

type JobHealthOptions = {
  log: Log;
  now: () => number;
  accountCount: () => number;
};

/**
 * Knows whether this worker's jobs can record their runs. They cannot when three jobs in a row failed outside their
 * run, of at least two accounts if there are two: one odd account must not take the worker out of service. A run that
 * ends with an error of the API is recorded like any other.
 */
export class JobHealth {
  readonly #accountCount: () => number;
  readonly #outage: Outage;
  /** Accounts of the failed jobs since the last recorded run. */
  #failed: string[] = [];

  constructor({ log, now, accountCount }: JobHealthOptions) {
    this.#accountCount = accountCount;
    const lines = {
      begun: 'jobs cannot record their runs',
      lasting: 'jobs still cannot record their runs',
      over: 'jobs record their runs again',
    };
    this.#outage = new Outage({ log, now, lines });
  }

  /** Why jobs cannot record their runs; null while they can. */
  get problem(): string | null {
    return this.#outage.reason;
  }

  /** A job of the account failed outside its run. */
  failed(account: string, code: string, reason: string): void {
    this.#failed.push(account);
    const accounts = Math.min(ACCOUNTS, this.#accountCount());
    if (this.#failed.length < FAILURES_IN_A_ROW || new Set(this.#failed).size < accounts) return;
    this.#outage.failed({ cause: code, code, reason });
  }

  /** A run was recorded, whatever its state. */
  recorded(): void {
    this.#failed = [];
    this.#outage.end();
  }

  remind(): void {
    this.#outage.remind();
  }
}
