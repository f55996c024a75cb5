import { describe, expect } from 'vitest';
import { dueTimesAfter, dueTimesAfterChange } from '../../src/schedule/staleness.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { saveSchedules } from '../../src/store/accounts/schedules.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { dueAfter } from '../support/reference/due-after.ts';
import { freshnessRow, runRow } from '../support/reference/freshness.ts';
import { readDatabaseFacts } from '../support/reporting/database-facts.ts';
import { withReadTransaction } from '../support/reporting/read-transaction.ts';
import { rowDifferences } from '../support/reporting/row-differences.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const OSLO = 'Europe/Oslo';
const RULE = { dueTimesAfter, dueTimesAfterChange };

type Run = { state: string; minutesAgo: number };

const run = (state: string, minutesAgo: number): Run => ({ state, minutesAgo });

/** Three hours later than now in Oslo, for eight hours: nothing was due in the last hours. */
const laterHours = () => {
  const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone: OSLO, hour: '2-digit' }).format(new Date()));
  return Array.from({ length: 8 }, (_, index) => (hour + 3 + index) % 24).join(',');
};

type Account = { id: string; schedule: string; addedMinutesAgo?: number; runs: Run[]; isStale: boolean };

/** Accounts with their runs, newest last. */
const accounts = (): Account[] => [
  { id: 'P10000001', schedule: '* * * * *', runs: [run('succeeded', 14)], isStale: false },
  { id: 'P10000002', schedule: '* * * * *', runs: [run('succeeded', 17)], isStale: true },
  {
    id: 'P10000003',
    schedule: '*/15 * * * *',
    runs: [run('succeeded', 44), run('partial', 20)],
    isStale: false,
  },
  { id: 'P10000004', schedule: '*/15 * * * *', runs: [run('succeeded', 61), run('partial', 20)], isStale: true },
  { id: 'P10000005', schedule: '0 */6 * * *', runs: [], isStale: false },
  {
    id: 'P10000006',
    schedule: '0 */6 * * *',
    addedMinutesAgo: 31,
    runs: [run('failed', 30), run('abandoned', 20)],
    isStale: true,
  },
  {
    id: 'P10000007',
    schedule: '0 3 * * *',
    runs: [run('failed', 4000), run('succeeded', 3000), run('failed', 2000), run('abandoned', 1000), run('running', 1)],
    isStale: false,
  },
  {
    id: 'T10000008',
    schedule: '*/10 * * * * *',
    addedMinutesAgo: 14,
    runs: [run('failed', 9), run('partial', 8), run('failed', 7), run('failed', 6), run('failed', 5)],
    isStale: false,
  },
  { id: 'P10000009', schedule: `*/5 ${laterHours()} * * *`, runs: [run('succeeded', 65)], isStale: false },
];

const ERRORS: Record<string, string> = { failed: 'RATE_LIMITED', abandoned: 'ABANDONED' };

async function record(url: string, accountId: string, { state, minutesAgo }: Run): Promise<void> {
  await withAdmin(url, async (client) => {
    const isOver = state !== 'running';
    const error = ERRORS[state] ?? null;
    await client.query(
      `insert into cdd.sync_runs
         (account_id, id, trigger, state, started_at, heartbeat_at, finished_at, complete, error_code, error_message)
       select $1, gen_random_uuid(), 'schedule', $2, time, time + '2 s', case when $3 then time + '3.25 s' end, $4, $5, $5
       from (select now() - $6 * interval '1 minute' - interval '3.25 s' as time) as began`,
      [accountId, state, isOver, state === 'succeeded' || state === 'partial', error, minutesAgo],
    );
    if (state !== 'succeeded') return;
    await client.query(`update cdd.accounts set last_success_at = now() - $2 * interval '1 minute' where id = $1`, [
      accountId,
      minutesAgo,
    ]);
  });
}

/** Saves accounts with their runs and schedules, in the order in which a worker does. */
async function fill(db: { database: Database; url: string }, all: readonly Account[]): Promise<void> {
  await saveAccounts(
    db.database,
    all.map(({ id, schedule }) => sandboxAccount(id, { schedule, label: `label of ${id}` })),
  );
  for (const { id, addedMinutesAgo = 0, runs } of all) {
    await db.database.$executeRaw`
      update cdd.accounts
      set
        next_due_at = next_due_at - ${addedMinutesAgo} * interval '1 minute',
        stale_at = stale_at - ${addedMinutesAgo} * interval '1 minute'
      where id = ${id}`;
    for (const each of runs) await record(db.url, id, each);
  }
  await saveSchedules(db.database, all, OSLO, RULE);
}

