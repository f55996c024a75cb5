import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { readCaseDocument } from '../support/reference/case-document.ts';
import { formatInstant, HOUR, type Instant } from '../support/reference/instant.ts';
import { databaseClock } from '../support/reporting/backdate.ts';
import { viewDifferences } from '../support/reporting/compare-views.ts';
import { caseKey } from '../support/reporting/database-facts.ts';
import { item, syncLists } from '../support/reporting/listed-history.ts';
import { withReadTransaction } from '../support/reporting/read-transaction.ts';
import { readRollUps } from '../support/reporting/roll-ups.ts';
import type { SyncHistory } from '../support/reporting/sync-history.ts';
import { ACCOUNT } from '../support/rig.ts';

const SETTINGS = { timezone: 'Europe/Oslo', statusTargets: { AUTOMATIC_REVIEW: 1, UNDER_MANUAL_REVIEW: 1000 } };
const DAY = 24 * HOUR;

const event = (id: number, case_status: string | null, at: Instant | string): JsonObject => ({
  id,
  event: 'case_updated',
  case_status,
  created_at: typeof at === 'string' ? at : formatInstant(at),
});

/** A case that was approved five days after it was opened, in another month than yesterday. */
const ordinary = (number: number, now: Instant) =>
  item(number, {
    created_at: formatInstant(now - 40 * DAY),
    events: [event(1, 'AUTOMATIC_REVIEW', now - 40 * DAY), event(2, 'ACTIVE', now - 35 * DAY)],
  });

const YEAR_1 = '0001-01-01T00:00:00Z';

/** Times of a case, and whether the daily and monthly reports still count it. */
const PLACEHOLDERS: Record<string, { fields: (now: Instant) => JsonObject; counts: boolean }> = {
  'the year 1 as the time of its first status': {
    fields: (now) => ({ events: [event(1, 'AUTOMATIC_REVIEW', YEAR_1), event(2, 'ACTIVE', now - DAY)] }),
    counts: false,
  },
  'the year 1 as the time of a later status': {
    fields: (now) => ({ events: [event(1, 'AUTOMATIC_REVIEW', now - DAY), event(2, 'ACTIVE', YEAR_1)] }),
    counts: false,
  },
  'the year 9999 as the time of its last status': {
    fields: (now) => ({
      events: [event(1, 'AUTOMATIC_REVIEW', now - DAY), event(2, 'ACTIVE', '9999-12-31T23:59:59Z')],
    }),
    counts: false,
  },
  'the beginning of Unix time as its creation, and an event without a time': {
    fields: () => ({ created_at: '1970-01-01T00:00:00Z', events: [{ id: 1, case_status: 'ACTIVE' }] }),
    counts: false,
  },
  'the year 1 as its creation only': {
    fields: (now) => ({ created_at: YEAR_1, events: [event(1, 'ACTIVE', now - DAY)] }),
    counts: false,
  },
  'the year 1 as its deletion': {
    fields: (now) => ({ deleted_at: YEAR_1, events: [event(1, 'AUTOMATIC_REVIEW', now - DAY)] }),
    counts: false,
  },
  'a deletion next year': {
    fields: (now) => ({
      deleted_at: formatInstant(now + 365 * DAY),
      events: [event(1, 'AUTOMATIC_REVIEW', now - DAY)],
    }),
    counts: false,
  },
  'the last second of 1999': {
    fields: () => ({ events: [event(1, 'ACTIVE', '1999-12-31T23:59:59Z')] }),
    counts: false,
  },
  'no status, and a creation in the year 1': { fields: () => ({ created_at: YEAR_1, events: [] }), counts: false },
  'the year 1 as its last update only, which no report uses': {
    fields: (now) => ({ updated_at: YEAR_1, events: [event(1, 'ACTIVE', now - DAY)] }),
    counts: true,
  },
  'the year 1 as the time of an event without a status, which no report uses': {
    fields: (now) => ({ events: [event(1, 'ACTIVE', now - DAY), event(2, null, YEAR_1)] }),
    counts: true,
  },
};

const quality = (database: Database) => database.$queryRaw<{ items: number; example: string | null }[]>`
  select items, example from reporting.data_quality where check_name = 'implausible_times'`;

