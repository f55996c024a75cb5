import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { dueCases } from '../../src/store/ledger/erase/due-cases.ts';
import { holdCase } from '../../src/store/ledger/hold/holds.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { readFactsAgain } from '../../src/store/reports/read-facts-again.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { asRole } from '../support/as-role.ts';
import { testFilledBy } from '../support/database.ts';
import { listedCases, wrongLinks } from '../support/listed-cases.ts';
import { startPages, textOf } from '../support/pages.ts';
import { runHere } from '../support/program.ts';
import type { RetentionSettings } from '../support/reference/retention.ts';
import { item } from '../support/reporting/listed-history.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const OTHER = 'P11200001';
const ANY = { countries: [], packages: [], products: [], facts: {} };
const CASES = {
  years: 10,
  rules: [
    { years: 20, when: { ...ANY, countries: ['SE'] } },
    { years: null, when: { ...ANY, packages: ['gold'] } },
  ],
};
const HELD = 13;
const ERASED = 14;

type Steps = readonly (readonly [status: string, at: string])[];

const application = (number: number, steps: Steps, fields: JsonObject = {}) =>
  item(number, {
    ...fields,
    events: steps.map(([case_status, created_at], index) => ({
      id: index + 1,
      event: 'case_updated',
      case_status,
      created_at: `${created_at}T11:00:00Z`,
    })),
  });

const deleted = (day: string) => ({ deleted_at: `${day}T11:00:00Z` });
const declined = (day: string): Steps => [['DECLINED', day]];

const HERE = [
  application(1, declined('2016-02-29')),
  application(2, declined('2016-02-29'), { case_request: { countryCode: 'se' } }),
  application(3, declined('2001-01-01'), { package: 'gold' }),
  application(4, [['ARCHIVED', '2010-05-01']]),
  application(5, declined('2010-05-01')),
  application(6, declined('1970-01-01')),
  application(7, declined('1970-01-01'), deleted('2012-06-01')),
  application(8, [
    ['ACTIVE', '2015-01-01'],
    ['DECLINED', '2099-01-01'],
  ]),
  application(9, [['ACTIVE', '2001-01-01']]),
  application(10, [['ACTIVE', '2001-01-01']], deleted('2012-06-01')),
  application(11, [['ACTIVE', '2001-01-01']], deleted('2099-01-01')),
  application(12, [
    ['DECLINED', '2010-01-01'],
    ['UNDER_MANUAL_REVIEW', '2011-01-01'],
  ]),
  application(HELD, declined('2016-02-29')),
  application(ERASED, [
    ['DECLINED', '2010-01-01'],
    ['ACTIVE', '2026-01-01'],
  ]),
];
const ELSEWHERE = [application(4, [['ACTIVE', '2009-05-01']]), application(5, [['TERMINATED', '2020-05-01']])];

const idOf = (number: number) => String(item(number, {}).id);
const REASON = 'request 25/1187 <b>of</b> Kari Nordmann';

const test = testFilledBy(async (database) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  for (const [id, items] of [
    [OTHER, ELSEWHERE],
    [ACCOUNT, HERE],
  ] as const) {
    rig.sandbox.world.serve(id, JSON.stringify(items));
    await rig.sync({ account: sandboxAccount(id) });
  }
  await rig.close();
  await holdCase(database, { accountId: ACCOUNT, caseId: idOf(HELD), reason: REASON, by: 'kari' });
  await database.$executeRaw`update cdd.cases set erased_at = '2026-06-01 12:00+00' where id = ${idOf(ERASED)}::uuid`;
  await keep(database, CASES);
}).extend('role', roleFixture);

const keep = (database: Database, cases: RetentionSettings['cases']) =>
  applyReportSettings(database, { timezone: 'Europe/Oslo', statusTargets: {}, retention: { cases } });

const QUESTION = `
  select
    case_id::text,
    state,
    (ended_at at time zone 'UTC')::date::text as ended,
    (keep_until at time zone 'UTC')::text as until,
    rule
  from reporting.retention
  where account_id = '${ACCOUNT}'`;

const EXPECTED = [
  [1, 'due', '2016-02-29', '2026-02-28 11:00:00', 0],
  [2, 'kept', '2016-02-29', '2036-02-29 11:00:00', 1],
  [3, 'kept', '2001-01-01', null, 2],
  [4, 'active', null, null, 0],
  [5, 'kept', '2020-05-01', '2030-05-01 11:00:00', 0],
  [6, 'kept', null, null, 0],
  [7, 'due', '2012-06-01', '2022-06-01 11:00:00', 0],
  [8, 'active', null, null, 0],
  [9, 'active', null, null, 0],
  [10, 'due', '2012-06-01', '2022-06-01 11:00:00', 0],
  [11, 'active', null, null, 0],
  [12, 'active', null, null, 0],
  [HELD, 'held', '2016-02-29', '2026-02-28 11:00:00', 0],
  [ERASED, 'erased', null, null, null],
];

