import { describe, expect } from 'vitest';
import { SyncError } from '../../../src/model/sync-error.ts';
import { dueTimesAfter } from '../../../src/schedule/staleness.ts';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { saveBatch } from '../../../src/store/cases/save-batch.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { forgetEtag } from '../../../src/store/runs/list-etag.ts';
import { openRun } from '../../../src/store/runs/open-run.ts';
import { lockRun } from '../../../src/store/runs/run-lock.ts';
import { closeRun, saveHeartbeat } from '../../../src/store/runs/runs.ts';
import { sync } from '../../../src/sync/run.ts';
import { test, withDatabase } from '../../support/database.ts';
import { expireHeartbeats } from '../../support/dead-worker.ts';
import { countLockWaits } from '../../support/lock-waits.ts';
import { noProgress } from '../../support/progress.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments } from '../../support/rig.ts';
import { wholeList } from '../../support/run-result.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';
import { until } from '../../support/until.ts';

const HOUR = 3_600_000;

async function open(database: Database, leaseMs = HOUR) {
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  return openRun(database, { accountId: ACCOUNT, trigger: 'manual', leaseMs });
}

describe('the row of a running run', () => {
  test('locks its account: a second run does not open', async ({ db: { database } }) => {
    const runs = await Promise.all([open(database), open(database), open(database)]);
    expect(runs.filter((run) => run !== null)).toHaveLength(1);
    expect(await database.syncRun.count()).toBe(1);
  });

  test('does not lock another account', async ({ db: { database } }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT), sandboxAccount('T12345678')]);
    for (const accountId of [ACCOUNT, 'T12345678']) {
      expect(await openRun(database, { accountId, trigger: 'schedule', leaseMs: HOUR })).not.toBeNull();
    }
  });

  test('is declared abandoned by the next run after its lease, which then has the lock', async ({
    db: { database },
  }) => {
    const first = await open(database);
    await expireHeartbeats(database);
    const second = await open(database);
    expect(second).not.toBeNull();
    const rows = await database.syncRun.findMany({ orderBy: { startedAt: 'asc' } });
    expect(rows).toMatchObject([
      { id: first?.id, state: 'abandoned', errorCode: 'ABANDONED' },
      { id: second?.id, state: 'running', errorCode: null },
    ]);
    expect(rows[0]?.finishedAt).not.toBeNull();
  });

  test('stays running while heartbeats are saved, and a heartbeat after the take-over returns false', async ({
    db: { database },
  }) => {
    const run = await open(database);
    if (run === null) throw new Error('locked');
    await expireHeartbeats(database);
    expect(await saveHeartbeat(database, run, noProgress)).toBe(true);
    expect(await open(database)).toBeNull();
    await expireHeartbeats(database);
    await open(database);
    expect(await saveHeartbeat(database, run, noProgress)).toBe(false);
  });
});

describe('a run whose host was lost', () => {
  test('in mid-batch: a take-over says within seconds that a lock is still held, and works when it is gone', async ({
    db: { database },
  }) => {
    const run = await open(database);
    if (run === null) throw new Error('locked');
    await expireHeartbeats(database);
    const isTried = Promise.withResolvers<void>();
    const batch = database.transact(async (tx) => {
      await lockRun(tx, { accountId: ACCOUNT, runId: run.id });
      await isTried.promise;
    });
    const startedAt = performance.now();
    await expect(open(database)).rejects.toMatchObject({
      code: 'DATABASE',
      retryable: true,
      message: expect.stringMatching(/^P\w+: .*session still holds a lock.*tried again/),
    });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    isTried.resolve();
    await batch;
    expect(await open(database)).not.toBeNull();
  });

  test('does not keep its locks as long as the lease, whatever the server allows', async ({
    db: { url, database },
  }) => {
    await database.$executeRawUnsafe(
      `alter database ${new URL(url).pathname.slice(1)} set idle_in_transaction_session_timeout to 0`,
    );
    const [limit] = await withDatabase(url, (fresh) =>
      fresh.transact(
        (tx) => tx.$queryRaw<{ seconds: number }[]>`
          select extract(epoch from current_setting('idle_in_transaction_session_timeout')::interval)::integer as seconds`,
      ),
    );
    expect(limit?.seconds).toBeGreaterThan(0);
    expect(limit?.seconds).toBeLessThan(30);
  });

  test('while it was closed: another run is told that the account is taken, without waiting', async ({
    db: { database },
  }) => {
    const run = await open(database);
    if (run === null) throw new Error('locked');
    await database.transact(async (tx) => {
      await tx.$executeRaw`
        update cdd.sync_runs
        set state = 'failed', finished_at = now(), error_code = 'CANCELLED', error_message = 'by hand'
        where id = ${run.id}::uuid`;
      expect(await open(database)).toBeNull();
    });
    expect(await open(database)).not.toBeNull();
  });
});

