import type { Database, Transaction } from '../store/postgres/pool.ts';

/** The reader of a page. */
export type Viewer = {
  /** Null without configured viewers. */
  name: string | null;
  /** The database role that pages are read as: its grants limit accounts and names. Null = the worker's own. */
  role: string | null;
};

/** A page that takes longer is broken, and its reader has gone. */
const STATEMENT_TIMEOUT_MS = 10_000;

/**
 * The pages' own pool: slow pages must not take the connections of runs. Where a firewall swallows the connection, a
 * reader learns it after five seconds; where the server vanishes under a statement, after fifteen.
 */
export const PAGE_POOL = {
  connections: 4,
  applicationName: 'cdd-sync pages',
  waitMs: 5_000,
  answerMs: STATEMENT_TIMEOUT_MS + 5_000,
};

/** How a page reads. */
export type Reading = {
  tx: Transaction;
  /**
   * Does two works that see the same as `tx`, at the same time if another connection is free, else one after the other: to
   * wait for a connection could end with all pages waiting for each other.
   */
  atOnce: <One, Other>(one: Work<One>, other: Work<Other>) => Promise<[One, Other]>;
};

type Work<T> = (tx: Transaction) => Promise<T>;

/**
 * Reads in one transaction with the viewer's rights: all numbers of a page are of one moment, days are those of the
 * configured zone.
 */
export function readAs<T>(
  database: Database,
  { role, timezone }: Pick<Viewer, 'role'> & { timezone: string },
  work: (tx: Transaction, atOnce: Reading['atOnce']) => Promise<T>,
): Promise<T> {
  // The same memory as grant-reader gives: with the default, sorts of large views go to disk.
  const settings = { timezone, statement_timeout: String(STATEMENT_TIMEOUT_MS), work_mem: '64MB' };
  const options = { isReadOnly: true, settings, role };
  return database.transact((tx) => {
    const atOnce: Reading['atOnce'] = async (one, other) => {
      const snapshot = await exportSnapshot(tx);
      if (!database.hasFreeConnection()) return [await one(tx), await other(tx)];
      const works = [database.transact(one, { ...options, snapshot }), other(tx)] as const;
      // If one fails, the other ends nevertheless: no statement may still run when its transaction ends.
      await Promise.allSettled(works);
      return Promise.all(works);
    };
    return work(tx, atOnce);
  }, options);
}

async function exportSnapshot(tx: Transaction): Promise<string> {
  const [row] = await tx.$queryRaw<{ snapshot: string }[]>`select pg_export_snapshot() as snapshot`;
  if (row === undefined) throw new TypeError('pg_export_snapshot returned no row');
  return row.snapshot;
}
