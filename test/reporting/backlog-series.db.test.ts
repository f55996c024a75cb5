import { describe, expect } from 'vitest';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { formatInstant } from '../support/reference/instant.ts';
import { item, syncLists } from '../support/reporting/listed-history.ts';
import { makeRandomHistory } from '../support/reporting/random-history.ts';
import { type ReadTransaction, withReadTransaction } from '../support/reporting/read-transaction.ts';
import { rowDifferences } from '../support/reporting/row-differences.ts';

const KEY = ['day', 'account_id', 'status'];
const FIRST = '2026-10-08';

/** The condition on a day that each step stands for. */
const STEPS = {
  day: 'true',
  week: 'extract(isodow from day) = 7',
  month: 'extract(day from day + 1) = 1',
};

type Asked = { zone: string; step: keyof typeof STEPS; knownAt: string | null };

/** The differences from backlog_as_of, asked for each day. */
async function seriesDifferences({ rows }: ReadTransaction, { zone, step, knownAt }: Asked): Promise<string[]> {
  const expected = await rows(
    `with possible_day as (
       select
         day::date,
         least((day::date + 1)::timestamp at time zone '${zone}' - interval '1 microsecond', now()) as at,
         (now() at time zone '${zone}')::date as today
       from generate_series(timestamp '${FIRST}', (now() at time zone '${zone}')::date::timestamp, '1 day') as day
     )
     select day, backlog.*, stage
     from possible_day
     cross join lateral reporting.backlog_as_of(at, coalesce($1::timestamptz, at)) as backlog
     join reporting.statuses using (status)
     where (${STEPS[step]}) or day = today`,
    [knownAt],
  );
  const got = await rows(`select * from reporting.backlog_series('${FIRST}', 'infinity', '${step}', $1)`, [knownAt]);
  expect(expected.length).toBeGreaterThan(step === 'day' ? 200 : 20);
  return rowDifferences(`every ${step} in ${zone}`, { key: KEY, expected, got });
}

describe('the backlog of a series of days', () => {
  for (const [seed, zone] of [
    [31, 'Europe/Oslo'],
    [32, 'America/St_Johns'],
  ] as const) {
    test(`equals backlog_as_of at the end of each day in ${zone}, with a change of clocks`, async ({ db }) => {
      await applyReportSettings(db.database, { timezone: zone, statusTargets: {} });
      const settings = { seed, steps: 10, cases: 20, changes: 25, backdated: true, oddTimes: true };
      const synced = await makeRandomHistory(db, settings);
      const known = synced.snapshots.flatMap(({ knownAt }, index) => (index % 4 === 2 ? formatInstant(knownAt) : []));
      await withReadTransaction(db.url, async (transaction) => {
        for (const knownAt of [null, ...known, formatInstant(transaction.now)]) {
          expect.soft(await seriesDifferences(transaction, { zone, step: 'day', knownAt })).toEqual([]);
        }
        for (const step of ['week', 'month'] as const) {
          expect.soft(await seriesDifferences(transaction, { zone, step, knownAt: null })).toEqual([]);
        }
      });
      await synced.rig.close();
    });
  }

  test('has no day before 2000 or after today, and none if it ends before it begins', async ({ db }) => {
    await applyReportSettings(db.database, { timezone: 'Europe/Oslo', statusTargets: {} });
    const events = [{ id: 1, case_status: 'ACTIVE', created_at: '0001-01-01T00:00:00Z' }];
    const synced = await syncLists(db, [[item(1, { events })]]);
    await withReadTransaction(db.url, async ({ rows }) => {
      const days = async (from: string, to: string, step = 'day', known = `'infinity'`) =>
        (await rows(`select day from reporting.backlog_series(${from}, ${to}, '${step}', ${known}) order by day`)).map(
          ({ day }) => day,
        );
      const [today] = await rows(`select (now() at time zone 'Europe/Oslo')::date as day`);
      const all = await days(`'-infinity'`, `'infinity'`);
      expect(all[0]).toBe('2000-01-01');
      expect(all.at(-1)).toBe(today?.day);
      expect(new Set(all).size).toBe(all.length);
      expect(await days('null', 'null')).toEqual(all);
      expect(await days(`'0001-01-01'`, `'9999-12-31'`)).toEqual(all);
      expect(await days(`'0001-01-01'`, `'1999-12-31'`)).toEqual([]);
      expect(await days(`'9999-01-01'`, `'9999-12-31'`)).toEqual([]);
      expect(await days(`'2026-03-02'`, `'2026-03-01'`)).toEqual([]);
      expect(await days(`'2026-03-01'`, `'2026-03-01'`)).toEqual(['2026-03-01']);
      expect(await days(`'2026-01-31'`, `'2026-05-07'`, 'month')).toEqual([
        '2026-01-31',
        '2026-02-28',
        '2026-03-31',
        '2026-04-30',
        '2026-05-07',
      ]);
      // Nobody knew of the case then.
      expect(await days(`'2026-03-01'`, `'2026-03-01'`, 'day', 'null')).toEqual([]);
      expect(await days(`'2026-03-01'`, `'2026-03-01'`, 'day', `'-infinity'`)).toEqual([]);
    });
    for (const step of ['0', '', 'fortnight', '2 weeks']) {
      const asked = db.database.$queryRaw`select from reporting.backlog_series('2026-03-01', '2026-03-05', ${step})`;
      await expect(asked).rejects.toThrow(/unit/);
    }
    await synced.rig.close();
  });

  test('counts only what was known at the end of each day, and of today what is known now', async ({ db }) => {
    await applyReportSettings(db.database, { timezone: 'Europe/Oslo', statusTargets: {} });
    const created_at = new Date(Date.now() - 3 * 24 * 3_600_000).toISOString();
    const events = [{ id: 1, case_status: 'AUTOMATIC_REVIEW', created_at }];
    const synced = await syncLists(db, [[item(1, { events })]]);
    const series = (known: string) =>
      withReadTransaction(db.url, ({ rows }) =>
        rows(`select day, cases from reporting.backlog_series(current_date - 10, null, 'day', ${known}) order by day`),
      );
    const known = await series('now()');
    expect(known.map(({ cases }) => cases)).toEqual([1, 1, 1, 1]);
    expect(await series('null')).toEqual(known.slice(-1));
    await synced.rig.close();
  });
});
