import type { Log } from '../log.ts';
import type { SyncError } from '../model/sync-error.ts';
import { DatabaseError } from '../store/postgres/errors.ts';
import { Outage } from './outage.ts';

/** After this many errors within a minute the queue counts as broken. It has a statement twice a second. */
const FAILURES = 5;
/** Without an error for this long, the queue counts as working. pg-boss does not report statements that succeed. */
const QUIET_MS = 60_000;
/** Single errors are logged at most this often. */
const WARNING_MS = 5 * 60_000;

/** Knows whether the queue works while Postgres can be used: its tables may be gone, or the rights on them. */
export class QueueWatch {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #outage: Outage;
  /** Times of the last errors. */
  #failures: number[] = [];
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor({ log, now = Date.now }: { log: Log; now?: () => number }) {
    this.#log = log;
    this.#now = now;
    const lines = {
      begun:
        'the queue in schema pgboss fails, and no run starts; if its tables are gone, restart the worker, which creates them',
      lasting: 'the queue still fails',
      over: 'the queue works again',
    };
    this.#outage = new Outage({ log, now, lines });
  }

  /** Why the queue does not work; null while it does. */
  get reason(): string | null {
    return this.#outage.reason;
  }

  /** Reports an error of the queue's own statements. */
  failed(error: SyncError): void {
    const now = this.#now();
    this.#failures = [...this.#failures.filter((at) => now - at < QUIET_MS), now].slice(-FAILURES);
    const code = error instanceof DatabaseError ? error.sqlState : null;
    if (this.#failures.length === FAILURES) {
      this.#outage.failed({ cause: code ?? '', code, reason: error.message });
    } else if (now - this.#warnedAt >= WARNING_MS) {
      this.#warnedAt = now;
      this.#log.warn({ code }, `the queue had an error, and goes on: ${error.message}`);
    }
  }

  /** Call it about every second. */
  tick(): void {
    this.#outage.remind();
    const lastFailureAt = this.#failures.at(-1);
    if (lastFailureAt !== undefined && this.#now() - lastFailureAt >= QUIET_MS) this.#outage.end(lastFailureAt);
  }
}
