// Brings the stored cases of an account to a setting of personalData, in small transactions. Done again, it finds nothing
// left, so an interrupted one is simply repeated.
import { SyncError } from '../../../model/sync-error.ts';
import type { Database, Transaction } from '../../postgres/pool.ts';
import { betweenBatches, retryLocked } from '../between-batches.ts';
import { type ReducingSetting, reduceCases } from './reduce-cases.ts';
import { countReducedValues } from './reduced-values.ts';
import { countCases, countHeld, countItems, lockedCases, nextCases, removeItemTexts } from './reducible.ts';

/** Runs of the account wait for so many cases. */
const CASES_PER_BATCH = 50;
const ITEMS_PER_BATCH = 500;

type Work = {
  accountId: string;
  personalData: ReducingSetting;
  /** Login name of the user. */
  by: string | null;
  /** Whether to count only. */
  isDryRun: boolean;
  signal: AbortSignal;
  /** Called after each batch with the numbers of cases so far. */
  onProgress: (progress: { accountId: string; cases: number; of: number }) => void;
};

/**
 * Numbers of cases that were looked at, reduced, and left as they are under legal hold; and of rejected items of no such
 * case that lost their text.
 */
export type ReducedAccount = { accountId: string; cases: number; reduced: number; held: number; items: number };

/** @throws SyncError CANCELLED when the signal is aborted, DATABASE when an account stays locked. */
export async function reduceAccount(database: Database, work: Work): Promise<ReducedAccount> {
  const { accountId, isDryRun, onProgress } = work;
  const of = await countCases(database, accountId);
  const done = { accountId, cases: 0, reduced: 0, held: await countHeld(database, accountId), items: 0 };
  for (let after: string | null = null; ; ) {
    const caseIds: string[] = await nextCases(database, { accountId, after, limit: CASES_PER_BATCH });
    if (caseIds.length === 0) break;
    done.cases += caseIds.length;
    done.reduced += await reduceBatch(database, work, caseIds);
    onProgress({ accountId, cases: done.cases, of });
    after = caseIds.at(-1) ?? null;
  }
  done.items = isDryRun ? await countItems(database, accountId) : await reduceItems(database, work);
  return done;
}

async function reduceBatch(database: Database, work: Work, caseIds: string[]): Promise<number> {
  const { accountId, isDryRun } = work;
  // Before a lock is taken: where nothing is left to do, no run has to wait.
  const count = (tx: Transaction) => countReducedValues(tx, { ...work, caseIds });
  const removed = await database.transact(count, { isReadOnly: true, signal: work.signal });
  if (isDryRun || removed.size === 0) return removed.size;
  const ids = [...removed.keys()];
  const reduceStored = async (tx: Transaction) => {
    const caseIdsToReduce = await lockedCases(tx, accountId, ids);
    return (await reduceCases(tx, { ...work, caseIds: caseIdsToReduce })).length;
  };
  return retryLocked(() => {
    if (work.signal.aborted) throw stoppedError(accountId);
    return betweenBatches(database, accountId, reduceStored, { caseIds: ids });
  });
}

function stoppedError(accountId: string): SyncError {
  return new SyncError('CANCELLED', `${accountId}: stopped; cases that were done stay done`);
}

/** Removes the texts of the remaining rejected items, whose cases are not known; they have no receipt. */
async function reduceItems(database: Database, { accountId, signal }: Work): Promise<number> {
  let items = 0;
  while ((await countItems(database, accountId)) > 0) {
    if (signal.aborted) throw stoppedError(accountId);
    items += await retryLocked(() =>
      betweenBatches(database, accountId, (tx) => removeItemTexts(tx, accountId, ITEMS_PER_BATCH)),
    );
  }
  return items;
}
