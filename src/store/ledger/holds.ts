// Legal holds of cases. Rows of cdd.legal_holds are only added, or closed by their release.
import type { Database, Transaction } from '../postgres/pool.ts';

/** A case in an account's list. */
type CaseKey = { accountId: string; caseId: string };

/** A legal hold that is or was in force. */
type Hold = { heldAt: Date; reason: string; heldBy: string };

type Step = CaseKey & {
  reason: string;
  /** Login name of the user; null = the machine has none. */
  by: string | null;
};

export type HoldOutcome =
  | { kind: 'held' | 'heldAlready'; hold: Hold }
  | { kind: 'erased'; erasedAt: Date }
  | { kind: 'unknown' };

type ReleaseOutcome = { kind: 'released'; hold: Hold } | { kind: 'notHeld' } | { kind: 'unknown' };

/** Puts a case under legal hold. A case that is held already keeps its hold; one that is erased gets none. */
export async function holdCase(database: Database, step: Step): Promise<HoldOutcome> {
  return database.transact(async (tx) => {
    const row = await lockCase(tx, step);
    if (row === null) return { kind: 'unknown' };
    if (row.erasedAt !== null) return { kind: 'erased', erasedAt: row.erasedAt };
    const existing = await currentHold(tx, step);
    if (existing !== null) return { kind: 'heldAlready', hold: existing };
    await tx.$executeRaw`
      insert into cdd.legal_holds (account_id, case_id, held_at, reason, held_by, held_role)
      select
        ${step.accountId},
        ${step.caseId}::uuid,
        -- The clock may have been set back since the last release.
        greatest(now(), max(released_at) + interval '1 microsecond'),
        ${step.reason},
        ${step.by},
        session_user
      from cdd.legal_holds
      where account_id = ${step.accountId} and case_id = ${step.caseId}::uuid`;
    const hold = await currentHold(tx, step);
    return hold === null ? { kind: 'unknown' } : { kind: 'held', hold };
  });
}

/** Ends the legal hold of a case; gives the hold that was ended. */
export async function releaseCase(database: Database, step: Step): Promise<ReleaseOutcome> {
  return database.transact(async (tx) => {
    if ((await lockCase(tx, step)) === null) return { kind: 'unknown' };
    const hold = await currentHold(tx, step);
    if (hold === null) return { kind: 'notHeld' };
    await tx.$executeRaw`
      update cdd.legal_holds
      set
        released_at = greatest(now(), held_at),
        release_reason = ${step.reason},
        released_by = ${step.by},
        released_role = session_user
      where account_id = ${step.accountId} and case_id = ${step.caseId}::uuid and released_at is null`;
    return { kind: 'released', hold };
  });
}

/** Locks the case's row, as an erasure does, so that a case is not held and erased at once. Null if there is no such case. */
async function lockCase(tx: Transaction, { accountId, caseId }: CaseKey): Promise<{ erasedAt: Date | null } | null> {
  const [row] = await tx.$queryRaw<{ erasedAt: Date | null }[]>`
    select erased_at as "erasedAt"
    from cdd.cases
    where account_id = ${accountId} and id = ${caseId}::uuid
    for no key update`;
  return row ?? null;
}

async function currentHold(tx: Transaction, { accountId, caseId }: CaseKey): Promise<Hold | null> {
  const [hold] = await tx.$queryRaw<Hold[]>`
    select held_at as "heldAt", reason, coalesce(held_by, held_role) as "heldBy"
    from cdd.legal_holds
    where account_id = ${accountId} and case_id = ${caseId}::uuid and released_at is null`;
  return hold ?? null;
}
