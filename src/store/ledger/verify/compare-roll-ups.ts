import { DatabaseError } from '../../postgres/errors.ts';
import { type Database, Prisma, type Transaction } from '../../postgres/pool.ts';

/** A row of a roll-up that differs from what the history gives: its table, and its key as text. */
export type RollUpDifference = { table: string; row: string };

type RollUpRow = RollUpDifference & { content: string };

/** Insufficient privilege, and a transaction on a replica. */
const MAY_NOT_WRITE = ['42501', '25006'];

/**
 * Computes the roll-ups of an account again, compares, and takes everything back. Null if the role may not write, or the
 * server is a replica. A worker that updates the same roll-ups waits meanwhile.
 */
export async function compareRollUps(database: Database, accountId: string): Promise<RollUpDifference[] | null> {
  try {
    return await database.transact((tx) => compare(tx, accountId));
  } catch (error) {
    if (error instanceof DatabaseError && MAY_NOT_WRITE.includes(error.sqlState ?? '')) return null;
    throw error;
  }
}

async function compare(tx: Transaction, accountId: string): Promise<RollUpDifference[]> {
  await tx.$executeRaw`savepoint roll_ups`;
  // Changes that wait for the end of a run are no difference.
  await tx.$queryRaw`select cdd.roll_up(${accountId})::text`;
  const kept = await tx.$queryRaw<RollUpRow[]>(rollUpRows(accountId));
  await tx.$queryRaw`select cdd.rebuild_roll_ups(${accountId})::text`;
  const computed = await tx.$queryRaw<RollUpRow[]>(rollUpRows(accountId));
  await tx.$executeRaw`rollback to savepoint roll_ups`;
  const contentOf = (rows: RollUpRow[]) => new Map(rows.map((one) => [JSON.stringify([one.table, one.row]), one]));
  const [before, after] = [contentOf(kept), contentOf(computed)];
  const differs = (key: string) => before.get(key)?.content !== after.get(key)?.content;
  return [...new Map([...before, ...after])]
    .filter(([key]) => differs(key))
    .map(([, { table, row }]) => ({ table, row }));
}

/**
 * The rows of all roll-ups. Percentiles of transition_pairs are left out: for a large account they are computed once an
 * hour. Rows of a month of funnel_months that are not summed up yet are one row here.
 */
function rollUpRows(accountId: string): Prisma.Sql {
  return Prisma.sql`
    select 'backlog_days' as table, status || ', ' || day as row, (to_jsonb(rolled))::text as content
    from cdd.backlog_days as rolled
    where account_id = ${accountId}
    union all
    select 'flow_days', day::text, to_jsonb(rolled)::text
    from cdd.flow_days as rolled
    where account_id = ${accountId}
    union all
    select
      'funnel_months',
      month::text,
      jsonb_build_array(
        sum(opened), sum(reached_declaration), sum(reached_signature), sum(reached_review), sum(decided), sum(approved),
        sum(declined), sum(still_open), sum(decided_within_24h)
      )::text
    from cdd.funnel_months
    where account_id = ${accountId}
    group by month
    union all
    select 'decision_months', month || ', ' || route, to_jsonb(rolled)::text
    from cdd.decision_months as rolled
    where account_id = ${accountId}
    union all
    select
      'transition_pairs',
      from_status || ' to ' || to_status || case when is_first then ', first' else '' end,
      transitions::text
    from cdd.transition_pairs
    where account_id = ${accountId}`;
}
