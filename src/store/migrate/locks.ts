// A migration needs exclusive locks on tables and views, so one open transaction of a reader stops it, and the queries of
// all other readers queue behind it. So a lock is tried for a few seconds at a time, and the sessions in the way are named.
import { setTimeout as delay } from 'node:timers/promises';
import { visibleLine } from '../../model/visible-text.ts';
import { DatabaseError } from '../postgres/errors.ts';
import type { Database } from '../postgres/pool.ts';
import { SET_UP_TRANSACTION } from '../postgres/session.ts';
import { schemaSql } from './definitions.ts';
import { SCHEMA, SCHEMA_COMMENT } from './history.ts';
import { APPLICATION } from './transaction.ts';

/** Longer than any other migration should take. */
export const PATIENCE_MS = 120_000;
const LOCK_TIMEOUT_MS = 5_000;

/** Lets the queries run that queued behind the migration. */
const PAUSE_MS = 1_000;
const WATCH_MS = 1_000;

/**
 * SQL that starts the transaction and, if it changes something, takes the lock of a migration. Setting the comment of a
 * schema locks the schema until the transaction ends, and only its owner can hold that lock. Rejected: an advisory lock,
 * which any login can hold for ever; a row or a table, which does not exist yet.
 */
export function beginSql({ isChanging }: { isChanging: boolean }): string {
  const settings = `
    ${SET_UP_TRANSACTION};
    set local search_path to ${SCHEMA};
    set local lock_timeout to ${PATIENCE_MS};
    set local statement_timeout to 0;
    -- Long enough for the engine's own work between two statements.
    set local idle_in_transaction_session_timeout to '2min';`;
  if (!isChanging) return settings;
  return `${settings}
    do $$
    begin
      ${schemaSql(SCHEMA)}
    exception
      -- Another migration made it meanwhile, and has ended.
      when unique_violation or duplicate_schema then null;
    end
    $$;
    comment on schema ${SCHEMA} is '${SCHEMA_COMMENT}';
    set local lock_timeout to ${LOCK_TIMEOUT_MS};`;
}

type Patience = {
  /** A connection beside the migration's. */
  database: Database;
  server: string;
  /** No new attempt after this. */
  patienceMs: number;
  /** Told when the migration waits for a session, once a session. */
  onWait: (text: string) => void;
};

/**
 * Repeats `work`, a transaction, as long as it fails because other sessions hold its locks.
 * @throws SyncError DATABASE that names these sessions when the patience is over; and every other error of `work`.
 */
export async function whileLocked<T>({ database, server, patienceMs, onWait }: Patience, work: () => Promise<T>) {
  const watch = watchBlockers(database, onWait);
  const giveUpAt = performance.now() + patienceMs;
  try {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isLocked(error)) throw error;
        if (performance.now() > giveUpAt) throw lockedError(server, watch.last());
        await delay(PAUSE_MS);
      }
    }
  } finally {
    await watch.stop();
  }
}

/** A lock timeout; or a deadlock, which a running batch may cause. */
function isLocked(error: unknown): boolean {
  return error instanceof DatabaseError && /^(55P03|40P01)$/.test(error.sqlState ?? '');
}

type Blocker = { pid: number; role: string | null; application: string; state: string | null; minutes: number | null };

function lockedError(server: string, blockers: readonly Blocker[]): DatabaseError {
  const [first] = blockers;
  const mend =
    first === undefined
      ? 'pg_stat_activity shows the sessions'
      : `wait for its end, or end it with: select pg_terminate_backend(${first.pid})`;
  const holders = blockers.map(describe).join(', ') || 'another session';
  const message = `${server}: the migration cannot get a lock, and nothing was changed. ${holders} holds it; ${mend}. Then run it again.`;
  return new DatabaseError(message, { sqlState: '55P03', retryable: true });
}

/** Asks once a second for the sessions that a migration waits for. */
function watchBlockers(database: Database, onWait: (text: string) => void) {
  let last: Blocker[] = [];
  const told = new Set<number>();
  const abort = new AbortController();
  const watch = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      await delay(WATCH_MS, undefined, { signal: abort.signal });
      const blockers = await findBlockers(database);
      if (blockers.length > 0) last = blockers;
      for (const blocker of blockers.filter(({ pid }) => !told.has(pid))) {
        told.add(blocker.pid);
        onWait(`the migration waits for a lock of ${describe(blocker)}; queries of reports may wait for it meanwhile`);
      }
    }
  };
  // Ends with the signal, or with an error of the database, which the migration itself reports.
  const ended = watch().catch(() => {});
  return {
    last: (): readonly Blocker[] => last,
    async stop(): Promise<void> {
      abort.abort();
      await ended;
    },
  };
}

async function findBlockers(database: Database): Promise<Blocker[]> {
  return database.$queryRaw<Blocker[]>`
    select distinct
      blocker.pid,
      blocker.usename::text as role,
      blocker.application_name as application,
      blocker.state,
      floor(extract(epoch from now() - blocker.xact_start) / 60)::integer as minutes
    from pg_catalog.pg_stat_activity as migration
    cross join unnest(pg_catalog.pg_blocking_pids(migration.pid)) as blocking (pid)
    join pg_catalog.pg_stat_activity as blocker on blocker.pid = blocking.pid
    where migration.application_name = ${APPLICATION}
      and migration.datname = current_database()
      and migration.usename = current_user
    order by blocker.pid`;
}

/** The state and age of a foreign session are null without pg_read_all_stats. */
function describe({ pid, role, application, state, minutes }: Blocker): string {
  const name = application === '' ? '' : ` (${visibleLine(application)})`;
  const age = minutes === null ? '' : `, in a transaction for ${minutes} min`;
  return `session ${pid} of role ${visibleLine(role ?? 'unknown')}${name}${state === null ? '' : `, ${state}`}${age}`;
}
