import { describe, expect } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { pendingMigrations } from '../../src/store/migrate/migrate.ts';
import { runCli, secretVariables, writeConfig } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { ACCOUNT, documentsOf, listedDocuments } from '../support/rig.ts';

const PARTNER = 'P11200000';
const BAKERY = 'P11200001';
const GARAGE = 'P11200002';
const always = { times: Number.POSITIVE_INFINITY };

/** A sandbox, and a configuration with one account and a discovering partner. */
async function startFixture(url: string, options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ casesPerAccount: 5, ...options });
  const cwd = await writeConfig(
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
  const env = { DATABASE_URL: url, ...secretVariables([ACCOUNT, PARTNER]) };
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

const rowsOf = (stdout: string): { account_id: string; state: string }[] => JSON.parse(stdout);

describe('sync', () => {
  test("reads the discovered merchants' cases, with one token of the partner", async ({ db: { url, database } }) => {
    await using fixture = await startFixture(url);
    const { code, stdout } = await fixture.run('sync', '--json');
    expect(code).toBe(0);
    expect(rowsOf(stdout).map(({ account_id, state }) => [account_id, state])).toEqual(
      [BAKERY, GARAGE, ACCOUNT].map((id) => [id, 'succeeded']),
    );
    for (const id of [BAKERY, GARAGE]) {
      expect(await documentsOf(database, 'infinity', id)).toEqual(listedDocuments(fixture.sandbox, id));
    }
    const tokens = fixture.sandbox.requests.filter(({ path }) => path === `/v1/accounts/${PARTNER}/auth/token`);
    expect(tokens).toHaveLength(1);
  });

  test('lists merchants only if a requested account is not known', async ({ db: { url } }) => {
    await using fixture = await startFixture(url);
    const asked = () => fixture.sandbox.requests.filter(({ path }) => path.endsWith('/management/accounts')).length;
    expect((await fixture.run('sync', '--account', ACCOUNT)).code).toBe(0);
    expect(asked()).toBe(0);
    expect((await fixture.run('sync', '--account', BAKERY)).code).toBe(0);
    expect(asked()).toBe(1);
    expect((await fixture.run('sync', '--account', BAKERY)).code).toBe(0);
    expect(asked()).toBe(1);
    const unknown = await fixture.run('sync', '--account', 'P11200003');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('There is no account P11200003');
  });

  test('exits with 1 if merchants cannot be listed, and syncs the known ones', async ({ db: { url } }) => {
    await using fixture = await startFixture(url);
    await fixture.run('sync');
    fixture.sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'status', status: 403 } });
    const { code, stdout, stderr } = await fixture.run('sync', '--json');
    expect(code).toBe(1);
    expect(rowsOf(stdout).map(({ account_id }) => account_id)).toEqual([BAKERY, GARAGE, ACCOUNT]);
    expect(stderr).toContain(`The known merchants of ${PARTNER} are synced as before`);
  });
});

describe('check', () => {
  test("tries a partner's discovery and every merchant's access", async ({ db: { url } }) => {
    await using fixture = await startFixture(url);
    const passed = await fixture.run('check');
    expect(passed.code).toBe(0);
    expect(passed.stdout).toMatch(new RegExp(`^ok +partner ${PARTNER} +2 merchants; 1 inactive`, 'm'));
    expect(passed.stdout).toMatch(new RegExp(`^ok +account ${GARAGE} `, 'm'));
    fixture.sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'status', status: 403 } });
    const failing = await fixture.run('check', '--json');
    expect(failing.code).toBe(1);
    const results: { check: string; ok: boolean; message: string }[] = JSON.parse(failing.stdout);
    expect(results.filter(({ ok }) => !ok)).toMatchObject([
      { check: `partner ${PARTNER}`, message: expect.stringMatching(/^FORBIDDEN: .*read:accounts/) },
    ]);
  });

  test('passes before the first migration, and does not change the database', async ({ empty }) => {
    await using fixture = await startFixture(empty.url);
    expect((await fixture.run('check')).code).toBe(0);
    expect(await pendingMigrations(empty.url)).not.toEqual([]);
  });

  test('closes the circuit breaker of an account that it can read again, as status promises', async ({
    db: { url, database },
  }) => {
    await using fixture = await startFixture(url);
    fixture.sandbox.faults.add({
      endpoint: 'list',
      account: ACCOUNT,
      fault: { kind: 'status', status: 403 },
      ...always,
    });
    for (let count = 0; count < 3; count += 1) await fixture.run('sync', '--account', ACCOUNT);
    const status = await fixture.run('status');
    expect(status.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(`${ACCOUNT}: Dintero refused it 3 times in a row; the worker tries again at \\d`),
    );
    expect((await fixture.run('check')).code).toBe(1);
    expect(await database.account.findUnique({ where: { id: ACCOUNT } })).toMatchObject({ refusals: 3 });
    fixture.sandbox.faults.clear();
    expect((await fixture.run('check')).code).toBe(0);
    const closed = await fixture.run('status', '--json');
    expect(JSON.parse(closed.stdout)).toContainEqual(
      expect.objectContaining({ account_id: ACCOUNT, refusals: 0, next_try_at: null }),
    );
  });
});
