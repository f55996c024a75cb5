import { describe, expect } from 'vitest';
import { test } from '../../support/database.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const FUTURE = '9999-12-31T23:59:59Z';

describe('the last error of a case, if an event has no time at all', () => {
  test('is that of the event in the future', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const events = [
      { id: 1, error: 'without a time' },
      { id: 2, error: 'ahead', created_at: FUTURE },
    ];
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([{ id: ID, events }]));
    await rig.sync();
    expect(await database.case.findMany({ select: { lastError: true } })).toEqual([{ lastError: 'ahead' }]);
    await rig.close();
  });

  test('is that of an event after its first recording', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const read = async (events: object[]) => {
      rig.sandbox.world.serve(ACCOUNT, JSON.stringify([{ id: ID, events }]));
      await rig.sync();
      return database.case.findMany({ select: { lastError: true } });
    };
    const first = { id: 2, error: 'without a time' };
    expect(await read([first])).toEqual([{ lastError: 'without a time' }]);
    const [clock] = await database.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`;
    const second = { id: 3, error: 'later', created_at: clock?.now.toISOString() };
    expect(await read([first, second])).toEqual([{ lastError: 'later' }]);
    await rig.close();
  });
});