describe('a batch', () => {
  test('of an abandoned run writes nothing', async ({ db: { database } }) => {
    const run = await open(database);
    if (run === null) throw new Error('locked');
    await expireHeartbeats(database);
    await open(database);
    const document = Buffer.from('{"id":"00000000-0000-4000-8000-000000000001","events":[]}');
    const read = [
      {
        id: '00000000-0000-4000-8000-000000000001',
        document,
        problems: [],
        hasErrors: false,
        readable: null,
        fingerprint: Buffer.alloc(32),
        contentHash: null,
        transitions: [],
        known: false,
      },
    ];
    const context = { accountId: ACCOUNT, runId: run.id, personalData: 'keep' as const };
    const saving = saveBatch(database, { read, reordered: [], returned: [], rejected: [] }, context);
    await expect(saving).rejects.toMatchObject({ code: 'ABANDONED' });
    expect(await database.case.count()).toBe(0);
    expect(await database.caseRevision.count()).toBe(0);
  });

  test('blocks a take-over of its run until the commit, and blocks no other batch', async ({ db: { database } }) => {
    const run = await open(database);
    if (run === null) throw new Error('locked');
    await expireHeartbeats(database);
    const key = { accountId: ACCOUNT, runId: run.id };
    const order: string[] = [];
    let abandoning: Promise<unknown> = Promise.resolve();
    await database.transact(async (tx) => {
      await lockRun(tx, key);
      await database.transact((other) => lockRun(other, key));
      order.push('another batch');
      abandoning = database.$executeRaw`
        update cdd.sync_runs
        set state = 'abandoned', finished_at = now(), error_code = 'ABANDONED', error_message = 'by hand'
        where id = ${run.id}::uuid`.then(() => order.push('abandoned'));
      await until(async () => (await countLockWaits(database)) > 0);
      order.push('commit');
    });
    await abandoning;
    expect(order).toEqual(['another batch', 'commit', 'abandoned']);
  });

  test('has a time of its own beside another that begins at once, also after a clock was ahead', async ({
    db: { database },
  }) => {
    const run = await open(database);
    const key = { accountId: ACCOUNT, runId: run?.id ?? '' };
    for (const later of ['0', '1', '2', '3']) {
      await database.$executeRaw`
        update cdd.batch_slots set recorded_at = now() + interval '1 hour' + ${later}::integer * interval '1 microsecond'`;
      await database.transact(async (tx) => {
        const { recordedAt } = await lockRun(tx, key);
        const other = await database.transact((second) => lockRun(second, key));
        expect(other.recordedAt).not.toBe(recordedAt);
      });
    }
  });

  test('has a time that is not later than now, so that events without a time are not of the future', async ({
    db: { database },
  }) => {
    const run = await open(database);
    for (let batch = 0; batch < 8; batch += 1) {
      const isLater = await database.transact(async (tx) => {
        const { recordedAt } = await lockRun(tx, { accountId: ACCOUNT, runId: run?.id ?? '' });
        const [row] = await tx.$queryRaw<{ later: boolean }[]>`select ${recordedAt}::timestamptz > now() as later`;
        return row?.later;
      });
      expect(isLater).toBe(false);
    }
  });

  test('of an abandoned run is not closed: rejected items and the etag stay as they are', async ({
    db: { database },
  }) => {
    const run = await open(database);
    if (run === null) throw new Error('locked');
    await database.$executeRaw`
      insert into cdd.rejected_items (account_id, fingerprint, path, reason, first_seen_at, last_seen_at)
      values (${ACCOUNT}, sha256('an item'), '', 'of an earlier run', now(), now())`;
    await expireHeartbeats(database);
    expect(await open(database)).not.toBeNull();
    const closing = { result: wholeList, progress: noProgress };
    await expect(closeRun(database, run, closing, dueTimesAfter)).rejects.toMatchObject({
      code: 'ABANDONED',
    });
    expect(await database.rejectedItem.count({ where: { resolvedAt: null } })).toBe(1);
    expect(await database.account.findUnique({ where: { id: ACCOUNT } })).toMatchObject({
      etag: null,
      lastSuccessAt: null,
    });
  });

  test('does not block the heartbeat', async ({ db: { database } }) => {
    const run = await open(database);
    if (run === null) throw new Error('locked');
    const isRunning = await database.transact(async (tx) => {
      await lockRun(tx, { accountId: ACCOUNT, runId: run.id });
      return saveHeartbeat(database, run, noProgress);
    });
    expect(isRunning).toBe(true);
  });
});

