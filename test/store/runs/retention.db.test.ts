import { expect } from 'vitest';
import { applyRetention } from '../../../src/store/runs/retention.ts';
import { test } from '../../support/database.ts';
import { createRig } from '../../support/rig.ts';

const DAY_MS = 24 * 3_600_000;

test('runs are deleted only if the clocks of the database and of the machine agree that they are old', async ({
  db: { database },
}) => {
  const rig = await createRig(database);
  await rig.sync();
  await rig.sync();
  await database.$executeRaw`
    update cdd.sync_runs
    set
      started_at = started_at - interval '60 days',
      heartbeat_at = heartbeat_at - interval '60 days',
      finished_at = finished_at - interval '60 days'`;
  const days = { rejectedDays: 30, runDays: 30 };
  expect(await applyRetention(database, days, new Date(Date.now() - 40 * DAY_MS))).toEqual({
    rejectedItems: 0,
    runs: 0,
  });
  expect(await applyRetention(database, days, new Date(Date.now() + 40 * DAY_MS))).toEqual({
    rejectedItems: 0,
    runs: 1,
  });
  await rig.close();
});
