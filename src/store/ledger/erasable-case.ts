import type { Transaction } from '../postgres/pool.ts';

export type CaseKey = { accountId: string; caseId: string };

/** The facts that decide whether a case may be erased. Times are as Postgres writes them. */
export type ErasableCase = {
  /** When it was erased; null = it was not. */
  erasedAt: string | null;
  hold: { heldAt: Date; reason: string; heldBy: string } | null;
  /** Whether it has ended, so that the time to keep it has begun. */
  hasEnded: boolean;
  /** Until when it must be kept; null = for ever, or it has not ended. */
  keptUntil: string | null;
  /** Whether that time is over by both clocks, the database's and this machine's. */
  isOver: boolean;
  /** Other accounts that have the case in their lists, and have not erased it. */
  otherAccounts: string[];
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
  const [hold = null] = await tx.$queryRaw<NonNullable<ErasableCase['hold']>[]>`
    select held_at as "heldAt", reason, coalesce(held_by, held_role) as "heldBy"
    from cdd.legal_holds
    where account_id = ${accountId} and case_id = ${caseId}::uuid and released_at is null`;
  const [kept] = await tx.$queryRaw<{ hasEnded: boolean; keptUntil: string | null; isOver: boolean }[]>`
    select
      state <> 'active' as "hasEnded",
      keep_until::text as "keptUntil",
      coalesce(keep_until <= least(now(), ${machineTime.toISOString()}::timestamptz), false) as "isOver"
    from reporting.retention
    where account_id = ${accountId} and case_id = ${caseId}::uuid`;
  const others = await tx.$queryRaw<{ id: string }[]>`
    select account_id as id
    from cdd.cases
    where id = ${caseId}::uuid and account_id <> ${accountId} and erased_at is null
    order by account_id`;
  return {
    ...row,
    hold,
    hasEnded: kept?.hasEnded ?? false,
    keptUntil: kept?.keptUntil ?? null,
    isOver: kept?.isOver ?? false,
    otherAccounts: others.map(({ id }) => id),
  };
}
