import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { configured, runCli, secretsOf, startCli } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { ACCOUNT, documentsOf, listedBy } from '../support/rig.ts';
import { until } from '../support/until.ts';

const OTHER = 'T12345678';

type World = { sandbox: Sandbox; surroundings: { cwd: string; env: Record<string, string> } };

/** A sandbox, and a folder and environment in which the program reads two of its accounts. */
async function world(url: string, options: SandboxOptions = {}, more: string[] = []): Promise<World> {
  const sandbox = await startSandbox({ casesPerAccount: 30, ...options });
  const accounts = [ACCOUNT, OTHER];
  const cwd = await configured(sandbox.url, accounts, more);
  return { sandbox, surroundings: { cwd, env: { DATABASE_URL: url, LOG_LEVEL: 'trace', ...secretsOf(accounts) } } };
}

/** Fails when one of the sandbox's secrets stands anywhere in what was printed. */
function expectNoSecrets(sandbox: Sandbox, ...printed: string[]): void {
  const secrets = sandbox.secrets();
  expect(secrets.length).toBeGreaterThan(2);
  expect(secrets.filter((secret) => printed.some((text) => text.includes(secret)))).toEqual([]);
}

/** As if what held the lock had died half a minute ago. */
const outliveLease = (database: Database) =>
  database.$executeRaw`
    update cdd.sync_runs
    set started_at = started_at - interval '1 hour', heartbeat_at = heartbeat_at - interval '31 seconds'
    where state = 'running'`;

describe('sync', () => {
  test('prints one object per run with the columns of its row, and exits with 0', async ({ db: { url, database } }) => {
    const { sandbox, surroundings } = await world(url);
    const { code, stdout, stderr } = await runCli(['sync', '--json'], surroundings);
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
    expect(await documentsOf(database)).toEqual(listedBy(sandbox));
    expectNoSecrets(sandbox, stdout, stderr);
    await sandbox.close();
  });

  test('asks for the token of an account that waits before the list of the one before it', async ({ db: { url } }) => {
    const { sandbox, surroundings } = await world(url, {}, ['concurrency: 1']);
    expect((await runCli(['sync'], surroundings)).code).toBe(0);
    const paths = sandbox.requests.map(({ path }) => path.replace('/v1/accounts/', ''));
    expect(paths.slice(0, 2).sort()).toEqual([`${ACCOUNT}/auth/token`, `${OTHER}/auth/token`]);
    const list = 'management/settings/cdd/cases';
    expect(paths.slice(2)).toEqual([`${ACCOUNT}/${list}`, `${OTHER}/${list}`]);
    await sandbox.close();
  });

  test('exits with 3 when a run is partial and with 1 when one failed, and the other account does not notice', async ({
    db: { url },
  }) => {
    const { sandbox, surroundings } = await world(url);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'items', change: 'wrongType' } });
    const partial = await runCli(['sync'], surroundings);
    expect(partial.code).toBe(3);
    expect(partial.stdout).toMatch(/T12345678 +│ partial/);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'status', status: 403 } });
    const failed = await runCli(['sync'], surroundings);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/P12345678 +│ succeeded/);
    expect(failed.stdout).toMatch(/T12345678 +│ failed/);
    expectNoSecrets(sandbox, partial.stdout, partial.stderr, failed.stdout, failed.stderr);
    await sandbox.close();
  });

  test('says what is wrong with its usage, and exits with 2', async ({ db: { url } }) => {
    const { sandbox, surroundings } = await world(url);
    const unknown = await runCli(['sync', '--account', 'P99999999'], surroundings);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain(`configured are: ${ACCOUNT}, ${OTHER}`);
    const nonsense = await runCli(['synchronise'], surroundings);
    expect(nonsense.code).toBe(2);
    expect(nonsense.stderr).toContain('unknown command');
    await sandbox.close();
  });

  test('killed at any moment leaves a database that the next one completes', async ({ db: { url, database } }) => {
    const { sandbox, surroundings } = await world(url, { casesPerAccount: 4000 });
    // The list stalls before its last item, so that no run can end before it is killed.
    sandbox.faults.add({
      endpoint: 'list',
      fault: { kind: 'stall', afterItems: 3999 },
      times: Number.POSITIVE_INFINITY,
    });
    for (const cases of [0, 1000, 2000]) {
      const killed = startCli(['sync', '--account', ACCOUNT], surroundings);
      await until(async () => (await database.syncRun.count({ where: { state: 'running' } }).catch(() => 0)) > 0);
      await until(async () => (await database.case.count()) >= cases);
      killed.kill('SIGKILL');
      expect(await killed.exit).toBeNull();
      await outliveLease(database);
    }
    sandbox.faults.clear();
    const { code } = await runCli(['sync', '--account', ACCOUNT], surroundings);
    expect(code).toBe(0);
    expect(await documentsOf(database)).toEqual(listedBy(sandbox));
    const halves = await database.$queryRaw<unknown[]>`
      select 1
      from cdd.cases as held
      where not exists (
        select
        from cdd.case_revisions as revision
        where revision.account_id = held.account_id and revision.case_id = held.id and revision.superseded_at is null
      )`;
    expect(halves).toEqual([]);
    const states = await database.syncRun.groupBy({ by: ['state'], _count: true });
    expect(states.map(({ state }) => state).sort()).toEqual(['abandoned', 'succeeded']);
    await sandbox.close();
  });

  test('uses one account of the environment when there is no file', async ({ db: { url } }) => {
    const { sandbox, surroundings } = await world(url);
    const cwd = await mkdtemp(join(tmpdir(), 'cdd-sync-test-'));
    const env = {
      DATABASE_URL: url,
      DINTERO_ACCOUNT_ID: ACCOUNT,
      DINTERO_CLIENT_ID: `sandbox-client-${ACCOUNT}`,
      DINTERO_CLIENT_SECRET: surroundings.env[`SECRET_${ACCOUNT}`] ?? '',
      DINTERO_API_URL: sandbox.url,
    };
    expect((await runCli(['sync'], { cwd, env })).code).toBe(0);
    await sandbox.close();
  });
});

