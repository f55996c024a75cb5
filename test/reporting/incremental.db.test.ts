import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { asOfDifferences } from '../support/reporting/compare-as-of.ts';
import { viewDifferences } from '../support/reporting/compare-views.ts';
import { item, syncLists } from '../support/reporting/listed-history.ts';

const OSLO = { timezone: 'Europe/Oslo', statusTargets: { UNDER_MANUAL_REVIEW: 48 } };
const ST_JOHNS = { timezone: 'America/St_Johns', statusTargets: {} };
const KATHMANDU = { timezone: 'Asia/Kathmandu', statusTargets: {} };

const statusEvent = (id: number, case_status: string, day: string): JsonObject => ({
  id,
  event: 'case_updated',
  case_status,
  created_at: `2026-${day}T11:30:00Z`,
});

const created = statusEvent(11, 'WAITING_FOR_DETAILS', '05-04');
const approved = statusEvent(14, 'ACTIVE', '08-20');

/** Events spread over four months: a change in one month must reach the reports of the others. */
const EVENTS = [
  created,
  statusEvent(12, 'AUTOMATIC_REVIEW', '06-10'),
  statusEvent(13, 'UNDER_MANUAL_REVIEW', '07-15'),
  approved,
];

/** Documents of one case, one for each run. */
const CHANGES: Record<string, JsonObject[]> = {
  'an earlier first event makes the decision of a later month slower': [
    { events: EVENTS },
    { events: [statusEvent(15, 'WAITING_FOR_DETAILS', '04-02'), ...EVENTS] },
    { events: EVENTS },
  ],
  'a late event of a manual review makes the decision of a later month manual': [
    { events: EVENTS.filter(({ id }) => id !== 13) },
    { events: EVENTS },
    { events: EVENTS.filter(({ id }) => id !== 13) },
  ],
  'an automatic review corrected to a manual one changes only the route of the later decision': [
    {
      events: [
        created,
        statusEvent(12, 'AUTOMATIC_REVIEW', '06-10'),
        statusEvent(13, 'WAITING_FOR_SIGNATURE', '07-15'),
        approved,
      ],
    },
    {
      events: [
        created,
        statusEvent(12, 'UNDER_MANUAL_REVIEW', '06-10'),
        statusEvent(13, 'WAITING_FOR_SIGNATURE', '07-15'),
        approved,
      ],
    },
  ],
  'a status corrected to a later one changes only the funnel': [
    {
      events: [
        created,
        statusEvent(12, 'WAITING_FOR_DECLARATION', '06-10'),
        statusEvent(13, 'WAITING_FOR_DETAILS', '07-15'),
      ],
    },
    {
      events: [created, statusEvent(12, 'AUTOMATIC_REVIEW', '06-10'), statusEvent(13, 'WAITING_FOR_DETAILS', '07-15')],
    },
    {
      events: [
        created,
        statusEvent(12, 'WAITING_FOR_SIGNATURE', '06-10'),
        statusEvent(13, 'WAITING_FOR_DETAILS', '07-15'),
      ],
    },
  ],
  'a deletion in the past removes later counts, and undoing it restores them': [
    { events: EVENTS },
    { events: EVENTS, deleted_at: '2026-06-20T10:00:00Z' },
    { events: EVENTS, deleted_at: '2026-05-10T10:00:00Z' },
    { events: EVENTS, deleted_at: '2026-09-10T10:00:00Z' },
    { events: EVENTS },
    { events: EVENTS, deleted_at: '2026-05-01T10:00:00Z' },
    { events: EVENTS },
  ],
  'a late event before the deletion changes the status that the deleted case leaves': [
    { events: EVENTS, deleted_at: '2026-09-10T10:00:00Z' },
    { events: [...EVENTS, statusEvent(15, 'DECLINED', '08-25')], deleted_at: '2026-09-10T10:00:00Z' },
    { events: [...EVENTS, statusEvent(15, 'TERMINATED', '09-25')], deleted_at: '2026-09-10T10:00:00Z' },
  ],
  'a case without a status is opened at its creation, until it has one': [
    { events: [], created_at: '2026-03-03T10:00:00Z' },
    { events: [], created_at: '2026-02-03T10:00:00Z' },
    { events: EVENTS, created_at: '2026-02-03T10:00:00Z' },
    { events: [], created_at: '2026-02-03T10:00:00Z' },
    { events: [] },
  ],
  'a corrected approval moves to another month, and back': [
    { events: EVENTS },
    { events: EVENTS.map((event) => (event === approved ? statusEvent(14, 'ACTIVE', '10-30') : event)) },
    { events: EVENTS.map((event) => (event === approved ? statusEvent(14, 'DECLINED', '08-20') : event)) },
    { events: EVENTS.map((event) => (event === created ? statusEvent(11, 'ERROR', '05-04') : event)) },
    { events: EVENTS },
  ],
  'a status without cases in any month has no backlog': [
    { events: [statusEvent(11, 'WAITING_FOR_GODOT', '05-04')] },
    { events: [statusEvent(11, 'ACTIVE', '05-04')] },
    { events: [statusEvent(11, 'WAITING_FOR_GODOT', '07-04')] },
  ],
};

