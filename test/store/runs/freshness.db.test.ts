import { expect } from 'vitest';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { openDatabase } from '../../../src/store/postgres/pool.ts';
import { freshnessOfAccounts } from '../../../src/store/runs/freshness.ts';
import { Metrics } from '../../../src/worker/metrics.ts';
import { test } from '../../support/database.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

test('each enabled account has the seconds since its last success, null before the first, and whether it is stale', async ({
  db,
}) => {
  const { database } = db;
  await saveAccounts(
    database,
    ['P12345678', 'P12345679', 'P12345670'].map((id) => sandboxAccount(id)),
  );
  await database.$executeRaw`
    update cdd.accounts
    set last_success_at = now() - interval '90.5 seconds'
    where id in ('P12345678', 'P12345670')`;
  await saveAccounts(
    database,
    ['P12345678', 'P12345679'].map((id) => sandboxAccount(id)),
  );
  await database.$executeRaw`
    update cdd.accounts
    set next_due_at = now() - interval '16 minutes', stale_at = now() - interval '1 minute'
    where id = 'P12345679'`;
  const freshness = await freshnessOfAccounts(database);
  expect(freshness).toEqual([
    { accountId: 'P12345678', secondsSinceSuccess: expect.any(Number), isStale: false },
    { accountId: 'P12345679', secondsSinceSuccess: null, isStale: true },
  ]);
  expect(freshness[0]?.secondsSinceSuccess).toBeGreaterThanOrEqual(90.5);
  // Seconds, not milliseconds.
  expect(freshness[0]?.secondsSinceSuccess).toBeLessThan(10_000);
});

test('the metrics are rendered when the database cannot be reached', async () => {
  const database = openDatabase('postgres://user:sesame@127.0.0.1:1/nothing');
  const metrics = new Metrics({
    freshness: () => freshnessOfAccounts(database),
    queue: async () => ({ waiting: 0, active: 0 }),
    reports: async () => [],
  });
  const { body } = await metrics.render();
  expect(body).toMatch(/^cdd_sync_database_up 0$/m);
  expect(body).not.toContain('sesame');
  await database.close();
});
