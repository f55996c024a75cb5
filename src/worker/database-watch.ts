import type { Log } from '../log.ts';
import { SyncError } from '../model/sync-error.ts';
import { DatabaseError } from '../store/postgres/errors.ts';
import { outageKind } from '../store/postgres/outages.ts';
import { Outage } from './outage.ts';

/** An outage for want of a resource is over when no statement has failed for this long. */
const RESOURCE_QUIET_MS = 60_000;
/** A server that hangs gives no errors, and an idle worker gets none. A new connection shows both. */
const ROUTINE_PROBE_MS = 30_000;
/** Errors that are no outage are logged at most this often. */
const WARNING_MS = 5 * 60_000;

/** Codes of a server that is away, going down or coming up. Their advice is about the same. */
const UNREACHABLE = /^(08|57|E[A-Z])/;

type WatchOptions = {
  /** Opens a new connection; rejects with a SyncError when it cannot be used. */
  probe: () => Promise<void>;
  /** Meaning and advice of an error code of an embedded server; null for any other server. */
  explain: (code: string | null) => string | null;
  log: Log;
  /** Milliseconds. */
  now?: () => number;
};

/**
 * Knows whether this process can use Postgres, and is the only part of the worker that logs that it cannot. All others
 * report their errors here. `tick` tries a new connection: every 30 s, and all the time while Postgres cannot be used.
 */
export class DatabaseWatch {
  readonly #options: WatchOptions & { now: () => number };
  readonly #outage: Outage;
  #quietMs = 0;
  #lastFailureAt = Number.NEGATIVE_INFINITY;
  #worksSince: number | null = null;
  #probedAt: number;
  #probing: Promise<void> | null = null;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor({ now = Date.now, ...options }: WatchOptions) {
    this.#options = { ...options, now };
    this.#probedAt = now();
    this.#outage = new Outage({
      log: options.log,
      now,
      lines: {
        begun: 'Postgres cannot be used, and runs wait until it can',
        lasting: 'Postgres still cannot be used',
        over: 'Postgres can be used again',
      },
    });
  }

  /** Why Postgres cannot be used; null while it can. */
  get reason(): string | null {
    return this.#outage.reason;
  }

  /** Since when Postgres cannot be used; null while it can. */
  get since(): Date | null {
    return this.#outage.since;
  }

  /** Reports an error of a statement or a connection. Errors that concern only their statement are ignored. */
  failed(error: unknown): void {
    const kind = outageKind(error);
    if (kind === null || !(error instanceof DatabaseError)) return;
    // A new connection shows whether only this session has ended, and the reason if not.
    if (kind === 'resource') this.#tell(error);
    else if (this.reason === null) void this.#probe(error);
    else this.#noteFailure();
  }

  /** Call it about every second. Resolves when Postgres has been tried. */
  async tick(): Promise<void> {
    this.#outage.remind();
    if (this.reason === null && this.#options.now() - this.#probedAt < ROUTINE_PROBE_MS) return;
    await this.#probe(null);
  }

  #noteFailure(): void {
    this.#lastFailureAt = this.#options.now();
    this.#worksSince = null;
  }

  #tell(error: SyncError): void {
    this.#noteFailure();
    if (outageKind(error) !== 'connection') this.#quietMs = RESOURCE_QUIET_MS;
    const code = codeOf(error);
    const explained = this.#options.explain(code);
    // A server that restarts answers in several ways, one after the other. All mean that it cannot be reached.
    const cause = explained ?? (code === null || UNREACHABLE.test(code) ? 'unreachable' : code);
    this.#outage.failed({ cause, code, reason: explained ?? error.message });
  }

  /** `endedSession` is the error that is told if new connections work. */
  #probe(endedSession: SyncError | null): Promise<void> {
    this.#probedAt = this.#options.now();
    this.#probing ??= this.#tryConnection(endedSession).finally(() => {
      this.#probing = null;
    });
    return this.#probing;
  }

  async #tryConnection(endedSession: SyncError | null): Promise<void> {
    try {
      await this.#options.probe();
    } catch (error) {
      this.#tell(error instanceof SyncError ? error : new SyncError('DATABASE', String(error)));
      return;
    }
    const now = this.#options.now();
    this.#worksSince ??= now;
    if (this.reason === null) {
      if (endedSession !== null) this.#warn('a connection was lost, and new ones work', endedSession);
      return;
    }
    if (now - this.#lastFailureAt < this.#quietMs) return;
    this.#outage.end(this.#worksSince);
    this.#quietMs = 0;
    // Statements that were under way during the outage may still fail.
    this.#warnedAt = now;
  }

  #warn(text: string, error: SyncError): void {
    const now = this.#options.now();
    if (now - this.#warnedAt < WARNING_MS) return;
    this.#warnedAt = now;
    this.#options.log.warn({ code: codeOf(error) }, `${text}: ${error.message}`);
  }
}

function codeOf(error: SyncError): string | null {
  return error instanceof DatabaseError ? error.sqlState : null;
}