const others = [
  item(2, { events: [statusEvent(1, 'WAITING_FOR_DETAILS', '05-04'), statusEvent(2, 'DECLINED', '07-01')] }),
  item(3, { events: [statusEvent(1, 'ACTIVE', '06-30')] }),
];

describe('a change found by a run', () => {
  for (const [title, documents] of Object.entries(CHANGES)) {
    test(`reaches every month that it affects: ${title}`, async ({ db }) => {
      await applyReportSettings(db.database, OSLO);
      const lists = documents.map((document) => [item(1, document), ...others]);
      const synced = await syncLists(db, lists, async (synced) => {
        expect.soft(await viewDifferences(synced, OSLO)).toEqual([]);
      });
      expect.soft(await asOfDifferences(synced)).toEqual([]);
      await synced.rig.close();
    });
  }

  test('is reported when a deleted case goes missing and returns unchanged', async ({ db }) => {
    await applyReportSettings(db.database, OSLO);
    const deleted = item(1, { events: EVENTS, deleted_at: '2026-09-10T10:00:00Z' });
    const synced = await syncLists(db, [[deleted, ...others], others, [deleted, ...others]], async (synced) => {
      expect.soft(await viewDifferences(synced, OSLO)).toEqual([]);
    });
    expect(await asOfDifferences(synced)).toEqual([]);
    await synced.rig.close();
  });

  test('counts in the local month in a zone west of Greenwich', async ({ db }) => {
    await applyReportSettings(db.database, ST_JOHNS);
    const late = { ...statusEvent(1, 'ACTIVE', '07-31'), created_at: '2026-08-01T01:00:00Z' };
    const lists = [
      [item(1, { events: EVENTS }), ...others],
      [item(1, { events: EVENTS }), item(4, { events: [late] }), ...others],
      [item(1, { events: EVENTS }), item(4, { events: [late], deleted_at: '2026-08-01T02:00:00Z' }), ...others],
      [item(5, { events: [], created_at: '2026-08-01T01:30:00Z' }), item(1, { events: EVENTS }), ...others],
    ];
    const synced = await syncLists(db, lists, async (synced) => {
      expect.soft(await viewDifferences(synced, ST_JOHNS)).toEqual([]);
    });
    await synced.rig.close();
  });

  test('counts in the months of another time zone after the setting changes', async ({ db }) => {
    await applyReportSettings(db.database, OSLO);
    const deleted = item(1, { events: EVENTS, deleted_at: '2026-10-10T10:00:00Z' });
    const synced = await syncLists(db, [[deleted, item(2, { events: [], created_at: '2026-03-03T10:00:00Z' })]]);
    expect.soft(await viewDifferences(synced, OSLO)).toEqual([]);
    await applyReportSettings(db.database, KATHMANDU);
    expect.soft(await viewDifferences(synced, KATHMANDU)).toEqual([]);
    await synced.rig.close();
  });
});
