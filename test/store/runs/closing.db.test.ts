import { describe, expect } from 'vitest';
import type { OpenRun, RunResult } from '../../../src/model/run.ts';
import { SyncError } from '../../../src/model/sync-error.ts';
import { dueTimesAfter, dueTimesAfterChange } from '../../../src/schedule/staleness.ts';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { saveSchedules } from '../../../src/store/accounts/schedules.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { openRun } from '../../../src/store/runs/open-run.ts';
import { closeRun, failRun } from '../../../src/store/runs/runs.ts';
import { test } from '../../support/database.ts';
import { noProgress } from '../../support/progress.ts';
import { ACCOUNT } from '../../support/rig.ts';
import { wholeList } from '../../support/run-result.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

/** An account that has these rejected items, and a run of it. */
async function openWithRejected(database: Database, items: Buffer[]): Promise<OpenRun> {
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  await database.$executeRaw`
    insert into cdd.rejected_items (account_id, fingerprint, path, reason, first_seen_at, last_seen_at)
    select ${ACCOUNT}, fingerprint, '', 'of an earlier run', now(), now()
    from unnest(${items}::bytea[]) as fingerprint`;
  const run = await openRun(database, { accountId: ACCOUNT, trigger: 'manual', leaseMs: 3_600_000 });
  if (run === null) throw new Error('locked');
  return run;
}

const close = (database: Database, run: OpenRun, changes: Partial<RunResult> = {}) =>
  closeRun(database, run, { result: { ...wholeList, ...changes }, progress: noProgress }, dueTimesAfter);

describe('closing a run', () => {
  test('saves when the next success is due and when the account is stale, by its schedule and time zone', async ({
    db: { database },
  }) => {
    const run = await openWithRejected(database, []);
    const schedule = { schedule: '0 6 1 1 *', timezone: 'Asia/Tokyo' };
    await saveSchedules(database, [{ id: ACCOUNT, ...schedule }], schedule.timezone, {
      dueTimesAfter,
      dueTimesAfterChange,
    });
    const { finished_at: finishedAt } = await close(database, run);
    if (finishedAt === null) throw new Error('not finished');
    expect(await database.account.findFirst()).toMatchObject({
      lastSuccessAt: finishedAt,
      ...dueTimesAfter(schedule, finishedAt),
    });
  });

  const [listed, gone] = [Buffer.alloc(32, 'a'), Buffer.alloc(32, 'b')];
  test.for<[claim: string, changes: Partial<RunResult>, open: Buffer[]]>([
    ['a whole list resolves those that are no longer in it', {}, [listed]],
    ['a filtered list resolves none', { unfiltered: false }, [listed, gone]],
    ['a list that was not modified resolves none', { notModified: true, rejected: [] }, [listed, gone]],
  ])('of rejected items, %s', async ([, changes, open], { db: { database } }) => {
    const run = await openWithRejected(database, [listed, gone]);
    await close(database, run, { rejected: [listed], ...changes });
    const items = await database.rejectedItem.findMany({
      where: { resolvedAt: null },
      orderBy: { fingerprint: 'asc' },
    });
    expect(items.map(({ fingerprint }) => Buffer.from(fingerprint))).toEqual(open);
  });

  test('as failed is an error of the database when the row of the run is gone, and names the table', async ({
    db: { database },
  }) => {
    const run = await openWithRejected(database, []);
    await database.$executeRaw`delete from cdd.sync_runs`;
    const failing = failRun(database, run, { error: new SyncError('CANCELLED', 'by a test'), progress: noProgress });
    await expect(failing).rejects.toMatchObject({
      code: 'DATABASE',
      message: `${ACCOUNT}: the row of run ${run.id} is gone; was cdd.sync_runs emptied by hand?`,
    });
  });
});
