import type { Log } from '../log.ts';
import type { ErrorCode } from '../model/sync-error.ts';
import { Outage } from './outage.ts';

/** Errors that have nothing to do with the API. */
const OWN_CODES: readonly (ErrorCode | null)[] = ['DATABASE', 'ABANDONED', 'CANCELLED', null];
/** Different accounts in a row after which the API counts as away, or as back. */
const ACCOUNTS_IN_A_ROW = 3;

/** Whether this is the code of an error of the API. Refusals count too: all accounts may be refused for one reason. */
export function isApiError(code: ErrorCode | null): boolean {
  return !OWN_CODES.includes(code);
}

/** Knows whether the API fails for all accounts, and logs that once instead of once an account. */
export class ApiWatch {
  readonly #outage: Outage;
  /** Accounts that failed since the API counted as back, by code. */
  readonly #failed = new Map<ErrorCode | null, Set<string>>();
  readonly #answered = new Set<string>();

  constructor({ host, log, now }: { host: string; log: Log; now: () => number }) {
    const lines = {
      begun: `the API at ${host} fails for several accounts. The last one`,
      lasting: `the API at ${host} still fails`,
      over: `the API at ${host} answers again`,
    };
    this.#outage = new Outage({ log, now, lines });
  }

  /** Whether one line tells that several accounts fail with this code. */
  isTold(code: ErrorCode | null): boolean {
    return (this.#failed.get(code)?.size ?? 0) >= ACCOUNTS_IN_A_ROW;
  }

  /** A run of the account failed with an error of the API. */
  failed(account: string, code: ErrorCode | null, reason: string): void {
    this.#answered.clear();
    this.#failed.set(code, (this.#failed.get(code) ?? new Set()).add(account));
    if (this.isTold(code)) this.#outage.failed({ cause: String(code), code, reason });
  }

  /** A list of the account was read. */
  answered(account: string): void {
    this.#answered.add(account);
    if (this.#outage.reason !== null && this.#answered.size < ACCOUNTS_IN_A_ROW) return;
    this.#failed.clear();
    this.#answered.clear();
    this.#outage.end();
  }

  remind(): void {
    this.#outage.remind();
  }
}
