import { DatabaseError } from '../postgres/errors.ts';
import { type Database, Prisma } from '../postgres/pool.ts';

/** The tables from which an erasure removes values. */
export const ERASED_TABLES = [
  'cases',
  'case_revisions',
  'event_revisions',
  'event_bodies',
  'case_facts',
  'rejected_items',
].map((name) => `cdd.${name}`);

/** A vacuum of a large table may hold the lock for hours. */
const LOCK_TIMEOUT_MS = 5_000;

/**
 * Makes the planner's statistics of these tables anew, because Postgres keeps frequent values of columns there. If that
 * fails, autovacuum does it some time later, and the erasure is committed all the same.
 */
export async function renewStatistics(database: Database): Promise<void> {
  try {
    await database.transact((tx) => tx.$executeRaw`${Prisma.raw(`analyze ${ERASED_TABLES.join(', ')}`)}`, {
      lockTimeoutMs: LOCK_TIMEOUT_MS,
    });
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
  }
}
