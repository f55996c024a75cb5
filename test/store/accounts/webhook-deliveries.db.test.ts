import { describe, expect } from 'vitest';
import {
  accountsWithRequestedRun,
  isKnownDelivery,
  requestRun,
  saveDelivery,
} from '../../../src/store/accounts/webhook-deliveries.ts';
import { test } from '../../support/database.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';

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

describe('a delivery', () => {
  test('is saved once, for its own account', async ({ db: { database } }) => {
    const delivery = { accountId: ACCOUNT, deliveryId: 'one' };
    expect(await isKnownDelivery(database, delivery)).toBe(false);
    await saveDelivery(database, delivery);
    await saveDelivery(database, delivery);
    expect(await isKnownDelivery(database, delivery)).toBe(true);
    expect(await isKnownDelivery(database, { ...delivery, accountId: 'T12345678' })).toBe(false);
  });
});
