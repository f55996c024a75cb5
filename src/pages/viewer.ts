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

/**
 * Reads in one transaction with the viewer's rights: all numbers of a page are of one moment, days are those of the
 * configured zone.
 */
export function readAs<T>(
  database: Database,
  { role, timezone }: Pick<Viewer, 'role'> & { timezone: string },
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  // The same memory as grant-reader gives: with the default, sorts of large views go to disk.
  const settings = { timezone, statement_timeout: String(STATEMENT_TIMEOUT_MS), work_mem: '64MB' };
  return database.transact(work, { isReadOnly: true, settings, role });
}
