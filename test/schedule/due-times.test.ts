import fc from 'fast-check';
import { createTask } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { nextDue, parseCron } from '../../src/schedule/due-times.ts';
import { DAY, HOUR, localTime, MINUTE, nearChange } from '../support/clock-changes.ts';

/** The due times from one instant until before another. */
function dueTimes(schedule: string, timezone: string, [from, until]: [number, number]): number[] {
  const cron = parseCron(schedule);
  const times: number[] = [];
  let due = nextDue(cron, timezone, new Date(from - 1));
  for (; due.getTime() < until; due = nextDue(cron, timezone, due)) times.push(due.getTime());
  return times;
}

/** The hours and minutes of one night in UTC. */
function timesOfNight(schedule: string, timezone: string, [from, until]: [string, string]): string[] {
  return dueTimes(schedule, timezone, [Date.parse(from), Date.parse(until)]).map((time) =>
    new Date(time).toISOString().slice(11, 16),
  );
}

const OSLO_BACK: [string, string] = ['2026-10-24T23:30Z', '2026-10-25T02:30Z'];
const OSLO_FORWARD: [string, string] = ['2026-03-28T23:30Z', '2026-03-29T02:30Z'];

describe('the night on which clocks are set back', () => {
  it('has a run every 15 minutes, also in the repeated hour', () => {
    const quarters = ['00', '01', '02'].flatMap((hour) =>
      ['00', '15', '30', '45'].map((minute) => `${hour}:${minute}`),
    );
    expect(timesOfNight('*/15 * * * *', 'Europe/Oslo', OSLO_BACK)).toEqual([
      '23:30',
      '23:45',
      ...quarters.slice(0, 10),
    ]);
    expect(timesOfNight('*/15 0-5 * * *', 'Europe/Oslo', OSLO_BACK)).toEqual([
      '23:30',
      '23:45',
      ...quarters.slice(0, 10),
    ]);
  });

  it('has one run of a time of day in the repeated hour, the first', () => {
    expect(timesOfNight('30 2 * * *', 'Europe/Oslo', OSLO_BACK)).toEqual(['00:30']);
    expect(timesOfNight('0,30 2,3 * * *', 'Europe/Oslo', OSLO_BACK)).toEqual(['00:00', '00:30', '02:00']);
    expect(timesOfNight('30 23 * * *', 'America/Santiago', ['2026-04-04T20:00Z', '2026-04-05T20:00Z'])).toEqual([
      '02:30',
    ]);
  });

  it('has one more run of an interval of four hours, so that five do not pass', () => {
    expect(timesOfNight('0 */4 * * *', 'Europe/Oslo', ['2026-10-24T22:00Z', '2026-10-25T07:30Z'])).toEqual([
      '22:00',
      '02:00',
      '03:00',
      '07:00',
    ]);
  });

  it('has no more runs of an interval than it needs', () => {
    expect(timesOfNight('0 */2 * * *', 'Europe/Oslo', ['2026-10-24T22:00Z', '2026-10-25T04:00Z'])).toEqual([
      '22:00',
      '00:00',
      '01:00',
      '03:00',
    ]);
  });

  it('adds no run outside the hours and days of a schedule', () => {
    const sunday: [string, string] = ['2026-10-24T22:00Z', '2026-10-26T23:00Z'];
    const local = (schedule: string) =>
      dueTimes(schedule, 'Europe/Oslo', [Date.parse(sunday[0]), Date.parse(sunday[1])]).map((time) =>
        localTime('Europe/Oslo', time),
      );
    expect(local('0 */4 * * 1-5')[0]).toBe('2026-10-26 00:00:00');
    expect(local('*/5 8-15 * * *')[0]).toBe('2026-10-25 08:00:00');
  });
});

