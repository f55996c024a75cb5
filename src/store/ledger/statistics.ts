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

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Makes the planner's statistics of these tables anew: Postgres keeps frequent values of columns there. False if the
 * database's user may not, because it does not own the tables.
 */
export async function renewStatistics(database: Database): Promise<boolean> {
  try {
    await database.$executeRaw`${Prisma.raw(`analyze ${ERASED_TABLES.join(', ')}`)}`;
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.sqlState === INSUFFICIENT_PRIVILEGE) return false;
    throw error;
  }
}
