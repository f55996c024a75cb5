import type { RunRow } from '../../model/run.ts';
import { type Database, Prisma, type Transaction } from '../postgres/pool.ts';

/** The large tables: those that a batch writes. */
const TABLES = ['cases', 'status_transitions', 'case_revisions', 'event_revisions', 'event_bodies'] as const;
type Table = (typeof TABLES)[number];

/** An account with fewer cases is fast with any plan. */
const MANY_CASES = 1000;

/**
 * Analyzes the tables in which the planner expects less than half of the account's cases, unless too few rows are new
 * for that to help. Autovacuum does it too, but only when a tenth of all accounts' rows is new: 30,000 cases of a new
 * account beside 300,000 others were planned as one row, and their roll-up compared every case with every transition,
 * for minutes. A sample of 3,000 rows a table, a tenth of the default, is enough to choose an index: 0.1 s instead of
 * 1.2 s after a first load.
 */
export async function refreshStatistics(
  database: Database,
  { account_id: accountId, cases_seen: cases, cases_created: created }: RunRow,
): Promise<void> {
  if (created === 0 || cases < MANY_CASES) return;
  await database.transact(async (tx) => {
    // The planner keeps the frequency of this many accounts.
    await tx.$queryRaw`
      select set_config('default_statistics_target', least(100, greatest(10, count(*)))::text, true)
      from cdd.accounts`;
    for (const table of TABLES) {
      if ((await estimate(tx, table, accountId)) * 2 >= cases) continue;
      if ((await modifiedSinceAnalyze(tx, table)) + created < cases / 10) continue;
      await tx.$executeRaw`analyze cdd.${Prisma.raw(table)}`;
    }
  });
}

/** The number of the account's rows that the planner expects in a table. */
async function estimate(tx: Transaction, table: Table, accountId: string): Promise<number> {
  const [explained] = await tx.$queryRaw<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>`
    explain (format json) select from cdd.${Prisma.raw(table)} where account_id = ${accountId}`;
  return explained?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

/** Rows changed since the last ANALYZE. Lags by a second or more, so it misses rows of the run that just ended. */
async function modifiedSinceAnalyze(tx: Transaction, name: Table): Promise<number> {
  const [table] = await tx.$queryRaw<{ modified: number }[]>`
    select n_mod_since_analyze::double precision as modified
    from pg_stat_user_tables
    where relid = ${`cdd.${name}`}::regclass`;
  return table?.modified ?? 0;
}