/** Numbers that placeholders stretched: days of the backlog, cases opened, and the largest percentiles in hours. */
const figures = (database: Database) => database.$queryRaw<Record<string, number>[]>`
  select
    (select count(*)::integer from reporting.backlog_daily) as backlog_rows,
    (select sum(opened)::integer from reporting.flow_daily) as opened,
    (select sum(opened)::integer from reporting.funnel_monthly) as cohort,
    (select max(p95_hours)::double precision from reporting.decision_times_monthly) as p95_hours,
    (select max(p90_hours)::double precision from reporting.transition_matrix) as p90_hours,
    (select count(*)::integer from reporting.open_case_aging where oldest_since < '2000-01-01Z') as aged`;

describe('a case with', () => {
  for (const [title, { fields, counts }] of Object.entries(PLACEHOLDERS)) {
    test(`${title} stretches no report, and is shown as it is`, async ({ db }) => {
      await applyReportSettings(db.database, SETTINGS);
      const now = await databaseClock(db.url);
      const odd = item(3, fields(now));
      const lists = [[ordinary(1, now)], [ordinary(1, now), odd], [ordinary(1, now)], [ordinary(1, now), odd]];
      const synced = await syncLists(db, lists, async (history) => {
        expect.soft(await viewDifferences(history, SETTINGS)).toEqual([]);
      });
      const [figure] = await figures(db.database);
      expect(figure).toMatchObject({ p95_hours: 120, p90_hours: 120, aged: 0 });
      expect(figure?.backlog_rows).toBeLessThan(41 + 36 + 4);
      expect(figure).toMatchObject(counts ? { opened: 2, cohort: 2 } : { opened: 1, cohort: 1 });
      expect(await quality(db.database)).toEqual([{ items: 1, example: odd.id }]);
      await expectSameAfterRebuild(db);
      await synced.rig.close();
    });
  }

  test('a placeholder counts when it is corrected, and no longer when it comes back', async ({ db }) => {
    await applyReportSettings(db.database, SETTINGS);
    const now = await databaseClock(db.url);
    const reviewed = event(1, 'UNDER_MANUAL_REVIEW', now - 70 * DAY);
    const approvedAt = (at: Instant | string) => item(2, { events: [reviewed, event(2, 'ACTIVE', at)] });
    const documents = [now - 40 * DAY, YEAR_1, now - 3 * DAY, '9999-12-31T23:59:59Z', now - 40 * DAY].map(approvedAt);
    const lists = documents.map((document) => [ordinary(1, now), document]);
    const synced = await syncLists(db, lists, async (history) => {
      expect.soft(await viewDifferences(history, SETTINGS)).toEqual([]);
    });
    await expectSameAfterRebuild(db);
    await synced.rig.close();
  });
});

describe('what lies in the future', () => {
  test('has not happened yet: neither a status, nor a deletion, nor the opening of a case', async ({ db }) => {
    await applyReportSettings(db.database, SETTINGS);
    const now = await databaseClock(db.url);
    const synced = await syncLists(db, [
      [
        item(1, { events: [event(1, 'AUTOMATIC_REVIEW', now - 5 * DAY), event(2, 'ACTIVE', now + 20 * HOUR)] }),
        item(2, { events: [event(1, 'UNDER_MANUAL_REVIEW', now - DAY)], deleted_at: formatInstant(now + 5 * HOUR) }),
        item(3, { events: [event(1, 'AUTOMATIC_REVIEW', now + 9 * HOUR)] }),
        item(4, { created_at: formatInstant(now + 9 * HOUR), events: [] }),
        item(5, { events: [event(1, 'AUTOMATIC_REVIEW', now - 6 * DAY), event(2, 'ACTIVE', now + 9 * DAY)] }),
      ],
    ]);
    expect(await viewDifferences(synced, SETTINGS)).toEqual([]);
    const rows = (sql: string) => withReadTransaction(db.url, (transaction) => transaction.rows(sql));
    expect(
      await rows(`
        select status, cases::integer from reporting.backlog_daily
        where day = (select max(day) from reporting.backlog_daily) and cases > 0 order by status`),
    ).toEqual([
      { status: 'AUTOMATIC_REVIEW', cases: 1 },
      { status: 'UNDER_MANUAL_REVIEW', cases: 1 },
    ]);
    expect(
      await rows('select sum(opened)::integer as opened, sum(decided)::integer as decided from reporting.flow_daily'),
    ).toEqual([{ opened: 2, decided: 0 }]);
    expect(
      await rows(
        'select status, sum(cases)::integer as cases from reporting.open_case_aging group by status order by status',
      ),
    ).toEqual([
      { status: 'AUTOMATIC_REVIEW', cases: 2 },
      { status: 'UNDER_MANUAL_REVIEW', cases: 1 },
      { status: null, cases: 2 },
    ]);
    await synced.rig.close();
  });

  test('is counted by a run that changes nothing, as soon as its time has come', async ({ db }) => {
    await applyReportSettings(db.database, SETTINGS);
    const now = await databaseClock(db.url);
    const approvedIn = (hours: number) => [
      ordinary(1, now),
      item(2, {
        events: [event(1, 'UNDER_MANUAL_REVIEW', now - 70 * DAY), event(2, 'ACTIVE', now + hours * HOUR)],
      }),
    ];
    const synced = await syncLists(db, [approvedIn(100)]);
    const opened = async () => (await figures(db.database))[0]?.opened;
    expect(await opened()).toBe(1);
    // More than a day ahead, then within a day, then just passed.
    for (const [passed, ahead] of [
      [80, 20],
      [10, 10],
      [11, -1],
    ] as const) {
      await passTime(db.url, passed);
      expect(await synced.rig.sync()).toMatchObject({ not_modified: true });
      const later = withDocuments(synced, approvedIn(ahead));
      expect.soft(await viewDifferences(later, SETTINGS, REPORTS)).toEqual([]);
      expect(await opened()).toBe(2);
      await expectSameAfterRebuild(db);
    }
    expect(await db.database.case.count({ where: { hasOddTimes: true } })).toBe(0);
    expect(await db.database.reportChange.count()).toBe(0);
    await synced.rig.close();
  });
});

