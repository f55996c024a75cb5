import { type Database, Prisma } from '../../postgres/pool.ts';
import { onlyRow } from '../../postgres/query.ts';

/** A case that is due to be erased. */
export type DueCase = { caseId: string; endedAt: Date; keepUntil: Date };

/**
 * The cases of an account that are due to be erased and not held, the longest overdue first. A case is due only
 * if the clocks of the database and of this machine (`machineTime`) agree on it: a wrong clock must not erase years of cases.
 */
export async function dueCases(
  database: Database,
  accountId: string,
  limit: number,
  machineTime = new Date(),
): Promise<DueCase[]> {
  return database.$queryRaw<DueCase[]>`
    select case_id::text as "caseId", ended_at as "endedAt", keep_until as "keepUntil"
    ${fromDue(accountId, machineTime)}
    order by keep_until, case_id
    limit ${limit}`;
}

/** How many cases `dueCases` would give without a limit. */
export async function countDueCases(database: Database, accountId: string): Promise<number> {
  const rows = await database.$queryRaw<{ cases: number }[]>`
    select count(*)::integer as cases
    ${fromDue(accountId, new Date())}`;
  return onlyRow(rows).cases;
}

const fromDue = (accountId: string, machineTime: Date) => Prisma.sql`
    from cdd.case_retention
    where account_id = ${accountId}
      and state = 'due'
      and keep_until <= ${machineTime.toISOString()}::timestamptz`;
