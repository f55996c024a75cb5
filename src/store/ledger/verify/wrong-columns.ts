import { DatabaseError, databaseError } from '../../postgres/errors.ts';
import { exactTime } from '../../postgres/exact-time.ts';
import type { Database, Transaction } from '../../postgres/pool.ts';
import { caseColumns } from './case-columns.ts';
import { caseRanges, RANGE_SETTINGS } from './case-ranges.ts';
import { type CaseRange, inRange } from './history-tables.ts';

/** A case, and the columns of its row in cdd.cases that its history does not give. */
export type WrongColumns = { caseId: string; columns: string; recordedAt: string | null; runId: string | null };

/** In place of columns, of a document with a value that none can have. A run stores none: readable leaves them out. */
const UNREADABLE = 'a value of the document';

/** Such cases of a range. A hand may have written a document of which no columns can be made: its case is found by halving. */
export async function wrongColumnsOf(tx: Transaction, range: CaseRange): Promise<WrongColumns[]> {
  await tx.$executeRaw`savepoint wrong_columns`;
  try {
    return await tx.$queryRaw<WrongColumns[]>`
      select
        case_id::text as "caseId",
        difference as columns,
        ${exactTime('recorded_at')} as "recordedAt",
        run_id::text as "runId"
      from (${caseColumns(range)}) as broken (table_name, case_id, difference, recorded_at, run_id, problem)
      order by recorded_at nulls last, case_id`;
  } catch (error) {
    if (!isOfValue(error)) throw error;
  }
  await tx.$executeRaw`rollback to savepoint wrong_columns`;
  const ids = await tx.$queryRaw<{ id: string }[]>`
    select distinct case_id::text as id
    from cdd.case_revisions as stored
    where ${inRange(range, 'stored')}
    order by 1`;
  const middle = ids[Math.floor((ids.length - 1) / 2)]?.id;
  if (middle === undefined) return [];
  if (ids.length === 1) return [{ caseId: middle, columns: UNREADABLE, recordedAt: null, runId: null }];
  const first = await wrongColumnsOf(tx, { ...range, upTo: middle });
  return [...first, ...(await wrongColumnsOf(tx, { ...range, after: middle }))];
}

/** SQLSTATE class 22, data exception: a value that a type does not take. */
function isOfValue(error: unknown): boolean {
  const known = databaseError(error, 'Postgres');
  return known instanceof DatabaseError && known.sqlState?.startsWith('22') === true;
}

/** For verify --api: all such cases of an account, some thousand cases at a time. Reads only. */
export async function findWrongColumns(
  database: Database,
  accountId: string,
  take: (wrong: readonly WrongColumns[]) => void,
): Promise<void> {
  await database.transact(
    async (tx) => {
      for await (const range of caseRanges(tx, accountId)) take(await wrongColumnsOf(tx, range));
    },
    { isReadOnly: true, settings: RANGE_SETTINGS },
  );
}
