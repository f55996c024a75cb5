import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../src/model/run.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';
import { BEGUN, CASES, fingerprintOf, listOf, OPEN, OPENED, runSync, SAVED } from '../support/sync-parts.ts';

type ListProblems = Pick<RunResult, 'itemsRejected' | 'missingHeldBack' | 'error'>;

const NO_PROBLEMS: ListProblems = { itemsRejected: 0, missingHeldBack: 0, error: null };
const HELD_BACK = { code: 'UNREADABLE_ITEM', message: 'held back' } as const;
const [FIRST = '', SECOND = '', THIRD = ''] = CASES;

const opened = (etag: { value?: string; request?: string; problems?: ListProblems } = {}) => ({
  ...OPEN,
  etag: { value: '"old"', request: 'key', problems: NO_PROBLEMS, ...etag },
});
const notModified = async () => ({ notModified: true, etag: '"old"' });

describe('a run', () => {
  test('does nothing while another run of the account is running', async () => {
    const { row, thrown, calls } = await runSync({ openRun: null });
    expect({ row, thrown }).toEqual({ row: null, thrown: null });
    expect(calls).toEqual([OPENED]);
  });

  test('that read a whole list is closed with its missing cases, its etag and its counters, and then reported', async () => {
    const { row, calls, closed, reported } = await runSync({ readList: listOf(SECOND, THIRD) });
    expect(row?.state).toBe('succeeded');
    expect(calls).toEqual([...BEGUN, 'saveBatch 1', 'closeRun', 'updateReports succeeded']);
    expect(closed?.result).toEqual({
      ...{ notModified: false, unfiltered: true, missing: [FIRST], rejected: [], ...NO_PROBLEMS },
      etag: { value: '"new"', request: 'key' },
    });
    expect(closed?.progress).toEqual({
      ...{ casesCreated: 1, casesUpdated: 0, casesUnchanged: 1, casesReturned: 0, itemsRejected: 0 },
      ...{ eventsRecorded: 2, transitionsRecorded: 1, bytesRead: 0, requests: 1, retries: 0 },
    });
    expect(reported).toEqual([]);
  });

  test('of a filtered list marks nothing missing', async () => {
    const filters = { ...sandboxAccount(OPEN.accountId).filters, products: ['payout'] };
    const account = sandboxAccount(OPEN.accountId, { filters });
    const { closed } = await runSync({ account, readList: listOf(FIRST) });
    expect(closed?.result).toMatchObject({ unfiltered: false, missing: [], error: null });
  });

  test('holds back the cases that the guard does not believe to be missing, unless it must accept them', async () => {
    const held = await runSync({ readList: listOf() });
    expect(held.closed?.result).toMatchObject({
      missing: [],
      missingHeldBack: 2,
      error: { code: 'MASS_DISAPPEARANCE' },
    });
    expect(held.closed?.result.error?.message).toContain(OPEN.accountId);
    const accepted = await runSync({ readList: listOf(), acceptMissing: true });
    expect(accepted.closed?.result).toMatchObject({ missing: [FIRST, SECOND], missingHeldBack: 0, error: null });
  });

  test('counts rejected items, and keeps their fingerprints', async () => {
    const { closed } = await runSync({ readList: listOf(...CASES, 'unreadable') });
    expect(closed?.result).toMatchObject({ itemsRejected: 1, error: { code: 'UNREADABLE_ITEM' } });
    expect(closed?.result.rejected).toEqual([fingerprintOf('unreadable')]);
  });

  test('of a list without an etag stores none, and remembers an etag that the API refused', async () => {
    const readList = async () => ({ notModified: false, etag: null, refusedEtag: '"old"' });
    const { closed } = await runSync({ readList, openRun: opened() });
    expect(closed?.result).toMatchObject({ etag: null, refusedEtag: '"old"' });
  });
});

