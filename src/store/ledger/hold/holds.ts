// Legal holds of cases. Rows of cdd.legal_holds are only added, or closed by their release.
import type { CaseKey } from '../../../model/case-key.ts';
import type { Database, Transaction } from '../../postgres/pool.ts';
import { onlyRow } from '../../postgres/query.ts';
import { betweenBatches } from '../between-batches.ts';
import { requireTimeAhead, takeTimeAhead } from '../time-ahead.ts';

/** A legal hold that is or was in force. */
export type Hold = { heldAt: Date; reason: string; heldBy: string };

type Step = CaseKey & {
  reason: string;
  /** Login name of the user; null = the machine has none. */
  by: string | null;
};

type HoldOutcome = { kind: 'held' | 'heldAlready'; hold: Hold } | { kind: 'erased'; erasedAt: Date };

/** Puts a case under legal hold. A case that is held already keeps its hold; one that is erased gets none. */
export async function holdCase(database: Database, step: Step): Promise<HoldOutcome> {
  return whileLocked(database, step, async (tx) => {
    const erasedAt = await readErasedAt(tx, step);
    if (erasedAt !== null) return { kind: 'erased', erasedAt };
    const existing = await currentHold(tx, step);
    if (existing !== null) return { kind: 'heldAlready', hold: existing };
    return { kind: 'held', hold: await addHold(tx, step) };
  });
}

/** Ends the legal hold of a case, and gives it; null if the case is not held. */
export async function releaseCase(database: Database, step: Step): Promise<Hold | null> {
  return whileLocked(database, step, async (tx) => {
    const hold = await currentHold(tx, step);
    if (hold !== null) await endHold(tx, step);
    return hold;
  });
}

/** With the locks of an erasure, so that a case is not held and erased at once. The digest chain needs that of the account. */
function whileLocked<T>(
  database: Database,
  { accountId, caseId }: CaseKey,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return betweenBatches(database, accountId, work, { caseIds: [caseId] });
}

/** Cases are never deleted. */
async function readErasedAt(tx: Transaction, { accountId, caseId }: CaseKey): Promise<Date | null> {
  const rows = await tx.$queryRaw<{ erasedAt: Date | null }[]>`
    select erased_at as "erasedAt"
    from cdd.cases
    where account_id = ${accountId} and id = ${caseId}::uuid`;
  return onlyRow(rows).erasedAt;
}

async function addHold(tx: Transaction, { accountId, caseId, reason, by }: Step): Promise<Hold> {
  const heldAt = await takeTimeAhead(tx, accountId);
  const hold = onlyRow(
    await tx.$queryRaw<Hold[]>`
      insert into cdd.legal_holds as new_hold (account_id, case_id, held_at, reason, held_by, held_role)
      values (${accountId}, ${caseId}::uuid, ${heldAt}::timestamptz, ${reason}, ${by}, session_user)
      returning
        held_at as "heldAt",
        reason,
        coalesce(held_by, held_role) as "heldBy",
        cdd.add_link(account_id, 'hold', null, sha256(cdd.hold_bytes(new_hold)))`,
  );
  await requireTimeAhead(tx, accountId, heldAt);
  return hold;
}

async function endHold(tx: Transaction, { accountId, caseId, reason, by }: Step): Promise<void> {
  const releasedAt = await takeTimeAhead(tx, accountId);
  await tx.$executeRaw`
    update cdd.legal_holds as ended_hold
    set
      released_at = ${releasedAt}::timestamptz,
      release_reason = ${reason},
      released_by = ${by},
      released_role = session_user
    where account_id = ${accountId} and case_id = ${caseId}::uuid and released_at is null
    returning cdd.add_link(account_id, 'hold', null, sha256(cdd.hold_bytes(ended_hold)))`;
  await requireTimeAhead(tx, accountId, releasedAt);
}

/** The legal hold of a case that is in force; null = it is not held. */
export async function currentHold(tx: Transaction, { accountId, caseId }: CaseKey): Promise<Hold | null> {
  const [hold] = await tx.$queryRaw<Hold[]>`
    select held_at as "heldAt", reason, coalesce(held_by, held_role) as "heldBy"
    from cdd.legal_holds
    where account_id = ${accountId} and case_id = ${caseId}::uuid and released_at is null`;
  return hold ?? null;
}
