import type { Database } from '../../postgres/pool.ts';
import { caseColumns } from './case-columns.ts';
import { caseRanges, RANGE_SETTINGS } from './case-ranges.ts';

/** A case, and the columns of its row in cdd.cases that its history does not give. */
export type WrongColumns = { caseId: string; columns: string[] };

/** For verify --api: all such cases of an account, some thousand cases at a time. Reads only. */
export async function findWrongColumns(
  database: Database,
  accountId: string,
  take: (wrong: readonly WrongColumns[]) => void,
): Promise<void> {
  await database.transact(
    async (tx) => {
      for await (const range of caseRanges(tx, accountId)) {
        take(
          await tx.$queryRaw<WrongColumns[]>`
            select case_id::text as "caseId", string_to_array(difference, ', ') as columns
            from (${caseColumns(range)}) as broken (table_name, case_id, difference, recorded_at, run_id, problem)
            order by case_id`,
        );
      }
    },
    { isReadOnly: true, settings: RANGE_SETTINGS },
  );
}
