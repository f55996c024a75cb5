// The ends that a run may have. With some faults there are several, because how much of a broken answer arrives is chance.
import { type Closing, closeRun } from './closing.ts';
import { type Counts, type ExpectedRun, readItems, type StoredAccount } from './expected-run.ts';
import type { Fault, Run } from './history.ts';
import type { Item } from './lists.ts';
import { ACCOUNT_IDS } from './worker.ts';

/** The list that the account's etag stands for, and how its run ended. Not certain after a run that failed. */
export type KnownList = { request: string; end: Partial<Closing & Counts>; isCertain: boolean };

export type Candidate = {
  run: ExpectedRun;
  /** Columns of the run's row. */
  columns: Partial<Closing & Counts>;
  knownList: KnownList | null;
};

const FAILURES: Partial<Record<Fault, string>> = {
  errors: 'HTTP',
  forbidden: 'FORBIDDEN',
  'broken off': 'NETWORK',
  'cut off': 'TRUNCATED',
  'no JSON at the end': 'NOT_JSON',
};

/** All ends that a run may have, the most probable first. `request`: everything that determines the list. */
export function candidatesOf(
  before: StoredAccount,
  {
    run,
    items,
    request,
    knownList,
  }: { run: Run; items: readonly Item[]; request: string; knownList: KnownList | null },
): Candidate[] {
  const read = (count: number) =>
    readItems(before, items.slice(0, count), { accountId: ACCOUNT_IDS[run.sync], personalData: run.personalData });
  const uncertain = knownList && { ...knownList, isCertain: false };
  const mayBeUnmodified =
    knownList?.request === request && !(run.acceptMissing && (knownList.end.error_code ?? null) !== null);
  const unmodified = knownList !== null && mayBeUnmodified ? [notModified(read(0), knownList)] : [];
  const error_code = FAILURES[run.fault];
  if (error_code !== undefined) {
    const counts = ['errors', 'forbidden'].includes(run.fault) ? [0] : [...items.keys(), items.length].toReversed();
    return counts.map((count) => {
      const failed = read(count);
      // Rejected items are those of the last try, which may have got less of the answer than one before.
      const { items_rejected: _, ...counts } = failed.counts;
      const columns = { ...counts, ...FAILED, error_code };
      return { run: failed, columns, knownList: uncertain };
    });
  }
  if (run.fault === 'killed before closing') {
    const killed = { run: read(items.length), columns: { state: 'running' }, knownList: uncertain };
    return unmodified.length > 0 ? [killed, { ...killed, run: read(0) }] : [killed];
  }
  const whole = wholeList(before, read(items.length), { run, request });
  if (run.fault === 'no etag') return [{ ...whole, knownList: null }];
  // A retry may ask with the etag again.
  if (run.fault === 'broken off once') return [whole, ...unmodified];
  return knownList?.isCertain && mayBeUnmodified ? unmodified : [whole, ...unmodified];
}

const FAILED = { state: 'failed', complete: false, not_modified: false, cases_missing: 0, missing_held_back: 0 };

function wholeList(
  before: StoredAccount,
  expected: ExpectedRun,
  { run, request }: { run: Run; request: string },
): Candidate {
  const columns = { ...expected.counts, ...closeRun(before, expected, run) };
  const isBelieved = columns.error_code !== 'MASS_DISAPPEARANCE';
  return { run: expected, columns, knownList: isBelieved ? { request, end: columns, isCertain: true } : null };
}

/** Nothing was read, and the list has the problems that it had. */
function notModified(nothing: ExpectedRun, knownList: KnownList): Candidate {
  const { items_rejected = 0, missing_held_back = 0, error_code = null, state = 'succeeded' } = knownList.end;
  const problems = { items_rejected, missing_held_back, error_code, state };
  const columns = { ...nothing.counts, ...problems, complete: false, not_modified: true, cases_missing: 0 };
  return { run: nothing, columns, knownList: { ...knownList, isCertain: true } };
}
