import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { addLocal } from '../support/reference/add-local.ts';
import { formatInstant, parseInstant } from '../support/reference/instant.ts';
import { createRig } from '../support/rig.ts';

const ACCOUNT = 'P12345678';
const ANY = { countries: [], packages: [], products: [], facts: {} };
const REVIEWS = { everyMonths: 60, dueSoonDays: 60, rules: [] };

type Fields = Record<string, unknown>;

/** Syncs one account with these cases, each approved at the given time, and gives its rows of periodic_reviews. */
async function reviewsOf(
  db: { url: string; database: Database },
  cases: { approvedAt: string; fields?: Fields }[],
  reports: NonNullable<Parameters<typeof applyReportSettings>[1]['reports']>,
) {
  const rig = await createRig(db.database, { sandbox: { casesPerAccount: 0 } });
  const ids = cases.map((_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`);
  for (const [index, { approvedAt, fields }] of cases.entries()) {
    const events = [{ id: 1, event: 'case_updated', case_status: 'ACTIVE', created_at: approvedAt }];
    rig.sandbox.world.appendItem(ACCOUNT, JSON.stringify({ id: ids[index], account_id: ACCOUNT, events, ...fields }));
  }
  await rig.sync();
  await rig.close();
  await applyReportSettings(db.database, { timezone: 'Europe/Oslo', statusTargets: {}, reports });
  return withAdmin(db.url, async (client) => {
    await client.query(`set timezone = 'Pacific/Auckland'`);
    const { rows } = await client.query<{ rule: number; due: string }>(
      `select rule, to_char(due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as due
       from reporting.periodic_reviews
       where account_id = $1 and case_id = any($2::uuid[])
       order by case_id`,
      [ACCOUNT, ids],
    );
    return rows;
  });
}

describe('the first rule that matches wins:', () => {
  const cases = [
    { approvedAt: '2026-01-01T00:00:00Z', fields: { package: 'gold', case_request: { countryCode: 'se' } } },
    { approvedAt: '2026-01-01T00:00:00Z', fields: { package: 'Gold', products: ['payout', 'checkout'] } },
    { approvedAt: '2026-01-01T00:00:00Z', fields: { package: 'gold', products: ['checkout'] } },
    { approvedAt: '2026-01-01T00:00:00Z', fields: { products: ['payout'] } },
    { approvedAt: '2026-01-01T00:00:00Z' },
  ];
  const rules = [
    { everyMonths: 1, when: { ...ANY, countries: ['SE'], packages: ['gold'] } },
    { everyMonths: 2, when: { ...ANY, packages: ['silver', 'gold'] } },
    { everyMonths: 3, when: { ...ANY, products: ['checkout', 'o\'neill \\ "x" {}'] } },
    { everyMonths: 4, when: { ...ANY, facts: { risk: ['HIGH'] } } },
  ];

  test('all its keys, any value of a list, packages exactly as written', async ({ db }) => {
    const rows = await reviewsOf(db, cases, { reviews: { ...REVIEWS, rules } });
    expect(rows.map(({ rule }) => rule)).toEqual([1, 3, 2, 0, 0]);
  });

  test('a rule without a condition matches every case, and a removed rule none', async ({ db }) => {
    const always = { ...REVIEWS, rules: [{ everyMonths: 7, when: ANY }, ...rules] };
    expect((await reviewsOf(db, cases, { reviews: always })).map(({ rule }) => rule)).toEqual([1, 1, 1, 1, 1]);
    await applyReportSettings(db.database, {
      timezone: 'Europe/Oslo',
      statusTargets: {},
      reports: { reviews: { ...REVIEWS, rules: rules.slice(0, 1) } },
    });
    const { rows } = await withAdmin(db.url, (client) =>
      client.query('select rule, count(*)::integer as cases from reporting.periodic_reviews group by 1 order by 1'),
    );
    expect(rows).toEqual([
      { rule: 0, cases: 4 },
      { rule: 1, cases: 1 },
    ]);
  });
});

test('a rule on facts matches a case if each fact has one of the values, exactly as written', async ({ db }) => {
  const facts = { tier: '$.package', country: '$.case_request.countryCode' };
  await applyReportSettings(db.database, { timezone: 'Europe/Oslo', statusTargets: {}, reports: { facts } });
  const odd = `o'neill \\ "x" {} é`;
  const rules = [
    { everyMonths: 1, when: { ...ANY, facts: { tier: ['TOP', 'HIGH'] } } },
    { everyMonths: 2, when: { ...ANY, facts: { tier: [odd] } } },
    { everyMonths: 3, when: { ...ANY, facts: { tier: ['LOW'], country: ['SE'] } } },
    { everyMonths: 4, when: { ...ANY, countries: ['DK'], facts: { tier: [] } } },
  ];
  const expected: [fields: Fields, rule: number][] = [
    [{ package: 'TOP' }, 1],
    [{ package: 'HIGH', case_request: { countryCode: 'SE' } }, 1],
    [{ package: 'high' }, 0],
    [{ package: odd }, 2],
    [{ package: 'LOW', case_request: { countryCode: 'SE' } }, 3],
    [{ package: 'LOW', case_request: { countryCode: 'NO' } }, 0],
    [{ package: 'LOW' }, 0],
    [{}, 0],
    [{ case_request: { countryCode: 'DK' } }, 4],
  ];
  const cases = expected.map(([fields]) => ({ approvedAt: '2026-01-01T00:00:00Z', fields }));
  const rows = await reviewsOf(db, cases, { reviews: { ...REVIEWS, rules } });
  expect(rows.map(({ rule }, index) => [expected[index]?.[0], rule])).toEqual(expected);
});

test('a review is due calendar months later, at the same local time, whatever the zone of the session', async ({
  db,
}) => {
  const due = [
    { title: 'the last day of a shorter month', months: 1, from: '2026-01-31T11:00:00Z', to: '2026-02-28T11:00:00Z' },
    { title: 'no 29 February', months: 12, from: '2024-02-29T11:00:00Z', to: '2025-02-28T11:00:00Z' },
    { title: 'a 29 February', months: 48, from: '2024-02-29T11:00:00Z', to: '2028-02-29T11:00:00Z' },
    { title: 'winter to summer', months: 6, from: '2026-01-15T11:00:00.000001Z', to: '2026-07-15T10:00:00.000001Z' },
    { title: 'the next day in Oslo', months: 1, from: '2026-01-31T23:30:00Z', to: '2026-02-28T23:30:00Z' },
    { title: 'the skipped hour', months: 2, from: '2026-01-29T01:30:00Z', to: '2026-03-29T01:30:00Z' },
    { title: 'the repeated hour', months: 1, from: '2026-09-25T00:30:00Z', to: '2026-10-25T01:30:00Z' },
  ];
  const cases = due.map(({ from, months }) => ({ approvedAt: from, fields: { package: `${months} months` } }));
  const rules = due.map(({ months }) => ({ everyMonths: months, when: { ...ANY, packages: [`${months} months`] } }));
  const rows = await reviewsOf(db, cases, { reviews: { ...REVIEWS, rules } });
  const micros = (time: string) => formatInstant(parseInstant(time) ?? Number.NaN);
  expect(due.map(({ title }, index) => [title, rows[index]?.due])).toEqual(
    due.map(({ title, to }) => [title, micros(to)]),
  );
  const reference = due.map(({ from, months }) =>
    formatInstant(addLocal(parseInstant(from) ?? Number.NaN, { months }, 'Europe/Oslo')),
  );
  expect(reference).toEqual(due.map(({ to }) => micros(to)));
});
