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
  columns: Partial<Closing & Counts & { retries: number }>;
  knownList: KnownList | null;
};

/** A run, and the list that it asks for. `request`: everything that determines the list. */
type Asked = { run: Run; items: readonly Item[]; request: string; knownList: KnownList | null };

const FAILURES: Partial<Record<Fault, string>> = {
  errors: 'HTTP',
  forbidden: 'FORBIDDEN',
  'broken off': 'NETWORK',
  'cut off': 'TRUNCATED',
  'no JSON at the end': 'NOT_JSON',
  'database lost before a batch': 'DATABASE',
  'database lost after a batch': 'DATABASE',
};

/** Retries of a run's requests: five tries at most, and one where the answer cannot be another the next time. */
const RETRIES: Partial<Record<Fault, number>> = {
  'errors at first': 2,
  'broken off once': 1,
  errors: 4,
  'broken off': 4,
};

/** All ends that a run may have. */
export function candidatesOf(before: StoredAccount, asked: Asked): Candidate[] {
  const retries = RETRIES[asked.run.fault] ?? 0;
  return endsOf(before, asked).map((end) =>
    'error_code' in end.columns ? { ...end, columns: { ...end.columns, retries } } : end,
  );
}

function endsOf(before: StoredAccount, asked: Asked): Candidate[] {
  const { run, items, request, knownList } = asked;
  const whole = wholeList(before, asked);
  const isKnown = knownList?.request === request && (!run.acceptMissing || (knownList.end.error_code ?? null) === null);
  const unmodified =
    knownList !== null && isKnown ? [notModified(readItems(before, [], optionsOf(run)), knownList)] : [];
  const broken = brokenRuns(before, asked);
  switch (run.fault) {
    case 'errors':
    case 'forbidden':
    case 'broken off':
    case 'cut off':
    case 'no JSON at the end':
      return broken;
    case 'killed before closing':
      return broken.filter((_, count) => count === items.length || (count === 0 && unmodified.length > 0));
    case 'database lost before a batch':
    case 'database lost after a batch':
    case 'killed before a batch':
      // A run without anything to save meets no fault of a batch.
      return [...broken, whole, ...unmodified];
    case 'no etag':
      return [{ ...whole, knownList: null }];
    case 'broken off once':
      // The retry may ask with the etag again.
      return [whole, ...unmodified];
    default:
      return isKnown && knownList.isCertain ? unmodified : [whole, ...unmodified];
  }
}

const optionsOf = (run: Run) => ({ accountId: ACCOUNT_IDS[run.sync], personalData: run.personalData });

/** A run that ends early, for every number of items that it may have saved. */
function brokenRuns(before: StoredAccount, { run, items, knownList }: Asked): Candidate[] {
  const savesNothing = ['errors', 'forbidden', 'database lost before a batch', 'killed before a batch'];
  const prefixes = savesNothing.includes(run.fault) ? [0] : [...items.keys(), items.length];
  const error_code = FAILURES[run.fault];
  return prefixes.map((count) => {
    const broken = readItems(before, items.slice(0, count), optionsOf(run));
    // Rejected items are those of the last try, which may have got less of the answer than one before.
    const { items_rejected: _, ...counts } = broken.counts;
    // Counters of a batch that failed are not those of the tables.
    const columns =
      error_code === undefined
        ? { state: 'running' }
        : { ...(error_code !== 'DATABASE' && counts), ...FAILED, error_code };
    return { run: broken, columns, knownList: knownList && { ...knownList, isCertain: false } };
  });
}

const FAILED = { state: 'failed', complete: false, not_modified: false, cases_missing: 0, missing_held_back: 0 };

function wholeList(before: StoredAccount, { run, items, request }: Asked): Candidate {
  const expected = readItems(before, items, optionsOf(run));
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
