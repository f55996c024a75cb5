import { z } from 'zod';
import { type Database, Prisma, type Transaction } from './database.ts';

const TABLES = ['cases', 'case_revisions', 'case_events', 'status_transitions'];

const explained = z.tuple([
  z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]) }),
]);

/**
 * Has Postgres look at the tables again if its planner takes an account for less than half of what it has, and enough
 * is new for that to help. Autovacuum would, but not before a tenth of all accounts' rows is new: an account of 30,000
 * cases that was added to one of 300,000 was taken for one row, and rolled up by comparing each of its cases with each
 * of its transitions, for minutes. From 3,000 rows of each table, a tenth of the usual: enough to choose an index by, and
 * 0.1 s instead of 1.2 s at the end of a first load.
 */
export async function refreshStatistics(
  database: Database,
  { accountId, cases, created }: { accountId: string; cases: number; created: number },
): Promise<void> {
  await database.transact(async (tx) => {
    if ((await estimatedCases(tx, accountId)) * 2 >= cases) return;
    if ((await casesSinceAnalyze(tx)) + created < cases / 10) return;
    await tx.$queryRaw`select set_config('default_statistics_target', '10', true)`;
    for (const table of TABLES) await tx.$executeRaw`analyze cdd.${Prisma.raw(table)}`;
  });
}

async function estimatedCases(tx: Transaction, accountId: string): Promise<number> {
  const rows = await tx.$queryRaw`explain (format json) select from cdd.cases where account_id = ${accountId}`;
  const [{ 'QUERY PLAN': plan }] = explained.parse(rows);
  return plan[0].Plan['Plan Rows'];
}

/** Behind by a second or more, and therefore without what the run itself has just created. */
async function casesSinceAnalyze(tx: Transaction): Promise<number> {
  const [table] = await tx.$queryRaw<{ modified: number }[]>`
    select n_mod_since_analyze::double precision as modified
    from pg_stat_user_tables
    where relid = 'cdd.cases'::regclass`;
  return table?.modified ?? 0;
}
