import { describe, expect } from 'vitest';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { askedAsOf } from '../support/reporting/as-of.ts';
import { differences } from '../support/reporting/difference.ts';
import { makePast } from '../support/reporting/making.ts';
import { reading } from '../support/reporting/reading.ts';
import { HOUR, type Instant } from '../support/reporting/reference/instant.ts';
import type { Row } from '../support/reporting/reference/row.ts';

type Answers = Awaited<ReturnType<typeof askedAsOf>>;

/** What the reports said at an instant. */
type Report = {
  saidAt: Instant;
  asOf: { at: Instant; said: Answers }[];
  /** Today's backlog by reporting.backlog_daily. */
  backlog: Row[];
  /** The statuses by reporting.cases. */
  cases: Row[];
};

const DAYS_BEFORE = [0, 1, 3, 10, 40, 100];

const CASES = ['account_id', 'case_id'];
const BACKLOG = ['account_id', 'status'];

async function reportAt(url: string, saidAt: Instant): Promise<Report> {
  return reading(url, async (source) => {
    const asOf: Report['asOf'] = [];
    for (const days of DAYS_BEFORE) {
      const at = saidAt - days * 24 * HOUR;
      asOf.push({ at, said: await askedAsOf(source, at) });
    }
    const backlog = await source.rows(
      `select account_id, status, cases from reporting.backlog_daily
       where cases > 0 and day = (now() at time zone 'Europe/Oslo')::date`,
    );
    const cases = await source.rows(
      `select account_id, case_id, status, stage, status_since from reporting.cases
       where status is not null and deleted_at is null and missing_since is null`,
    );
    return { saidAt, asOf, backlog, cases };
  });
}

function differing(expected: Answers, got: Answers): string[] {
  return [
    ...differences('cases_as_of', { key: CASES, expected: expected.cases, got: got.cases }),
    ...differences('backlog_as_of', { key: BACKLOG, expected: expected.backlog, got: got.backlog }),
  ];
}

describe('what was reported once', () => {
  test('is told again for that instant, whatever became known since', async ({ db }) => {
    await applyReportSettings(db.database, { timezone: 'Europe/Oslo', statusTargets: {} });
    const reports: Report[] = [];
    const past = await makePast(db, {
      seed: 10,
      steps: 10,
      cases: 30,
      acts: 20,
      backdated: false,
      afterStep: async ({ last }) => void reports.push(await reportAt(db.url, last.knownAt)),
    });

    const changed = await reading(db.url, async (source) => {
      const changed: string[] = [];
      for (const { saidAt, asOf, backlog, cases } of reports) {
        for (const { at, said } of asOf) {
          expect.soft(differing(said, await askedAsOf(source, at, saidAt))).toEqual([]);
          changed.push(...differing(said, await askedAsOf(source, at)));
        }
        expect.soft(differing({ cases, backlog }, await askedAsOf(source, saidAt, saidAt))).toEqual([]);
      }
      return changed;
    });

    // Or nothing was proved: the present answers are others.
    expect(changed.filter((text) => text.includes('lacking')).length).toBeGreaterThan(0);
    expect(changed.filter((text) => text.includes('status expected')).length).toBeGreaterThan(0);
    await past.rig.close();
  });
});
