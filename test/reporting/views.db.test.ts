import { describe, expect } from 'vitest';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { differingAsOf } from '../support/reporting/as-of.ts';
import { makePast } from '../support/reporting/making.ts';
import { differingViews } from '../support/reporting/proof.ts';

const OSLO = {
  timezone: 'Europe/Oslo',
  statusTargets: { UNDER_MANUAL_REVIEW: 48, AUTOMATIC_REVIEW: 0.5, WAITING_FOR_DETAILS: 120, ACTIVE: 1200 },
};
/** Half an hour apart from everybody else, and its clock changes on other days. */
const ST_JOHNS = { timezone: 'America/St_Johns', statusTargets: { WAITING_FOR_SIGNATURE: 12.5, ERROR: 3000 } };
const KATHMANDU = { timezone: 'Asia/Kathmandu', statusTargets: {} };

describe('the views', () => {
  for (const [seed, elsewhere] of [
    [1, ST_JOHNS],
    [2, KATHMANDU],
    [3, ST_JOHNS],
  ] as const) {
    test(`say what the reference says, in Oslo and in ${elsewhere.timezone}: seed ${seed}`, async ({ db }) => {
      await applyReportSettings(db.database, elsewhere);
      const past = await makePast(db, { seed, steps: 6, cases: 40, acts: 40, backdated: true });
      await applyReportSettings(db.database, OSLO);
      expect.soft(await differingViews(db.url, past, OSLO)).toEqual([]);
      expect.soft(await differingAsOf(db.url, past)).toEqual([]);
      await applyReportSettings(db.database, elsewhere);
      expect.soft(await differingViews(db.url, past, elsewhere)).toEqual([]);
      await past.rig.close();
    });
  }

  test('say what the reference says after every run', async ({ db }) => {
    await applyReportSettings(db.database, OSLO);
    const past = await makePast(db, {
      seed: 4,
      steps: 6,
      cases: 20,
      acts: 15,
      backdated: false,
      afterStep: async (past) => {
        expect.soft(await differingViews(db.url, past, OSLO)).toEqual([]);
      },
    });
    await past.rig.close();
  });

  test('say the same when facts and roll-ups are worked out anew', async ({ db }) => {
    await applyReportSettings(db.database, KATHMANDU);
    const past = await makePast(db, { seed: 5, steps: 3, cases: 40, acts: 60, backdated: false });
    await remake(db.url);
    expect(await differingViews(db.url, past, KATHMANDU)).toEqual([]);
    await past.rig.close();
  });
});

/** As a migration does, and a changed stage or rank of a status. */
async function remake(url: string): Promise<void> {
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
