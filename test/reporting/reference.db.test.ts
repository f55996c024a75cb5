import { describe, expect } from 'vitest';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { FACT_PATHS } from '../support/reference/case-facts.ts';
import { asOfDifferences } from '../support/reporting/compare-as-of.ts';
import { viewDifferences } from '../support/reporting/compare-views.ts';
import { makeRandomHistory } from '../support/reporting/random-history.ts';

const ANY = { countries: [], packages: [], products: [], facts: {} };
const OSLO = {
  timezone: 'Europe/Oslo',
  statusTargets: {
    UNDER_MANUAL_REVIEW: 48,
    AUTOMATIC_REVIEW: 0.5,
    WAITING_FOR_DETAILS: { businessHours: 40 },
    WAITING_FOR_SIGNATURE: { businessHours: 1.25 },
    ACTIVE: 1200,
  },
  reports: {
    facts: FACT_PATHS,
    calendar: { country: 'NO', weekdays: [1, 2, 3, 4, 5], hours: '08:00-16:00', closed: ['2026-10-14', '2026-11-02'] },
    reviews: {
      everyMonths: 1,
      dueSoonDays: 10,
      rules: [
        { everyMonths: 4, when: { ...ANY, countries: ['SE'], products: ['payout'] } },
        { everyMonths: 2, when: { ...ANY, packages: ['package 1', 'package 2', 'large'] } },
        { everyMonths: 12, when: { ...ANY, countries: ['DK', 'NO'], facts: { risk: ['HIGH'] } } },
        { everyMonths: 13, when: { ...ANY, products: ['checkout'], countries: ['NO'] } },
      ],
    },
  },
  retention: {
    cases: {
      years: 1,
      rules: [
        { years: 3, when: { ...ANY, countries: ['SE'], products: ['payout'] } },
        { years: null, when: { ...ANY, packages: ['package 1', 'package 2', 'large'] } },
        { years: 2, when: { ...ANY, countries: ['DK', 'NO'], facts: { risk: ['HIGH'] } } },
      ],
    },
  },
};
const REVIEWS = { everyMonths: 2, dueSoonDays: 30, rules: [] };
/** Half an hour off the full hours, and its clock changes on other days. */
const ST_JOHNS = {
  timezone: 'America/St_Johns',
  statusTargets: { WAITING_FOR_SIGNATURE: 12.5, ERROR: 3000, ACTIVE: { businessHours: 160 } },
  // On Sundays too, in the hour that occurs twice.
  reports: {
    facts: FACT_PATHS,
    calendar: { country: 'NO', weekdays: [7, 1, 3], hours: '01:30-23:59', closed: [] },
    reviews: REVIEWS,
  },
  retention: { cases: { years: null, rules: [{ years: 4, when: { ...ANY, countries: ['NO'] } }] } },
};
/** Business days of Auckland have an end of a day in UTC in their midst. */
const AUCKLAND = {
  timezone: 'Pacific/Auckland',
  statusTargets: { UNDER_MANUAL_REVIEW: { businessHours: 0.01 }, ERROR: { businessHours: 8760 } },
  reports: {
    facts: FACT_PATHS,
    calendar: { country: 'NO', weekdays: [1, 2, 3, 4, 5], hours: '08:30-17:00', closed: ['2026-10-26'] },
    reviews: REVIEWS,
  },
  retention: { cases: { years: 1, rules: [] } },
};
const KATHMANDU = {
  timezone: 'Asia/Kathmandu',
  statusTargets: {},
  reports: {
    facts: FACT_PATHS,
    calendar: { country: 'NO', weekdays: [1, 2, 3, 4, 5, 6, 7], hours: '00:00-23:59', closed: [] },
    reviews: REVIEWS,
  },
  retention: { cases: { years: 2, rules: [] } },
};

describe('the views', () => {
  for (const [seed, elsewhere] of [
    [1, ST_JOHNS],
    [2, KATHMANDU],
    [3, AUCKLAND],
  ] as const) {
    test(`equal the reference in Oslo and in ${elsewhere.timezone}: seed ${seed}`, async ({ db }) => {
      await applyReportSettings(db.database, elsewhere);
      const synced = await makeRandomHistory(db, {
        seed,
        steps: 6,
        cases: 40,
        changes: 40,
        backdated: true,
        oddTimes: true,
      });
      await applyReportSettings(db.database, OSLO);
      expect.soft(await viewDifferences(synced, OSLO)).toEqual([]);
      expect.soft(await asOfDifferences(synced)).toEqual([]);
      await applyReportSettings(db.database, elsewhere);
      expect.soft(await viewDifferences(synced, elsewhere)).toEqual([]);
      await synced.rig.close();
    });
  }

  test('equal the reference after every run', async ({ db }) => {
    await applyReportSettings(db.database, OSLO);
    const synced = await makeRandomHistory(db, {
      seed: 4,
      steps: 6,
      cases: 20,
      changes: 15,
      backdated: false,
      oddTimes: true,
      afterStep: async (synced) => {
        expect.soft(await viewDifferences(synced, OSLO)).toEqual([]);
      },
    });
    await synced.rig.close();
  });

  test('equal the reference after roll-ups are rebuilt', async ({ db }) => {
    await applyReportSettings(db.database, KATHMANDU);
    const synced = await makeRandomHistory(db, {
      seed: 5,
      steps: 3,
      cases: 40,
      changes: 60,
      backdated: false,
      oddTimes: true,
    });
    await db.database.$queryRaw`select cdd.rebuild_roll_ups(id)::text from cdd.accounts`;
    expect(await viewDifferences(synced, KATHMANDU)).toEqual([]);
    await synced.rig.close();
  });
});
