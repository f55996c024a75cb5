import type pg from 'pg';
import { describe, expect } from 'vitest';
import { erase } from '../../src/ledger/erase/erase.ts';
import { pauseAccount, resumeAccount } from '../../src/store/accounts/pauses.ts';
import { holdCase } from '../../src/store/ledger/hold/holds.ts';
import { EVERY_ACCOUNT, grantReader } from '../../src/store/reports/reader-grants.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { asRole } from '../support/as-role.ts';
import { runCli } from '../support/cli.ts';
import { test as base, testFilledBy } from '../support/database.ts';
import { FUNCTIONS, views } from '../support/reporting/views.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const OTHER = 'T12345678';

/** The accounts that each view and function shows. */
async function seen(client: pg.Client): Promise<Record<string, string[]>> {
  // JIT compilation of the views takes longer than reading them.
  await client.query('set jit = off');
  // linked_cases has production accounts only: see linked-cases.db.test.ts.
  const sources = (await views(client)).filter(({ name, perAccount }) => perAccount && name !== 'linked_cases');
  const result: Record<string, string[]> = {};
  for (const view of [...sources.map(({ name }) => name), ...FUNCTIONS]) {
    const { rows } = await client.query(`select distinct account_id from reporting.${view} order by 1`);
    result[view] = rows.map((row) => row.account_id);
  }
  return result;
}

async function fill(database: Parameters<typeof createRig>[0]): Promise<void> {
  await applyReportSettings(database, {
    timezone: 'Europe/Oslo',
    statusTargets: {},
    reports: { facts: { id: '$.id' } },
  });
  const rig = await createRig(database, { sandbox: { casesPerAccount: 40 } });
  rig.sandbox.faults.add({ endpoint: 'list', times: 4, fault: { kind: 'items', change: 'wrongType' } });
  for (const id of [ACCOUNT, OTHER]) {
    await rig.sync({ account: sandboxAccount(id) });
    const [changed = ''] = rig.sandbox.world.caseIds(id);
    rig.sandbox.world.changeFields({ account: id, case: changed }, { package: 'another' });
    await rig.sync({ account: sandboxAccount(id) });
  }
  await database.$executeRaw`insert into cdd.status_targets values ('UNDER_MANUAL_REVIEW', 48), ('ACTIVE', 1)`;
  for (const accountId of [ACCOUNT, OTHER]) {
    await pauseAccount(database, { accountId, reason: 'moves', by: null });
    await resumeAccount(database, { accountId, by: null });
  }
  for (const accountId of [ACCOUNT, OTHER]) {
    const [caseId = '', erasedId = ''] = rig.sandbox.world.caseIds(accountId);
    await holdCase(database, { accountId, caseId, reason: 'a lawsuit', by: null });
    await erase(database, { accountId, caseId: erasedId, mayBeBeforeTime: true, reason: 'asked for', by: null });
  }
  await database.$executeRaw`
    insert into cdd.notice_items (channel, kind, account_id, phase, began_at, items, new_items, judged_at)
    select 'ops', 'account_stale', id, 'began', now(), 0, 0, now() from cdd.accounts`;
  // Syncing one account disables the other.
  await database.$executeRaw`update cdd.accounts set enabled = true`;
  await rig.close();
}

const test = testFilledBy(fill).extend('role', roleFixture);
const emptyTest = base.extend('role', roleFixture);

