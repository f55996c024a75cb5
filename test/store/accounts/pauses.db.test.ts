import { describe, expect } from 'vitest';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { mayTry, recordOutcome } from '../../../src/store/accounts/circuit-breaker.ts';
import {
  accountsWithPauses,
  currentPauses,
  pauseAccount,
  resumeAccount,
  resumedWithoutRun,
} from '../../../src/store/accounts/pauses.ts';
import { accountsWithRequestedRun, requestRun } from '../../../src/store/accounts/webhook-deliveries.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { freshnessOfAccounts } from '../../../src/store/runs/freshness.ts';
import { recentRuns } from '../../../src/store/runs/recent-runs.ts';
import { test } from '../../support/database.ts';
import { ACCOUNT } from '../../support/rig.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const pause = (database: Database) => pauseAccount(database, { accountId: ACCOUNT, reason: 'moves', by: null });
const resume = (database: Database) => resumeAccount(database, { accountId: ACCOUNT, by: null });

/** The account, read last a month ago. */
async function saveOldAccount(database: Database): Promise<void> {
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  await database.$executeRaw`
    update cdd.accounts
    set
      last_success_at = now() - interval '30 days',
      next_due_at = now() - interval '30 days',
      stale_at = now() - interval '29 days'`;
}

async function dueOf(database: Database) {
  const [row] = await database.$queryRaw<{ is_stale: boolean; late: number | null; isDue: boolean }[]>`
    select
      freshness.is_stale,
      freshness.late_by_minutes::float8 as late,
      account.next_due_at is not null and freshness.next_due_at is not null as "isDue"
    from reporting.sync_freshness as freshness
    join reporting.accounts as account using (account_id)`;
  return row;
}

describe('a paused account', () => {
  test('is not late however long it was not read, and after it is resumed not at once', async ({
    db: { database },
  }) => {
    await saveOldAccount(database);
    expect(await dueOf(database)).toMatchObject({ is_stale: true, isDue: true });
    await pause(database);
    expect(await dueOf(database)).toEqual({ is_stale: false, late: null, isDue: false });
    expect(await freshnessOfAccounts(database)).toMatchObject([{ isStale: false }]);
    expect(await recentRuns(database)).toMatchObject({ accounts: 0, paused: 1, fresh: 0, oldest: null });
    await resume(database);
    expect(await dueOf(database)).toMatchObject({ is_stale: false, isDue: true });
    expect((await dueOf(database))?.late).toBeLessThan(1);
    await database.$executeRaw`
      update cdd.accounts
      set next_due_at = next_due_at - interval '16 minutes', stale_at = stale_at - interval '16 minutes'`;
    expect(await dueOf(database)).toMatchObject({ is_stale: true });
  });

  test('gets no run by its schedule and by webhooks, and is tried at once when resumed, refused earlier or not', async ({
    db: { database },
  }) => {
    await saveOldAccount(database);
    for (let count = 0; count < 3; count += 1) {
      await recordOutcome(database, { account_id: ACCOUNT, state: 'failed', error_code: 'AUTH' });
    }
    await pause(database);
    await requestRun(database, ACCOUNT);
    await database.$executeRaw`update cdd.accounts set refusals = 0, next_try_at = null`;
    expect(await mayTry(database, ACCOUNT)).toBe(false);
    expect(await accountsWithRequestedRun(database)).toEqual([]);
    expect(await resumedWithoutRun(database)).toEqual([]);
    await database.$executeRaw`update cdd.accounts set refusals = 5, next_try_at = now() + interval '4 minutes'`;
    await resume(database);
    expect(await mayTry(database, ACCOUNT)).toBe(true);
    expect(await accountsWithRequestedRun(database)).toEqual([ACCOUNT]);
    expect(await resumedWithoutRun(database)).toMatchObject([{ accountId: ACCOUNT }]);
    await database.$executeRaw`
      insert into cdd.sync_runs (account_id, id, trigger) values (${ACCOUNT}, gen_random_uuid(), 'schedule')`;
    expect(await resumedWithoutRun(database)).toEqual([]);
    expect(await accountsWithPauses(database)).toMatchObject([{ pause: null, runningSince: expect.any(Date) }]);
  });

  test('stays paused while it is not configured', async ({ db: { database } }) => {
    await saveOldAccount(database);
    await pause(database);
    await saveAccounts(database, []);
    expect(await currentPauses(database)).toEqual([]);
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    expect(await currentPauses(database)).toMatchObject([{ accountId: ACCOUNT, reason: 'moves' }]);
  });

  test('is paused and resumed once when two do it at the same time', async ({ db: { database } }) => {
    await saveOldAccount(database);
    const pauses = await Promise.all([pause(database), pause(database)]);
    expect(pauses.filter((each) => each !== null)).toHaveLength(1);
    const resumed = await Promise.all([resume(database), resume(database)]);
    expect(resumed.filter((each) => each !== null)).toHaveLength(1);
    expect(await database.accountPause.count({ where: { NOT: { resumedAt: null } } })).toBe(1);
  });
});
