import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { runCli, secretVariables, startCli, temporaryFolder, writeConfig } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { expireHeartbeats } from '../support/dead-worker.ts';
import { ACCOUNT, documentsOf, listedDocuments } from '../support/rig.ts';
import { until } from '../support/until.ts';

const OTHER = 'T12345678';

type Fixture = { sandbox: Sandbox; options: { cwd: string; env: Record<string, string> } };

/** A sandbox, and the folder and environment of a program that reads two of its accounts. */
async function startFixture(url: string, sandboxOptions: SandboxOptions = {}, more: string[] = []): Promise<Fixture> {
  const sandbox = await startSandbox({ casesPerAccount: 30, ...sandboxOptions });
  const accounts = [ACCOUNT, OTHER];
  const cwd = await writeConfig(sandbox.url, accounts, more);
  return { sandbox, options: { cwd, env: { DATABASE_URL: url, LOG_LEVEL: 'trace', ...secretVariables(accounts) } } };
}

/** Fails if the output contains one of the sandbox's secrets. */
function expectNoSecrets(sandbox: Sandbox, ...printed: string[]): void {
  const secrets = sandbox.secrets();
  expect(secrets.length).toBeGreaterThan(2);
  expect(secrets.filter((secret) => printed.some((text) => text.includes(secret)))).toEqual([]);
}

describe('sync', () => {
  test('--json prints one object per run with the columns of its row, and exits with 0', async ({
    db: { url, database },
  }) => {
    const { sandbox, options } = await startFixture(url);
    const { code, stdout, stderr } = await runCli(['sync', '--json'], options);
    expect(code).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { account_id: ACCOUNT, state: 'succeeded', trigger: 'manual' },
      { account_id: OTHER, state: 'succeeded' },
    ]);
    const columns = await database.$queryRaw<{ name: string }[]>`
      select column_name::text as name
      from information_schema.columns
      where table_schema = 'cdd' and table_name = 'sync_runs'`;
    expect(Object.keys(rows[0]).sort()).toEqual(columns.map(({ name }) => name).sort());
    expect(
      stderr
        .trim()
        .split('\n')
        .every((line) => JSON.parse(line).level > 0),
    ).toBe(true);
    expect(await documentsOf(database)).toEqual(listedDocuments(sandbox));
    expectNoSecrets(sandbox, stdout, stderr);
    await sandbox.close();
  });

  test('exits with 3 if a run is partial and with 1 if one failed, and still syncs the other account', async ({
    db: { url },
  }) => {
    const { sandbox, options } = await startFixture(url);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'items', change: 'conflictingEvent' } });
    const partial = await runCli(['sync'], options);
    expect(partial.code).toBe(3);
    expect(partial.stdout).toMatch(/T12345678 +│ partial/);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'status', status: 403 } });
    const failed = await runCli(['sync'], options);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/P12345678 +│ succeeded/);
    expect(failed.stdout).toMatch(/T12345678 +│ failed/);
    expectNoSecrets(sandbox, partial.stdout, partial.stderr, failed.stdout, failed.stderr);
    await sandbox.close();
  });

  test('says of an unmodified list how many cases it has, and not that none was seen', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    expect((await runCli(['sync'], options)).stdout).toMatch(/P12345678 +│ succeeded +│ 30 cases +│/);
    const { code, stdout } = await runCli(['sync'], options);
    expect(code).toBe(0);
    for (const id of [ACCOUNT, OTHER])
      expect(stdout).toMatch(new RegExp(`${id} +│ succeeded +│ not modified, 30 cases +│ +│ +│`));
    await sandbox.close();
  });

  test('prints how many missing cases it held back, and why', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    await runCli(['sync'], options);
    for (const id of sandbox.world.caseIds(ACCOUNT).slice(0, 20)) sandbox.world.vanish({ account: ACCOUNT, case: id });
    for (const id of sandbox.world.caseIds(OTHER).slice(0, 2)) sandbox.world.vanish({ account: OTHER, case: id });
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'items', change: 'missingId' } });
    const { code, stdout } = await runCli(['sync'], options);
    expect(code).toBe(3);
    expect(stdout).toMatch(/│ held back +│/);
    expect(stdout).toMatch(/^P12345678: 20 of 30 cases are not in the list any more, .*--accept-missing$/m);
    expect(stdout).toMatch(/^T12345678: the id of 1 rejected item cannot be read, and 3 cases .*--accept-missing$/m);
    await sandbox.close();
  });

  test('reports a wrong command line, and exits with 2', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    const unknown = await runCli(['sync', '--account', 'P99999999'], options);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain(`configured are: ${ACCOUNT}, ${OTHER}`);
    const nonsense = await runCli(['synchronise'], options);
    expect(nonsense.code).toBe(2);
    expect(nonsense.stderr).toContain('unknown command');
    await sandbox.close();
  });

  test('killed at any moment leaves a database that the next run completes', async ({ db: { url, database } }) => {
    const { sandbox, options } = await startFixture(url, { casesPerAccount: 2400 });
    // The list stalls before its last item, so that no run can end before it is killed.
    sandbox.faults.add({
      endpoint: 'list',
      fault: { kind: 'stall', afterItems: 2399 },
      times: Number.POSITIVE_INFINITY,
    });
    for (const cases of [0, 1, 1000]) {
      const killed = startCli(['sync', '--account', ACCOUNT], options);
      await until(async () => (await database.syncRun.count({ where: { state: 'running' } }).catch(() => 0)) > 0);
      await until(async () => (await database.case.count()) >= cases);
      killed.kill('SIGKILL');
      expect(await killed.exit).toBeNull();
      await expireHeartbeats(database);
    }
    sandbox.faults.clear();
    const { code } = await runCli(['sync', '--account', ACCOUNT], options);
    expect(code).toBe(0);
    expect(await documentsOf(database)).toEqual(listedDocuments(sandbox));
    const casesWithoutRevision = await database.$queryRaw<unknown[]>`
      select 1
      from cdd.cases as saved_case
      where not exists (
        select
        from cdd.case_revisions as revision
        where revision.account_id = saved_case.account_id and revision.case_id = saved_case.id and revision.superseded_at is null
      )`;
    expect(casesWithoutRevision).toEqual([]);
    const states = await database.syncRun.groupBy({ by: ['state'], _count: true });
    expect(states.map(({ state }) => state).sort()).toEqual(['abandoned', 'succeeded']);
    await sandbox.close();
  });

  test('reads one account from the environment if there is no file', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    const cwd = await temporaryFolder();
    const env = {
      DATABASE_URL: url,
      DINTERO_ACCOUNT_ID: ACCOUNT,
      DINTERO_CLIENT_ID: `sandbox-client-${ACCOUNT}`,
      DINTERO_CLIENT_SECRET: options.env[`SECRET_${ACCOUNT}`] ?? '',
      DINTERO_API_URL: sandbox.url,
    };
    expect((await runCli(['sync'], { cwd, env })).code).toBe(0);
    await sandbox.close();
  });
});

