import { describe, expect } from 'vitest';
import type { Transaction } from '../../src/store/postgres/pool.ts';
import { rollUp } from '../../src/store/reports/after-run.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { ROLL_UPS, readRollUps } from '../support/reporting/roll-ups.ts';
import { ACCOUNT, createRig, type Rig } from '../support/rig.ts';
import { syncErrorOf } from '../support/sync-error.ts';

/** Advances the sandbox, with changes of every kind. */
function changeCases({ sandbox: { world } }: Rig, step: number): void {
  world.advance({ hours: 300 });
  const ids = world.caseIds(ACCOUNT);
  const target = (offset: number) => ({ account: ACCOUNT, case: ids[(step * 13 + offset) % ids.length] ?? '' });
  world.addLateEvent(target(0));
  world.addLateEvent(target(1), { id: 'smaller' });
  world.deleteCase(target(2));
  world.vanish(target(3));
  world.appendEvent(target(4), { case_status: 'ERROR', error: `error ${step}` });
  world.edit(target(5), (document) => {
    document.events = Array.isArray(document.events) ? document.events.slice(1) : [];
  });
}

describe('roll-ups', () => {
  test('maintained run by run equal a rebuild from scratch', async ({ db: { database, url } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 80 } });
    for (let step = 0; step < 6; step += 1) {
      if (step > 0) changeCases(rig, step);
      await rig.sync();
    }
    const [back = ''] = await database.case
      .findMany({ where: { missingSince: { not: null } } })
      .then((rows) => rows.map(({ id }) => id));
    rig.sandbox.world.bringBack({ account: ACCOUNT, case: back });
    expect((await rig.sync()).cases_returned).toBe(1);

    const before = await readRollUps(url);
    for (const table of ROLL_UPS) expect([table, before[table]?.length]).not.toEqual([table, 0]);
    await database.$queryRaw`select cdd.rebuild_roll_ups(${ACCOUNT})::text`;
    expect(await readRollUps(url)).toEqual(before);
    await rig.close();
  });

  test('are not written by a run that changes nothing', async ({ db: { database, url } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const versions = () =>
      withAdmin(url, async (client) => {
        const { rows } = await client.query(
          ROLL_UPS.map((table) => `select ctid::text, xmin::text from cdd.${table}`).join(' union all '),
        );
        return rows;
      });
    const before = await versions();
    await database.$executeRaw`update cdd.accounts set etag = null, etag_request = null`;
    expect(await rig.sync()).toMatchObject({ not_modified: false, cases_updated: 0 });
    expect(await versions()).toEqual(before);
    expect(await database.reportChange.count()).toBe(0);
    await rig.close();
  });

  test('ignore changes of fingerprints, even of gone cases, but not other changes in the same transaction', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    const gone = rig.sandbox.world.caseIds(ACCOUNT)[0] ?? '';
    rig.sandbox.world.deleteCase({ account: ACCOUNT, case: gone });
    await rig.sync();
    expect(await database.case.count({ where: { deletedAt: { not: null } } })).toBeGreaterThan(0);
    const renew = (tx: Transaction) => tx.$executeRaw`update cdd.cases set fingerprint = sha256(fingerprint)`;
    await renew(database);
    expect(await database.reportChange.count()).toBe(0);
    await database.transact(async (tx) => {
      await renew(tx);
      await tx.$executeRaw`update cdd.cases set furthest_rank = 999 where id = ${gone}::uuid`;
      await renew(tx);
    });
    expect(await database.reportChange.count({ where: { cohort: { not: null } } })).toBe(1);
    await rig.close();
  });

  test('rebuild the transition matrix of a large account once an hour, and keep its notes until then', async ({
    db: { database, url },
  }) => {
    const rig = await createRig(database);
    await rig.sync();
    await database.$executeRaw`update cdd.transition_pairs set transitions = transitions + 20000`;
    const { transition_pairs: before } = await readRollUps(url);
    rig.sandbox.world.advance({ hours: 500 });
    await rig.sync();
    expect((await readRollUps(url)).transition_pairs).toEqual(before);
    expect(await database.reportChange.count({ where: { toStatus: null } })).toBe(0);
    expect(await database.reportChange.count()).toBeGreaterThan(0);
    await database.$executeRaw`update cdd.transition_pairs set made_at = made_at - interval '61 minutes'`;
    await rollUp(database, ACCOUNT);
    expect((await readRollUps(url)).transition_pairs).not.toEqual(before);
    expect(await database.reportChange.count()).toBe(0);
    await rig.close();
  });

  test('that fail leave the run succeeded and their notes for the next run', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await database.$executeRaw`alter table cdd.flow_days add constraint nothing check (false)`;
    expect(await rig.sync()).toMatchObject({ state: 'succeeded' });
    expect(await database.reportChange.count()).toBeGreaterThan(0);
    await database.$executeRaw`update cdd.report_changes set noted_at = noted_at - interval '4 hours'`;
    const [behind] = await database.$queryRaw<{ items: number }[]>`
      select items from reporting.data_quality where check_name = 'reports_behind'`;
    expect(behind?.items).toBeGreaterThan(0);
    await database.$executeRaw`alter table cdd.flow_days drop constraint nothing`;
    expect(await rig.sync()).toMatchObject({ not_modified: true });
    expect(await database.reportChange.count()).toBe(0);
    expect(await database.flowDay.count()).toBeGreaterThan(0);
    await rig.close();
  });

  test('do not change when the configured time zone is unknown to Postgres', async ({ db: { database, url } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const before = await readRollUps(url);
    const refused = await syncErrorOf(
      applyReportSettings(database, { timezone: 'Europe/Atlantis', statusTargets: { ACTIVE: 1 } }),
    );
    expect(refused).toMatchObject({ code: 'DATABASE', message: expect.stringContaining('Europe/Atlantis') });
    expect(await readRollUps(url)).toEqual(before);
    expect(await database.reportSettings.findFirst()).toMatchObject({ timezone: 'Europe/Oslo' });
    expect(await database.statusTarget.count()).toBe(0);
    await applyReportSettings(database, { timezone: 'Asia/Kathmandu', statusTargets: {} });
    expect(await readRollUps(url)).not.toEqual(before);
    await rig.close();
  });
});
