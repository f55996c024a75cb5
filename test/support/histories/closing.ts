import type { ExpectedRun, StoredAccount } from './expected-run.ts';
import type { Run } from './history.ts';

/** A list that lacks more cases than this is not believed. Small, so that small histories reach it. */
export const GUARD = { ratio: 0.5, atLeast: 1 };

/** The columns of cdd.sync_runs that are decided when a run is closed. */
export type Closing = {
  state: string;
  error_code: string | null;
  complete: boolean;
  not_modified: boolean;
  cases_missing: number;
  missing_held_back: number;
};

/** The closing of a run that read its list to the end. Marks missing cases and resolves rejected items in its account. */
export function closeRun(
  before: StoredAccount,
  run: ExpectedRun,
  { filter, acceptMissing }: Pick<Run, 'filter' | 'acceptMissing'>,
): Closing {
  const present = [...before.cases].filter(([, { isMissing }]) => !isMissing).map(([id]) => id);
  const absent = filter ? [] : present.filter((id) => !run.listed.has(id));
  const limit = Math.max(GUARD.atLeast, GUARD.ratio * present.length);
  const isTooMany = absent.length - run.unreadable > limit;
  const error = isTooMany ? 'MASS_DISAPPEARANCE' : run.unreadable > 0 ? 'UNREADABLE_ITEM' : null;
  const isAccepted = error === null || acceptMissing;
  if (isAccepted) for (const id of absent) markMissing(run, id);
  const { rejected } = run.account;
  const isResolved = (source: string) => !filter && !run.rejected.has(source);
  for (const [source, item] of rejected) if (isResolved(source)) rejected.set(source, { ...item, isListed: false });
  const heldBack = isAccepted ? 0 : absent.length;
  return {
    state: run.counts.items_rejected > 0 || heldBack > 0 ? 'partial' : 'succeeded',
    error_code: isAccepted || filter ? null : error,
    complete: true,
    not_modified: false,
    cases_missing: isAccepted ? absent.length : 0,
    missing_held_back: heldBack,
  };
}

function markMissing({ account, untouched }: ExpectedRun, id: string): void {
  const stored = account.cases.get(id);
  if (stored !== undefined) account.cases.set(id, { ...stored, isMissing: true });
  untouched.delete(id);
}