describe('start', () => {
  test('migrates, syncs every account at start and on its schedule, and exits with 0 at SIGTERM', async ({
    db: { url, database },
  }) => {
    const { sandbox, options } = await startFixture(url, {}, ['schedule: "* * * * * *"']);
    const worker = startCli(['start'], options);
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
    const worker = startCli(['start'], options);
    const endSessions = () => database.$executeRaw`
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where datname = current_database() and application_name like 'cdd-sync%' and application_name <> 'cdd-sync test'`;
    let ended = 0;
    await until(async () => {
      ended += await endSessions();
      return ended >= 3;
    });
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
    const worker = startCli(['start'], options);
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

describe('the other commands', () => {
  test('status, check, rejected and migrate print tables and JSON', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'items', change: 'missingId' } });
    await runCli(['sync'], options);

    const status = await runCli(['status', '--json'], options);
    expect(JSON.parse(status.stdout).accounts).toMatchObject([
      { account_id: ACCOUNT, last_state: 'succeeded', cases: 30, missing: 0, rejected: 0 },
      { account_id: OTHER, last_state: 'partial', cases: 29, rejected: 1 },
    ]);
    expect((await runCli(['status'], options)).stdout).toContain('ACTIVE');

    const rejected = await runCli(['rejected', '--json'], options);
    expect(JSON.parse(rejected.stdout)).toMatchObject([
      { account_id: OTHER, path: 'id', case_id: null, times_seen: 1 },
    ]);
    expect((await runCli(['rejected'], options)).stdout).toContain('(not readable)');

    expect((await runCli(['migrate'], options)).stdout).toContain('nothing to do');

    const passed = await runCli(['check'], options);
    expect(passed.code).toBe(0);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'status', status: 403 } });
    const failing = await runCli(['check', '--json'], options);
    expect(failing.code).toBe(1);
    const results: { check: string; ok: boolean; message: string }[] = JSON.parse(failing.stdout);
    expect(results.filter(({ ok }) => !ok)).toMatchObject([{ check: `account ${OTHER}` }]);
    expect(results.find(({ ok }) => !ok)?.message).toMatch(/^FORBIDDEN: .*read:accounts/);
    expectNoSecrets(
      sandbox,
      status.stdout,
      rejected.stdout,
      passed.stdout,
      passed.stderr,
      failing.stdout,
      failing.stderr,
    );
    await sandbox.close();
  });

  test('sync warns once of fields that are not as documented, and status counts them', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'items', change: 'wrongType', count: 7 } });
    const synced = await runCli(['sync'], options);
    expect(synced.code).toBe(0);
    const warnings = synced.stderr.split('\n').filter((line) => line.includes('reporting.case_problems'));
    expect(warnings.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, account: OTHER, problems: 7, paths: { products: 7 } },
    ]);
    const { stdout } = await runCli(['status'], options);
    expect(stdout).toMatch(/^T12345678: 7 fields of its cases are not as .*reporting\.case_problems/m);
    expect(stdout).not.toContain('P12345678: ');
    await sandbox.close();
  });

  test('status says which account is stale, and since when a run was due', async ({ db: { database, url } }) => {
    const { sandbox, options } = await startFixture(url);
    await runCli(['sync'], options);
    await database.$executeRaw`
      update cdd.accounts
      set next_due_at = '2026-01-01T06:00Z', stale_at = '2026-01-04T06:00Z'
      where id = ${OTHER}`;
    const { stdout } = await runCli(['status'], options);
    expect(stdout.match(/\S+: stale\. A run was due at \S+;/g)).toEqual([
      `${OTHER}: stale. A run was due at 2026-01-01T06:00:00.000Z;`,
    ]);
    await sandbox.close();
  });

  test('check reports a wrong secret without printing it', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    const env = { ...options.env, [`SECRET_${OTHER}`]: 'not-the-secret-at-all-0123456789' };
    const { code, stdout, stderr } = await runCli(['check'], { ...options, env });
    expect(code).toBe(1);
    expect(stdout).toContain('AUTH');
    expect(stdout + stderr).not.toContain('not-the-secret');
    await sandbox.close();
  });

  test('commands report an unreachable database without printing its password', async () => {
    const sandbox = await startSandbox({ casesPerAccount: 1 });
    const cwd = await writeConfig(sandbox.url, [ACCOUNT]);
    const env = {
      DATABASE_URL: 'postgres://somebody:a-password-of-ours@127.0.0.1:1/nowhere',
      ...secretVariables([ACCOUNT]),
    };
    for (const command of ['check', 'sync', 'start', 'status']) {
      const { code, stdout, stderr } = await runCli([command], { cwd, env });
      expect(code).toBe(1);
      expect(stdout + stderr).toContain('DATABASE');
      expect(stdout + stderr).toContain('127.0.0.1');
      expect(stdout + stderr).not.toContain('a-password-of-ours');
    }
    await sandbox.close();
  });

  test('all problems of a configuration are reported at once, with exit code 2', async () => {
    const cwd = await temporaryFolder();
    const lines = [
      'schedule: "every now and then"',
      'concurency: 4',
      'personalData: maybe',
      'accounts:',
      '  - id: X1',
      '    clientId: a',
      '    clientSecret: ${NOT_SET_ANYWHERE}',
    ];
    await writeFile(join(cwd, 'cdd-sync.yaml'), lines.join('\n'));
    const { code, stdout, stderr } = await runCli(['sync'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const path of ['schedule', 'concurency', 'personalData', 'accounts[0].id', 'accounts[0].clientSecret']) {
      expect(stderr).toContain(`${path}:`);
    }
    expect(stderr).toContain('5 problems');
  });
});
