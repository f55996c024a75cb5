import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { differingAsOf } from '../support/reporting/as-of.ts';
import { differingViews } from '../support/reporting/proof.ts';
import { item, servedPast } from '../support/reporting/served.ts';

const OSLO = { timezone: 'Europe/Oslo', statusTargets: { UNDER_MANUAL_REVIEW: 48 } };
const ST_JOHNS = { timezone: 'America/St_Johns', statusTargets: {} };
const KATHMANDU = { timezone: 'Asia/Kathmandu', statusTargets: {} };

const told = (id: number, case_status: string, day: string): JsonObject => ({
  id,
  event: 'case_updated',
  case_status,
  created_at: `2026-${day}T11:30:00Z`,
});

const created = told(11, 'WAITING_FOR_DETAILS', '05-04');
const approved = told(14, 'ACTIVE', '08-20');

/** A case whose life is spread over four months, so that what changes in one must be noticed in others. */
const LIFE = [created, told(12, 'AUTOMATIC_REVIEW', '06-10'), told(13, 'UNDER_MANUAL_REVIEW', '07-15'), approved];

/** What the list says of one case, one run after the other. An empty list: nothing of it. */
const CHANGES: Record<string, JsonObject[]> = {
  'a first event that was earlier than thought makes a decision of a later month slower': [
    { events: LIFE },
    { events: [told(15, 'WAITING_FOR_DETAILS', '04-02'), ...LIFE] },
    { events: LIFE },
  ],
  'a review by hand told late makes the decision of a later month one by hand': [
    { events: LIFE.filter(({ id }) => id !== 13) },
    { events: LIFE },
    { events: LIFE.filter(({ id }) => id !== 13) },
  ],
  'a review that turns out to have been by hand makes a later decision one by hand, and nothing else': [
    { events: [created, told(12, 'AUTOMATIC_REVIEW', '06-10'), told(13, 'WAITING_FOR_SIGNATURE', '07-15'), approved] },
    {
      events: [created, told(12, 'UNDER_MANUAL_REVIEW', '06-10'), told(13, 'WAITING_FOR_SIGNATURE', '07-15'), approved],
    },
  ],
  'a status that was further than thought is further in the funnel, and nothing else': [
    { events: [created, told(12, 'WAITING_FOR_DECLARATION', '06-10'), told(13, 'WAITING_FOR_DETAILS', '07-15')] },
    { events: [created, told(12, 'AUTOMATIC_REVIEW', '06-10'), told(13, 'WAITING_FOR_DETAILS', '07-15')] },
    { events: [created, told(12, 'WAITING_FOR_SIGNATURE', '06-10'), told(13, 'WAITING_FOR_DETAILS', '07-15')] },
  ],
  'a deletion in the past takes back what was counted since, and gives it back when it is undone': [
    { events: LIFE },
    { events: LIFE, deleted_at: '2026-06-20T10:00:00Z' },
    { events: LIFE, deleted_at: '2026-05-10T10:00:00Z' },
    { events: LIFE, deleted_at: '2026-09-10T10:00:00Z' },
    { events: LIFE },
    { events: LIFE, deleted_at: '2026-05-01T10:00:00Z' },
    { events: LIFE },
  ],
  'a deleted case that changes before its deletion leaves another status': [
    { events: LIFE, deleted_at: '2026-09-10T10:00:00Z' },
    { events: [...LIFE, told(15, 'DECLINED', '08-25')], deleted_at: '2026-09-10T10:00:00Z' },
    { events: [...LIFE, told(15, 'TERMINATED', '09-25')], deleted_at: '2026-09-10T10:00:00Z' },
  ],
  'a case without a status is opened when it was created, until it has one': [
    { events: [], created_at: '2026-03-03T10:00:00Z' },
    { events: [], created_at: '2026-02-03T10:00:00Z' },
    { events: LIFE, created_at: '2026-02-03T10:00:00Z' },
    { events: [], created_at: '2026-02-03T10:00:00Z' },
    { events: [] },
  ],
  'an approval that is told otherwise moves to another month, and back': [
    { events: LIFE },
    { events: LIFE.map((event) => (event === approved ? told(14, 'ACTIVE', '10-30') : event)) },
    { events: LIFE.map((event) => (event === approved ? told(14, 'DECLINED', '08-20') : event)) },
    { events: LIFE.map((event) => (event === created ? told(11, 'ERROR', '05-04') : event)) },
    { events: LIFE },
  ],
  'a status that nobody is in any more, in no month at all, has no backlog': [
    { events: [told(11, 'WAITING_FOR_GODOT', '05-04')] },
    { events: [told(11, 'ACTIVE', '05-04')] },
    { events: [told(11, 'WAITING_FOR_GODOT', '07-04')] },
  ],
};

const others = [
  item(2, { events: [told(1, 'WAITING_FOR_DETAILS', '05-04'), told(2, 'DECLINED', '07-01')] }),
  item(3, { events: [told(1, 'ACTIVE', '06-30')] }),
];

describe('what a run changes', () => {
  for (const [title, documents] of Object.entries(CHANGES)) {
    test(`reaches every month it concerns: ${title}`, async ({ db }) => {
      await applyReportSettings(db.database, OSLO);
      const lists = documents.map((document) => [item(1, document), ...others]);
      const past = await servedPast(db, lists, async (sofar) => {
        expect.soft(await differingViews(db.url, sofar, OSLO)).toEqual([]);
      });
      expect.soft(await differingAsOf(db.url, past)).toEqual([]);
      await past.rig.close();
    });
  }

  test('is a case that was deleted, goes missing and returns as it was', async ({ db }) => {
    await applyReportSettings(db.database, OSLO);
    const deleted = item(1, { events: LIFE, deleted_at: '2026-09-10T10:00:00Z' });
    const past = await servedPast(db, [[deleted, ...others], others, [deleted, ...others]], async (sofar) => {
      expect.soft(await differingViews(db.url, sofar, OSLO)).toEqual([]);
    });
    expect(await differingAsOf(db.url, past)).toEqual([]);
    await past.rig.close();
  });

  test('is in the last hours of a month, west of Greenwich', async ({ db }) => {
    await applyReportSettings(db.database, ST_JOHNS);
    const late = { ...told(1, 'ACTIVE', '07-31'), created_at: '2026-08-01T01:00:00Z' };
    const lists = [
      [item(1, { events: LIFE }), ...others],
      [item(1, { events: LIFE }), item(4, { events: [late] }), ...others],
      [item(1, { events: LIFE }), item(4, { events: [late], deleted_at: '2026-08-01T02:00:00Z' }), ...others],
      [item(5, { events: [], created_at: '2026-08-01T01:30:00Z' }), item(1, { events: LIFE }), ...others],
    ];
    const past = await servedPast(db, lists, async (sofar) => {
      expect.soft(await differingViews(db.url, sofar, ST_JOHNS)).toEqual([]);
    });
    await past.rig.close();
  });

  test('is all that there is in a month, and another time zone', async ({ db }) => {
    await applyReportSettings(db.database, OSLO);
    const deleted = item(1, { events: LIFE, deleted_at: '2026-10-10T10:00:00Z' });
    const past = await servedPast(db, [[deleted, item(2, { events: [], created_at: '2026-03-03T10:00:00Z' })]]);
    expect.soft(await differingViews(db.url, past, OSLO)).toEqual([]);
    await applyReportSettings(db.database, KATHMANDU);
    expect.soft(await differingViews(db.url, past, KATHMANDU)).toEqual([]);
    await past.rig.close();
  });
});
