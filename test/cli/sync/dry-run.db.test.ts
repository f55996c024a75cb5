import { describe, expect } from 'vitest';
import { withAdmin } from '../../support/admin.ts';
import { runCli } from '../../support/cli.ts';
import { OTHER, startFixture } from '../../support/cli-fixture.ts';
import { test } from '../../support/database.ts';
import { everyRow } from '../../support/every-row.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';
import { ACCOUNT } from '../../support/rig.ts';

describe('sync --dry-run', () => {
  test('prints what a run would change and writes nothing, also for a role that may only read', async ({
    db: { url, database },
  }) => {
    const { sandbox, options } = await startFixture(url);
    await runCli(['sync'], options);
    sandbox.world.appendEvent({ account: ACCOUNT });
    for (const id of sandbox.world.caseIds(OTHER).slice(0, 20)) sandbox.world.vanish({ account: OTHER, case: id });
    sandbox.faults.add({ endpoint: 'list', account: ACCOUNT, fault: { kind: 'status', status: 429, retryAfter: 1 } });
    const role = await createLogin();
    await withAdmin(url, (admin) => admin.query(`grant pg_read_all_data to ${role}`));
    const reader = { ...options, env: { ...options.env, DATABASE_URL: urlAs(url, role) } };
    const before = await everyRow(database);

    const dry = await runCli(['sync', '--dry-run'], reader);
    expect(dry).toMatchObject({ code: 3, stdout: expect.stringMatching(/^Dry run: nothing was written/) });
    expect(dry.stdout).toMatch(/P12345678 +succeeded +30 cases +0 +1 /);
    expect(dry.stdout.replaceAll(/\s+/g, ' ')).toContain('20 of 30 cases are not in the list any more');
    const { stdout } = await runCli(['sync', '--dry-run', '--json'], reader);
    expect(await everyRow(database)).toEqual(before);

    const real = await runCli(['sync', '--json'], options);
    expect(real.code).toBe(3);
    const rows = JSON.parse(stdout);
    expect(rows).toMatchObject([
      { account_id: ACCOUNT, dry_run: true, id: null },
      { account_id: OTHER, dry_run: true, id: null },
    ]);
    expect(rows.map(figures)).toEqual(JSON.parse(real.stdout).map(figures));
    await sandbox.close();
  });

  test('does not save the merchants of a partner that it finds', async ({ db: { url, database } }) => {
    const { sandbox, options } = await startFixture(url, {}, partner);
    const env = { ...options.env, PARTNER: 'sandbox-secret-of-P11200000-which-opens-nothing' };
    const before = await everyRow(database);
    const { code, stdout } = await runCli(['sync', '--dry-run', '--json'], { ...options, env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).map((row: { account_id: string }) => row.account_id)).toContain('P11200001');
    expect(await everyRow(database)).toEqual(before);
    await sandbox.close();
  });

  test('says what to do about a database that is not set up, is older, or is away', async ({
    empty,
    db: { url, database },
  }) => {
    const { sandbox, options } = await startFixture(empty.url);
    const dry = (databaseUrl: string) =>
      runCli(['sync', '--dry-run'], { ...options, env: { ...options.env, DATABASE_URL: databaseUrl } });
    expect(await dry(empty.url)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('run: cdd-sync migrate'),
    });
    const schemas = await withAdmin(empty.url, (admin) => admin.query(`select to_regnamespace('cdd') as cdd`));
    expect(schemas.rows).toEqual([{ cdd: null }]);
    await database.$executeRaw`update cdd.applied_definitions set checksum = 'older' where name = 'reporting.cases'`;
    expect(await dry(url)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('run: cdd-sync migrate'),
    });
    expect(await dry('postgres://nobody@127.0.0.1:1/none')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('DATABASE: '),
    });
    await sandbox.close();
  });
});

const partner = [
  'partners:',
  '  - id: P11200000',
  '    clientId: sandbox-client-P11200000',
  '    clientSecret: ${PARTNER}',
  '    discover: true',
];

/** A row without the parts that belong to its moment and its requests. */
function figures(row: Record<string, unknown>) {
  const { id, dry_run, started_at, heartbeat_at, finished_at, bytes_read, requests, retries, ...rest } = row;
  return rest;
}
