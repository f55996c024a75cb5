import type pg from 'pg';
import { describe, expect } from 'vitest';
import { EVERY_ACCOUNT, grantReader } from '../../src/store/reports/reader-grants.ts';
import { withAdmin } from '../support/admin.ts';
import { asRole } from '../support/as-role.ts';
import { testFilledBy } from '../support/database.ts';
import { fillNames, LABEL, MERCHANT, NAMES, shownNames } from '../support/reporting/names.ts';
import { FUNCTIONS } from '../support/reporting/views.ts';
import { ACCOUNT } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';

const test = testFilledBy(fillNames).extend('role', roleFixture);

describe('a reader without names', () => {
  test('finds no name and no organization number in any view or function, and all of them once it may', async ({
    db: { database, url },
    role,
  }) => {
    const everything = await withAdmin(url, shownNames);
    expect(Object.keys(everything)).toEqual(
      expect.arrayContaining([
        'accounts',
        'case_changes',
        'case_facts',
        'case_timeline',
        'cases',
        'linked_cases',
        'sync_freshness',
      ]),
    );
    expect(new Set(Object.values(everything).flat())).toEqual(new Set(Object.values(NAMES)));

    for (const accountIds of [[EVERY_ACCOUNT], [ACCOUNT, MERCHANT]]) {
      await grantReader(database, { role, accountIds, withNames: false });
      expect(await asRole(url, role, shownNames)).toEqual({});
      await grantReader(database, { role, accountIds });
      expect(await asRole(url, role, shownNames)).toEqual(everything);
    }
  });

  test('sees everything else as others do', async ({ db: { database, url }, role }) => {
    const read = (client: pg.Client) =>
      client.query(`
        select
          (select array_agg(distinct account_label) from reporting.cases) as labels,
          (select count(*)::integer from reporting.cases where payout_destination_id like 'seller-%') as cases,
          (select count(*)::integer from reporting.case_facts where is_current) as facts,
          (select array_agg(field order by field) from reporting.case_changes where field <> 'updated_at') as fields,
          (select count(*)::integer from reporting.linked_cases) as links,
          (select count(*)::integer from reporting.case_timeline) as told,
          (select array_agg(distinct to_value) from reporting.case_timeline where kind = 'status') as statuses`);
    await grantReader(database, { role, accountIds: [EVERY_ACCOUNT], withNames: false });
    const { rows } = await asRole(url, role, read);
    expect(rows).toEqual([
      {
        labels: [LABEL, null],
        cases: 3,
        facts: 3,
        links: 2,
        fields: ['organization_number', 'payout_destination_name'],
        told: expect.any(Number),
        statuses: ['ACTIVE', 'WAITING_FOR_DETAILS'],
      },
    ]);
    const owner = await withAdmin(url, read);
    expect(rows).toEqual(owner.rows.map((row) => ({ ...row, labels: [LABEL, null] })));
  });

  test('learns none by a filter, nor by a function of its own', async ({ db: { database, url }, role }) => {
    await grantReader(database, { role, accountIds: [EVERY_ACCOUNT], withNames: false });
    const filters = [
      `cases where organization_number = '${NAMES.laterNumber}'`,
      'cases where organization_number is not null or payout_destination_name is not null',
      `cases where payout_destination_name like 'Kari%'`,
      `case_facts where value = '${NAMES.other}'`,
      `case_changes where new_value = '${NAMES.laterNumber}' or old_value = '${NAMES.firstNumber}'`,
      `case_timeline where to_value = '${NAMES.laterNumber}' or from_value = '${NAMES.firstNumber}'`,
      `linked_cases where organization_number = '${NAMES.laterNumber}'`,
      `accounts where account_label = '${NAMES.merchant}'`,
    ];
    const found = (client: pg.Client, filter: string) => client.query(`select from reporting.${filter}`);
    await asRole(url, role, async (client) => {
      for (const filter of filters) expect([filter, (await found(client, filter)).rowCount]).toEqual([filter, 0]);
      const noticed: string[] = [];
      client.on('notice', ({ message }) => noticed.push(message ?? ''));
      await client.query(`
        create function pg_temp.look(value text) returns boolean language plpgsql cost 0.0001
        as $$ begin raise notice '%', value; return true; end $$`);
      await client.query('select from reporting.cases where pg_temp.look(organization_number)');
      await client.query('select from reporting.case_facts where pg_temp.look(value)');
      expect(noticed).toHaveLength(3 + 4);
      expect(new Set(noticed)).toEqual(new Set(['<NULL>']));
    });
    await withAdmin(url, async (admin) => {
      for (const filter of filters) expect([filter, (await found(admin, filter)).rowCount]).not.toEqual([filter, 0]);
    });
  });
});

test('the functions that these tests call are all that return rows', async ({ db: { url } }) => {
  const { rows } = await withAdmin(url, (admin) =>
    admin.query<{ name: string }>(`
        select distinct proname as name from pg_proc where pronamespace = 'reporting'::regnamespace and proretset order by 1`),
  );
  expect(rows.map(({ name }) => name)).toEqual(FUNCTIONS.map((call) => call.slice(0, call.indexOf('('))).sort());
});
