import type pg from 'pg';
import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { EVERY_ACCOUNT, grantReader } from '../../src/store/reports/reader-grants.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { asRole } from '../support/as-role.ts';
import { runCli } from '../support/cli.ts';
import { testFilledBy } from '../support/database.ts';
import { item } from '../support/reporting/listed-history.ts';
import { FUNCTIONS, views } from '../support/reporting/views.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const MERCHANT = 'P11200001';
const LABEL = 'Our shop';
const SECRETS = [
  'Kari Frisør',
  'Kari Hansen Frisør',
  'Ola Rørlegger',
  'Merchant Nordmann',
  '987654321',
  '912345678',
  '923456789',
];
const [
  FIRST_NAME = '',
  LATER_NAME = '',
  OTHER_NAME = '',
  MERCHANT_NAME = '',
  NUMBER = '',
  LATER_NUMBER = '',
  OTHER_NUMBER = '',
] = SECRETS;

function application(
  number: number,
  { name, organizationNumber }: { name: string; organizationNumber: string },
): JsonObject {
  return item(number, {
    created_at: '2026-01-05T10:00:00Z',
    case_for: {
      payout_destination_id: `seller-${number}`,
      payout_destination_name: name,
      payout_destination_description: `Payouts to ${name}`,
    },
    case_request: { countryCode: 'NO', organizationNumber, details: { companyName: name } },
    events: [
      { id: 1, event: 'created', case_status: 'WAITING_FOR_DETAILS', created_at: '2026-01-05T10:00:00Z' },
      {
        id: 2,
        event: 'failed',
        created_at: '2026-01-06T10:00:00Z',
        error: 'timeout',
        case: { name, organizationNumber },
      },
      { id: 3, event: 'decided', case_status: 'ACTIVE', created_at: '2026-01-07T10:00:00Z' },
    ],
  });
}

/** Two accounts; a case whose name and number change, and two cases that come to have one number. */
async function fill(database: Database): Promise<void> {
  await applyReportSettings(database, {
    timezone: 'Europe/Oslo',
    statusTargets: { ACTIVE: 1 },
    reports: { facts: { seller: '$.case_for.payout_destination_name' } },
  });
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const account = sandboxAccount(ACCOUNT, { label: LABEL });
  const other = application(2, { name: OTHER_NAME, organizationNumber: LATER_NUMBER });
  for (const [name, organizationNumber] of [
    [FIRST_NAME, NUMBER],
    [LATER_NAME, LATER_NUMBER],
  ] as const) {
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([application(1, { name, organizationNumber }), other]));
    await rig.sync({ account });
  }
  const list = JSON.stringify([application(3, { name: OTHER_NAME, organizationNumber: OTHER_NUMBER })]);
  rig.sandbox.world.serve(MERCHANT, list);
  await rig.sync({ account: sandboxAccount(MERCHANT, { label: MERCHANT_NAME, partner: 'P11200000' }) });
  await database.$executeRaw`update cdd.accounts set enabled = true`;
  await rig.close();
}

const test = testFilledBy(fill).extend('role', roleFixture);

/** The views and functions of which any column shows a secret, each with those that it shows. */
async function shown(client: pg.Client): Promise<Record<string, string[]>> {
  await client.query('set jit = off');
  const result: Record<string, string[]> = {};
  for (const source of [...(await views(client)).map(({ name }) => name), ...FUNCTIONS]) {
    const { rows } = await client.query<{ secret: string }>(
      `select secret
       from unnest($1::text[]) as secret
       where exists (select from reporting.${source} as shown_row where strpos(to_jsonb(shown_row)::text, secret) > 0)
       order by 1`,
      [SECRETS],
    );
    if (rows.length > 0) result[source] = rows.map(({ secret }) => secret);
  }
  return result;
}

describe('a reader without names', () => {
  test('finds no name and no organization number in any view or function, and all of them once it may', async ({
    db: { database, url },
    role,
  }) => {
    const everything = await withAdmin(url, shown);
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
    expect(new Set(Object.values(everything).flat())).toEqual(new Set(SECRETS));

    for (const accountIds of [[EVERY_ACCOUNT], [ACCOUNT, MERCHANT]]) {
      await grantReader(database, { role, accountIds, withNames: false });
      expect(await asRole(url, role, shown)).toEqual({});
      await grantReader(database, { role, accountIds });
      expect(await asRole(url, role, shown)).toEqual(everything);
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
      `cases where organization_number = '${LATER_NUMBER}'`,
      'cases where organization_number is not null or payout_destination_name is not null',
      `cases where payout_destination_name like 'Kari%'`,
      `case_facts where value = '${OTHER_NAME}'`,
      `case_changes where new_value = '${LATER_NUMBER}' or old_value = '${NUMBER}'`,
      `case_timeline where to_value = '${LATER_NUMBER}' or from_value = '${NUMBER}'`,
      `linked_cases where organization_number = '${LATER_NUMBER}'`,
      `accounts where account_label = '${MERCHANT_NAME}'`,
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

  test('sees none through another role that has them, nor does a member of both', async ({
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
      expect(await asRole(url, withNames, shown)).not.toEqual({});
      expect(await asRole(url, member, shown)).toEqual({});
      await withAdmin(url, (admin) => admin.query(`grant ${withNames} to ${role}`));
      expect(await asRole(url, role, shown)).toEqual({});
      await grantReader(database, { role, accountIds: [] });
      expect(await asRole(url, member, shown)).not.toEqual({});
    } finally {
      await withAdmin(url, (admin) => admin.query(`drop role ${member}; drop role ${withNames}`));
    }
  });
});

describe('cdd-sync grant-reader --without-names', () => {
  test('hides names, says so, and shows them again without the option; not with --none', async ({
    db: { url },
    role,
  }) => {
    const run = (...args: string[]) =>
      runCli(['grant-reader', '--role', role, '--no-settings', ...args], { cwd: '/tmp', env: { DATABASE_URL: url } });
    const hidden = await run('--account', ACCOUNT, '--without-names');
    expect(hidden).toMatchObject({
      code: 0,
      stdout: `${role} sees ${ACCOUNT} in schema reporting, without names and organization numbers\n`,
    });
    expect(await asRole(url, role, shown)).toEqual({});
    expect((await run('--account', ACCOUNT)).stdout).toBe(`${role} sees ${ACCOUNT} in schema reporting\n`);
    expect(await asRole(url, role, shown)).not.toEqual({});
    const refused = await run('--none', '--without-names');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--without-names goes with')]);
  });
});

describe('the functions that these tests call', () => {
  test('are all that return rows', async ({ db: { url } }) => {
    const { rows } = await withAdmin(url, (admin) =>
      admin.query<{ name: string }>(`
        select distinct proname as name from pg_proc where pronamespace = 'reporting'::regnamespace and proretset order by 1`),
    );
    expect(rows.map(({ name }) => name)).toEqual(FUNCTIONS.map((call) => call.slice(0, call.indexOf('('))).sort());
  });
});
