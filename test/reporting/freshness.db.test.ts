import { describe, expect } from 'vitest';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { saveSchedules } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { freshnessRow, runRow } from '../support/reference/freshness.ts';
import { readDatabaseFacts } from '../support/reporting/database-facts.ts';
import { withReadTransaction } from '../support/reporting/read-transaction.ts';
import { rowDifferences } from '../support/reporting/row-differences.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

type Run = { state: string; minutesAgo: number };

const run = (state: string, minutesAgo: number): Run => ({ state, minutesAgo });

/** Accounts with their runs, newest last, and the seconds between two scheduled runs. */
const ACCOUNTS = [
  { id: 'P10000001', schedule: '* * * * *', seconds: 60, runs: [run('succeeded', 2)] },
  { id: 'P10000002', schedule: '* * * * *', seconds: 60, runs: [run('succeeded', 4)] },
  { id: 'P10000003', schedule: '*/15 * * * *', seconds: 900, runs: [run('succeeded', 44), run('partial', 20)] },
  { id: 'P10000004', schedule: '*/15 * * * *', seconds: 900, runs: [run('succeeded', 46), run('partial', 20)] },
  { id: 'P10000005', schedule: '0 */6 * * *', seconds: 21_600, runs: [] },
  { id: 'P10000006', schedule: '0 */6 * * *', seconds: 21_600, runs: [run('failed', 30), run('abandoned', 20)] },
  {
    id: 'P10000007',
    schedule: '0 3 * * *',
    seconds: 86_400,
    runs: [run('failed', 4000), run('succeeded', 3000), run('failed', 2000), run('abandoned', 1000), run('running', 1)],
  },
  {
    id: 'T10000008',
    schedule: '*/10 * * * * *',
    seconds: 10,
    runs: [run('failed', 9), run('partial', 8), run('failed', 7), run('failed', 6), run('failed', 5)],
  },
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

describe('sync_freshness and sync_runs', () => {
  test('show every state of a run, and the accounts that are late by their own schedule', async ({ db }) => {
    await saveAccounts(
      db.database,
      ACCOUNTS.map(({ id, schedule }) => sandboxAccount(id, { schedule, label: `label of ${id}` })),
    );
    await saveSchedules(
      db.database,
      ACCOUNTS.map(({ id, seconds }) => ({ accountId: id, seconds })),
    );
    for (const { id, runs } of ACCOUNTS) for (const each of runs) await record(db.url, id, each);
    await withReadTransaction(db.url, async (transaction) => {
      const { runs, lastSuccessAt } = await readDatabaseFacts(transaction);
      const freshness = ACCOUNTS.map(({ id, seconds }) =>
        freshnessRow(
          {
            id,
            label: `label of ${id}`,
            lastSuccessAt: lastSuccessAt.get(id) ?? null,
            intervalSeconds: seconds,
            cases: 0,
          },
          runs,
          transaction.now,
        ),
      );
      const stale = freshness.filter(({ is_stale }) => is_stale).map(({ account_id }) => account_id);
      expect(stale).toEqual(['P10000002', 'P10000004', 'P10000005', 'P10000006', 'T10000008']);
      const got = await transaction.rows('select * from reporting.sync_freshness');
      expect.soft(rowDifferences('sync_freshness', { key: ['account_id'], expected: freshness, got })).toEqual([]);
      const expected = runs.map((one) => runRow(one, transaction.now));
      const gotRuns = await transaction.rows('select * from reporting.sync_runs');
      expect.soft(rowDifferences('sync_runs', { key: ['account_id', 'id'], expected, got: gotRuns })).toEqual([]);
    });
  });
});
