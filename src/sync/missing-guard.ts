import { counted } from '../model/counted.ts';
import type { RunResult } from '../model/run.ts';

/** Cases that were present and are not in a complete, unfiltered list. */
export type AbsentCases = {
  ids: string[];
  /** How many cases were present before the run. */
  presentBefore: number;
  /** How many rejected items of the list have an unreadable id. Each may be any of these cases. */
  unreadable: number;
};

/** Configured as `missingGuard`: a list that lacks more than `max(atLeast, ratio × present)` cases is not believed. */
export type MissingGuard = { ratio: number; atLeast: number };

type Limits = {
  accountId: string;
  guard: MissingGuard;
  /** Mark all absent cases missing, however many there are, and whatever the unreadable items are. */
  acceptMissing: boolean;
};

/** The cases to mark missing if the guard accepts them; else how many are held back, and the run's error. */
export function guardMissing(
  absent: AbsentCases,
  limits: Limits,
): Pick<RunResult, 'missing' | 'missingHeldBack' | 'error'> {
  const error = limits.acceptMissing ? null : guardError(absent, limits);
  if (error === null) return { missing: absent.ids, missingHeldBack: 0, error };
  return { missing: [], missingHeldBack: absent.ids.length, error };
}

function guardError({ ids, presentBefore, unreadable }: AbsentCases, { accountId, guard }: Limits): RunResult['error'] {
  const limit = Math.max(guard.atLeast, guard.ratio * presentBefore);
  const accept = `run: cdd-sync sync --account ${accountId} --accept-missing`;
  // Each unreadable item accounts for one absent case at most. The others are certainly not in the list.
  if (ids.length - unreadable > limit) {
    const message = `${accountId}: ${ids.length} of ${presentBefore} cases are not in the list any more, more than missingGuard allows (${Math.floor(limit)}); none was marked missing. If the list is right, ${accept}`;
    return { code: 'MASS_DISAPPEARANCE', message };
  }
  if (unreadable === 0) return null;
  const unreadableItems = `${accountId}: the id of ${counted(unreadable, 'rejected item')} cannot be read`;
  const look = 'To see the items, run: cdd-sync rejected.';
  const absent = `${counted(ids.length, 'case')} that ${ids.length === 1 ? 'is' : 'are'} not in the list may be among them`;
  const message =
    ids.length === 0
      ? `${unreadableItems}; no other case is missing. ${look}`
      : `${unreadableItems}, and ${absent}; none was marked missing. ${look} If these cases are gone, ${accept}`;
  return { code: 'UNREADABLE_ITEM', message };
}
