import { expect } from 'vitest';
import { EVERY_ACCOUNT, grantReader } from '../../src/store/reports/reader-grants.ts';
import { withAdmin } from '../support/admin.ts';
import { asRole } from '../support/as-role.ts';
import { runCli } from '../support/cli.ts';
import { testFilledBy } from '../support/database.ts';
import { fillNames, shownNames } from '../support/reporting/names.ts';
import { ACCOUNT } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';

const test = testFilledBy(fillNames).extend('role', roleFixture);

test('a role granted without names sees none through another role that has them, nor does a member of both', async ({
  db: { database, url },
  role,
}) => {
  const withNames = `${role}_n`;
  const member = `${role}_m`;
  await withAdmin(url, (admin) =>
    admin.query(`create role ${withNames}; create role ${member} in role ${role}, ${withNames}`),
  );
  try {
    await grantReader(database, { role, accountIds: [ACCOUNT], withNames: false });
    await grantReader(database, { role: withNames, accountIds: [EVERY_ACCOUNT] });
    expect(await asRole(url, withNames, shownNames)).not.toEqual({});
    expect(await asRole(url, member, shownNames)).toEqual({});
    await withAdmin(url, (admin) => admin.query(`grant ${withNames} to ${role}`));
    expect(await asRole(url, role, shownNames)).toEqual({});
    await grantReader(database, { role, accountIds: [] });
    expect(await asRole(url, member, shownNames)).not.toEqual({});
  } finally {
    await withAdmin(url, (admin) => admin.query(`drop role ${member}; drop role ${withNames}`));
  }
});

test('cdd-sync grant-reader --without-names hides names and says so, shows them again without the option, and refuses --none', async ({
  db: { url },
  role,
}) => {
  const run = (...args: string[]) =>
    runCli(['grant-reader', '--role', role, '--no-settings', ...args], {
      cwd: '/tmp',
      env: { DATABASE_URL: url, COLUMNS: '500' },
    });
  const hidden = await run('--account', ACCOUNT, '--without-names');
  expect(hidden).toMatchObject({
    code: 0,
    stdout: `${role} sees ${ACCOUNT} in schema reporting, without names and organization numbers\n`,
  });
  expect(await asRole(url, role, shownNames)).toEqual({});
  expect((await run('--account', ACCOUNT)).stdout).toBe(`${role} sees ${ACCOUNT} in schema reporting\n`);
  expect(await asRole(url, role, shownNames)).not.toEqual({});
  const refused = await run('--none', '--without-names');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--without-names goes with')]);
});
