import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { rollUp } from '../../src/store/reports/after-run.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { connectAdmin, withAdmin } from '../support/admin.ts';
import { test as base, withDatabase } from '../support/database.ts';
import { readRollUps } from '../support/reporting/roll-ups.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';

const test = base.extend('role', roleFixture);

/** Fails after ten seconds, so that a lock that is held makes the test fail instead of hang. */
const soon = <T>(work: Promise<T>): Promise<T | 'still waiting'> =>
  Promise.race([work, delay(10_000, 'still waiting' as const, { ref: false })]);

describe('the lock of the roll-ups of an account', () => {
  test('is none that a login without any grant can hold', async ({ db: { database, url }, role }) => {
    const rig = await createRig(database);
    await rig.sync();
    rig.sandbox.world.advance({ hours: 300 });
    await withAdmin(url, async (stranger) => {
      await stranger.query(`set role ${role}`);
      await stranger.query(
        `select pg_advisory_lock(hashtextextended('cdd.roll_up ' || account, 0)) from unnest($1::text[]) as account`,
        [[ACCOUNT]],
      );
      await expect(stranger.query('select from cdd.roll_ups for share')).rejects.toMatchObject({ code: '42501' });
      expect(await soon(rig.sync())).toMatchObject({ state: 'succeeded' });
      expect(await database.reportChange.count()).toBe(0);
      const settings = { timezone: 'Asia/Kathmandu', statusTargets: {} };
      expect(await soon(applyReportSettings(database, settings))).toBeUndefined();
    });
    await rig.close();
  });

  test('makes roll-ups and rebuilds that start at once wait for each other, and all end right', async ({
    db: { database, url },
  }) => {
    const rig = await createRig(database);
    await rig.sync();
    const before = await readRollUps(url);
    await database.$executeRaw`delete from cdd.roll_ups`;
    await withDatabase(
      url,
      async (pool) => {
        const rebuild = () => pool.$queryRaw`select cdd.rebuild_roll_ups(${ACCOUNT})::text`;
        await Promise.all([rebuild(), rollUp(pool, ACCOUNT), rebuild(), rollUp(pool, ACCOUNT)]);
      },
      { connections: 4 },
    );
    expect(await readRollUps(url)).toEqual(before);
    await rig.close();
  });

  test('is not held up by a reader that leaves its transaction open', async ({ db: { database, url } }) => {
    const rig = await createRig(database);
    await rig.sync();
    rig.sandbox.world.advance({ hours: 300 });
    await withAdmin(url, async (reader) => {
      await reader.query('begin isolation level repeatable read');
      for (const view of ['backlog_daily', 'flow_daily', 'funnel_monthly', 'transition_matrix', 'data_quality'])
        await reader.query(`select * from reporting.${view}`);
      expect(await soon(rig.sync())).toMatchObject({ state: 'succeeded' });
      expect(await database.reportChange.count()).toBe(0);
      const settings = { timezone: 'Asia/Kathmandu', statusTargets: {} };
      expect(await soon(applyReportSettings(database, settings))).toBeUndefined();
    });
    await rig.close();
  });

  test('is released when the session that holds it is killed', async ({ db: { database, url } }) => {
    const rig = await createRig(database);
    await rig.sync();
    rig.sandbox.world.advance({ hours: 300 });
    const holder = await connectAdmin(url);
    await holder.query(`begin; select cdd.lock_roll_up('${ACCOUNT}')`);
    const [{ pid } = { pid: 0 }] = (await holder.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
    const running = rig.sync();
    expect(await Promise.race([running, delay(1_000, 'waiting')])).toBe('waiting');
    await database.$queryRaw`select pg_terminate_backend(${pid}::integer)`;
    expect(await soon(running)).toMatchObject({ state: 'succeeded' });
    expect(await database.reportChange.count()).toBe(0);
    await rig.close();
  });
});
