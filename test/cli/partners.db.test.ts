import { describe, expect } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { pendingMigrations } from '../../src/store/migrate/migrate.ts';
import { configured, runCli, secretsOf } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { ACCOUNT, documentsOf, listedBy } from '../support/rig.ts';

const PARTNER = 'P11200000';
const BAKERY = 'P11200001';
const GARAGE = 'P11200002';
const always = { times: Number.POSITIVE_INFINITY };

/** A sandbox, and a configuration with one account and a partner whose merchants are discovered. */
async function world(url: string, options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ casesPerAccount: 5, ...options });
  const cwd = await configured(
    sandbox.url,
    [ACCOUNT],
    [
      'partners:',
      `  - id: ${PARTNER}`,
      `    clientId: sandbox-client-${PARTNER}`,
      `    clientSecret: \${SECRET_${PARTNER}}`,
      '    discover: true',
    ],
  );
  const env = { DATABASE_URL: url, ...secretsOf([ACCOUNT, PARTNER]) };
  const printed: string[] = [];
  return {
    sandbox,
    async run(...args: string[]) {
      const ended = await runCli(args, { cwd, env });
      printed.push(ended.stdout, ended.stderr);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      expect(sandbox.secrets().filter((secret) => printed.some((text) => text.includes(secret)))).toEqual([]);
    },
  };
}

const rowsOf = (stdout: string): { account_id: string; state: string }[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('sync', () => {
  test("reads the discovered merchants' cases, with one token of the partner", async ({ db: { url, database } }) => {
    await using one = await world(url);
    const { code, stdout } = await one.run('sync', '--json');
    expect(code).toBe(0);
    expect(rowsOf(stdout).map(({ account_id, state }) => [account_id, state])).toEqual(
      [BAKERY, GARAGE, ACCOUNT].map((id) => [id, 'succeeded']),
    );
    for (const id of [BAKERY, GARAGE]) {
      expect(await documentsOf(database, 'infinity', id)).toEqual(listedBy(one.sandbox, id));
    }
    const tokens = one.sandbox.requests.filter(({ path }) => path === `/v1/accounts/${PARTNER}/auth/token`);
    expect(tokens).toHaveLength(1);
  });

  test('of accounts that are known does not ask for merchants; of others it does', async ({ db: { url } }) => {
    await using one = await world(url);
    const asked = () => one.sandbox.requests.filter(({ path }) => path.endsWith('/management/accounts')).length;
    expect((await one.run('sync', '--account', ACCOUNT)).code).toBe(0);
    expect(asked()).toBe(0);
    expect((await one.run('sync', '--account', BAKERY)).code).toBe(0);
    expect(asked()).toBe(1);
    expect((await one.run('sync', '--account', BAKERY)).code).toBe(0);
    expect(asked()).toBe(1);
    const unknown = await one.run('sync', '--account', 'P11200003');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('not configured: P11200003');
  });

  test('exits with 1 when merchants cannot be listed, and reads those that are known', async ({ db: { url } }) => {
    await using one = await world(url);
    await one.run('sync');
    one.sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'status', status: 403 } });
    const { code, stdout, stderr } = await one.run('sync', '--json');
    expect(code).toBe(1);
    expect(rowsOf(stdout).map(({ account_id }) => account_id)).toEqual([BAKERY, GARAGE, ACCOUNT]);
    expect(stderr).toContain(`The known merchants of ${PARTNER} are synced as before`);
  });
});

describe('check', () => {
  test("tries a partner's discovery and every merchant's access", async ({ db: { url } }) => {
    await using one = await world(url);
    const well = await one.run('check');
    expect(well.code).toBe(0);
    expect(well.stdout).toMatch(new RegExp(`partner ${PARTNER} +│ yes │ 2 merchants; 1 inactive`));
    expect(well.stdout).toMatch(new RegExp(`account ${GARAGE} +│ yes`));
    one.sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'status', status: 403 } });
    const ill = await one.run('check', '--json');
    expect(ill.code).toBe(1);
    const findings: { check: string; ok: boolean; message: string }[] = JSON.parse(ill.stdout);
    expect(findings.filter(({ ok }) => !ok)).toMatchObject([
      { check: `partner ${PARTNER}`, message: expect.stringMatching(/^FORBIDDEN: .*read:accounts/) },
    ]);
  });

  test('passes before the first migration, and leaves the database as it is', async ({ empty }) => {
    await using one = await world(empty.url);
    expect((await one.run('check')).code).toBe(0);
    expect(await pendingMigrations(empty.url)).not.toEqual([]);
  });

  test('has an account that was refused again and again tried again when it is mended, as status says', async ({
    db: { url, database },
  }) => {
    await using one = await world(url);
    one.sandbox.faults.add({ endpoint: 'list', account: ACCOUNT, fault: { kind: 'status', status: 403 }, ...always });
    for (let count = 0; count < 3; count += 1) await one.run('sync', '--account', ACCOUNT);
    const held = await one.run('status');
    expect(held.stdout).toMatch(new RegExp(`${ACCOUNT}: refused 3 times in a row, so it is not tried before 20`));
    expect((await one.run('check')).code).toBe(1);
    expect(await database.account.findUnique({ where: { id: ACCOUNT } })).toMatchObject({ refusals: 3 });
    one.sandbox.faults.clear();
    expect((await one.run('check')).code).toBe(0);
    const free = await one.run('status', '--json');
    expect(JSON.parse(free.stdout).accounts).toContainEqual(
      expect.objectContaining({ account_id: ACCOUNT, refusals: 0, next_try_at: null }),
    );
  });
});
