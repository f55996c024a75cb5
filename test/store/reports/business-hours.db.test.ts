import fc from 'fast-check';
import { expect } from 'vitest';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { test } from '../../support/database.ts';
import { businessHoursOf } from '../../support/reference/business-hours.ts';
import { formatInstant, type Instant } from '../../support/reference/instant.ts';

/** Clocks that change by two hours, half an hour, at midnight; a day that was left out; days that begin at noon in UTC. */
const ZONES = [
  'Europe/Oslo',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Auckland',
  'Antarctica/Troll',
  'Australia/Lord_Howe',
  'Asia/Beirut',
  'Pacific/Apia',
];
/** At the edges of the clock changes, and as long as they may be. */
const HOURS = ['08:00-16:00', '02:30-10:00', '01:00-03:15', '00:00-23:59', '00:30-02:30', '23:30-23:59', '00:00-00:30'];

const SECOND = 1_000_000;
const FIRST = Date.UTC(1999, 11, 28) * 1000;
/** The calendar ends in ten years. */
const LAST = Date.UTC(new Date().getUTCFullYear() + 11, 0, 5) * 1000;

const calendars = fc.record({
  timezone: fc.constantFrom(...ZONES),
  calendar: fc.record({
    country: fc.constant('NO'),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    hours: fc.constantFrom(...HOURS),
    closed: fc.constantFrom([], ['2026-12-24', '2026-10-26', '2027-03-28']),
  }),
});

/** Any instant, one of a day on which clocks change somewhere, a full hour, the turn of a year. */
const instants = fc.oneof(
  fc.integer({ min: FIRST, max: LAST }),
  fc
    .tuple(
      fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-09-27', '2026-04-05', '2011-12-30'),
      fc.integer({ min: -24 * 60, max: 36 * 60 }),
      fc.constantFrom(0, -1, 1),
    )
    .map(([day, minutes, micros]) => Date.parse(day) * 1000 + minutes * 60 * SECOND + micros),
  fc.integer({ min: 2000, max: 2037 }).map((year) => Date.UTC(year, 0, 1) * 1000),
);
const stays = fc.tuple(
  instants,
  fc.oneof(
    instants,
    fc.constant(null),
    fc.integer({ min: 0, max: 72 * 3600 }).map((seconds) => ({ seconds })),
  ),
);

function ended([from, to]: [Instant, Instant | null | { seconds: number }]): [from: Instant, to: Instant] {
  if (typeof to === 'number') return [from, to];
  return [from, from + (to?.seconds ?? 0) * SECOND];
}

test('business hours between any two instants equal the reference, to the microsecond', async ({ db }) => {
  const check = async ({ timezone, calendar }: { timezone: string; calendar: Calendar }, pairs: Pair[]) => {
    await applyReportSettings(db.database, { timezone, statusTargets: {}, reports: { calendar } });
    const business = businessHoursOf(timezone, calendar);
    const rows = await db.database.$queryRaw<{ micros: string | null }[]>`
      select
        case when stay.ends <= stay.begins then 0
        else cdd.business_micros(stay.ends, end_slot) - cdd.business_micros(stay.begins, begin_slot) end::text as micros
      from unnest(
        ${pairs.map(([from]) => formatInstant(from))}::timestamptz[], ${pairs.map(([, to]) => formatInstant(to))}::timestamptz[]
      ) with ordinality as stay (begins, ends, position)
      left join cdd.business_slots as begin_slot on begin_slot.slot = cdd.business_slot(stay.begins)
      left join cdd.business_slots as end_slot on end_slot.slot = cdd.business_slot(stay.ends)
      order by stay.position`;
    const expected = pairs.map(([from, to]) => {
      const hours = business.hoursBetween(from, to);
      return hours === null ? null : Math.round(hours * 3600 * SECOND);
    });
    expect(rows.map(({ micros }) => (micros === null ? null : Number(micros)))).toEqual(expected);
  };
  await fc.assert(fc.asyncProperty(calendars, fc.array(stays.map(ended), { minLength: 200, maxLength: 300 }), check), {
    numRuns: 12,
    endOnFailure: true,
  });
});

type Pair = [from: Instant, to: Instant];
type Calendar = { country: string; weekdays: number[]; hours: string; closed: readonly string[] };
