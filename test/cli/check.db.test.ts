import { describe, expect, inject, onTestFinished } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { currentHolds, holdRequests } from '../../src/store/accounts/rate-limit-holds.ts';
import type { Finding } from '../../src/store/check/finding.ts';
import { withAdmin } from '../support/admin.ts';
import { runCli, secretVariables, writeConfig } from '../support/cli.ts';
import { createEmptyDatabase, test } from '../support/database.ts';
import { createLogin, urlAs } from '../support/login-role.ts';
import { ACCOUNT } from '../support/rig.ts';

const OTHER = 'T12345678';
const HOUR = 3_600_000;

/** A sandbox, and a configuration that reads two of its accounts. */
async function startFixture(
  more: string[] = [],
): Promise<{ sandbox: Sandbox; cwd: string; env: Record<string, string> }> {
  const sandbox = await startSandbox({ casesPerAccount: 3 });
  onTestFinished(() => sandbox.close());
  const cwd = await writeConfig(sandbox.url, [ACCOUNT, OTHER], more);
  return { sandbox, cwd, env: secretVariables([ACCOUNT, OTHER]) };
}

async function checkJson(url: string, { cwd, env }: { cwd: string; env: Record<string, string> }) {
  const { code, stdout } = await runCli(['check', '--json'], { cwd, env: { ...env, DATABASE_URL: url } });
  const findings: (Finding & { ok: boolean })[] = JSON.parse(stdout);
  return { code, findings };
}

/** An empty database, and the connection string of a login without a right in it. */
async function foreignDatabase(): Promise<{ admin: string; url: string }> {
  const role = await createLogin();
  const { url: admin, drop } = await createEmptyDatabase(inject('postgres').url);
  onTestFinished(drop);
  return { admin, url: urlAs(admin, role) };
}

