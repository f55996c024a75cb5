import type { Database, Transaction } from '../store/postgres/pool.ts';
import { onlyRow } from '../store/postgres/query.ts';

/** The reader of a page. */
export type Viewer = {
  /** Null without configured viewers. */
  name: string | null;
  /** The database role of the page's transaction: its grants limit accounts and names. Null = the worker's own role. */
  role: string | null;
};

/** After ten seconds, most readers have gone. */
const STATEMENT_TIMEOUT_MS = 10_000;

/** Of a file: all of a million cases must be ordered before its first row. */
export const FILE_STATEMENT_TIMEOUT_MS = 60_000;

/** Beyond the limit of a statement, before its server counts as vanished. */
const VANISHED_MS = 5_000;

/**
 * A pool of the pages alone, so that slow pages do not take connections from runs. A reader is told after five seconds
 * that no connection could be made, and after fifteen that the server vanished during a statement.
 */
export const PAGE_POOL = {
  connections: 4,
  applicationName: 'cdd-sync pages',
  waitMs: 5_000,
  answerMs: STATEMENT_TIMEOUT_MS + VANISHED_MS,
};

/** A page's way to the database. */
export type Reading = {
  tx: Transaction;
  /**
   * Runs two reads on the snapshot of `tx`: in parallel if another connection is free, else one after the other. Waiting
   * for a connection could be a deadlock of several pages.
   */
  atOnce: <One, Other>(one: Work<One>, other: Work<Other>) => Promise<[One, Other]>;
};

type Work<T> = (tx: Transaction) => Promise<T>;

type ReadOptions = Pick<Viewer, 'role'> & { timezone: string; limitMs?: number; signal?: AbortSignal };

/**
 * Reads in one read-only transaction with the viewer's rights, so that all numbers of a page are of one moment. Days are
 * those of the configured time zone. `limitMs` is for each statement.
 */
export function readAs<T>(
  database: Database,
  { role, timezone, limitMs = STATEMENT_TIMEOUT_MS, signal }: ReadOptions,
  work: (tx: Transaction, atOnce: Reading['atOnce']) => Promise<T>,
): Promise<T> {
  // The same work_mem as grant-reader sets: with the default, sorts of large views go to disk.
  const settings = { timezone, statement_timeout: String(limitMs), work_mem: '64MB' };
  const options = { isReadOnly: true, settings, role, answerMs: limitMs + VANISHED_MS, ...(signal && { signal }) };
  return database.transact((tx) => {
    const atOnce: Reading['atOnce'] = async (one, other) => {
      const snapshot = await exportSnapshot(tx);
      if (!database.hasFreeConnection()) return [await one(tx), await other(tx)];
      const works = [database.transact(one, { ...options, snapshot }), other(tx)] as const;
      // Waits for both even if one fails: no statement may still run when its transaction ends.
      await Promise.allSettled(works);
      return Promise.all(works);
    };
    return work(tx, atOnce);
  }, options);
}

async function exportSnapshot(tx: Transaction): Promise<string> {
  return onlyRow(await tx.$queryRaw<{ snapshot: string }[]>`select pg_export_snapshot() as snapshot`).snapshot;
}
