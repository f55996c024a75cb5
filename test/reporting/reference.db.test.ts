import { describe, expect } from 'vitest';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { asOfDifferences } from '../support/reporting/compare-as-of.ts';
import { viewDifferences } from '../support/reporting/compare-views.ts';
import { makeRandomHistory } from '../support/reporting/random-history.ts';

const OSLO = {
  timezone: 'Europe/Oslo',
  statusTargets: { UNDER_MANUAL_REVIEW: 48, AUTOMATIC_REVIEW: 0.5, WAITING_FOR_DETAILS: 120, ACTIVE: 1200 },
};
/** Half an hour off the full hours, and its clock changes on other days. */
const ST_JOHNS = { timezone: 'America/St_Johns', statusTargets: { WAITING_FOR_SIGNATURE: 12.5, ERROR: 3000 } };
const KATHMANDU = { timezone: 'Asia/Kathmandu', statusTargets: {} };

describe('the views', () => {
  for (const [seed, elsewhere] of [
    [1, ST_JOHNS],
    [2, KATHMANDU],
    [3, ST_JOHNS],
  ] as const) {
    test(`equal the reference in Oslo and in ${elsewhere.timezone}: seed ${seed}`, async ({ db }) => {
      await applyReportSettings(db.database, elsewhere);
      const synced = await makeRandomHistory(db, { seed, steps: 6, cases: 40, changes: 40, backdated: true });
      await applyReportSettings(db.database, OSLO);
      expect.soft(await viewDifferences(db.url, synced, OSLO)).toEqual([]);
      expect.soft(await asOfDifferences(db.url, synced)).toEqual([]);
      await applyReportSettings(db.database, elsewhere);
      expect.soft(await viewDifferences(db.url, synced, elsewhere)).toEqual([]);
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
      afterStep: async (synced) => {
        expect.soft(await viewDifferences(db.url, synced, OSLO)).toEqual([]);
      },
    });
    await synced.rig.close();
  });

  test('equal the reference after facts and roll-ups are rebuilt', async ({ db }) => {
    await applyReportSettings(db.database, KATHMANDU);
    const synced = await makeRandomHistory(db, { seed: 5, steps: 3, cases: 40, changes: 60, backdated: false });
    await rebuild(db.url);
    expect(await viewDifferences(db.url, synced, KATHMANDU)).toEqual([]);
    await synced.rig.close();
  });
});

/** Rebuilds facts and roll-ups, as a migration or a changed stage or rank of a status does. */
async function rebuild(url: string): Promise<void> {
  await withAdmin(url, async (client) => {
    await client.query(`
      update cdd.cases
      set
        opened_at = null, first_decided_at = null, first_decision = null, decision_route = null,
        first_approved_at = null, first_declined_at = null, was_manual_review = false, transitions = 0,
        times_reopened = 0, times_left_active = 0, times_backward = 0, furthest_rank = null, applicant_seconds = 0,
        review_seconds = 0`);
    await client.query('select cdd.refresh_facts(id)::text, cdd.rebuild_roll_ups(id)::text from cdd.accounts');
  });
}
