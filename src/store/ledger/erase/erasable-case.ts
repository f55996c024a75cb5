import type { CaseKey } from '../../../model/case-key.ts';
import type { Transaction } from '../../postgres/pool.ts';
import { currentHold, type Hold } from '../hold/holds.ts';

/** The facts that decide whether a case may be erased. Times are as Postgres writes them. */
export type ErasableCase = {
  /** When it was erased; null = it was not. */
  erasedAt: string | null;
  hold: Hold | null;
  /** Whether it has ended, so that the time to keep it has begun. */
  hasEnded: boolean;
  /** Until when it must be kept; null = for ever, or it has not ended. */
  keptUntil: string | null;
  /** Whether that time is over by both clocks, the database's and this machine's. */
  isOver: boolean;
  /** Other accounts that have the case in their lists, and have not erased it. */
  otherAccounts: string[];
  /** Those of them that hold it. */
  holdingAccounts: string[];
};

/** The case's row must be locked, so that the case is not held meanwhile. Null if there is no such case. */
export async function readErasableCase(
  tx: Transaction,
  { accountId, caseId }: CaseKey,
  machineTime: Date,
): Promise<ErasableCase | null> {
  const [row] = await tx.$queryRaw<{ erasedAt: string | null }[]>`
    select erased_at::text as "erasedAt"
    from cdd.cases
    where account_id = ${accountId} and id = ${caseId}::uuid`;
  if (row === undefined) return null;
  const hold = await currentHold(tx, { accountId, caseId });
  const [kept] = await tx.$queryRaw<{ hasEnded: boolean; keptUntil: string | null; isOver: boolean }[]>`
    select
      state <> 'active' as "hasEnded",
      keep_until::text as "keptUntil",
      coalesce(keep_until <= least(now(), ${machineTime.toISOString()}::timestamptz), false) as "isOver"
    from reporting.retention
    where account_id = ${accountId} and case_id = ${caseId}::uuid`;
  const others = await tx.$queryRaw<{ id: string; isHeld: boolean }[]>`
    select
      other_case.account_id as id,
      exists (
        select
        from cdd.legal_holds as hold
        where hold.account_id = other_case.account_id
          and hold.case_id = other_case.id
          and hold.released_at is null
      ) as "isHeld"
    from cdd.cases as other_case
    where other_case.id = ${caseId}::uuid and other_case.account_id <> ${accountId} and other_case.erased_at is null
    order by other_case.account_id`;
  return {
    ...row,
    hold,
    hasEnded: kept?.hasEnded ?? false,
    keptUntil: kept?.keptUntil ?? null,
    isOver: kept?.isOver ?? false,
    otherAccounts: others.map(({ id }) => id),
    holdingAccounts: others.filter(({ isHeld }) => isHeld).map(({ id }) => id),
  };
}
