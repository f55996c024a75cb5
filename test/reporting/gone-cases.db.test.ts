import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { testFilledBy } from '../support/database.ts';
import { item } from '../support/reporting/listed-history.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

/** A Monday at 08:00 in Oslo. No day of this month is a public holiday there. */
const ENTERED = '2026-06-01T06:00:00Z';
/** Two days later: 48 hours, 16 of them business hours. */
const GONE = '2026-06-03T06:00:00Z';
const LONG_AGO = '0001-01-01T00:00:00Z';
const NEXT_CENTURY = '2126-01-01T00:00:00Z';

const event = (id: number, case_status: string, created_at = ENTERED): JsonObject => ({ id, case_status, created_at });

/** The first stays of two cases, one in stage applicant and one in stage review; they are gone in different ways. */
type Way = { name: string; numbers: [number, number]; fields?: JsonObject; later?: JsonObject[]; hours?: number };
const WAYS: readonly Way[] = [
  { name: 'deleted', numbers: [1, 2], fields: { deleted_at: GONE } },
  { name: 'missing', numbers: [3, 4] },
  { name: 'deleted, and missing before that', numbers: [5, 6], fields: { deleted_at: '2026-06-20T06:00:00Z' } },
  {
    name: 'deleted, with a later status next century',
    numbers: [7, 8],
    fields: { deleted_at: GONE },
    later: [event(2, 'ACTIVE', NEXT_CENTURY)],
  },
  { name: 'missing, with a later status next century', numbers: [9, 10], later: [event(2, 'ACTIVE', NEXT_CENTURY)] },
  {
    name: 'deleted before their first status',
    numbers: [11, 12],
    fields: { deleted_at: '2026-05-30T06:00:00Z' },
    hours: 0,
  },
  { name: 'deleted with a placeholder for a time', numbers: [13, 14], fields: { deleted_at: LONG_AGO }, hours: 0 },
];
const MISSING = [3, 4, 5, 6, 9, 10];
const OPEN = 15;

const APPLICANT = 'WAITING_FOR_DETAILS';
const REVIEW = 'UNDER_MANUAL_REVIEW';

async function fill(database: Database): Promise<void> {
  await applyReportSettings(database, {
    timezone: 'Europe/Oslo',
    statusTargets: { [APPLICANT]: 72, [REVIEW]: { businessHours: 24 } },
    reports: { calendar: { country: 'NO', weekdays: [1, 2, 3, 4, 5], hours: '08:00-16:00', closed: [] } },
  });
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const listed = WAYS.flatMap(({ numbers, fields = {}, later = [] }) =>
    numbers.map((number, index) =>
      item(number, { ...fields, events: [event(1, index === 0 ? APPLICANT : REVIEW), ...later] }),
    ),
  );
  const list = [...listed, item(OPEN, { events: [event(1, REVIEW)] })];
  rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list));
  await rig.sync();
  const isMissing = (id: unknown) => MISSING.some((number) => item(number, {}).id === id);
  rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list.filter(({ id }) => !isMissing(id))));
  await rig.sync();
  // No test can wait for days; so the absence began earlier.
  await database.$executeRaw`update cdd.cases set missing_since = ${GONE}::timestamptz where missing_since is not null`;
  await rig.close();
}

const test = testFilledBy(fill);

/** The ids of the applicant's case and of the reviewed one, in this order. */
const idsOf = ({ numbers }: Way) => numbers.map((number) => String(item(number, {}).id));

describe('hours of cases that are', () => {
  for (const way of WAYS) {
    const { name, hours = 48 } = way;
    const business = hours / 3;
    const ids = idsOf(way);
    test(`${name} end then in cases`, async ({ db: { database } }) => {
      const rows = await database.$queryRaw`
        select
          status, hours_in_status::double precision as hours, applicant_hours::double precision as applicant,
          review_hours::double precision as review, is_open
        from reporting.cases where case_id = any(${ids}::uuid[]) order by case_id`;
      expect(rows).toEqual([
        { status: APPLICANT, hours, applicant: hours, review: 0, is_open: false },
        { status: REVIEW, hours, applicant: 0, review: hours, is_open: false },
      ]);
    });

    test(`${name} end then in status_periods, also business hours`, async ({ db: { database } }) => {
      const rows = await database.$queryRaw`
        select status, hours::double precision, business_hours::double precision as business
        from reporting.status_periods where case_id = any(${ids}::uuid[]) order by sequence, case_id`;
      const later = way.later === undefined ? [] : ids.map(() => ({ status: 'ACTIVE', hours: 0 }));
      expect(rows).toMatchObject([
        { status: APPLICANT, hours, business },
        { status: REVIEW, hours, business },
        ...later,
      ]);
    });

    test(`${name} end then in status_targets, which are met`, async ({ db: { database } }) => {
      const rows = await database.$queryRaw`
        select status, hours::double precision, business_hours::double precision as business, state
        from reporting.status_targets where case_id = any(${ids}::uuid[]) order by case_id`;
      expect(rows).toEqual([
        { status: APPLICANT, hours, business, state: 'met' },
        { status: REVIEW, hours, business, state: 'met' },
      ]);
    });
  }
});

test('open_case_aging counts no gone case', async ({ db: { database } }) => {
  const rows = await database.$queryRaw`select status, cases, oldest_since from reporting.open_case_aging`;
  expect(rows).toEqual([{ status: REVIEW, cases: 1, oldest_since: new Date(ENTERED) }]);
});