describe('an unchanged list', () => {
  test('is asked for by its etag without loading the cases, and keeps the problems that the list has', async () => {
    const problems = { itemsRejected: 2, missingHeldBack: 1, error: HELD_BACK };
    const { calls, closed } = await runSync({ openRun: opened({ problems }), readList: notModified });
    expect(calls).toEqual([OPENED, 'readList "old"', 'closeRun', 'updateReports succeeded']);
    expect(closed?.result).toMatchObject({ notModified: true, missing: [], ...problems });
  });

  test('is read again if its etag belongs to another request', async () => {
    expect((await runSync({ openRun: opened({ request: 'other' }) })).calls).toContain('readList null');
  });

  test('is read again to accept the cases that it held back, and only then', async () => {
    const held = opened({ problems: { ...NO_PROBLEMS, error: HELD_BACK } });
    expect((await runSync({ openRun: held, acceptMissing: true })).calls).toContain('readList null');
    expect((await runSync({ openRun: opened(), acceptMissing: true })).calls).toContain('readList "old"');
  });
});

describe('a run that fails', () => {
  const truncated = new SyncError('TRUNCATED', 'the list ends early', { retryable: true, cause: 'socket' });
  const breaksOff = async (list: Parameters<ReturnType<typeof listOf>>[0]) => {
    await listOf(FIRST, THIRD)(list);
    throw truncated;
  };

  test('saves the cases that it read, tells of the error, and closes its row with the account in the message', async () => {
    const { row, calls, failed, reported } = await runSync({ readList: breaksOff });
    expect(row?.state).toBe('failed');
    const end = ['saveBatch 1', 'onFailure', 'failRun', 'updateReports failed'];
    expect(calls).toEqual([...BEGUN, ...end]);
    expect(reported).toEqual([truncated]);
    expect(failed?.error).toMatchObject({ code: 'TRUNCATED', retryable: true, cause: 'socket' });
    expect(failed?.error.message).toBe('P12345678: the list ends early');
    expect(failed?.progress).toMatchObject({ casesCreated: 1, casesUnchanged: 1, eventsRecorded: 2, requests: 1 });
  });

  test('keeps an error whose message names the account', async () => {
    const error = new SyncError('AUTH', 'no token for P12345678');
    expect((await runSync({ readList: () => Promise.reject(error) })).failed?.error).toBe(error);
  });

  test('has the error of the list, also if the cases before it cannot be saved or loaded', async () => {
    const broken = () => Promise.reject(new SyncError('DATABASE', 'no connection'));
    expect((await runSync({ readList: breaksOff, saveBatch: broken })).failed?.error.code).toBe('TRUNCATED');
    const refused = () => Promise.reject(new SyncError('AUTH', 'refused'));
    expect((await runSync({ readList: refused, packedCases: broken })).failed?.error.code).toBe('AUTH');
    expect((await runSync({ packedCases: broken })).failed?.error.code).toBe('DATABASE');
  });

  test('when it is closed has the error of closing', async () => {
    const gone = () => Promise.reject(new SyncError('ABANDONED', 'declared dead'));
    const { calls, failed } = await runSync({ closeRun: gone });
    expect(calls.slice(-4)).toEqual(['closeRun', 'onFailure', 'failRun', 'updateReports failed']);
    expect(failed?.error.code).toBe('ABANDONED');
  });

  test('with a mistake of the program throws it, and leaves its row to the next run', async () => {
    const mistake = new TypeError('undefined is not a function');
    const { thrown, calls } = await runSync({ readList: () => Promise.reject(mistake) });
    expect(thrown).toBe(mistake);
    expect(calls).toEqual(BEGUN);
  });

  test('is not a run whose reports fail after it was closed', async () => {
    const error = new SyncError('DATABASE', 'reports');
    const { thrown, calls } = await runSync({ updateReports: () => Promise.reject(error) });
    expect(thrown).toBe(error);
    expect(calls).not.toContain('failRun');
  });
});

test('a run tells of the problems that it recorded, also if it fails', async () => {
  const problems = new Map([['events[].created_at', 3]]);
  const saveBatch = async () => ({ ...SAVED, problems });
  expect((await runSync({ saveBatch })).reported).toEqual([problems]);
  const closeRun = () => Promise.reject(new TypeError('of this test'));
  expect((await runSync({ saveBatch, closeRun })).reported).toEqual([problems]);
});