describe('the night on which clocks are set forward', () => {
  it('has a time of day in the skipped hour right after it, once', () => {
    expect(timesOfNight('30 2 * * *', 'Europe/Oslo', OSLO_FORWARD)).toEqual(['01:00']);
    expect(timesOfNight('0,15,30 2 * * *', 'Europe/Oslo', OSLO_FORWARD)).toEqual(['01:00']);
    expect(timesOfNight('0 0 * * *', 'Asia/Beirut', ['2026-03-28T12:00Z', '2026-03-29T12:00Z'])).toEqual(['22:00']);
    expect(timesOfNight('17 3 * * *', 'Europe/Athens', OSLO_FORWARD)).toEqual(['01:00']);
  });

  it('has intervals that go on', () => {
    expect(timesOfNight('*/30 * * * *', 'Europe/Oslo', OSLO_FORWARD)).toEqual([
      '23:30',
      '00:00',
      '00:30',
      '01:00',
      '01:30',
      '02:00',
    ]);
    expect(timesOfNight('0 */2 * * *', 'Europe/Oslo', OSLO_FORWARD)).toEqual(['01:00', '02:00']);
    expect(timesOfNight('7 * * * *', 'Australia/Lord_Howe', ['2026-10-03T14:00Z', '2026-10-03T17:00Z'])).toEqual([
      '14:37',
      '15:37',
      '16:07',
    ]);
  });
});

describe('for any zone', () => {
  const interval = fc.oneof(
    fc.constantFrom(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30).map((minutes) => [`*/${minutes} * * * *`, minutes] as const),
    fc
      .tuple(fc.constantFrom(1, 2, 3, 4, 6, 8, 12), fc.integer({ min: 0, max: 59 }))
      .map(([hours, minute]) => [`${minute} */${hours} * * *`, hours * 60] as const),
  );

  it('an interval never grows, and no run is due twice', () => {
    fc.assert(
      fc.property(nearChange(2 * HOUR), interval, ({ timezone, instant }, [schedule, minutes]) => {
        const margin = HOUR + minutes * MINUTE;
        const times = dueTimes(schedule, timezone, [instant - margin, instant + margin]);
        const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
        expect(gaps.length).toBeGreaterThan(0);
        expect(Math.max(...gaps)).toBeLessThanOrEqual(minutes * MINUTE);
        expect(Math.min(...gaps)).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('a time of day is due exactly once on each local day', () => {
    const minuteOfDay = fc.integer({ min: 0, max: 24 * 60 - 1 });
    fc.assert(
      fc.property(nearChange(2 * DAY), minuteOfDay, ({ timezone, instant }, minute) => {
        const schedule = `${minute % 60} ${Math.floor(minute / 60)} * * *`;
        const dates = dueTimes(schedule, timezone, [instant, instant + 4 * DAY]).map((time) =>
          localTime(timezone, time).slice(0, 10),
        );
        const first = Date.parse(dates[0] ?? '');
        expect(dates.length).toBeGreaterThanOrEqual(3);
        expect(dates).toEqual(dates.map((_, index) => new Date(first + index * DAY).toISOString().slice(0, 10)));
      }),
      { numRuns: 500 },
    );
  });

  it('the next due time does not depend on the instant from which the schedule was followed', () => {
    const schedule = fc.constantFrom(
      '*/15 * * * *',
      '7 * * * *',
      '0 */4 * * *',
      '30 2 * * *',
      '0 0,12 * * *',
      '*/20 0-6 * * *',
    );
    fc.assert(
      fc.property(nearChange(3 * HOUR), schedule, ({ timezone, instant }, expression) => {
        const cron = parseCron(expression);
        let followed = nextDue(cron, timezone, new Date(instant - DAY));
        while (followed.getTime() <= instant) followed = nextDue(cron, timezone, followed);
        expect(nextDue(cron, timezone, new Date(instant))).toEqual(followed);
      }),
      { numRuns: 500 },
    );
  });
});

it('every kind of field means what node-cron means by it, where clocks do not change', () => {
  const schedules = [
    '30 */5 * * * *',
    '0 6 * * mon-fri',
    '5 4 L * *',
    '0 9 15W * *',
    '0 9 * * 5#2',
    '0 22-2 * * 7',
    '1 2 29 2 *',
  ];
  for (const schedule of schedules) {
    const task = createTask(schedule, () => {}, { timezone: 'UTC' });
    void task.destroy();
    const expected = task.getNextRuns(20);
    const [first, last] = [expected[0]?.getTime() ?? 0, expected.at(-1)?.getTime() ?? 0];
    expect(dueTimes(schedule, 'UTC', [first, last + 1])).toEqual(expected.map((time) => time.getTime()));
  }
});

it('a schedule without any day is an error, not an endless search', () => {
  expect(() => nextDue(parseCron('0 0 30W 2 *'), 'UTC', new Date())).toThrow('no day');
});
