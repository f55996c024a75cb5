import type { ErasureOutcome } from '../../ledger/erase/erase.ts';
import type { CaseKey } from '../../model/case-key.ts';
import { timeOf } from './text.ts';

/** `unlisted`: the case is not stored, and not in the account's list any more. */
export type AgainOutcome = ErasureOutcome | { kind: 'unlisted' };

/** The outcome as an object for programs. */
export function jsonRow({ accountId, caseId }: CaseKey, outcome: AgainOutcome): object {
  const { kind } = outcome;
  return {
    account_id: accountId,
    case_id: caseId,
    outcome: OUTCOMES[kind],
    ...(kind === 'alreadyErased' && { erased_at: timeOf(outcome.erasedAt) }),
    ...(kind === 'held' && {
      held_at: outcome.hold.heldAt,
      held_by: outcome.hold.heldBy,
      hold_reason: outcome.hold.reason,
    }),
    ...(kind === 'kept' && { kept_until: orNull(outcome.keptUntil) }),
    ...((kind === 'wouldErase' || kind === 'erased') && {
      kinds: outcome.kinds,
      is_before_time: outcome.isBeforeTime,
      kept_until: orNull(outcome.keptUntil),
      other_accounts: outcome.otherAccounts,
    }),
    ...(kind === 'erased' && {
      erased_at: timeOf(outcome.receipt.erasedAt),
      digest: outcome.receipt.digest.toString('hex'),
      link_number: outcome.receipt.linkNumber,
    }),
  };
}

const OUTCOMES: Readonly<Record<AgainOutcome['kind'], string>> = {
  unknown: 'unknown',
  unlisted: 'unlisted',
  alreadyErased: 'already_erased',
  held: 'held',
  kept: 'kept',
  wouldErase: 'would_erase',
  erased: 'erased',
};

function orNull(time: string | null): Date | null {
  return time === null ? null : timeOf(time);
}
