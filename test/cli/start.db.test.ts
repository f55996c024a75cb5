import { describe, expect } from 'vitest';
import { connectAdmin } from '../support/admin.ts';
import { startCli } from '../support/cli.ts';
import { expectNoSecrets, type Fixture, OTHER, startFixture } from '../support/cli-fixture.ts';
import { test } from '../support/database.ts';
import { ACCOUNT } from '../support/rig.ts';
import { until } from '../support/until.ts';

/** The usual port may be that of a demo, or of another program of this machine. */
const onFreePort = ({ cwd, env }: Fixture['options']) => ({ cwd, env: { ...env, PORT: '0' } });

describe('start', () => {
  test('migrates, syncs every account at start and on its schedule, and exits with 0 at SIGTERM', async ({
    db: { url, database },
  }) => {
    const { sandbox, options } = await startFixture(url, {}, ['schedule: "* * * * * *"']);
    const worker = startCli(['start'], onFreePort(options));
    await worker.waitForOutput('worker started');
    await until(async () => (await database.syncRun.count({ where: { state: 'succeeded', accountId: OTHER } })) >= 3);
    sandbox.world.advance({ hours: 48 });
    await until(async () => (await database.caseRevision.count({ where: { revision: 2 } })) > 0);
    worker.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect(await database.syncRun.count({ where: { state: 'running' } })).toBe(0);
    expect(await database.syncRun.count({ where: { trigger: 'schedule' } })).toBeGreaterThan(4);
    expectNoSecrets(sandbox, worker.stdout(), worker.stderr());
    await sandbox.close();
  });

  test('goes on when the database ends its sessions in the first seconds', async ({ db: { url, database } }) => {
    const { sandbox, options } = await startFixture(url);
    const worker = startCli(['start'], onFreePort(options));
    const admin = await connectAdmin(url);
    const endSessions = async () => {
      const { rowCount } = await admin.query(
        `select pg_terminate_backend(pid)
         from pg_stat_activity
         where datname = current_database() and application_name like 'cdd-sync%' and application_name <> 'cdd-sync test'`,
      );
      return rowCount ?? 0;
    };
    let ended = 0;
    await until(async () => {
      ended += await endSessions();
      return ended >= 3;
    });
    await admin.end();
    await worker.waitForOutput('worker started');
    await until(async () => (await database.syncRun.count({ where: { state: 'succeeded', accountId: OTHER } })) > 0);
    worker.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect(worker.stderr()).not.toMatch(/^ +at /m);
    await sandbox.close();
  });

  test('stopped midway through a list exits within its grace period, with the run closed as CANCELLED', async ({
    db: { url, database },
  }) => {
    // Few cases, so that a busy machine has little to finish within the grace period.
    const accounts = [
      { id: ACCOUNT, name: 'Large', cases: 1200 },
      { id: OTHER, name: 'Small', cases: 3 },
    ];
    const { sandbox, options } = await startFixture(url, { accounts });
    sandbox.faults.add({ endpoint: 'list', account: ACCOUNT, fault: { kind: 'stall', afterItems: 1100 } });
    const worker = startCli(['start'], onFreePort(options));
    await worker.waitForOutput('worker started');
    await until(async () => (await database.case.count({ where: { accountId: ACCOUNT } })) > 0);
    worker.kill('SIGINT');
    // At the end of the grace period the process would exit with 1.
    expect(await worker.exit).toBe(0);
    const run = await database.syncRun.findFirst({ where: { accountId: ACCOUNT } });
    expect(run).toMatchObject({ state: 'failed', errorCode: 'CANCELLED', complete: false });
    expect(run?.errorMessage).toContain('SIGINT');
    await sandbox.close();
  });
});
