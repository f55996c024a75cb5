import { describe, expect } from 'vitest';
import { CLOSED_STATUSES } from '../../src/store/cases/closed-statuses.ts';
import { test } from '../support/database.ts';
import { formatInstant, HOUR } from '../support/reference/instant.ts';
import type { Row } from '../support/reference/row.ts';
import { answerDifferences, queryAsKnown, queryReports } from '../support/reporting/as-known.ts';
import { item, syncLists } from '../support/reporting/listed-history.ts';
import { withReadTransaction } from '../support/reporting/read-transaction.ts';

const REPORTS = ['flow_as_known', 'funnel_as_known', 'decision_times_as_known'];

/** A case that became ACTIVE at noon of that day. */
const approved = (number: number, day: string) =>
  item(number, { events: [{ id: 1, case_status: 'ACTIVE', created_at: `${day}T12:00:00Z` }] });

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the reports as known', () => {
  test('have no rows before the first run and without a time, and are those of now in the future', async ({ db }) => {
    const { snapshots, rig } = await syncLists(db, [[approved(1, '2026-10-01'), approved(2, '2026-10-20')]]);
    const [first] = snapshots;
    await withReadTransaction(db.url, async (transaction) => {
      const { rows } = transaction;
      for (const report of REPORTS) {
        for (const never of ['null', `'-infinity'`, `timestamptz '${formatInstant((first?.knownAt ?? 0) - HOUR)}'`])
          expect([report, never, await rows(`select * from reporting.${report}(${never})`)]).toEqual([
            report,
            never,
            [],
          ]);
      }
      const present = await queryReports(transaction);
      expect(answerDifferences(present, await queryAsKnown(transaction, transaction.now + 1000 * HOUR))).toEqual([]);
      const flow = await rows(`select * from reporting.flow_as_known('infinity')`);
      expect(flow.length).toBe(present.flow_as_known.length);
    });
    await rig.close();
  });

  test('count the transitions out of all statuses that end a case or decide it', async ({ db }) => {
    // flow_as_known, flow_compared, cases, and the indexes status_transitions_left_idx and cases_open_status_idx name them.
    const ends = await db.database.$queryRaw<{ status: string }[]>`
      select status from cdd.case_statuses where stage in ('approved', 'declined', 'closed') order by status collate "C"`;
    expect(ends.map(({ status }) => status)).toEqual(CLOSED_STATUSES);
    expect(CLOSED_STATUSES).toEqual(['ACTIVE', 'ARCHIVED', 'DECLINED', 'TERMINATED']);
  });

  test('have accounts that are disabled now', async ({ db }) => {
    const { rig, last } = await syncLists(db, [[approved(1, '2026-10-01')]]);
    await db.database.$executeRaw`update cdd.accounts set enabled = false`;
    await withReadTransaction(db.url, async (transaction) => {
      const known = await queryAsKnown(transaction, last.knownAt);
      expect(Object.values(known).map((rows) => rows.length > 0)).toEqual([true, true, true]);
      expect(answerDifferences(await queryReports(transaction), known)).toEqual([]);
    });
    await rig.close();
  });
});

describe('restatements', () => {
  const restated = (url: string, parameters: string): Promise<Row[]> =>
    withReadTransaction(url, ({ rows }) =>
      rows(`select * from reporting.restatements(${parameters}) where figure = 'approved' order by month`),
    );

  test('name the first twenty cases by id, and of the way back the same', async ({ db }) => {
    const known = numbers(1, 3).map((number) => approved(number, '2026-10-05'));
    const later = numbers(4, 30).map((number) => approved(number, '2026-10-06'));
    const { snapshots, rig } = await syncLists(db, [known, [...known, ...later]]);
    const [first = '', second = ''] = snapshots.map(({ knownAt }) => `'${formatInstant(knownAt)}'`);
    const named = later.slice(0, 20).map(({ id }) => id);
    const there = await restated(db.url, `${first}, ${second}`);
    expect(there).toMatchObject([{ month: '2026-10-01', was: 3, is: 30, difference: 27, case_ids: named }]);
    const back = await restated(db.url, `${second}, ${first}`);
    expect(back).toMatchObject([{ month: '2026-10-01', was: 30, is: 3, difference: -27, case_ids: named }]);
    expect(await restated(db.url, first)).toEqual(there);
    expect(await restated(db.url, `${second}, ${second}`)).toEqual([]);
    for (const never of [`null, ${second}`, `${first}, null`]) expect(await restated(db.url, never)).toEqual([]);
    await rig.close();
  });

  test('leave out a figure that is equal, although other cases count in it', async ({ db }) => {
    const before = [approved(1, '2026-10-05'), approved(2, '2026-09-05')];
    const after = [approved(1, '2026-09-05'), approved(2, '2026-10-05'), approved(3, '2026-08-05')];
    const { snapshots, rig } = await syncLists(db, [before, after]);
    const [first = 0] = snapshots.map(({ knownAt }) => knownAt);
    expect(await restated(db.url, `'${formatInstant(first)}'`)).toMatchObject([
      { month: '2026-08-01', was: 0, is: 1, case_ids: [item(3, {}).id] },
    ]);
    await rig.close();
  });
});
