import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { clockOf } from '../support/reporting/backdating.ts';
import { keyOf } from '../support/reporting/facts.ts';
import { differingViews } from '../support/reporting/proof.ts';
import { type Reading, reading } from '../support/reporting/reading.ts';
import { HOUR, type Instant, writtenOf } from '../support/reporting/reference/instant.ts';
import { toldCase } from '../support/reporting/reference/told.ts';
import { item, servedPast } from '../support/reporting/served.ts';
import { ACCOUNT } from '../support/rig.ts';

const SETTINGS = { timezone: 'Europe/Oslo', statusTargets: {} };
const DAY = 24 * HOUR;

const changed = (id: number, case_status: string, at: Instant): JsonObject => ({
  id,
  event: 'case_updated',
  case_status,
  created_at: writtenOf(at),
});

describe('the views', () => {
  test('take the error of the last event, also when that one has no time of its own', async ({ db }) => {
    const now = await clockOf(db.url);
    const failed = { ...changed(1, 'ERROR', now - 3 * DAY), error: 'the first' };
    const failedAgain = { id: 3, error: 'the second' };
    const past = await servedPast(db, [[item(1, { events: [failed, changed(2, 'ACTIVE', now - DAY), failedAgain] })]]);
    expect(await differingViews(db.url, past, SETTINGS)).toEqual([]);
    await past.rig.close();
  });

  test('take an event of which nothing tells the time for one of when the case was created', async ({ db }) => {
    const now = await clockOf(db.url);
    const untimed = { id: 1, error: 'without a time' };
    const older = { ...changed(2, 'ERROR', now - 3 * DAY), error: 'of before the case' };
    const past = await servedPast(db, [[item(1, { created_at: writtenOf(now - DAY), events: [untimed, older] })]]);
    expect(await differingViews(db.url, past, SETTINGS)).toEqual([]);
    await past.rig.close();
  });

  test('tell a status without letters from no status', async ({ db }) => {
    const now = await clockOf(db.url);
    const past = await servedPast(db, [
      [
        item(1, { events: [changed(1, '', now - 9 * DAY), changed(2, 'ACTIVE', now - 2 * DAY)] }),
        item(2, { events: [changed(1, 'ACTIVE', now - DAY)] }),
      ],
    ]);
    expect(await differingViews(db.url, past, SETTINGS)).toEqual([]);
    await past.rig.close();
  });

  test('show no day of the backlog that has not come yet', async ({ db }) => {
    const now = await clockOf(db.url);
    const past = await servedPast(db, [
      [
        item(1, { events: [changed(1, 'AUTOMATIC_REVIEW', now - 5 * DAY), changed(2, 'ACTIVE', now + 3 * DAY)] }),
        item(2, { events: [changed(1, 'AUTOMATIC_REVIEW', now - 2 * DAY)], deleted_at: writtenOf(now + 2 * DAY) }),
        item(3, { events: [changed(1, 'DECLINED', now + 4 * DAY)] }),
      ],
    ]);
    expect(await differingViews(db.url, past, SETTINGS, ['backlog_daily', 'flow_daily'])).toEqual([]);
    await past.rig.close();
  });

  test('follow a run that broke off in what it saved', async ({ db }) => {
    const now = await clockOf(db.url);
    const cases = (status: string, at: Instant) =>
      Array.from({ length: 20 }, (_, number) =>
        item(number, { events: [changed(1, 'AUTOMATIC_REVIEW', now - 40 * DAY), changed(2, status, at)] }),
      );
    const past = await servedPast(db, [cases('ACTIVE', now - 30 * DAY)]);
    const later = cases('DECLINED', now - DAY);
    const whole = JSON.stringify(later);
    const broken = whole.slice(0, whole.indexOf(String(later[7]?.id)));
    past.rig.sandbox.world.serve(ACCOUNT, broken);
    expect(await past.rig.sync()).toMatchObject({ state: 'failed', cases_updated: 7 });
    const saved = later.slice(0, 7).map((document) => toldCase(ACCOUNT, document));
    const told = new Map([...past.last.told, ...saved.map((one) => [keyOf(one), one] as const)]);
    const after = { ...past, last: { ...past.last, told } };
    const views = ['cases', 'backlog_daily', 'flow_daily', 'decision_times_monthly', 'transition_matrix'];
    expect(await differingViews(db.url, after, SETTINGS, views)).toEqual([]);
    await past.rig.close();
  });

  test('say the same in sessions of any time zone', async ({ db }) => {
    await applyReportSettings(db.database, { timezone: 'Europe/Oslo', statusTargets: { ACTIVE: 2160 } });
    const now = await clockOf(db.url);
    // Around 90 days ago, of which those with a change of the clock have an hour more or less.
    const moments = [-1.5, -0.5, 0.5, 1.5].map((hours) => now - 90 * DAY + hours * HOUR);
    const before = moments.map((_, number) => item(number, { events: [] }));
    const after = moments.map((at, number) => item(number, { events: [changed(1, 'ACTIVE', at)] }));
    const past = await servedPast(db, [before, after]);
    const said = await reading(db.url, async (source) => {
      const all: Record<string, unknown> = {};
      for (const zone of ['UTC', 'Europe/Oslo', 'Pacific/Auckland', 'America/St_Johns', 'Asia/Kathmandu']) {
        await source.rows(`select set_config('timezone', $1, true)`, [zone]);
        all[zone] = await everything(source);
      }
      return all;
    });
    for (const zone of Object.keys(said)) expect.soft(said[zone], zone).toEqual(said.UTC);
    await past.rig.close();
  });
});

/** All rows of all views. */
async function everything({ rows }: Reading): Promise<Record<string, unknown>> {
  const views = await rows(
    `select relname as name from pg_class where relnamespace = 'reporting'::regnamespace and relkind = 'v' order by 1`,
  );
  const all: Record<string, unknown> = {};
  for (const { name } of views)
    all[String(name)] = (await rows(`select * from reporting.${name}`)).map((row) => JSON.stringify(row)).sort();
  return all;
}