describe('start', () => {
  test('migrates, syncs every account at once and again on its schedule, and ends at SIGTERM with 0', async ({
    db: { url, database },
  }) => {
    const { sandbox, surroundings } = await world(url, {}, ['schedule: "* * * * * *"']);
    const worker = startCli(['start'], surroundings);
    await worker.says('worker started');
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

  test('stopped in the middle of a list ends before its grace period is over, with the run closed as CANCELLED', async ({
    db: { url, database },
  }) => {
    const { sandbox, surroundings } = await world(url, { casesPerAccount: 3000 });
    sandbox.faults.add({ endpoint: 'list', account: ACCOUNT, fault: { kind: 'stall', afterItems: 2500 } });
    const worker = startCli(['start'], surroundings);
    await worker.says('worker started');
    await until(async () => (await database.case.count({ where: { accountId: ACCOUNT } })) >= 1000);
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
  test('status, check, rejected and migrate tell how things are, for people and for programs', async ({
    db: { url },
  }) => {
    const { sandbox, surroundings } = await world(url);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'items', change: 'missingId' } });
    await runCli(['sync'], surroundings);

    const status = await runCli(['status', '--json'], surroundings);
    expect(JSON.parse(status.stdout).accounts).toMatchObject([
      { account_id: ACCOUNT, last_state: 'succeeded', cases: 30, missing: 0, rejected: 0 },
      { account_id: OTHER, last_state: 'partial', cases: 29, rejected: 1 },
    ]);
    expect((await runCli(['status'], surroundings)).stdout).toContain('ACTIVE');

    const rejected = await runCli(['rejected', '--json'], surroundings);
    expect(JSON.parse(rejected.stdout)).toMatchObject([
      { account_id: OTHER, path: 'id', case_id: null, times_seen: 1 },
    ]);
    expect((await runCli(['rejected'], surroundings)).stdout).toContain('(not readable)');

    expect((await runCli(['migrate'], surroundings)).stdout).toContain('nothing to do');

    const well = await runCli(['check'], surroundings);
    expect(well.code).toBe(0);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'status', status: 403 } });
    const ill = await runCli(['check', '--json'], surroundings);
    expect(ill.code).toBe(1);
    const findings: { check: string; ok: boolean; message: string }[] = JSON.parse(ill.stdout);
    expect(findings.filter(({ ok }) => !ok)).toMatchObject([{ check: `account ${OTHER}` }]);
    expect(findings.find(({ ok }) => !ok)?.message).toMatch(/^FORBIDDEN: .*read:accounts/);
    expectNoSecrets(sandbox, status.stdout, rejected.stdout, well.stdout, well.stderr, ill.stdout, ill.stderr);
    await sandbox.close();
  });

  test('check says that a secret is wrong, without saying the secret', async ({ db: { url } }) => {
    const { sandbox, surroundings } = await world(url);
    const env = { ...surroundings.env, [`SECRET_${OTHER}`]: 'not-the-secret-at-all-0123456789' };
    const { code, stdout, stderr } = await runCli(['check'], { ...surroundings, env });
    expect(code).toBe(1);
    expect(stdout).toContain('AUTH');
    expect(stdout + stderr).not.toContain('not-the-secret');
    await sandbox.close();
  });

  test('check and sync say that the database cannot be reached, without its password', async () => {
    const sandbox = await startSandbox({ casesPerAccount: 1 });
    const cwd = await configured(sandbox.url, [ACCOUNT]);
    const env = { DATABASE_URL: 'postgres://somebody:a-password-of-ours@127.0.0.1:1/nowhere', ...secretsOf([ACCOUNT]) };
    for (const command of ['check', 'sync', 'start', 'status']) {
      const { code, stdout, stderr } = await runCli([command], { cwd, env });
      expect(code).toBe(1);
      expect(stdout + stderr).toContain('DATABASE');
      expect(stdout + stderr).toContain('127.0.0.1');
      expect(stdout + stderr).not.toContain('a-password-of-ours');
    }
    await sandbox.close();
  });

  test('a configuration with five mistakes is refused with all five, and exit code 2', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'cdd-sync-test-'));
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
