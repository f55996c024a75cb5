import { describe, expect } from 'vitest';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { HOUR, type Instant } from '../support/reference/instant.ts';
import type { Row } from '../support/reference/row.ts';
import { queryAsOf } from '../support/reporting/compare-as-of.ts';
import { makeRandomHistory } from '../support/reporting/random-history.ts';
import { withReadTransaction } from '../support/reporting/read-transaction.ts';
import { rowDifferences } from '../support/reporting/row-differences.ts';

type Answers = Awaited<ReturnType<typeof queryAsOf>>;

/** The answers of the reports at an instant. */
type Report = {
  askedAt: Instant;
  asOf: { at: Instant; answers: Answers }[];
  /** Today's rows of reporting.backlog_daily. */
  backlog: Row[];
  /** The statuses in reporting.cases. */
  cases: Row[];
};

const DAYS_BEFORE = [0, 1, 3, 10, 40, 100];

const CASES = ['account_id', 'case_id'];
const BACKLOG = ['account_id', 'status'];

async function reportAt(url: string, askedAt: Instant): Promise<Report> {
  return withReadTransaction(url, async (transaction) => {
    const asOf: Report['asOf'] = [];
    for (const days of DAYS_BEFORE) {
      const at = askedAt - days * 24 * HOUR;
      asOf.push({ at, answers: await queryAsOf(transaction, at) });
    }
    const backlog = await transaction.rows(
      `select account_id, status, cases from reporting.backlog_daily
       where cases > 0 and day = (now() at time zone 'Europe/Oslo')::date`,
    );
    const cases = await transaction.rows(
      `select account_id, case_id, status, stage, status_since from reporting.cases
       where status is not null and deleted_at is null and missing_since is null`,
    );
    return { askedAt, asOf, backlog, cases };
  });
}

function differing(expected: Answers, got: Answers): string[] {
  return [
    ...rowDifferences('cases_as_of', { key: CASES, expected: expected.cases, got: got.cases }),
    ...rowDifferences('backlog_as_of', { key: BACKLOG, expected: expected.backlog, got: got.backlog }),
  ];
}

describe('an answer once given', () => {
  test('is given again when asked with its knowledge time, whatever became known since', async ({ db }) => {
    await applyReportSettings(db.database, { timezone: 'Europe/Oslo', statusTargets: {} });
    const reports: Report[] = [];
    const synced = await makeRandomHistory(db, {
      seed: 10,
      steps: 10,
      cases: 30,
      changes: 20,
      backdated: false,
      afterStep: async ({ last }) => void reports.push(await reportAt(db.url, last.knownAt)),
    });

    const changed = await withReadTransaction(db.url, async (transaction) => {
      const changed: string[] = [];
      for (const { askedAt, asOf, backlog, cases } of reports) {
        for (const { at, answers } of asOf) {
          expect.soft(differing(answers, await queryAsOf(transaction, at, askedAt))).toEqual([]);
          changed.push(...differing(answers, await queryAsOf(transaction, at)));
        }
        expect.soft(differing({ cases, backlog }, await queryAsOf(transaction, askedAt, askedAt))).toEqual([]);
      }
      return changed;
    });

    // Without a knowledge time the answers differ by now; else the test would prove nothing.
    expect(changed.filter((text) => text.includes('missing {')).length).toBeGreaterThan(0);
    expect(changed.filter((text) => text.includes('status expected')).length).toBeGreaterThan(0);
    await synced.rig.close();
  });
});
