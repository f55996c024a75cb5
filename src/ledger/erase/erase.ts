// The decision whether a case may be erased, and the erasure, in one transaction.
import type { CaseKey } from '../../model/case-key.ts';
import { betweenBatches } from '../../store/ledger/between-batches.ts';
import { type ErasableCase, readErasableCase } from '../../store/ledger/erase/erasable-case.ts';
import { eraseCase } from '../../store/ledger/erase/erase-case.ts';
import { countRemovedValues } from '../../store/ledger/erase/removed-values.ts';
import type { Hold } from '../../store/ledger/hold/holds.ts';
import type { Receipt } from '../../store/ledger/receipts.ts';
import type { Database, Transaction } from '../../store/postgres/pool.ts';

export type ErasureRequest = CaseKey & {
  /** Also if the case must be kept longer; then there must be a reason. */
  mayBeBeforeTime: boolean;
  reason: string | null;
  /** Login name of the user. */
  by: string | null;
  /** Only counts the values that would be removed. */
  isDryRun?: boolean;
  machineTime?: Date;
};

export type ErasureOutcome =
  | { kind: 'unknown' }
  | { kind: 'alreadyErased'; erasedAt: string }
  | { kind: 'held'; hold: Hold }
  | { kind: 'kept'; hasEnded: boolean; keptUntil: string | null }
  | ({ kind: 'wouldErase' } & Removed)
  | ({ kind: 'erased'; receipt: Pick<Receipt, 'erasedAt' | 'digest' | 'linkNumber'> } & Removed);

type Removed = Pick<ErasableCase, 'otherAccounts' | 'holdingAccounts'> & {
  kinds: Receipt['kinds'];
  isBeforeTime: boolean;
  hasEnded: boolean;
  keptUntil: string | null;
};

/**
 * Erases a case unless it is held, must be kept longer or was erased before.
 * @throws SyncError DATABASE, retryable, if the account is busy for ten seconds.
 */
export async function erase(database: Database, request: ErasureRequest): Promise<ErasureOutcome> {
  const { accountId, caseId } = request;
  return betweenBatches(database, accountId, (tx) => eraseLocked(tx, request), { caseIds: [caseId] });
}

async function eraseLocked(tx: Transaction, request: ErasureRequest): Promise<ErasureOutcome> {
  const { accountId, caseId, mayBeBeforeTime, reason, by, isDryRun = false, machineTime = new Date() } = request;
  const found = await readErasableCase(tx, request, machineTime);
  if (found === null) return { kind: 'unknown' };
  const { erasedAt, hold, hasEnded, keptUntil, isOver, otherAccounts, holdingAccounts } = found;
  if (erasedAt !== null) return { kind: 'alreadyErased', erasedAt };
  if (hold !== null) return { kind: 'held', hold };
  if (!isOver && !mayBeBeforeTime) return { kind: 'kept', hasEnded, keptUntil };
  const removed = { isBeforeTime: !isOver, hasEnded, keptUntil, otherAccounts, holdingAccounts };
  if (isDryRun) return { kind: 'wouldErase', ...removed, kinds: await countRemovedValues(tx, request) };
  const receipt = await eraseCase(tx, { accountId, caseId, reason, isBeforeTime: !isOver, keptUntil, by });
  return { kind: 'erased', ...removed, kinds: receipt.kinds, receipt };
}
