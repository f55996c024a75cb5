import { retryLocked } from '../../store/ledger/between-batches.ts';
import { dueCases } from '../../store/ledger/erase/due-cases.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { erase } from './erase.ts';

type Limits = { cases: number; milliseconds: number };

type Request = {
  accountId: string;
  /** Login name of the user. */
  by: string | null;
  /** No case is begun after it is aborted. */
  signal?: AbortSignal;
  /** Called after each erased case with the number so far. */
  onErased?: (erased: number) => void;
};

/** An account may have a million due cases. */
const CASES_AT_ONCE = 500;

/**
 * Erases due cases of an account, the longest overdue first, each in a transaction of its own, until all are
 * erased, a limit is reached or the signal is aborted. Returns the number of erased cases. A case that was held, or is no
 * longer due, is left.
 * @throws SyncError DATABASE; the cases that `onErased` has counted stay erased.
 */
export async function eraseDue(database: Database, request: Request, limits: Limits): Promise<number> {
  const { accountId, by, signal, onErased = () => {} } = request;
  const until = performance.now() + limits.milliseconds;
  let erased = 0;
  // A portion of which nothing was erased, by another command either, would come again for ever.
  for (let isGoingOn = true; isGoingOn && erased < limits.cases; ) {
    isGoingOn = false;
    const due = await dueCases(database, accountId, Math.min(CASES_AT_ONCE, limits.cases - erased));
    for (const { caseId } of due) {
      if (performance.now() >= until || signal?.aborted) return erased;
      const asked = { accountId, caseId, mayBeBeforeTime: false, reason: null, by };
      const { kind } = await retryLocked(() => erase(database, asked));
      isGoingOn ||= kind === 'erased' || kind === 'alreadyErased';
      if (kind !== 'erased') continue;
      erased += 1;
      onErased(erased);
    }
  }
  return erased;
}
