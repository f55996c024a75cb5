import type { Transaction } from '../../postgres/pool.ts';
import type { CaseRange } from './history-tables.ts';

/** Cases that one statement compares: some megabytes of digests. */
const CASES_AT_ONCE = 5_000;

/** A range is some megabytes. With old statistics, Postgres would read whole tables for each range. */
export const RANGE_SETTINGS = { work_mem: '64MB', enable_seqscan: 'off' };

/** The number of an account's cases. */
export async function countCases(tx: Transaction, accountId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ cases: number }[]>`
    select count(*)::integer as cases from cdd.cases where account_id = ${accountId}`;
  return row?.cases ?? 0;
}

/** Ranges that hold every uuid, also ids that are in no row of cdd.cases. `cases`: about how many are before its end. */
export async function* caseRanges(
  tx: Transaction,
  accountId: string,
): AsyncGenerator<CaseRange & { cases: number }, void> {
  let after: string | null = null;
  for (let cases = CASES_AT_ONCE; ; cases += CASES_AT_ONCE) {
    const rows: { id: string }[] = await tx.$queryRaw`
      select id::text
      from cdd.cases
      where account_id = ${accountId} and (${after}::uuid is null or id > ${after}::uuid)
      order by id
      offset ${CASES_AT_ONCE - 1}
      limit 1`;
    const upTo = rows[0]?.id ?? null;
    yield { accountId, after, upTo, cases };
    if (upTo === null) return;
    after = upTo;
  }
}
