import { expect, vi } from 'vitest';
import { warnOfViewerRoles } from '../../../src/pages/access/viewer-roles.ts';
import { openDatabase } from '../../../src/store/postgres/pool.ts';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { test as base } from '../../support/database.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';
import { roleFixture } from '../../support/role.ts';

const test = base.extend('role', roleFixture);

async function warningsOf(url: string, role: string): Promise<string[]> {
  const warn = vi.fn();
  const database = openDatabase(url, { connections: 1 });
  await warnOfViewerRoles(database, [{ name: 'compliance', role }], { warn }).finally(() => database.close());
  return warn.mock.calls.map(([, words]) => String(words));
}

test('a role that may read is no warning; one that may not, or is missing, says what to do', async ({
  db: { url, database },
  role,
}) => {
  expect(await warningsOf(url, 'no_such_role')).toEqual([expect.stringContaining('create role "no_such_role";')]);
  expect(await warningsOf(url, role)).toEqual([expect.stringContaining('grant-reader')]);
  await grantReader(database, { role, accountIds: ['*'] });
  expect(await warningsOf(url, role)).toEqual([]);
});

test('a worker that may not act as the role gets the statement that allows it', async ({ db: { url }, role }) => {
  const worker = await createLogin();
  expect(await warningsOf(urlAs(url, worker), role)).toEqual([
    expect.stringContaining(`grant "${role}" to "${worker}";`),
  ]);
});
