import type { Database } from '../../src/store/postgres/pool.ts';

/** Counts the sessions of this database that wait for a lock. */
export async function countLockWaits(database: Database): Promise<number> {
  const [row] = await database.$queryRaw<{ sessions: number }[]>`
    select count(*)::integer as sessions
    from pg_stat_activity
    where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;
  return row?.sessions ?? Number.NaN;
}
