import { describe, expect } from 'vitest';
import { runCli, startCli, temporaryFolder } from '../support/cli.ts';
import { expectNoSecrets, OTHER, startFixture } from '../support/cli-fixture.ts';
import { test } from '../support/database.ts';
import { expireHeartbeats } from '../support/dead-worker.ts';
import { ACCOUNT, documentsOf, listedDocuments } from '../support/rig.ts';
import { until } from '../support/until.ts';

describe('sync', () => {
  test('--json prints an array with the columns of each run, and exits with 0', async ({ db: { url, database } }) => {
    const { sandbox, options } = await startFixture(url);
    const { code, stdout, stderr } = await runCli(['sync', '--json'], options);
    expect(code).toBe(0);
    const rows = JSON.parse(stdout);
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
    expect(partial.stdout).toMatch(/T12345678 +partial /);
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'status', status: 403 } });
    const failed = await runCli(['sync'], options);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/P12345678 +succeeded /);
    expect(failed.stdout).toMatch(/T12345678 +failed /);
    expectNoSecrets(sandbox, partial.stdout, partial.stderr, failed.stdout, failed.stderr);
    await sandbox.close();
  });

  test('says of an unmodified list how many cases it has, and not that none was seen', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    expect((await runCli(['sync'], options)).stdout).toMatch(/P12345678 +succeeded +30 cases +30 /);
    const { code, stdout } = await runCli(['sync'], options);
    expect(code).toBe(0);
    for (const id of [ACCOUNT, OTHER])
      expect(stdout).toMatch(new RegExp(`${id} +succeeded +not modified, 30 cases$`, 'm'));
    await sandbox.close();
  });

  test('prints how many missing cases it held back, and why', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    await runCli(['sync'], options);
    for (const id of sandbox.world.caseIds(ACCOUNT).slice(0, 20)) sandbox.world.vanish({ account: ACCOUNT, case: id });
    for (const id of sandbox.world.caseIds(OTHER).slice(0, 2)) sandbox.world.vanish({ account: OTHER, case: id });
    sandbox.faults.add({ endpoint: 'list', account: OTHER, fault: { kind: 'items', change: 'missingId' } });
    const env = { ...options.env, COLUMNS: '300' };
    const { code, stdout } = await runCli(['sync'], { ...options, env });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^account .* held back /);
    expect(stdout).toMatch(/^P12345678: 20 of 30 cases are not in the list any more, .*--accept-missing$/m);
    expect(stdout).toMatch(/^T12345678: the id of 1 rejected item cannot be read, and 3 cases .*--accept-missing$/m);
    await sandbox.close();
  });

  test('reports a wrong command line, and exits with 2', async ({ db: { url } }) => {
    const { sandbox, options } = await startFixture(url);
    const unknown = await runCli(['sync', '--account', 'P99999999'], options);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain(`There are: ${ACCOUNT}, ${OTHER}.`);
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
