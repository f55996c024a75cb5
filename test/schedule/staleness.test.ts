import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../src/model/due-times.ts';
import { dueTimesAfter, dueTimesAfterChange } from '../../src/schedule/staleness.ts';
import { DAY, HOUR, MINUTE, nearChange } from '../support/clock-changes.ts';
import { dueAfter } from '../support/reference/due-after.ts';
import { latenessOf } from '../support/reference/freshness.ts';

const OFFICE_HOURS = '*/5 8-15 * * 1-5';

/** The due times after a success, as UTC texts without seconds. */
function dueTimes(schedule: string, lastSuccessAt: string): string[] {
  const { nextDueAt, staleAt } = dueTimesAfter({ schedule, timezone: 'Europe/Oslo' }, new Date(lastSuccessAt));
  return [nextDueAt, staleAt].map((time) => time.toISOString().slice(0, 16));
}

describe('an account', () => {
  it('of office hours is not stale from Friday afternoon until Monday, a quarter past eight', () => {
    expect(dueTimes(OFFICE_HOURS, '2026-11-27T14:55:09Z')).toEqual(['2026-11-30T07:00', '2026-11-30T07:15']);
  });

  it('is stale when three more runs were due after the one that it missed', () => {
    expect(dueTimes('*/15 * * * *', '2026-11-27T14:00:09Z')).toEqual(['2026-11-27T14:15', '2026-11-27T15:00']);
    expect(dueTimes('0 6 * * *', '2026-11-27T05:01Z')).toEqual(['2026-11-28T05:00', '2026-12-01T05:00']);
    expect(dueTimes('0 6 * * 1', '2026-11-27T05:01Z')).toEqual(['2026-11-30T05:00', '2026-12-21T05:00']);
    expect(dueTimes('0 6 1 1 *', '2026-11-27T05:01Z')).toEqual(['2027-01-01T05:00', '2030-01-01T05:00']);
  });

  it('that is read every minute, or every ten seconds, is stale after 15 minutes', () => {
    expect(dueTimes('* * * * *', '2026-11-27T14:00:09Z')).toEqual(['2026-11-27T14:01', '2026-11-27T14:16']);
    expect(dueTimes('*/10 * * * * *', '2026-11-27T14:00:09Z')).toEqual(['2026-11-27T14:00', '2026-11-27T14:15']);
  });

  it('that is read daily has the days of the zone, also when its clocks change', () => {
    expect(dueTimes('0 6 * * *', '2026-10-23T04:01Z')).toEqual(['2026-10-24T04:00', '2026-10-27T05:00']);
    expect(dueTimes('30 2 * * *', '2026-03-27T01:31Z')).toEqual(['2026-03-28T01:30', '2026-03-31T00:30']);
  });

  it('that is read every quarter is stale after an hour in the hour that is repeated, too', () => {
    expect(dueTimes('*/15 * * * *', '2026-10-25T00:30:09Z')).toEqual(['2026-10-25T00:45', '2026-10-25T01:30']);
  });
});

describe('a changed schedule', () => {
  const weekly = { schedule: '0 6 * * 1', timezone: 'Europe/Oslo' };
  const now = new Date('2026-11-27T12:07Z');
  const changed = (schedule: Schedule, nextDueAt: string, staleAt: string) => {
    const renewed = dueTimesAfterChange(schedule, { nextDueAt: new Date(nextDueAt), staleAt: new Date(staleAt) }, now);
    return [renewed.nextDueAt, renewed.staleAt].map((time) => time.toISOString().slice(0, 16));
  };
  const often = { ...weekly, schedule: '*/5 * * * *' };

  it('does not make an account late for the time before the change', () => {
    expect(changed(often, '2026-11-30T05:00Z', '2026-12-21T05:00Z')).toEqual(['2026-11-27T12:10', '2026-11-27T12:25']);
  });

  it('does not excuse a run that was late by the old schedule', () => {
    expect(changed(weekly, '2026-11-27T12:05Z', '2026-11-27T12:20Z')).toEqual(['2026-11-27T12:05', '2026-12-14T05:00']);
    expect(changed(weekly, '2026-11-27T11:00Z', '2026-11-27T11:15Z')).toEqual(['2026-11-27T11:00', '2026-11-27T11:15']);
    expect(changed(often, '2026-11-27T05:00Z', '2026-11-30T05:00Z')).toEqual(['2026-11-27T05:00', '2026-11-27T12:20']);
  });
});

it('stored due times say of every later time what the list of missed runs says, near changes of the clocks', () => {
  const field = (max: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min: 1, max: 30 }).map((step) => `*/${step}`),
      fc.integer({ min: 0, max }).map(String),
      fc
        .tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max }))
        .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`),
    );
  const schedule = fc
    .tuple(field(59), field(23), fc.constantFrom('*', '1-5', '0', '6,7'), fc.constantFrom('', '', '0 ', '*/20 '))
    .map(([minute, hour, weekday, seconds]) => `${seconds}${minute} ${hour} * * ${weekday}`);
  const later = fc.oneof(
    fc.integer({ min: 0, max: HOUR }),
    fc.integer({ min: 0, max: 5 * DAY }),
    fc.integer({ min: 0, max: 30 * DAY }),
  );
  fc.assert(
    fc.property(nearChange(DAY), schedule, later, ({ timezone, instant }, expression, age) => {
      const { nextDueAt, staleAt } = dueTimesAfter({ schedule: expression, timezone }, new Date(instant));
      const history = { lastSuccessAt: instant * 1000, addedAt: 0, dueAfter: dueAfter(expression, timezone) };
      for (const now of [instant + age, staleAt.getTime(), staleAt.getTime() + 1]) {
        expect({
          next_due_at: nextDueAt.getTime() * 1000,
          late_by_minutes: Math.max(0, now - nextDueAt.getTime()) / MINUTE,
          is_stale: now > staleAt.getTime(),
        }).toEqual(latenessOf(history, now * 1000));
      }
    }),
    { numRuns: 500 },
  );
});