describe('a run', () => {
  test('that is declared abandoned while it saves stops, stays abandoned, and is completed by the next run', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 2500 }, heartbeatMs: 20 });
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'stall', afterItems: 2200 } });
    const running = rig.sync();
    await until(async () => (await database.case.count()) >= 1000);
    await expireHeartbeats(database);
    // A heartbeat in between makes the run alive again, so try until the take-over succeeds.
    while ((await open(database, HOUR)) === null) await expireHeartbeats(database);
    expect(await running).toMatchObject({ state: 'abandoned', error_code: 'ABANDONED' });
    await database.$executeRaw`
      update cdd.sync_runs
      set state = 'failed', finished_at = now(), error_code = 'CANCELLED', error_message = 'the second run of this test'
      where state = 'running'`;
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_seen: 2500 });
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    await rig.close();
  });

  test('that was declared abandoned does not delete the etag that the next run has saved', async ({
    db: { database },
  }) => {
    const abandoned = await open(database);
    await expireHeartbeats(database);
    const next = await open(database);
    if (abandoned === null || next === null) throw new Error('locked');
    await closeRun(database, next, { result: wholeList, progress: noProgress }, dueTimesAfter);
    await forgetEtag(database, abandoned);
    expect(await database.account.findFirst()).toMatchObject({ etag: 'new', etagRunId: next.id });
  });

  test('that is stopped closes its row as CANCELLED and keeps what it saved', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 1500 } });
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'stall', afterItems: 1200 } });
    const stop = new AbortController();
    const running = rig.sync({ signal: stop.signal });
    await until(async () => (await database.case.count()) > 0);
    stop.abort(new SyncError('CANCELLED', 'Stopped by a test.'));
    const row = await running;
    expect(row).toMatchObject({ state: 'failed', error_code: 'CANCELLED', complete: false });
    expect(row.cases_created).toBe(await database.case.count());
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_seen: 1500 });
    await rig.close();
  });

  test('gives null while another run of the account is alive', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await open(database);
    const signal = new AbortController().signal;
    expect(
      await sync({ account: sandboxAccount(ACCOUNT), trigger: 'schedule', acceptMissing: false, signal }, rig.parts),
    ).toBeNull();
    expect(rig.sandbox.requests).toEqual([]);
    await rig.close();
  });
});