describe('check', () => {
  test('prints lines of at most 80 columns, then SQL that mends the rights when it is run as it is', async () => {
    const fixture = await startFixture();
    const { admin, url } = await foreignDatabase();
    const options = { cwd: fixture.cwd, env: { ...fixture.env, DATABASE_URL: url } };
    const refused = await runCli(['check'], options);
    expect(refused.code).toBe(1);
    const [list = '', sql = ''] = refused.stdout.split(
      'An administrator runs this, connected to the database of DATABASE_URL:',
    );
    expect(list.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(list.replace(/\s+/g, ' ')).toMatch(/ PROBLEM rights: migrate role \S+ may not create schemas in /);
    await withAdmin(admin, (client) => client.query(sql.slice(0, sql.search(/^\d+ problems?,/m))));
    const passed = await runCli(['check'], options);
    expect(passed.stdout).toMatch(/\nEverything that is needed works; \d warnings?\.\n$/);
    expect(passed.code).toBe(0);
    expect((await runCli(['sync'], options)).code).toBe(0);
  });

  test('--json has the state, the message and the SQL of every check', async ({ db: { url } }) => {
    const { code, findings } = await checkJson(url, await startFixture());
    expect(code).toBe(0);
    expect(findings.map(({ check }) => check)).toEqual([
      'configuration',
      'database',
      'encoding',
      'writable',
      'encryption',
      'clock',
      'time zone',
      'connections',
      'schema',
      'rights: migrate',
      'rights: sync, status',
      'rights: start',
      'rights: grant-reader',
      'readers',
      'workers',
      `account ${ACCOUNT}`,
      `account ${OTHER}`,
      'clock of the API',
      'holds',
    ]);
    for (const one of findings) expect(one).toEqual({ ...one, ok: true, message: expect.any(String), sql: [] });
  });

  test('prints a warning of the configuration once, and does not fail by it', async ({ db: { url } }) => {
    const more = [
      'partners:',
      '  - id: P11200000',
      '    clientId: a',
      '    clientSecret: in-plain-text',
      '    discover: false',
    ];
    const { cwd, env } = await startFixture(more);
    const { code, stdout, stderr } = await runCli(['check'], { cwd, env: { ...env, DATABASE_URL: url } });
    expect(`${stdout}${stderr}`.replace(/\s+/g, ' ').split('is in plain text')).toHaveLength(2);
    expect(code).toBe(0);
  });

  test('ends the holds that are over for the API, and keeps those that last', async ({ db: { url, database } }) => {
    const fixture = await startFixture();
    const { host } = new URL(fixture.sandbox.url);
    await holdRequests(database, { host, accountId: ACCOUNT }, { hostMs: HOUR, accountMs: 20 * HOUR });
    await holdRequests(database, { host, accountId: 'P99999999' }, { hostMs: 0, accountMs: 20 * HOUR });
    const { code, findings } = await checkJson(url, fixture);
    expect(code).toBe(0);
    const messages = findings.filter(({ check }) => check === 'holds').map(({ state, message }) => [state, message]);
    expect(messages).toEqual([
      ['ok', expect.stringMatching(`^${host} had to wait until \\S+.* \\(in .+\\); the API has answered now`)],
      ['ok', expect.stringMatching(`^${ACCOUNT} had to wait until`)],
      ['warning', expect.stringMatching(`^P99999999 waits until .* the next request to ${host}: .*Retry-After`)],
    ]);
    expect(await currentHolds(database)).toMatchObject([{ accountId: 'P99999999' }]);
  });

  test('keeps a hold that another account was told during the check', async ({ db: { url, database } }) => {
    const fixture = await startFixture();
    const { host } = new URL(fixture.sandbox.url);
    await holdRequests(database, { host, accountId: OTHER }, { hostMs: 60_000, accountMs: 0 });
    fixture.sandbox.faults.add({
      endpoint: 'list',
      account: OTHER,
      fault: { kind: 'status', status: 429, retryAfter: '600' },
      times: Number.POSITIVE_INFINITY,
    });
    const { code, findings } = await checkJson(url, fixture);
    expect(code).toBe(1);
    expect(findings.find(({ check }) => check === `account ${OTHER}`)?.message).toMatch(/^RATE_LIMITED/);
    expect(findings.filter(({ check }) => check === 'holds')).toMatchObject([
      { state: 'warning', message: expect.stringMatching(`^All accounts wait until .* the next request to ${host}`) },
    ]);
    expect(await currentHolds(database)).toHaveLength(1);
  });

  test('ends the wait of an account that was refused and is accepted now', async ({ db: { url, database } }) => {
    await database.account.create({
      data: { id: ACCOUNT, environment: 'production', refusals: 20, nextTryAt: new Date(Date.now() + HOUR) },
    });
    const { findings } = await checkJson(url, await startFixture());
    const holds = findings.filter(({ check }) => check === 'holds');
    expect(holds).toMatchObject([
      { state: 'ok', message: expect.stringMatching(`^${ACCOUNT} was refused .* is ended`) },
    ]);
    expect(await database.account.findFirst()).toMatchObject({ refusals: 0, nextTryAt: null });
  });
});

describe('a command that lacks a right', () => {
  test.for(['migrate', 'sync', 'start'])('%s sends to check', async (command) => {
    const { cwd, env } = await startFixture();
    const { url } = await foreignDatabase();
    const { code, stderr } = await runCli([command], { cwd, env: { ...env, DATABASE_URL: url } });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /permission denied .*\(42501\).*cdd-sync check prints .*docs\/operating\.md, section "Rights"/,
    );
  });

  test.for([
    ['status'],
    ['rejected'],
    ['migrate'],
    ['sync'],
    ['start'],
    ['grant-reader', '--role', 'anybody', '--all'],
  ])('sends to check where another role has migrated: %j', async (command) => {
    const { cwd, env } = await startFixture();
    const role = await createLogin();
    const created = await createEmptyDatabase(inject('postgres').url, `template ${inject('postgres').template}`);
    onTestFinished(created.drop);
    const options = { cwd, env: { ...env, DATABASE_URL: urlAs(created.url, role) } };
    const { code, stderr } = await runCli(command, options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/permission denied for schema cdd \(42501\).*cdd-sync check/);
  });

  test('start sends to check where the role may use the tables and not the queue', async () => {
    const { cwd, env } = await startFixture();
    const role = await createLogin();
    const created = await createEmptyDatabase(inject('postgres').url, `template ${inject('postgres').template}`);
    onTestFinished(created.drop);
    await withAdmin(created.url, (client) =>
      client.query(
        `create schema pgboss; grant usage on schema cdd, reporting to ${role};
         grant select, insert, update, delete on all tables in schema cdd to ${role}`,
      ),
    );
    const { code, stderr } = await runCli(['start'], { cwd, env: { ...env, DATABASE_URL: urlAs(created.url, role) } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/permission denied for schema pgboss \(42501\).*cdd-sync check/);
  });

  test.for([['status'], ['rejected'], ['grant-reader', '--role', 'anybody', '--all']])(
    'needs none to say that the database is not set up yet: %j',
    async (command) => {
      const { cwd, env } = await startFixture();
      const { url } = await foreignDatabase();
      const { code, stderr } = await runCli(command, { cwd, env: { ...env, DATABASE_URL: url } });
      expect(code).toBe(1);
      expect(stderr).toBe('DATABASE: The database is not set up yet; run: cdd-sync migrate\n');
    },
  );
});
