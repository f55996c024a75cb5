import { describe, expect } from 'vitest';
import type { RunState } from '../../../src/model/run.ts';
import type { ErrorCode } from '../../../src/model/sync-error.ts';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { closeBreaker, mayTry, recordOutcome } from '../../../src/store/accounts/circuit-breaker.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { accountStatus } from '../../../src/store/runs/status.ts';
import { test } from '../../support/database.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const OTHER = 'T12345678';
const both = [sandboxAccount(ACCOUNT), sandboxAccount(OTHER)];

const ended = (state: RunState, code: ErrorCode | null = null) => ({
  account_id: ACCOUNT,
  state,
  error_code: code,
});

async function refuse(database: Database, times: number, code: ErrorCode = 'AUTH'): Promise<void> {
  for (let count = 0; count < times; count += 1) await recordOutcome(database, ended('failed', code));
}

/** The breaker's columns of an account, its wait in minutes, and the version of the row. */
async function breakerOf(database: Database, accountId = ACCOUNT) {
  const [row] = await database.$queryRaw<{ refusals: number; minutes: number | null; version: string }[]>`
    select
      refusals,
      round(extract(epoch from next_try_at - now()) / 60)::integer as minutes,
      xmin::text as version
    from cdd.accounts
    where id = ${accountId}`;
  if (row === undefined) throw new Error(`no row of ${accountId}`);
  return row;
}

/** Lets so many minutes of the wait pass. */
const pass = (database: Database, minutes: number) =>
  database.$executeRaw`update cdd.accounts set next_try_at = next_try_at - ${minutes} * interval '1 minute'`;

describe('the circuit breaker', () => {
  test.for<[times: number, minutes: number | null]>([
    [1, null],
    [2, null],
    [3, 1],
    [4, 2],
    [5, 4],
    [11, 256],
    [12, 360],
    [13, 360],
    [90, 360],
  ])(
    'after %i refusals in a row delays the next try by these minutes: %o',
    async ([times, minutes], { db: { database } }) => {
      await saveAccounts(database, both);
      await refuse(database, times);
      expect(await breakerOf(database)).toMatchObject({ refusals: times, minutes });
      expect(await mayTry(database, ACCOUNT)).toBe(minutes === null);
    },
  );

  test('counts AUTH and FORBIDDEN as refusals', async ({ db: { database } }) => {
    await saveAccounts(database, both);
    await refuse(database, 2, 'FORBIDDEN');
    await refuse(database, 1, 'AUTH');
    expect(await mayTry(database, ACCOUNT)).toBe(false);
  });

  test('lets the account be tried when the wait is over, and waits longer after the next refusal', async ({
    db: { database },
  }) => {
    await saveAccounts(database, both);
    await refuse(database, 4);
    await pass(database, 1);
    expect(await mayTry(database, ACCOUNT)).toBe(false);
    await pass(database, 1);
    expect(await mayTry(database, ACCOUNT)).toBe(true);
    await refuse(database, 1);
    expect(await breakerOf(database)).toMatchObject({ refusals: 5, minutes: 4 });
  });

  test('does not change another account', async ({ db: { database } }) => {
    await saveAccounts(database, both);
    const before = await breakerOf(database, OTHER);
    await refuse(database, 5);
    expect(await breakerOf(database, OTHER)).toEqual(before);
    expect(await mayTry(database, OTHER)).toBe(true);
  });

  test.for<RunState>(['succeeded', 'partial'])('is closed by a run that %s', async (state, { db: { database } }) => {
    await saveAccounts(database, both);
    await refuse(database, 5);
    await recordOutcome(database, ended(state, state === 'partial' ? 'MASS_DISAPPEARANCE' : null));
    expect(await breakerOf(database)).toMatchObject({ refusals: 0, minutes: null });
    expect(await mayTry(database, ACCOUNT)).toBe(true);
  });

  test.for<[RunState, ErrorCode]>([
    ['failed', 'NETWORK'],
    ['failed', 'NOT_FOUND'],
    ['failed', 'RATE_LIMITED'],
    ['failed', 'CANCELLED'],
    ['failed', 'DATABASE'],
    ['abandoned', 'ABANDONED'],
  ])('is not changed by a run that %s with %s', async ([state, code], { db: { database } }) => {
    await saveAccounts(database, both);
    await refuse(database, 4);
    const before = await breakerOf(database);
    await recordOutcome(database, ended(state, code));
    expect(await breakerOf(database)).toEqual(before);
  });

  test('writes no row when one success follows another', async ({ db: { database } }) => {
    await saveAccounts(database, both);
    const before = await breakerOf(database);
    await recordOutcome(database, ended('succeeded'));
    await closeBreaker(database, ACCOUNT);
    expect(await breakerOf(database)).toEqual(before);
  });

  test('counts refusals that are recorded at the same time', async ({ db: { database } }) => {
    await saveAccounts(database, both);
    await Promise.all([refuse(database, 5), refuse(database, 5)]);
    expect(await breakerOf(database)).toMatchObject({ refusals: 10, minutes: 128 });
  });

  test('is reset for an account that was disabled and enabled again, and not for a renamed one', async ({
    db: { database },
  }) => {
    await saveAccounts(database, both);
    await refuse(database, 5);
    await saveAccounts(database, [sandboxAccount(ACCOUNT, { label: 'renamed' })]);
    expect(await mayTry(database, ACCOUNT)).toBe(false);
    await saveAccounts(database, []);
    await saveAccounts(database, both);
    expect(await breakerOf(database)).toMatchObject({ refusals: 0, minutes: null });
  });

  test('is shown in the status of its account', async ({ db: { database } }) => {
    await saveAccounts(database, both);
    await refuse(database, 3);
    expect(await accountStatus(database)).toMatchObject([
      { account_id: ACCOUNT, refusals: 3, next_try_at: expect.any(Date) },
      { account_id: OTHER, refusals: 0, next_try_at: null },
    ]);
  });

  test('opens after real refusals of the API, and closes after the first run that is not refused', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 3 } });
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 403 }, times: 3 });
    for (const expected of [true, true, false, true]) {
      await recordOutcome(database, await rig.sync());
      expect(await mayTry(database, ACCOUNT)).toBe(expected);
    }
    await rig.close();
  });
});
