import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runCli, secretVariables, temporaryFolder, writeConfig } from '../support/cli.ts';
import { expectNoSecrets, OTHER, startFixture } from '../support/cli-fixture.ts';
import { test } from '../support/database.ts';
import { ACCOUNT } from '../support/rig.ts';

describe('the commands beside sync and start', () => {
  test('status, check, rejected and migrate print tables and JSON', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'items', change: 'missingId' } });
    await runCli(['sync'], options);

    const status = await runCli(['status', '--json'], options);
    expect(JSON.parse(status.stdout)).toMatchObject([
      { account_id: ACCOUNT, last_state: 'succeeded', cases: 30, missing: 0, rejected: 0 },
      { account_id: OTHER, last_state: 'partial', cases: 29, rejected: 1 },
    ]);
    expect((await runCli(['status'], options)).stdout).toContain('ACTIVE');

    const rejected = await runCli(['rejected', '--json'], options);
    expect(JSON.parse(rejected.stdout)).toMatchObject([
      { account_id: OTHER, path: 'id', case_id: null, times_seen: 1 },
    ]);
    expect((await runCli(['rejected'], options)).stdout).toContain('An item without a readable id may be any case');

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
    expect(stdout).toMatch(/^Fields +7 fields of cases are not as Dintero documents them\. /m);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('reporting.case_problems names the places');
    await sandbox.close();
  });

  test('status says which account is stale, and when a run is due next', async ({ db: { database, url } }) => {
    const { sandbox, options } = await startFixture(url);
    await runCli(['sync'], options);
    await database.$executeRaw`
      update cdd.accounts
      set next_due_at = '2026-01-01T06:00Z', stale_at = '2026-01-04T06:00Z'
      where id = ${OTHER}`;
    const { stdout } = await runCli(['status'], options);
    expect(stdout).toMatch(/^Look: Test account T12345678 is late: no run ended in time, and none failed\.$/m);
    expect(stdout).toMatch(/^ +No worker is running: start it with "cdd-sync start", or as a service\.$/m);
    expect(stdout).toMatch(/^T12345678 +late by \d+ d /m);
    // Just now in the half minute before it; with its day in the quarter of an hour before midnight.
    expect(stdout).toMatch(/^Next run +P12345678 and 1 more: due (\d+ \w+ )?\d\d:\d\d \((in \d+ min|just now)\)/m);
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
