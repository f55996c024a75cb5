import { describe, expect } from 'vitest';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { holdRequests } from '../../../src/store/accounts/rate-limit-holds.ts';
import {
  accountsWithRequestedRun,
  isKnownDelivery,
  requestRun,
  saveDelivery,
} from '../../../src/store/accounts/webhook-deliveries.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { test } from '../../support/database.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

describe('a run that a webhook requests', () => {
  test('is requested until a run begins after the webhook', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    expect(await accountsWithRequestedRun(database)).toEqual([]);
    await requestRun(database, ACCOUNT);
    expect(await accountsWithRequestedRun(database)).toEqual([ACCOUNT]);
    expect(await accountsWithRequestedRun(database)).toEqual([ACCOUNT]);
    await rig.sync();
    expect(await accountsWithRequestedRun(database)).toEqual([]);
    await rig.close();
  });

  test('is still requested when the run that was active at the webhook has ended', async ({ db: { database } }) => {
    const rig = await createRig(database);
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 500 } });
    let requested: Promise<void> = Promise.resolve();
    rig.onWait(() => {
      requested = requestRun(database, ACCOUNT);
    });
    await rig.sync();
    await requested;
    expect(await accountsWithRequestedRun(database)).toEqual([ACCOUNT]);
    await rig.close();
  });

  test('is not given for an account that is disabled or must wait', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    await requestRun(database, ACCOUNT);
    await database.$executeRaw`update cdd.accounts set refusals = 3, next_try_at = now() + interval '1 minute'`;
    expect(await accountsWithRequestedRun(database)).toEqual([]);
    await database.$executeRaw`update cdd.accounts set refusals = 0, next_try_at = null, enabled = false`;
    expect(await accountsWithRequestedRun(database)).toEqual([]);
    await rig.close();
  });
});

describe('runs that webhooks start', () => {
  /** A finished run that began and ended this many seconds ago. */
  async function addRun(database: Database, trigger: string, began: number, ended: number): Promise<void> {
    await database.$executeRaw`
      insert into cdd.sync_runs (account_id, id, trigger, state, complete, started_at, heartbeat_at, finished_at)
      select ${ACCOUNT}, gen_random_uuid(), ${trigger}, 'succeeded', true, start, stop, stop
      from (
        select now() - ${began} * interval '1 second' as start, now() - ${ended} * interval '1 second' as stop
      ) as times`;
  }

  async function account(database: Database): Promise<void> {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  }

  test('pause for 15 s after the last one, or as long as it took', async ({ db: { database } }) => {
    await account(database);
    const isDueAfter = async (...runs: [trigger: string, began: number, ended: number][]) => {
      await database.syncRun.deleteMany();
      for (const run of runs) await addRun(database, ...run);
      await requestRun(database, ACCOUNT);
      return (await accountsWithRequestedRun(database)).includes(ACCOUNT);
    };
    expect(await isDueAfter(['webhook', 15, 14])).toBe(false);
    expect(await isDueAfter(['webhook', 17, 16])).toBe(true);
    expect(await isDueAfter(['webhook', 400, 150])).toBe(false);
    expect(await isDueAfter(['webhook', 500, 240])).toBe(false);
    expect(await isDueAfter(['webhook', 500, 260])).toBe(true);
    expect(await isDueAfter(['webhook', 13, 12], ['schedule', 11, 1])).toBe(false);
    expect(await isDueAfter(['schedule', 2, 1])).toBe(true);
    // The clock was ahead.
    expect(await isDueAfter(['webhook', -3000, -3010])).toBe(true);
  });

  test('do not start while the host holds the account', async ({ db: { database } }) => {
    await account(database);
    await requestRun(database, ACCOUNT);
    await holdRequests(database, { host: 'api', accountId: ACCOUNT }, { hostMs: 0, accountMs: 60_000 });
    expect(await accountsWithRequestedRun(database, { host: 'api' })).toEqual([]);
    expect(await accountsWithRequestedRun(database, { host: 'another api' })).toEqual([ACCOUNT]);
  });
});

describe('a delivery', () => {
  const bodyHash = Buffer.alloc(32, 1);
  const delivery = { accountId: ACCOUNT, deliveryId: 'one', bodyHash };

  test('is saved once, for its own account', async ({ db: { database } }) => {
    expect(await isKnownDelivery(database, delivery)).toBe(false);
    await saveDelivery(database, delivery);
    await saveDelivery(database, delivery);
    expect(await isKnownDelivery(database, delivery)).toBe(true);
    expect(await isKnownDelivery(database, { ...delivery, accountId: 'T12345678' })).toBe(false);
    expect(await database.webhookDelivery.count()).toBe(1);
  });

  test('is known by its body for an hour, and by its id for as long as its row is kept', async ({
    db: { database },
  }) => {
    await saveDelivery(database, delivery);
    const sameBody = { ...delivery, deliveryId: 'two' };
    const sameId = { ...delivery, bodyHash: Buffer.alloc(32, 2) };
    const known = () => Promise.all([sameBody, sameId].map((each) => isKnownDelivery(database, each)));
    expect(await known()).toEqual([true, true]);
    await database.$executeRaw`update cdd.webhook_deliveries set received_at = now() - interval '61 minutes'`;
    expect(await known()).toEqual([false, true]);
    // The clock was ahead.
    await database.$executeRaw`update cdd.webhook_deliveries set received_at = now() + interval '1 minute'`;
    expect(await known()).toEqual([false, true]);
  });
});
