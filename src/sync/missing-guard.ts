import type { RunResult } from '../model/run.ts';

/** The present cases that a complete, unfiltered list does not have; `certain` is false if a rejected item's id could not be read. */
export type Absent = { ids: string[]; certain: boolean };

/** Configured as `missingGuard`: a list that lacks more cases than `max(atLeast, ratio × present)` is not believed. */
export type MissingGuard = { ratio: number; atLeast: number };

type Judged = {
  accountId: string;
  /** How many cases were present before the run. */
  present: number;
  guard: MissingGuard;
  /** Mark missing what is missing, however many. */
  acceptMissing: boolean;
};

/** The cases to be marked missing, as far as the guard accepts it; else how many are held back, and the run's error. */
export function missingOf(
  { ids, certain }: Absent,
  { accountId, present, guard, acceptMissing }: Judged,
): Pick<RunResult, 'missing' | 'missingHeldBack' | 'error'> {
  const count = ids.length;
  if (!certain) return { missing: [], missingHeldBack: count, error: null };
  const limit = Math.max(guard.atLeast, guard.ratio * present);
  if (count <= limit || acceptMissing) return { missing: ids, missingHeldBack: 0, error: null };
  const message = `${accountId}: ${count} of ${present} cases are not in the list any more, more than missingGuard allows (${Math.floor(limit)}); none was marked missing. If the list is right, run: cdd-sync sync --account ${accountId} --accept-missing`;
  return { missing: [], missingHeldBack: count, error: { code: 'MASS_DISAPPEARANCE', message } };
}
