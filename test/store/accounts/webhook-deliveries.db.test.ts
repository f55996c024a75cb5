import { describe, expect } from 'vitest';
import { isNoted, noteDelivery, noteNudge, nudgedAccounts } from '../../../src/store/accounts/webhook-deliveries.ts';
import { test } from '../../support/database.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';

describe('a nudge', () => {
  test('is open until a run begins after it, however often it is looked for', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    expect(await nudgedAccounts(database)).toEqual([]);
    await noteNudge(database, ACCOUNT);
    expect(await nudgedAccounts(database)).toEqual([ACCOUNT]);
    expect(await nudgedAccounts(database)).toEqual([ACCOUNT]);
    await rig.sync();
    expect(await nudgedAccounts(database)).toEqual([]);
    await rig.close();
  });

  test('that comes while a run is under way is open when it has ended', async ({ db: { database } }) => {
    const rig = await createRig(database);
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 500 } });
    let nudged: Promise<void> = Promise.resolve();
    rig.onWait(() => {
      nudged = noteNudge(database, ACCOUNT);
    });
    await rig.sync();
    await nudged;
    expect(await nudgedAccounts(database)).toEqual([ACCOUNT]);
    await rig.close();
  });

  test('of an account that is disabled or must not be tried yet waits', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    await noteNudge(database, ACCOUNT);
    await database.$executeRaw`update cdd.accounts set refusals = 3, next_try_at = now() + interval '1 minute'`;
    expect(await nudgedAccounts(database)).toEqual([]);
    await database.$executeRaw`update cdd.accounts set refusals = 0, next_try_at = null, enabled = false`;
    expect(await nudgedAccounts(database)).toEqual([]);
    await rig.close();
  });
});

describe('a delivery', () => {
  test('is noted once, for its own account', async ({ db: { database } }) => {
    const delivery = { accountId: ACCOUNT, deliveryId: 'one' };
    expect(await isNoted(database, delivery)).toBe(false);
    await noteDelivery(database, delivery);
    await noteDelivery(database, delivery);
    expect(await isNoted(database, delivery)).toBe(true);
    expect(await isNoted(database, { ...delivery, accountId: 'T12345678' })).toBe(false);
  });
});
