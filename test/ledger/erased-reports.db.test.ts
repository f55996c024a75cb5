import { expect } from 'vitest';
import { erase } from '../../src/ledger/erase/erase.ts';
import { rollUp } from '../../src/store/reports/after-run.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { reportDifferences, reportRows } from '../support/ledger/report-rows.ts';
import { makeRandomHistory } from '../support/reporting/random-history.ts';

test('every report has the same numbers and counts after a fifth of all cases was erased', async ({
  db: { url, database },
}) => {
  await applyReportSettings(database, {
    timezone: 'Europe/Oslo',
    statusTargets: { UNDER_MANUAL_REVIEW: 48, ACTIVE: { businessHours: 100 } },
    reports: { facts: { name: '$.case_for.payout_destination_name', country: '$.case_request.countryCode' } },
  });
  await makeRandomHistory(
    { url, database },
    { seed: 23, steps: 4, cases: 30, changes: 30, backdated: false, oddTimes: true },
  );
  const cases = await database.$queryRaw<{ accountId: string; caseId: string }[]>`
    select account_id as "accountId", id::text as "caseId" from cdd.cases order by id, account_id`;
  const chosen = cases.filter((_, index) => index % 5 === 0);
  expect(chosen.length).toBeGreaterThan(15);
  const erased = new Set(chosen.map(({ accountId, caseId }) => `${accountId}/${caseId}`));
  const before = await withAdmin(url, (client) => reportRows(client, erased));
  for (const key of chosen) {
    const outcome = await erase(database, { ...key, mayBeBeforeTime: true, reason: 'a test', by: null });
    expect(outcome.kind).toBe('erased');
  }
  const accountIds = [...new Set(cases.map((one) => one.accountId))];
  for (const accountId of accountIds) await rollUp(database, accountId);
  const after = await withAdmin(url, (client) => reportRows(client, erased));
  expect(before.size).toBeGreaterThan(25);
  expect(reportDifferences(before, after)).toEqual([]);
  // Rebuilt from nothing, the roll-ups are the same.
  for (const accountId of accountIds) await database.$queryRaw`select cdd.rebuild_roll_ups(${accountId})::text`;
  expect(reportDifferences(before, await withAdmin(url, (client) => reportRows(client, erased)))).toEqual([]);
});