describe('a reader', () => {
  test('sees only its granted accounts in every view and function; the owner sees all', async ({
    db: { database, url },
    role,
  }) => {
    const everything = await withAdmin(url, seen);
    expect(Object.keys(everything).length).toBeGreaterThan(17);
    for (const [view, accounts] of Object.entries(everything))
      expect([view, accounts]).toEqual([view, [ACCOUNT, OTHER]]);

    const shown = async (accountIds: string[]) => {
      await grantReader(database, { role, accountIds });
      return new Set(Object.values(await asRole(url, role, seen)).map((accounts) => accounts.join()));
    };
    expect(await shown([ACCOUNT])).toEqual(new Set([ACCOUNT]));
    expect(await shown([OTHER])).toEqual(new Set([OTHER]));
    expect(await shown([ACCOUNT, OTHER])).toEqual(new Set([`${ACCOUNT},${OTHER}`]));
    expect(await shown([EVERY_ACCOUNT])).toEqual(new Set([`${ACCOUNT},${OTHER}`]));
    await grantReader(database, { role, accountIds: [] });
    await expect(asRole(url, role, seen)).rejects.toThrow('permission denied for schema reporting');
    // Membership alone shows no account.
    await withAdmin(url, (admin) => admin.query(`grant cdd_reader to ${role}`));
    expect(new Set(Object.values(await asRole(url, role, seen)).flat())).toEqual(new Set());
  });

  test('can read schema reporting only, and change nothing', async ({ db: { database, url }, role }) => {
    await grantReader(database, { role, accountIds: [EVERY_ACCOUNT] });
    const tables = await withAdmin(url, async (admin) => {
      const { rows } = await admin.query<{ name: string }>(`
        select format('%I.%I', nspname, relname) as name
        from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where nspname in ('cdd', 'pgboss') and relkind in ('r', 'v', 'p')`);
      return rows.map(({ name }) => name);
    });
    expect(tables.length).toBeGreaterThan(10);
    const published = (await withAdmin(url, views)).map(({ name }) => name);
    const forbidden = [
      ...tables.map((name) => `select from ${name}`),
      ...published.map((name) => `delete from reporting.${name}`),
      ...published.map((name) => `insert into reporting.${name} default values`),
      `select cdd.roll_up('${ACCOUNT}')`,
      `select cdd.case_document('${ACCOUNT}', gen_random_uuid())`,
      'create table reporting.mine ()',
      'create table cdd.mine ()',
    ];
    await asRole(url, role, async (client) => {
      for (const sql of forbidden) {
        await client.query('savepoint attempt');
        await expect.soft(client.query(sql), sql).rejects.toThrow(/permission denied|cannot (delete|insert)/);
        await client.query('rollback to attempt');
      }
    });
  });

  test('cannot see rows of other accounts through a function of its own', async ({ db: { database, url }, role }) => {
    await grantReader(database, { role, accountIds: [OTHER] });
    const noticed = await asRole(url, role, async (client) => {
      const notices: string[] = [];
      client.on('notice', ({ message }) => notices.push(message ?? ''));
      await client.query(`
        create function pg_temp.look(account text) returns boolean language plpgsql cost 0.0001
        as $$ begin raise notice '%', account; return true; end $$`);
      for (const { name } of (await views(client)).filter(({ perAccount }) => perAccount)) {
        await client.query(`select count(*) from reporting.${name} where pg_temp.look(account_id)`);
      }
      return notices;
    });
    expect(new Set(noticed)).toEqual(new Set([OTHER]));
  });

  test('inherits the accounts of a role that it is a member of', async ({ db: { database, url }, role }) => {
    await grantReader(database, { role, accountIds: [OTHER] });
    const member = `${role}_m`;
    await withAdmin(url, (admin) => admin.query(`create role ${member} in role ${role}`));
    try {
      const accounts = await asRole(url, member, seen);
      expect(accounts.cases).toEqual([OTHER]);
    } finally {
      await withAdmin(url, (admin) => admin.query(`drop role ${member}`));
    }
  });

  emptyTest('with a grant for each existing account sees no later account', async ({ db: { database, url }, role }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 20 } });
    await rig.sync({ account: sandboxAccount(ACCOUNT) });
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    expect((await asRole(url, role, seen)).cases).toEqual([ACCOUNT]);
    await rig.sync({ account: sandboxAccount(OTHER) });
    expect((await withAdmin(url, seen)).cases).toEqual([ACCOUNT, OTHER]);
    expect(new Set(Object.values(await asRole(url, role, seen)).flat())).toEqual(new Set([ACCOUNT]));
    await rig.close();
  });

  test('that was dropped does not affect the owner', async ({ db: { database, url }, role }) => {
    await grantReader(database, { role, accountIds: [OTHER] });
    await withAdmin(url, (admin) => admin.query(`drop role ${role}`));
    expect((await withAdmin(url, seen)).cases).toEqual([ACCOUNT, OTHER]);
  });
});

describe('cdd-sync grant-reader', () => {
  test('grants the named accounts and prints them; wrong arguments change nothing', async ({ db: { url }, role }) => {
    const run = (...args: string[]) => runCli(['grant-reader', ...args], { cwd: '/tmp', env: { DATABASE_URL: url } });
    expect(await run('--role', role, '--account', OTHER, '--account', ACCOUNT)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(`^${role} sees ${OTHER}, ${ACCOUNT} in schema reporting\n`),
    });
    const mistakes: [args: string[], code: number, words: string][] = [
      [['--role', `${role}_x`, '--all'], 1, `create role "${role}_x" login`],
      [['--role', role, '--account', 'P99999999'], 1, 'P99999999'],
      [['--role', role], 2, '--account ID'],
      [['--role', role, '--all', '--none'], 2, '--account ID'],
      [['--all'], 2, '--role'],
      [['--role', '"; drop schema cdd; --', '--all'], 1, 'There is no role'],
    ];
    for (const [args, code, words] of mistakes) {
      const ended = await run(...args);
      expect([args, ended.code, ended.stderr]).toEqual([args, code, expect.stringContaining(words)]);
    }
    expect((await asRole(url, role, seen)).cases).toEqual([ACCOUNT, OTHER]);
    expect((await run('--role', role, '--none')).code).toBe(0);
    await expect(asRole(url, role, seen)).rejects.toThrow('permission denied');
  });
});
