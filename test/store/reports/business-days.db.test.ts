import { expect } from 'vitest';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { publicHolidays } from '../../../src/store/reports/public-holidays.ts';
import { applyReportSettings, extendCalendar } from '../../../src/store/reports/settings.ts';
import { test } from '../../support/database.ts';

const CALENDAR = { country: 'NO', weekdays: [1, 2, 3, 4, 5], hours: '08:00-16:00', closed: ['2026-12-24'] };
const OSLO = { timezone: 'Europe/Oslo', statusTargets: {}, reports: { calendar: CALENDAR } };

/** Days with their hours in UTC, or the reason why there are none. */
async function days(database: Database, first: string, last: string): Promise<string[]> {
  const rows = await database.$queryRaw<{ text: string }[]>`
    select
      to_char(day, 'YYYY-MM-DD ')
        || coalesce(
          to_char(opens_at at time zone 'UTC', 'DD HH24:MI-') || to_char(closes_at at time zone 'UTC', 'DD HH24:MI'),
          closed_because
        )
        || coalesce(' ' || holiday, '') as text
    from cdd.business_days
    where day between ${first}::date and ${last}::date
    order by day`;
  return rows.map(({ text }) => text);
}

test('holidays, closed days and weekends have no hours', async ({ db }) => {
  await applyReportSettings(db.database, OSLO);
  expect(await days(db.database, '2026-12-23', '2026-12-28')).toEqual([
    '2026-12-23 23 07:00-23 15:00',
    '2026-12-24 closed_day',
    '2026-12-25 public_holiday Første juledag',
    '2026-12-26 weekday Andre juledag',
    '2026-12-27 weekday',
    '2026-12-28 28 07:00-28 15:00',
  ]);
});

test('the days are computed again only when something changed', async ({ db }) => {
  const writes = async () => {
    const [row] = await db.database.$queryRaw<{ made: string }[]>`
      select min(xmin::text) || max(xmin::text) as made from cdd.business_days`;
    return row?.made;
  };
  await applyReportSettings(db.database, OSLO);
  const made = await writes();
  await applyReportSettings(db.database, { ...OSLO, statusTargets: { ACTIVE: 1 } });
  expect(await writes()).toBe(made);
  await applyReportSettings(db.database, { ...OSLO, timezone: 'Asia/Kathmandu' });
  expect(await writes()).not.toBe(made);
  expect(await days(db.database, '2026-12-23', '2026-12-23')).toEqual(['2026-12-23 23 02:15-23 10:15']);
});

test('a calendar that ends within nine years is extended, another one is left alone', async ({ db }) => {
  const lastDay = async () => {
    const [row] = await db.database.$queryRaw<
      { day: string | null }[]
    >`select max(day)::text as day from cdd.business_days`;
    return row?.day;
  };
  await extendCalendar(db.database, OSLO);
  expect(await lastDay()).toBeNull();
  await applyReportSettings(db.database, OSLO);
  const last = await lastDay();
  // As a worker that has run since two years ago finds it.
  await db.database.$executeRaw`update cdd.report_settings set business_days_made_from = 'earlier'`;
  await extendCalendar(db.database, OSLO);
  const [kept] = await db.database.$queryRaw<{ source: string }[]>`
    select business_days_made_from as source from cdd.report_settings`;
  expect(kept?.source).toBe('earlier');
  await db.database.$executeRaw`delete from cdd.business_days where day > now() + interval '8 years'`;
  await extendCalendar(db.database, OSLO);
  expect(await lastDay()).toBe(last);
});

test('a part of a country has holidays of its own, and half holidays close no day', async () => {
  const dates = async (country: string) => (await publicHolidays(country, 2026, 2026)).map(([day]) => day);
  expect(await dates('DE')).not.toContain('2026-01-06');
  expect(await dates('DE-BY')).toContain('2026-01-06');
  // From 13:00.
  expect(await dates('IS')).not.toContain('2026-12-24');
  expect(await dates('IS')).toContain('2026-12-25');
  // Boxing Day is a Saturday.
  expect(await dates('GB')).toEqual(expect.arrayContaining(['2026-12-26', '2026-12-28']));
});
