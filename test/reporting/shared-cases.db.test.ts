import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { connectAdmin } from '../support/admin.ts';
import { asRole } from '../support/as-role.ts';
import { test as base, testFilledBy, withDatabase } from '../support/database.ts';
import { countLockWaits } from '../support/lock-waits.ts';
import { item } from '../support/reporting/listed-history.ts';
import { createRig, type Rig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const PARTNER = 'P11200000';
const MERCHANT = 'P11200001';
const TEST_ACCOUNT = 'T12345678';

const CREATED = { id: 1, case_status: 'WAITING_FOR_DETAILS', created_at: '2026-01-01T00:00:00Z' };
const itemOf = (number: number) => item(number, { events: [CREATED] });
const idOf = (number: number) => String(itemOf(number).id);

function syncList(rig: Rig, accountId: string, list: readonly JsonObject[]) {
  rig.sandbox.world.serve(accountId, JSON.stringify(list));
  return rig.sync({ account: sandboxAccount(accountId) });
}

/** The accounts in the order in which they first saw their cases, and the numbers of the cases. */
const LISTS: readonly [accountId: string, numbers: readonly number[]][] = [
  [TEST_ACCOUNT, [1, 2]],
  [MERCHANT, [1, 4]],
  [PARTNER, [1, 2, 3, 4, 5]],
];
/** A partner and a merchant may have first seen it in the same microsecond. */
const SEEN_AT_ONCE = 5;

async function fill(database: Database): Promise<void> {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  for (const [accountId, numbers] of LISTS) await syncList(rig, accountId, numbers.map(itemOf));
  await syncList(rig, MERCHANT, [1, 4, SEEN_AT_ONCE].map(itemOf));
  await database.$executeRaw`update cdd.cases set first_seen_at = now() where id = ${idOf(SEEN_AT_ONCE)}::uuid`;
  await rig.close();
}

/** The accounts that have each case, the primary one first. */
const OWNERS: Record<number, readonly string[]> = {
  1: [MERCHANT, PARTNER, TEST_ACCOUNT],
  2: [PARTNER, TEST_ACCOUNT],
  3: [PARTNER],
  4: [MERCHANT, PARTNER],
  5: [PARTNER, MERCHANT],
};

function expectedRows(accountIds: readonly string[]): string[] {
  return Object.entries(OWNERS)
    .flatMap(([number, owners]) => {
      const seen = owners.filter((owner) => accountIds.includes(owner));
      return seen.map(
        (owner, place) => `${owner}/${idOf(Number(number))} of ${seen.length}${place === 0 ? ', primary' : ''}`,
      );
    })
    .sort();
}

const test = base.extend('role', roleFixture);
const filledTest = testFilledBy(fill).extend('role', roleFixture);

describe('a case of several accounts', () => {
  for (const accountIds of [
    [PARTNER],
    [MERCHANT],
    [TEST_ACCOUNT],
    [PARTNER, MERCHANT],
    [PARTNER, TEST_ACCOUNT],
    [MERCHANT, TEST_ACCOUNT],
    [PARTNER, MERCHANT, TEST_ACCOUNT],
  ]) {
    filledTest(
      `has one primary row among those that a reader of ${accountIds.join(', ')} sees`,
      async ({ db: { database, url }, role }) => {
        await grantReader(database, { role, accountIds });
        const rows = await asRole(url, role, async (reader) => {
          const answer = await reader.query<{ row: string }>(`
          select case_key || ' of ' || accounts_with_case || case when is_primary then ', primary' else '' end as row
          from reporting.cases`);
          return answer.rows.map(({ row }) => row).sort();
        });
        expect(rows).toEqual(expectedRows(accountIds));
      },
    );
  }

  test('is right in both rows, and no batch fails, if two accounts add it at once', async ({
    db: { url, database },
  }) => {
    const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
    await withDatabase(url, async (second) => {
      const [one, two] = [await createRig(database), await createRig(second)];
      // A batch that has added half of the ids waits here. The other one must not have the other half.
      const foreign = await connectAdmin(url);
      await foreign.query('begin');
      await foreign.query('insert into cdd.case_ids (id) values ($1)', [idOf(30)]);
      const list = numbers.map(itemOf);
      const runs = Promise.all([syncList(one, PARTNER, list), syncList(two, MERCHANT, list.toReversed())]);
      await expect.poll(() => countLockWaits(database)).toBe(2);
      await foreign.query('rollback');
      expect((await runs).map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
      await foreign.end();
      for (const rig of [one, two]) await rig.close();
    });
    const rows = await database.$queryRaw<{ accounts: number; primary: number; ids: number }[]>`
      select accounts_with_case as accounts, count(*) filter (where is_primary)::integer as primary,
        count(distinct case_id)::integer as ids
      from reporting.cases
      group by accounts_with_case`;
    expect(rows).toEqual([{ accounts: 2, primary: numbers.length, ids: numbers.length }]);
  });
});
