import { type Database, Prisma } from './database.ts';

const TABLES = ['cases', 'case_revisions', 'case_events', 'status_transitions'];

/**
 * Has Postgres look again at tables of which more than a tenth is new to its planner. Autovacuum would, but later than
 * the next run: until then a batch of changes reads whole tables, which was measured to take a hundred times as long.
 */
export async function refreshStatistics(database: Database): Promise<void> {
  const stale = await database.$queryRaw<{ name: string }[]>`
    select relname::text as name
    from pg_stat_user_tables
    where schemaname = 'cdd'
      and relname = any(${TABLES}::text[])
      and n_mod_since_analyze > 1000
      and n_mod_since_analyze > 0.1 * n_live_tup`;
  for (const name of TABLES) {
    if (stale.some((table) => table.name === name)) await database.$executeRaw`analyze cdd.${Prisma.raw(name)}`;
  }
}