describe('sync_freshness and sync_runs', () => {
  test('show every state of a run, and the accounts that are late by their own schedule', async ({ db }) => {
    const all = accounts();
    await fill(db, all);
    await withReadTransaction(db.url, async (transaction) => {
      const { runs, lastSuccessAt, addedAt } = await readDatabaseFacts(transaction);
      const freshness = all.map(({ id, schedule }) =>
        freshnessRow(
          {
            id,
            label: `label of ${id}`,
            lastSuccessAt: lastSuccessAt.get(id) ?? null,
            addedAt: addedAt.get(id) ?? transaction.now,
            dueAfter: dueAfter(schedule, OSLO),
            cases: 0,
          },
          runs,
          transaction.now,
        ),
      );
      const staleIds = all.filter(({ isStale }) => isStale).map(({ id }) => id);
      expect(freshness.filter(({ is_stale }) => is_stale).map(({ account_id }) => account_id)).toEqual(staleIds);
      const got = await transaction.rows('select * from reporting.sync_freshness');
      expect.soft(rowDifferences('sync_freshness', { key: ['account_id'], expected: freshness, got })).toEqual([]);
      const expected = runs.map((one) => runRow(one, transaction.now));
      const gotRuns = await transaction.rows('select * from reporting.sync_runs');
      expect.soft(rowDifferences('sync_runs', { key: ['account_id', 'id'], expected, got: gotRuns })).toEqual([]);
    });
  });

  test('judge an account that is enabled again from then on', async ({ db }) => {
    const all = [{ id: ACCOUNT, schedule: '* * * * *', runs: [run('succeeded', 3000)], isStale: true }];
    await fill(db, all);
    expect(await lateness(db.database)).toMatchObject([{ is_stale: true }]);
    await saveAccounts(db.database, []);
    expect(await lateness(db.database)).toEqual([]);
    await saveAccounts(db.database, [sandboxAccount(ACCOUNT)]);
    expect(await lateness(db.database)).toMatchObject([{ is_stale: false, late: expect.closeTo(0, 0) }]);
  });
});

describe('the due times of an account', () => {
  test('follow from the end of a run that read the whole list, not from one that failed', async ({ db }) => {
    const rig = await createRig(db.database);
    const yearly = sandboxAccount(ACCOUNT, { schedule: '0 6 1 1 *' });
    await saveAccounts(db.database, [yearly]);
    await saveSchedules(db.database, [yearly], OSLO, RULE);
    await rig.sync({ account: yearly });
    const [fresh] = await lateness(db.database);
    const due = dueTimesAfter({ schedule: yearly.schedule, timezone: OSLO }, new Date());
    expect(fresh).toMatchObject({ is_stale: false, late: 0, next_due_at: due.nextDueAt });
    expect(await db.database.account.findFirst()).toMatchObject({ staleAt: due.staleAt });
    await saveSchedules(db.database, [{ ...yearly, schedule: '0 7 1 1 *' }], OSLO, RULE);
    const fault = { kind: 'status', status: 500 } as const;
    rig.sandbox.faults.add({ endpoint: 'list', account: ACCOUNT, times: 5, fault });
    await db.database.$executeRaw`update cdd.accounts set next_due_at = '2026-01-01Z', stale_at = '2026-01-02Z'`;
    expect(await rig.sync({ account: yearly })).toMatchObject({ state: 'failed' });
    expect(await lateness(db.database)).toMatchObject([{ is_stale: true, next_due_at: new Date('2026-01-01Z') }]);
    expect(await rig.sync({ account: yearly })).toMatchObject({ not_modified: true });
    const later = new Date(due.nextDueAt.getTime() + 3_600_000);
    expect(await lateness(db.database)).toMatchObject([{ is_stale: false, next_due_at: later }]);
    await rig.close();
  });

  test('do not move when the same schedule is saved again, by this replica or another', async ({ db }) => {
    const all = accounts();
    await fill(db, all);
    const before = await db.database.account.findMany({ orderBy: { id: 'asc' } });
    await saveSchedules(db.database, all, OSLO, RULE);
    expect(await db.database.account.findMany({ orderBy: { id: 'asc' } })).toEqual(before);
    await saveSchedules(db.database, all, 'America/St_Johns', RULE);
    expect(await db.database.account.findMany({ orderBy: { id: 'asc' } })).not.toEqual(before);
  });
});

function lateness(database: Database) {
  return database.$queryRaw<{ is_stale: boolean; late: number; next_due_at: Date }[]>`
    select is_stale, late_by_minutes::double precision as late, next_due_at
    from reporting.sync_freshness`;
}
