import { describe, expect } from 'vitest';
import { recentRuns } from '../../src/store/runs/recent-runs.ts';
import { logHour } from '../../src/worker/hourly-report.ts';
import { test } from '../support/database.ts';
import { recordingLog } from '../support/log-lines.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const quiet = { accounts: 2, paused: 0, fresh: 2, runs: 8, failed: 0, changes: 0 };
const oldest = { accountId: ACCOUNT, lastSuccessAt: new Date(NOW - 14 * 60_000) };

describe('the line of an hour', () => {
  test('is at info with accounts, runs, changes and the oldest success, also when nothing changed', () => {
    const { log, texts, lines } = recordingLog();
    logHour(log, { ...quiet, oldest }, NOW);
    logHour(log, { accounts: 1, paused: 1, fresh: 1, runs: 1, failed: 1, changes: 1, oldest }, NOW);
    expect(texts()).toEqual([
      'info 2 of 2 accounts fresh, 8 runs in the last hour, 0 changes, oldest success 14 min ago (P12345678)',
      'info 1 of 1 account fresh, 1 paused, 1 run in the last hour, 1 failed, 1 change, oldest success 14 min ago (P12345678)',
    ]);
    expect(lines[0]).toMatchObject({ accounts: 2, fresh: 2, runs: 8, changes: 0 });
  });

  test('is a warning if an account is not fresh', () => {
    const { log, texts } = recordingLog();
    logHour(log, { ...quiet, fresh: 1, oldest: { ...oldest, lastSuccessAt: null } }, NOW);
    expect(texts()).toEqual([
      'warn 1 of 2 accounts fresh, 8 runs in the last hour, 0 changes, oldest success never (P12345678)',
    ]);
  });

  test('counts the runs that began within the hour, of enabled accounts', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 3 } });
    expect(await recentRuns(database)).toEqual({
      accounts: 0,
      paused: 0,
      fresh: 0,
      runs: 0,
      failed: 0,
      changes: 0,
      oldest: null,
    });
    await rig.sync();
    await rig.sync();
    rig.sandbox.faults.add({ endpoint: 'list', account: ACCOUNT, fault: { kind: 'status', status: 403 } });
    await rig.sync();
    const hour = { accounts: 1, fresh: 1, runs: 3, failed: 1, changes: 3 };
    expect(await recentRuns(database)).toMatchObject({ ...hour, oldest: { accountId: ACCOUNT } });
    await database.$executeRaw`update cdd.sync_runs set started_at = started_at - interval '2 hours'`;
    expect(await recentRuns(database)).toMatchObject({ ...hour, runs: 0, failed: 0, changes: 0 });
    await database.$executeRaw`update cdd.accounts set last_success_at = null`;
    expect(await recentRuns(database)).toMatchObject({ oldest: { accountId: ACCOUNT, lastSuccessAt: null } });
    await rig.close();
  });
});
