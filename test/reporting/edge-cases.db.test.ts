import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { readCaseDocument } from '../support/reference/case-document.ts';
import { formatInstant, HOUR, type Instant } from '../support/reference/instant.ts';
import { databaseClock } from '../support/reporting/backdate.ts';
import { viewDifferences } from '../support/reporting/compare-views.ts';
import { caseKey } from '../support/reporting/database-facts.ts';
import { item, syncLists } from '../support/reporting/listed-history.ts';
import { type ReadTransaction, withReadTransaction } from '../support/reporting/read-transaction.ts';
import { ACCOUNT } from '../support/rig.ts';

const SETTINGS = { timezone: 'Europe/Oslo', statusTargets: {} };
const DAY = 24 * HOUR;

const changed = (id: number, case_status: string, at: Instant): JsonObject => ({
  id,
  event: 'case_updated',
  case_status,
  created_at: formatInstant(at),
});

describe('the views', () => {
  test('show the error of the last event even if that event has no time of its own', async ({ db }) => {
    const now = await databaseClock(db.url);
    const failed = { ...changed(1, 'ERROR', now - 3 * DAY), error: 'the first' };
    const failedAgain = { id: 3, error: 'the second' };
    const synced = await syncLists(db, [[item(1, { events: [failed, changed(2, 'ACTIVE', now - DAY), failedAgain] })]]);
    expect(await viewDifferences(synced, SETTINGS)).toEqual([]);
    await synced.rig.close();
  });

  test('give an event without any time the creation time of its case', async ({ db }) => {
    const now = await databaseClock(db.url);
    const untimed = { id: 1, error: 'without a time' };
    const older = { ...changed(2, 'ERROR', now - 3 * DAY), error: 'before the case' };
    const synced = await syncLists(db, [[item(1, { created_at: formatInstant(now - DAY), events: [untimed, older] })]]);
    expect(await viewDifferences(synced, SETTINGS)).toEqual([]);
    await synced.rig.close();
  });

  test('distinguish an empty status from no status', async ({ db }) => {
    const now = await databaseClock(db.url);
    const synced = await syncLists(db, [
      [
        item(1, { events: [changed(1, '', now - 9 * DAY), changed(2, 'ACTIVE', now - 2 * DAY)] }),
        item(2, { events: [changed(1, 'ACTIVE', now - DAY)] }),
      ],
    ]);
    expect(await viewDifferences(synced, SETTINGS)).toEqual([]);
    await synced.rig.close();
  });

  test('show no future day of the backlog', async ({ db }) => {
    const now = await databaseClock(db.url);
    const synced = await syncLists(db, [
      [
        item(1, { events: [changed(1, 'AUTOMATIC_REVIEW', now - 5 * DAY), changed(2, 'ACTIVE', now + 3 * DAY)] }),
        item(2, { events: [changed(1, 'AUTOMATIC_REVIEW', now - 2 * DAY)], deleted_at: formatInstant(now + 2 * DAY) }),
        item(3, { events: [changed(1, 'DECLINED', now + 4 * DAY)] }),
      ],
    ]);
    expect(await viewDifferences(synced, SETTINGS, ['backlog_daily', 'flow_daily'])).toEqual([]);
    await synced.rig.close();
  });

  test('include the cases that a failed run saved', async ({ db }) => {
    const now = await databaseClock(db.url);
    const cases = (status: string, at: Instant) =>
      Array.from({ length: 20 }, (_, number) =>
        item(number, { events: [changed(1, 'AUTOMATIC_REVIEW', now - 40 * DAY), changed(2, status, at)] }),
      );
    const synced = await syncLists(db, [cases('ACTIVE', now - 30 * DAY)]);
    const later = cases('DECLINED', now - DAY);
    const whole = JSON.stringify(later);
    const broken = whole.slice(0, whole.indexOf(String(later[7]?.id)));
    synced.rig.sandbox.world.serve(ACCOUNT, broken);
    expect(await synced.rig.sync()).toMatchObject({ state: 'failed', cases_updated: 7 });
    const saved = later.slice(0, 7).map((document) => readCaseDocument(ACCOUNT, document));
    const documents = new Map([...synced.last.documents, ...saved.map((one) => [caseKey(one), one] as const)]);
    const after = { ...synced, last: { ...synced.last, documents } };
    const views = ['cases', 'backlog_daily', 'flow_daily', 'decision_times_monthly', 'transition_matrix'];
    expect(await viewDifferences(after, SETTINGS, views)).toEqual([]);
    await synced.rig.close();
  });

  test('do not depend on the time zone and the date style of the session', async ({ db }) => {
    await applyReportSettings(db.database, { timezone: 'Europe/Oslo', statusTargets: { ACTIVE: 2160 } });
    const now = await databaseClock(db.url);
    // Around 90 days ago: with a clock change in between, 90 calendar days are an hour longer or shorter.
    const moments = [-1.5, -0.5, 0.5, 1.5].map((hours) => now - 90 * DAY + hours * HOUR);
    const before = moments.map((_, number) => item(number, { events: [] }));
    const after = moments.map((at, number) => item(number, { events: [changed(1, 'ACTIVE', at)] }));
    const synced = await syncLists(db, [before, after]);
    await db.database.$executeRaw`
      insert into cdd.report_changes (account_id, month, noted_at)
      values (${ACCOUNT}, date '2026-01-01', now() - interval '4 hours')`;
    const byZone = await withReadTransaction(db.url, async (transaction) => {
      const all: Record<string, unknown> = {};
      for (const [zone, dateStyle] of [
        ['UTC', 'ISO, MDY'],
        ['Europe/Oslo', 'German, DMY'],
        ['Pacific/Auckland', 'SQL, DMY'],
        ['America/St_Johns', 'SQL, MDY'],
        ['Asia/Kathmandu', 'Postgres, YMD'],
      ] as const) {
        await transaction.rows(`select set_config('timezone', $1, true), set_config('datestyle', $2, true)`, [
          zone,
          dateStyle,
        ]);
        all[zone] = await everything(transaction);
      }
      return all;
    });
    for (const zone of Object.keys(byZone)) expect.soft(byZone[zone], zone).toEqual(byZone.UTC);
    await synced.rig.close();
  });
});

/** Reads all rows of all views. */
async function everything({ rows }: ReadTransaction): Promise<Record<string, unknown>> {
  const views = await rows(
    `select relname as name from pg_class where relnamespace = 'reporting'::regnamespace and relkind = 'v' order by 1`,
  );
  const all: Record<string, unknown> = {};
  for (const { name } of views)
    all[String(name)] = (await rows(`select * from reporting.${name}`)).map((row) => JSON.stringify(row)).sort();
  return all;
}
