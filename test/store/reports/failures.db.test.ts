import pino from 'pino';
import { describe, expect } from 'vitest';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { failedReports, reportsHealth } from '../../../src/store/reports/failures.ts';
import { accountStatus } from '../../../src/store/runs/status.ts';
import { test } from '../../support/database.ts';
import { ACCOUNT, createRig, type Rig } from '../../support/rig.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const OTHER = 'T12345678';

/** A rig, and the lines that its runs log. */
async function createLoggedRig(database: Database): Promise<{ rig: Rig; lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { rig: await createRig(database, { sandbox: { casesPerAccount: 5 }, log }), lines };
}

/** Makes every roll-up fail that has something to add, until `mend`. */
const breakReports = (database: Database) =>
  database.$executeRaw`alter table cdd.flow_days add constraint nothing check (false)`;
const mend = (database: Database) => database.$executeRaw`alter table cdd.flow_days drop constraint nothing`;

/** Runs a sync that changes a case. */
async function syncChange(rig: Rig) {
  rig.sandbox.world.advance({ hours: 200 });
  return rig.sync();
}

async function checkOf(database: Database) {
  const [check] = await database.$queryRaw<{ items: number; example: string | null }[]>`
    select items, example from reporting.data_quality where check_name = 'reports_failed'`;
  return check;
}

describe('reports that cannot be updated', () => {
  test('are told at once, by the log, data_quality, status and the metrics; the run stays succeeded', async ({
    db: { database },
  }) => {
    const { rig, lines } = await createLoggedRig(database);
    await breakReports(database);
    expect(await rig.sync()).toMatchObject({ state: 'succeeded' });
    const reason = /"nothing" \(23514\); a row breaks a rule of its table/;
    expect(lines).toEqual([
      expect.objectContaining({
        level: 50,
        account: ACCOUNT,
        code: '23514',
        msg: expect.stringMatching(new RegExp(`^${ACCOUNT}: the reports could not be updated.*${reason.source}`)),
      }),
    ]);
    expect(await checkOf(database)).toEqual({ items: 1, example: expect.stringMatching(reason) });
    const [status] = await accountStatus(database);
    expect(status?.reports_failing_since).toBeInstanceOf(Date);
    expect(status?.reports_error_message).toMatch(reason);
    expect(await reportsHealth(database)).toEqual([{ accountId: ACCOUNT, isFailing: true, failures: 1 }]);
    await rig.close();
  });

  test('have one line in the log an hour, one more for another reason, and one when they are right again', async ({
    db: { database },
  }) => {
    const { rig, lines } = await createLoggedRig(database);
    await breakReports(database);
    await rig.sync();
    await syncChange(rig);
    expect(lines).toHaveLength(1);
    await database.$executeRaw`update cdd.roll_ups set told_at = told_at - interval '61 minutes'`;
    await syncChange(rig);
    expect(lines).toHaveLength(2);
    await database.$executeRaw`alter table cdd.flow_days rename column opened to renamed`;
    await syncChange(rig);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatchObject({ level: 50, code: '42703' });
    expect(await reportsHealth(database)).toMatchObject([{ isFailing: true, failures: 4 }]);

    await database.$executeRaw`alter table cdd.flow_days rename column renamed to opened`;
    await mend(database);
    await rig.sync();
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatchObject({ level: 30, msg: expect.stringMatching(/up to date again.* since 20/) });
    expect(await checkOf(database)).toEqual({ items: 0, example: null });
    expect(await reportsHealth(database)).toMatchObject([{ isFailing: false, failures: 4 }]);
    expect(await database.reportChange.count()).toBe(0);
    await rig.sync();
    expect(lines).toHaveLength(4);
    await rig.close();
  });

  test('are told also when the failure cannot be recorded', async ({ db: { database } }) => {
    const { rig, lines } = await createLoggedRig(database);
    await database.$executeRaw`alter table cdd.roll_ups rename to renamed`;
    expect(await rig.sync()).toMatchObject({ state: 'succeeded' });
    expect(lines).toMatchObject([{ level: 50, code: '42P01', msg: expect.stringContaining('could not be recorded') }]);
    await rig.close();
  });

  test('do not stop those of another account', async ({ db: { database } }) => {
    const { rig } = await createLoggedRig(database);
    await database.$queryRawUnsafe(
      `alter table cdd.flow_days add constraint nothing check (account_id <> '${ACCOUNT}')`,
    );
    await rig.sync();
    await rig.sync({ account: sandboxAccount(OTHER) });
    expect((await failedReports(database)).map(({ accountId }) => accountId)).toEqual([ACCOUNT]);
    expect(await database.flowDay.count({ where: { accountId: OTHER } })).toBeGreaterThan(0);
    await rig.close();
  });
});

describe('reports that nobody updates, because the worker was killed before it', () => {
  /** Leaves changes that a run saved two minutes ago and did not roll up. */
  async function leaveChanges(database: Database, rig: Rig) {
    await breakReports(database);
    await rig.sync();
    await mend(database);
    await database.$executeRaw`delete from cdd.roll_ups`;
    await database.$executeRaw`update cdd.report_changes set noted_at = noted_at - interval '121 seconds'`;
  }

  test('are failed reports two minutes later, and until the next run', async ({ db: { database } }) => {
    const { rig } = await createLoggedRig(database);
    await leaveChanges(database, rig);
    expect(await failedReports(database)).toEqual([]);
    await database.$executeRaw`
      update cdd.sync_runs
      set
        started_at = started_at - interval '121 seconds',
        heartbeat_at = heartbeat_at - interval '121 seconds',
        finished_at = finished_at - interval '121 seconds'`;
    expect(await failedReports(database)).toEqual([
      { accountId: ACCOUNT, since: expect.any(Date), message: expect.stringContaining('was its worker killed?') },
    ]);
    expect(await checkOf(database)).toMatchObject({ items: 1 });
    await rig.sync();
    expect(await failedReports(database)).toEqual([]);
    await rig.close();
  });
});
