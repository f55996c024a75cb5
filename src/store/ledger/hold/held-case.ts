import type { CaseKey } from '../../../model/case-key.ts';
import type { Database } from '../../postgres/pool.ts';

/** Facts for the output of `hold` and `release`. */
export type HeldCase = {
  /** Its state in reporting.retention. */
  state: string;
  keepUntil: Date | null;
  /** Other accounts that have the case in their lists, without a hold. */
  unheldAccounts: string[];
};

/** Reads the state of a case, and which accounts have it too. */
export async function readHeldCase(database: Database, { accountId, caseId }: CaseKey): Promise<HeldCase> {
  const rows = await database.$queryRaw<{ accountId: string; state: string; keepUntil: Date | null }[]>`
    select account_id as "accountId", state, keep_until as "keepUntil"
    from cdd.case_retention
    where case_id = ${caseId}::uuid
    order by account_id`;
  const own = rows.find((row) => row.accountId === accountId);
  return {
    state: own?.state ?? 'active',
    keepUntil: own?.keepUntil ?? null,
    unheldAccounts: rows
      .filter((row) => row.accountId !== accountId && row.state !== 'held' && row.state !== 'erased')
      .map((row) => row.accountId),
  };
}