describe('the durations of a gone case', () => {
  test('end when it was gone', async ({ db }) => {
    await applyReportSettings(db.database, SETTINGS);
    const now = await databaseClock(db.url);
    const deleted = (number: number, status: string, hours: number) =>
      item(number, {
        events: [event(1, status, now - 5 * DAY)],
        deleted_at: formatInstant(now - 5 * DAY + hours * HOUR),
      });
    const synced = await syncLists(db, [
      [deleted(1, 'AUTOMATIC_REVIEW', 48), deleted(2, 'UNDER_MANUAL_REVIEW', 48), deleted(3, 'AUTOMATIC_REVIEW', -9)],
    ]);
    expect(await viewDifferences(synced, SETTINGS)).toEqual([]);
    const hours = await db.database.$queryRaw<Record<string, unknown>[]>`
      select
        case_row.hours_in_status::integer as in_status,
        case_row.review_hours::integer as review,
        period.hours::integer as period,
        target.state
      from reporting.cases as case_row
      join reporting.status_periods as period using (account_id, case_id)
      join reporting.status_targets as target using (account_id, case_id)
      order by case_row.case_id`;
    expect(hours).toEqual([
      { in_status: 48, review: 48, period: 48, state: 'breached' },
      { in_status: 48, review: 48, period: 48, state: 'met' },
      { in_status: 0, review: 0, period: 0, state: 'met' },
    ]);
    await synced.rig.close();
  });
});

const REPORTS = [
  'cases',
  'backlog_daily',
  'flow_daily',
  'funnel_monthly',
  'decision_times_monthly',
  'transition_matrix',
  'open_case_aging',
  'status_periods',
  'status_targets',
];

function withDocuments(synced: SyncHistory, list: readonly JsonObject[]): SyncHistory {
  const documents = list.map((each) => readCaseDocument(ACCOUNT, each));
  return { ...synced, last: { ...synced.last, documents: new Map(documents.map((each) => [caseKey(each), each])) } };
}

/** Moves all times that lie in the future, as if these hours had passed. No trigger sees it, as with real time. */
async function passTime(url: string, hours: number): Promise<void> {
  const moved = (column: string) =>
    `${column} = case when ${column} > now() then ${column} - interval '${hours} hours' else ${column} end`;
  await withAdmin(url, async (client) => {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query(`update cdd.status_transitions set ${moved('occurred_at')}`);
    const columns = ['status_since', 'first_decided_at', 'first_approved_at'].map(moved);
    const stay = `review_seconds - case when status_since > now() then ${hours} * 3600 else 0 end`;
    await client.query(`update cdd.cases set review_seconds = ${stay}, ${columns.join(', ')}`);
    await client.query('commit');
  });
}

async function expectSameAfterRebuild({ database, url }: { database: Database; url: string }): Promise<void> {
  const before = await readRollUps(url);
  await database.$queryRaw`select cdd.rebuild_roll_ups(id)::text from cdd.accounts`;
  expect(await readRollUps(url)).toEqual(before);
}
