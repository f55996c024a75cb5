import type { RunResult } from '../model/run.ts';

/** Cases that were present and are not in a complete, unfiltered list. */
export type AbsentCases = {
  ids: string[];
  /** How many cases were present before the run. */
  presentBefore: number;
  /** False if the list has a rejected item with an unreadable id, which may be any of these cases. */
  isCertain: boolean;
};

/** Configured as `missingGuard`: a list that lacks more than `max(atLeast, ratio × present)` cases is not believed. */
export type MissingGuard = { ratio: number; atLeast: number };

type Limits = {
  accountId: string;
  guard: MissingGuard;
  /** Mark all absent cases missing, however many there are. */
  acceptMissing: boolean;
};

/** The cases to mark missing if the guard accepts them; else how many are held back, and the run's error. */
export function guardMissing(
  { ids, presentBefore, isCertain }: AbsentCases,
  { accountId, guard, acceptMissing }: Limits,
): Pick<RunResult, 'missing' | 'missingHeldBack' | 'error'> {
  const count = ids.length;
  if (!isCertain) return { missing: [], missingHeldBack: count, error: null };
  const limit = Math.max(guard.atLeast, guard.ratio * presentBefore);
  if (count <= limit || acceptMissing) return { missing: ids, missingHeldBack: 0, error: null };
  const message = `${accountId}: ${count} of ${presentBefore} cases are not in the list any more, more than missingGuard allows (${Math.floor(limit)}); none was marked missing. If the list is right, run: cdd-sync sync --account ${accountId} --accept-missing`;
  return { missing: [], missingHeldBack: count, error: { code: 'MASS_DISAPPEARANCE', message } };
}
