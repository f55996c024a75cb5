import { pageError } from './errors.ts';

/** The log of the pages. */
export type PagesLog = Record<'warn' | 'error' | 'debug', (details: object, words: string) => void>;

/** An error is logged once in this time: an open page fails again every 15 s. */
const REPEAT_MS = 3_600_000;
/** More kinds of errors than pages can have. */
const MOST_KINDS = 1000;

/** Logs why pages could not be shown: each kind of error once an hour. */
export class ErrorLog {
  readonly #log: PagesLog;
  readonly #now: () => number;
  readonly #loggedAt = new Map<string, number>();

  constructor(log: PagesLog, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  /** `page` is the path of the route; `viewer` is null for a person at this machine. `kind` is what the reader was told. */
  note(error: unknown, { page, viewer }: { page: string; viewer: string | null }, { kind } = pageError(error)): void {
    // The worker logs an outage, once.
    if (kind === 'away') {
      this.#log.debug({ err: error, page }, LINES.broken);
      return;
    }
    const key = `${kind} ${viewer} ${page} ${error instanceof Error ? error.message.slice(0, 200) : ''}`;
    const last = this.#loggedAt.get(key);
    if (last !== undefined && this.#now() - last < REPEAT_MS) return;
    if (this.#loggedAt.size >= MOST_KINDS) this.#loggedAt.clear();
    this.#loggedAt.set(key, this.#now());
    this.#log[kind === 'broken' ? 'error' : 'warn']({ err: error, page, viewer }, LINES[kind]);
  }
}

const LINES = {
  broken: 'a page could not be shown',
  busy: 'a page could not be shown, because all connections for pages were in use; statements of "cdd-sync pages" in pg_stat_activity show which pages take long',
  slow: 'a page took too long; its viewer was told to choose less',
  forbidden: 'a page could not be shown, because the role of its viewer may not read it',
  old: 'a page could not be shown, because the database is not of this version; run cdd-sync migrate',
  missing: 'a page was not found',
  wrong: 'an address of a page could not be read',
} as const;
