import type { App } from '../app.ts';
import { SyncError } from '../model/sync-error.ts';
import { pendingMigrations } from '../store/migrate/migrate.ts';
import { checkServer } from '../store/postgres/server-check.ts';
import { withTimeout } from './timeout.ts';

/** One check of /readyz. The message is public: no connection string, nothing of a case. */
export type ReadinessCheck = { name: string; ok: boolean; message: string };

const CHECK_TIMEOUT_MS = 1_500;
/** Time until a current schema is checked again: the check opens connections of its own, and a schema rarely changes. */
const SCHEMA_CACHE_MS = 60_000;

type ReadinessOptions = {
  /** The signal that stops the worker. */
  signal: AbortSignal;
  /** Why Postgres cannot be used, as far as the worker has noticed; null while it can. */
  databaseProblem: () => string | null;
  /** Why jobs do not start, or cannot record their runs; null while they can. */
  jobsProblem: () => string | null;
};

/** The checks behind /readyz: database, schema, jobs and scheduler. */
export class Readiness {
  readonly #app: Pick<App, 'url' | 'database'>;
  readonly #options: ReadinessOptions;
  #schemaValidUntil = 0;
  #schemaCheck: Promise<void> | null = null;

  constructor(app: Pick<App, 'url' | 'database'>, options: ReadinessOptions) {
    this.#app = app;
    this.#options = options;
  }

  /** Runs all checks. Never rejects: a failed check is a result. */
  check(): Promise<ReadinessCheck[]> {
    const { signal, databaseProblem, jobsProblem } = this.#options;
    return Promise.all([
      resultOf('database', () => {
        // A read-only server, or one without free connections, may still answer this check.
        throwProblem(databaseProblem());
        return checkServer(this.#app.database);
      }),
      resultOf('schema', () => this.#checkSchema()),
      resultOf('jobs', async () => {
        throwProblem(jobsProblem());
        return 'record their runs';
      }),
      resultOf('scheduler', async () => {
        if (signal.aborted) throw new SyncError('CANCELLED', 'stopping');
        return 'running';
      }),
    ]);
  }

  /** Concurrent requests share one query. */
  async #checkSchema(): Promise<string> {
    if (performance.now() > this.#schemaValidUntil) {
      this.#schemaCheck ??= this.#querySchema().finally(() => {
        this.#schemaCheck = null;
      });
      await this.#schemaCheck;
    }
    return 'current';
  }

  async #querySchema(): Promise<void> {
    const pending = await pendingMigrations(this.#app.url);
    if (pending.length > 0) {
      throw new SyncError('DATABASE', `older than the program; migrations and definitions to apply: ${pending.length}`);
    }
    this.#schemaValidUntil = performance.now() + SCHEMA_CACHE_MS;
  }
}

function throwProblem(problem: string | null): void {
  if (problem !== null) throw new SyncError('DATABASE', problem);
}

async function resultOf(name: string, check: () => Promise<string>): Promise<ReadinessCheck> {
  try {
    return { name, ok: true, message: await withTimeout(CHECK_TIMEOUT_MS, check) };
  } catch (error) {
    return { name, ok: false, message: error instanceof SyncError ? error.message : 'failed, or no answer in time' };
  }
}
