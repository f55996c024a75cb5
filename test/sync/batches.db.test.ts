import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Batch } from '../../src/sync/batcher.ts';
import { test, withDatabase } from '../support/database.ts';
import { countLockWaits } from '../support/lock-waits.ts';
import { createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';
import { until } from '../support/until.ts';

const accounts = ['P11111111', 'P22222222', 'P33333333', 'P44444444'];

const batch: Batch = {
  read: [],
  reordered: [],
  returned: [],
  rejected: [
    {
      rejection: { caseId: null, path: '', reason: 'of this test' },
      fingerprint: createHash('sha256').update('an item').digest(),
      body: null,
    },
  ],
};

describe('batches', () => {
  test('of four runs are saved by two at a time', async ({ db: { url } }) => {
    await withDatabase(
      url,
      async (database) => {
        const rig = await createRig(database);
        const { openRun, saveBatch } = rig.parts.destination;
        await saveAccounts(
          database,
          accounts.map((id) => sandboxAccount(id)),
        );
        const runs = await Promise.all(accounts.map((id) => openRun(id, 'manual')));
        const opened = runs.filter((run) => run !== null);
        expect(opened).toHaveLength(accounts.length);
        let saves: Promise<unknown>[] = [];
        await database.transact(async (tx) => {
          await tx.$executeRaw`lock table cdd.rejected_items in share mode`;
          saves = opened.map((run) => saveBatch(run, batch));
          await until(async () => (await countLockWaits(database)) >= 2);
          for (let look = 0; look < 20; look += 1) expect(await countLockWaits(database)).toBe(2);
        });
        await Promise.all(saves);
        expect(await database.rejectedItem.count()).toBe(accounts.length);
        await rig.close();
      },
      { connections: 10 },
    );
  });
});
