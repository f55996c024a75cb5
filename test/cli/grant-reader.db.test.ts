import { describe, expect } from 'vitest';
import { quoted } from '../../src/store/postgres/identifier.ts';
import { withAdmin } from '../support/admin.ts';
import { runCli } from '../support/cli.ts';
import { testFilledBy } from '../support/database.ts';
import { createLogin, urlAs } from '../support/login-role.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

const test = testFilledBy(async (database) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 3 } });
  await rig.sync();
  await rig.close();
});

const runAs = (url: string, ...args: string[]) =>
  runCli(['grant-reader', ...args], { cwd: '/tmp', env: { DATABASE_URL: url, COLUMNS: '500' } });

const ALL_SETTINGS =
  'new sessions of the role in this database have: timezone = Europe/Oslo, work_mem = 64MB, statement_timeout = 2min, default_transaction_read_only = on, jit = off\n';

async function grantsOf(url: string, role: string): Promise<string[]> {
  const { rows } = await withAdmin(url, (admin) =>
    admin.query('select account_id from cdd.reader_grants where role_name = $1', [role]),
  );
  return rows.map(({ account_id }) => account_id);
}

describe('grant-reader refuses', () => {
  test('a role that all readers are members of, and takes its grants away', async ({ db: { url } }) => {
    const above = await createLogin();
    await withAdmin(url, (admin) => admin.query(`grant ${above} to cdd_reader`));
    try {
      for (const role of ['cdd_reader', above]) {
        const refused = await runAs(url, '--role', role, '--all');
        expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('would see these accounts')]);
        expect(refused.stderr).toContain('create role "bi" login');
        await withAdmin(url, (admin) => admin.query('insert into cdd.reader_grants values ($1, $2)', ['*', role]));
        const taken = await runAs(url, '--role', role, '--none');
        expect([taken.code, taken.stderr]).toEqual([0, '']);
        expect(await grantsOf(url, role)).toEqual([]);
      }
    } finally {
      await withAdmin(url, (admin) => admin.query(`revoke ${above} from cdd_reader`));
    }
  });

  test('roles that see everything anyway, roles of Postgres and names that no role has', async ({ db: { url } }) => {
    const worker = await createLogin();
    await withAdmin(url, (admin) => admin.query(`grant usage on schema cdd to ${worker}`));
    const superuser = await createLogin('superuser');
    const mistakes = [
      [worker, 'may use schema cdd'],
      [superuser, 'superuser'],
      ['pg_monitor', 'a role of Postgres itself'],
      ['public', 'every role of the server'],
      ['x'.repeat(64), 'at most 63 bytes'],
    ];
    for (const [role = '', words] of mistakes) {
      const { code, stderr, stdout } = await runAs(url, '--role', role, '--account', ACCOUNT);
      expect([role, code, stderr, stdout]).toEqual([role, 2, expect.stringContaining(words ?? ''), '']);
      expect(await grantsOf(url, role)).toEqual([]);
    }
    await withAdmin(url, (admin) => admin.query(`revoke usage on schema cdd from ${worker}`));
  });
});

describe('grant-reader', () => {
  test('sets what sessions need, says so, and takes it away with the grants', async ({ db: { url } }) => {
    const role = await createLogin();
    const granted = await runAs(url, '--role', role, '--account', ACCOUNT);
    expect(granted).toMatchObject({ code: 0, stdout: `${role} sees ${ACCOUNT} in schema reporting\n${ALL_SETTINGS}` });
    const none = await runAs(url, '--role', role, '--none');
    expect(none.stdout).toMatch(/\ntaken away from new sessions of the role in this database: .*timezone/);
  });

  test('with --no-settings sets none and keeps those there are', async ({ db: { url } }) => {
    const role = await createLogin();
    const settings = async () => {
      const sql =
        'select setconfig from pg_db_role_setting where setrole = (select oid from pg_roles where rolname = $1)';
      return (await withAdmin(url, (admin) => admin.query(sql, [role]))).rows;
    };
    expect((await runAs(url, '--role', role, '--all', '--no-settings')).code).toBe(0);
    expect(await settings()).toEqual([]);
    await runAs(url, '--role', role, '--all');
    const [made] = await settings();
    expect(made?.setconfig).toHaveLength(5);
    await runAs(url, '--role', role, '--none', '--no-settings');
    expect(await settings()).toEqual([made]);
  });

  test('without the right to alter the role grants, and prints SQL that an administrator can run as it is', async ({
    db: { url },
  }) => {
    const worker = await createLogin();
    await withAdmin(url, (admin) =>
      admin.query(`
        grant usage on schema cdd, reporting to ${worker};
        grant select, insert, update, delete on all tables in schema cdd to ${worker};
        grant select on all tables in schema reporting to ${worker};
        grant cdd_reader to ${worker} with admin option;
        grant usage on schema reporting to cdd_reader`),
    );
    // Near the limit of 63 bytes.
    const role = await createLogin('', ` we"ird'$$\\né${'ø'.repeat(9)}`);
    const args = ['--role', role, '--account', ACCOUNT];
    const first = await runAs(urlAs(url, worker), ...args);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(await grantsOf(url, role)).toEqual([ACCOUNT]);
    const [told = '', sql = ''] = first.stdout.split('An administrator runs this:\n');
    expect(told).toContain('may not alter the role');
    expect(sql.split('\n').filter((line) => line.startsWith(`alter role ${quoted(role)}`))).toHaveLength(5);
    await withAdmin(url, (admin) => admin.query(sql));
    const again = await runAs(urlAs(url, worker), ...args);
    expect(again.stdout).toBe(`${role} sees ${ACCOUNT} in schema reporting\n${ALL_SETTINGS}`);
    await withAdmin(url, (admin) => admin.query(`drop owned by ${worker}`));
  });

  test('names the members of a group that count other months, and the SQL for them', async ({ db: { url } }) => {
    const group = await createLogin('', 'ø');
    const member = await createLogin('', '.é');
    await withAdmin(url, async (admin) => {
      await admin.query(`alter role ${quoted(group)} nologin`);
      await admin.query(`grant ${quoted(group)} to ${quoted(member)}`);
      await admin.query(`alter role ${quoted(member)} set timezone = 'UTC'`);
    });
    const { stdout } = await runAs(url, '--role', group, '--all');
    expect(stdout).toContain(`sessions of ${member} are in UTC, so tools count other months than the reports`);
    const [, sql = ''] = stdout.split('an administrator runs this:\n');
    await withAdmin(url, (admin) => admin.query(sql));
    expect((await runAs(url, '--role', group, '--all')).stdout).not.toContain('UTC');
  });
});
