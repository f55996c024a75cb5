import { expect } from 'vitest';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { withAdmin } from '../support/admin.ts';
import { test as base } from '../support/database.ts';
import { createRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const ONE = 'P12345678';
const OTHER = 'P11200001';
const TEST_ACCOUNT = 'T12345678';

const test = base.extend('role', roleFixture);

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Syncs these cases: an account's numbers of cases and their organization numbers. */
async function syncCases(database: Parameters<typeof createRig>[0], lists: Record<string, [number, string][]>) {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  for (const [account, cases] of Object.entries(lists)) {
    for (const [number, organizationNumber] of cases) {
      const item = { id: idOf(number), account_id: account, case_request: { organizationNumber }, events: [] };
      rig.sandbox.world.appendItem(account, JSON.stringify(item));
    }
    await rig.sync({ account: sandboxAccount(account) });
  }
  await rig.close();
}

/** The links as `account case > account case`, with the last digit of each account. */
async function links(url: string, role?: string): Promise<string[]> {
  return withAdmin(url, async (client) => {
    if (role !== undefined) await client.query(`set role ${role}`);
    const { rows } = await client.query<{ link: string }>(`
      select concat_ws(' ', right(account_id, 1), right(case_id::text, 3), '>', right(other_account_id, 1), right(other_case_id::text, 3))
        as link
      from reporting.linked_cases order by 1`);
    return rows.map(({ link }) => link);
  });
}

test('a case in the lists of two accounts is linked to other cases, not to itself', async ({ db }) => {
  await syncCases(db.database, {
    [ONE]: [
      [1, '912345678'],
      [2, '912345678'],
    ],
    [OTHER]: [[1, '912345678']],
  });
  expect(await links(db.url)).toEqual(['1 001 > 8 002', '8 001 > 8 002', '8 002 > 1 001', '8 002 > 8 001']);
});

test('a test account and a number without a digit link nothing', async ({ db }) => {
  await syncCases(db.database, {
    [ONE]: [
      [1, '912345678'],
      [2, 'none'],
      [3, 'none'],
      [4, ''],
      [5, ''],
    ],
    [TEST_ACCOUNT]: [
      [6, '912345678'],
      [7, '912345678'],
    ],
  });
  expect(await links(db.url)).toEqual([]);
});

test('a number on 101 cases links all of them, on one more none', async ({ db }) => {
  const same = (count: number) => Array.from({ length: count }, (_, at): [number, string] => [at + 1, '999999999']);
  await syncCases(db.database, { [ONE]: same(101) });
  expect(await links(db.url)).toHaveLength(101 * 100);
  await syncCases(db.database, { [OTHER]: [[500, '999999999']] });
  expect(await links(db.url)).toEqual([]);
});

test('a reader sees a link only if it sees both accounts', async ({ db, role }) => {
  await syncCases(db.database, {
    [ONE]: [
      [1, '912345678'],
      [2, '912345678'],
    ],
    [OTHER]: [[3, '912345678']],
  });
  await grantReader(db.database, { role, accountIds: [ONE] });
  expect(await links(db.url, role)).toEqual(['8 001 > 8 002', '8 002 > 8 001']);
  await grantReader(db.database, { role, accountIds: [OTHER] });
  expect(await links(db.url, role)).toEqual([]);
});
