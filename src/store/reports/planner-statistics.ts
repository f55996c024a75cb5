import { z } from 'zod';
import type { RunRow } from '../../model/run.ts';
import { type Database, Prisma, type Transaction } from '../postgres/pool.ts';

type Table = 'cases' | 'status_transitions' | 'case_revisions' | 'event_revisions' | 'event_bodies';

/** What roll-ups read. */
export const ROLLED_UP: Table[] = ['cases', 'status_transitions'];
/** What only batches look into. */
export const LOOKED_INTO: Table[] = ['case_revisions', 'event_revisions', 'event_bodies'];

/** With fewer, no way to look for them takes long. */
const MANY_CASES = 1000;

const explained = z.tuple([
  z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]) }),
]);

/**
 * Has Postgres look at these tables again if its planner takes an account for less than half of what it has, and enough
 * is new for that to help. Autovacuum would, but not before a tenth of all accounts' rows is new: an account of 30,000
 * cases that was added to one of 300,000 was taken for one row, and rolled up by comparing each of its cases with each
 * of its transitions, for minutes. From 3,000 rows of each table, unless there are many accounts, a tenth of the
 * usual: enough to choose an index by, and 0.1 s instead of 1.2 s at the end of a first load.
 */
export async function refreshStatistics(
  database: Database,
  tables: Table[],
  { account_id: accountId, cases_seen: cases, cases_created: created }: RunRow,
): Promise<void> {
  if (created === 0 || cases < MANY_CASES) return;
  await database.transact(async (tx) => {
    // So many accounts it remembers one by one.
    await tx.$queryRaw`
      select set_config('default_statistics_target', least(100, greatest(10, count(*)))::text, true)
      from cdd.accounts`;
    for (const table of tables) {
      if ((await estimate(tx, table, accountId)) * 2 >= cases) continue;
      if ((await modifiedSinceAnalyze(tx, table)) + created < cases / 10) continue;
      await tx.$executeRaw`analyze cdd.${Prisma.raw(table)}`;
    }
  });
}

/** For how many rows the planner takes what the account has in a table. */
async function estimate(tx: Transaction, table: Table, accountId: string): Promise<number> {
  const rows = await tx.$queryRaw`
    explain (format json) select from cdd.${Prisma.raw(table)} where account_id = ${accountId}`;
  const [{ 'QUERY PLAN': plan }] = explained.parse(rows);
  return plan[0].Plan['Plan Rows'];
}

/** Behind by a second or more, and therefore without what the run itself has just created. */
async function modifiedSinceAnalyze(tx: Transaction, of: Table): Promise<number> {
  const [table] = await tx.$queryRaw<{ modified: number }[]>`
    select n_mod_since_analyze::double precision as modified
    from pg_stat_user_tables
    where relid = ${`cdd.${of}`}::regclass`;
  return table?.modified ?? 0;
}
