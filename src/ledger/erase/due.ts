import { dueCases } from '../../store/ledger/erase/due-cases.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { erase } from './erase.ts';

type Limits = { cases: number; milliseconds: number };

/**
 * Erases due cases of an account, the longest overdue first, each in a transaction of its own, until all are
 * erased or a limit is reached. Returns the number of erased cases. A case that was held, or is no longer due, is left.
 */
export async function eraseDue(
  database: Database,
  { accountId, by }: { accountId: string; by: string | null },
  { cases, milliseconds }: Limits,
): Promise<number> {
  const until = performance.now() + milliseconds;
  let erased = 0;
  for (const { caseId } of await dueCases(database, accountId, cases)) {
    if (performance.now() >= until) break;
    const outcome = await erase(database, { accountId, caseId, mayBeBeforeTime: false, reason: null, by });
    if (outcome.kind === 'erased') erased += 1;
  }
  return erased;
}
