import type { Log } from '../log.ts';
import type { ErrorCode } from '../model/sync-error.ts';
import { Outage } from './outage.ts';

/** Errors that are rather the API's than an account's. */
const API_CODES: readonly (ErrorCode | null)[] = ['NETWORK', 'TIMEOUT', 'HTTP', 'RATE_LIMITED', 'NOT_JSON'];
/** Different accounts in a row after which the API counts as away, or as back. */
const ACCOUNTS_IN_A_ROW = 3;

/** Whether runs with this error may fail because the API is away. */
export function isApiError(code: ErrorCode | null): boolean {
  return API_CODES.includes(code);
}

/** Knows whether the API is away for all accounts, and logs that once instead of once an account. */
export class ApiWatch {
  readonly #outage: Outage;
  readonly #failed = new Set<string>();
  readonly #answered = new Set<string>();

  constructor({ host, log, now }: { host: string; log: Log; now: () => number }) {
    const lines = {
      lost: (reason: string) => `the API at ${host} fails for several accounts. The last one: ${reason}`,
      still: (duration: string, reason: string) => `the API at ${host} fails for ${duration}: ${reason}`,
      back: (duration: string) => `the API at ${host} answers again, after ${duration}`,
    };
    this.#outage = new Outage({ log, now, lines });
  }

  get isAway(): boolean {
    return this.#outage.reason !== null;
  }

  /** A run of the account failed with an error of the API. */
  failed(account: string, code: ErrorCode | null, reason: string): void {
    this.#answered.clear();
    this.#failed.add(account);
    if (this.isAway || this.#failed.size >= ACCOUNTS_IN_A_ROW) {
      this.#outage.failed({ cause: String(code), code, reason });
    }
  }

  /** A list of the account was read. */
  answered(account: string): void {
    this.#answered.add(account);
    if (this.isAway && this.#answered.size < ACCOUNTS_IN_A_ROW) return;
    this.#failed.clear();
    this.#answered.clear();
    this.#outage.end();
  }

  remind(): void {
    this.#outage.remind();
  }
}