describe('retention', () => {
  test('begins at the last end of all accounts, and readers of one account get the same answer', async ({
    db: { database, url },
    role,
  }) => {
    const answer = async (client: { query: (sql: string) => Promise<{ rows: Record<string, unknown>[] }> }) => {
      await client.query(`set timezone = 'Pacific/Auckland'`);
      const { rows } = await client.query(QUESTION);
      return HERE.map((_, index) => {
        const row = rows.find(({ case_id }) => case_id === idOf(index + 1));
        return [index + 1, row?.state, row?.ended, row?.until, row?.rule];
      });
    };
    expect(await withAdmin(url, answer)).toEqual(EXPECTED);
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    expect(await asRole(url, role, answer)).toEqual(EXPECTED);
  });

  test('gives the cases that are due, the oldest first, unless the machine has another time', async ({
    db: { database },
  }) => {
    const due = async (...rest: [limit: number, machineTime?: Date]) =>
      (await dueCases(database, ACCOUNT, ...rest)).map(({ caseId }) => caseId);
    expect(await due(10)).toEqual([7, 10, 1].map(idOf));
    expect(await due(2)).toEqual([7, 10].map(idOf));
    expect(await due(10, new Date('2022-07-01'))).toEqual([7, 10].map(idOf));
    expect(await due(10, new Date('1970-01-01'))).toEqual([]);
    expect(await dueCases(database, OTHER, 10)).toEqual([]);
    // The list has a newer document of case 10 that cannot be read: it may have been opened again.
    const seen = { firstSeenAt: new Date(), lastSeenAt: new Date() };
    const rejected = { accountId: OTHER, caseId: idOf(10), path: 'events[0]', reason: 'expected an object', ...seen };
    await database.rejectedItem.create({ data: { ...rejected, fingerprint: Buffer.alloc(32) } });
    expect(await due(10)).toEqual([7, 1].map(idOf));
    await database.rejectedItem.updateMany({ data: { resolvedAt: new Date() } });
    expect(await due(10)).toEqual([7, 10, 1].map(idOf));
    // A hold in another account stops it here too; only a person may decide otherwise.
    await keep(database, { years: 5, rules: [] });
    expect(await due(10)).toContain(idOf(5));
    await holdCase(database, { accountId: OTHER, caseId: idOf(5), reason: REASON, by: null });
    expect(await due(10)).not.toContain(idOf(5));
  });

  test('is for ever without years, whatever is held or erased', async ({ db: { database } }) => {
    await keep(database, { years: null, rules: [] });
    const states = await database.$queryRaw`
      select state, count(*)::integer as cases, count(keep_until)::integer as until
      from reporting.retention group by state order by state`;
    expect(states).toEqual([
      { state: 'active', cases: 6, until: 0 },
      { state: 'erased', cases: 1, until: 0 },
      { state: 'held', cases: 1, until: 0 },
      { state: 'kept', cases: 8, until: 0 },
    ]);
    expect(await dueCases(database, ACCOUNT, 10)).toEqual([]);
  });

  test('makes nothing due while the facts that a rule names are being read again', async ({ db: { database } }) => {
    const facts = { risk: '$.risk' };
    const rules = [{ years: 20, when: { ...ANY, facts: { risk: ['HIGH'] } } }];
    const settings = { timezone: 'Europe/Oslo', statusTargets: {}, reports: { facts } };
    await applyReportSettings(database, { ...settings, retention: { cases: { years: 10, rules } } });
    expect(await dueCases(database, ACCOUNT, 10)).toEqual([]);
    const ruled =
      await database.$queryRaw`select from reporting.retention where rule is not null or keep_until is not null`;
    expect(ruled).toEqual([]);
    expect(await readFactsAgain(database, { milliseconds: 60_000 })).toBe(true);
    expect(await dueCases(database, ACCOUNT, 10)).toHaveLength(5);
  });

  test('is on the pages and in status: what is due, held and erased, with a list of as many cases', async ({
    db: { database, url },
    role,
  }) => {
    await using pages = await startPages(url);
    const textAt = async (address: string) => textOf((await pages.ask(address)).body);
    const caseText = (number: number) => textAt(`/cases/${ACCOUNT}/${idOf(number)}`);
    const overview = (await pages.ask('/')).body;
    expect(textOf(overview)).toContain('Act: 3 cases are due to be erased, the first since 1 Jun 2022.');
    const [list = ''] = /\/cases\?[^"]*retention=due[^"]*/.exec(overview) ?? [];
    expect(await listedCases(pages, list.replaceAll('&amp;', '&'))).toEqual(
      [7, 10, 1].map((number) => `${ACCOUNT}/${idOf(number)}`),
    );
    expect(await wrongLinks(pages, overview)).toMatchObject({ wrong: [] });
    expect(await textAt('/cases?retention=held&sort=-kept')).toContain('28 Feb 12:00 held');
    expect(await caseText(1)).toContain('Due to be erased since');
    expect(await caseText(2)).toContain('20 years (rule 1 of retention.cases) after it ended on');
    expect(await caseText(3)).toContain('kept for ever (rule 2 of retention.cases)');
    expect(await caseText(4)).toContain('Kept while it lasts, and 10 years after it ends.');
    expect(await caseText(6)).toContain('no time after 1999 says when');
    expect((await pages.ask(`/cases/${ACCOUNT}/${idOf(HELD)}`)).body).toContain(
      '25/1187 &lt;b&gt;of&lt;/b&gt; Kari Nordmann. Nothing of it is erased.',
    );
    const status = await runHere(['status'], { cwd: '/tmp', env: { DATABASE_URL: url, COLUMNS: '120' } });
    expect(status.stdout).toContain('3 cases are due to be erased, the first since 1 Jun 2022.');

    await grantReader(database, { role, accountIds: [ACCOUNT], withNames: false });
    const viewers = [{ name: 'officer', token: 'the-token-of-a-viewer', role }];
    await using others = await startPages(url, { viewers });
    const headers = { authorization: 'Bearer the-token-of-a-viewer' };
    const { body } = await others.ask(`/cases/${ACCOUNT}/${idOf(HELD)}`, { headers });
    expect(body).toContain('Nothing of it is erased.');
    expect(body).not.toContain('Nordmann');
  });
});
