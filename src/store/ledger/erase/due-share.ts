import type { Database } from '../../postgres/pool.ts';
import { onlyRow } from '../../postgres/query.ts';

/** How many cases of an account are due to be erased, of how many. */
export async function dueShare(database: Database, accountId: string): Promise<{ due: number; cases: number }> {
  return onlyRow(
    await database.$queryRaw<{ due: number; cases: number }[]>`
      select
        (
          select count(*)::integer
          from reporting.retention
          where account_id = ${accountId} and state = 'due'
        ) as due,
        (select count(*)::integer from cdd.cases where account_id = ${accountId}) as cases`,
  );
}
