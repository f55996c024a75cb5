import { createTask, parse } from 'node-cron';
import { nextChange, offsetsOf } from './clock-changes.ts';

// Which instants a cron expression means in a time zone, also on days when the clocks change. node-cron reads the
// expression; its own search for the next time skips an hour that occurs twice and drops times that do not occur.
//
// Local times are held as the milliseconds of a UTC clock that shows the same date and time.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The weekdays of all dates repeat after 28 years; 40, because the leap year of 2100 is left out. */
const SEARCHED_DAYS = 40 * 366;

/** A parsed cron expression. */
export type CronTimes = {
  hours: readonly number[];
  minutes: readonly number[];
  seconds: readonly number[];
  isDueOn: (localDay: number) => boolean;
  /** The hours begin with `*`: the times go on day and night. */
  isRoundTheClock: boolean;
  /** The minutes or hours begin with `*`, the rule of cron(8) of cronie. Other times are times of a day. */
  isInterval: boolean;
};

/** A stretch of time with one offset from UTC. `start` is null if the clocks have not changed for days. */
type Period = { offset: number; start: { at: number; offsetBefore: number } | null };

/**
 * Parses a cron expression of five or six fields.
 * @throws Error when it is none.
 */
export function parseCron(expression: string): CronTimes {
  const { hour, minute, second } = parse(expression);
  const ascending = (numbers: number[]) => numbers.toSorted((a, b) => a - b);
  const [hours, minutes, seconds] = [ascending(hour), ascending(minute), ascending(second)];
  // Only asked for days. Destroyed at once, because node-cron keeps a list of its tasks.
  const task = createTask(expression, () => {}, { timezone: 'UTC' });
  void task.destroy();
  const firstTime = firstTimeOfDay({ hours, minutes, seconds }, 0) ?? 0;
  const [minuteField, hourField] = expression.trim().split(/\s+/).slice(-5);
  const isRoundTheClock = hourField?.startsWith('*') === true || hours.length === 24;
  return {
    hours,
    minutes,
    seconds,
    isDueOn: (localDay) => task.match(new Date(localDay + firstTime)),
    isRoundTheClock,
    isInterval: isRoundTheClock || minuteField?.startsWith('*') === true,
  };
}

/**
 * The first due time after an instant.
 * - An hour that occurs twice: intervals are due in both, times of a day only in the first.
 * - An hour that does not occur: its times are due once, right after it.
 * - Intervals around the clock never grow: if a change makes the time to the next run longer, one more run is due when it
 *   would have been without the change.
 * @throws Error when no day of the next 40 years is due.
 */
export function nextDue(cron: CronTimes, timezone: string, after: Date): Date {
  const offsetAt = offsetsOf(timezone);
  let searchedUntil = after.getTime();
  let period = periodOf(offsetAt, searchedUntil);
  for (;;) {
    const due = nextInPeriod(cron, period, searchedUntil);
    const change = nextChange(offsetAt, Math.max(searchedUntil, period.start?.at ?? searchedUntil), due);
    if (change === null) return new Date(due);
    period = { offset: offsetAt(change), start: { at: change, offsetBefore: period.offset } };
    searchedUntil = change - 1;
  }
}

/** The first due time after `after` if the period lasted for ever. */
function nextInPeriod(cron: CronTimes, { offset, start }: Period, after: number): number {
  const searchedUntil = after + offset;
  // Times of a day that occurred before the clocks were set back are not due again.
  const occurredUntil = start === null || cron.isInterval ? searchedUntil : start.at + start.offsetBefore - 1;
  const due = nextMatch(cron, Math.max(searchedUntil, occurredUntil)) - offset;
  const extra = start === null ? null : extraDue(cron, offset, start);
  return extra !== null && extra > after ? Math.min(extra, due) : due;
}

/** The due time that exists only because the clocks were changed, or null. */
function extraDue(cron: CronTimes, offset: number, { at, offsetBefore }: NonNullable<Period['start']>): number | null {
  const unchangedNext = nextMatch(cron, at + offsetBefore - 1);
  if (!cron.isRoundTheClock) return unchangedNext < at + offset ? at : null;
  const due = unchangedNext - offsetBefore;
  const isDueOnDay = cron.isDueOn(startOfDay(due + offset));
  return isDueOnDay && due < nextMatch(cron, at + offset - 1) - offset ? due : null;
}

/** The first local time after `after` that the expression means. */
function nextMatch(cron: CronTimes, after: number): number {
  const from = (Math.floor(after / SECOND) + 1) * SECOND;
  const firstDay = startOfDay(from);
  for (let day = firstDay; day < firstDay + SEARCHED_DAYS * DAY; day += DAY) {
    const time = cron.isDueOn(day) ? firstTimeOfDay(cron, from - day) : null;
    if (time !== null) return day + time;
  }
  throw new Error('the schedule has no day in the next 40 years');
}

function firstTimeOfDay(
  { hours, minutes, seconds }: Pick<CronTimes, 'hours' | 'minutes' | 'seconds'>,
  from: number,
): number | null {
  for (const hour of hours) {
    if ((hour + 1) * HOUR <= from) continue;
    for (const minute of minutes) {
      const start = hour * HOUR + minute * MINUTE;
      const second = seconds.find((candidate) => start + candidate * SECOND >= from);
      if (second !== undefined) return start + second * SECOND;
    }
  }
  return null;
}

const startOfDay = (localTime: number): number => Math.floor(localTime / DAY) * DAY;

/** Two days back, because the extra run after a change may be due up to a day later. */
function periodOf(offsetAt: (instant: number) => number, instant: number): Period {
  const offset = offsetAt(instant);
  const at = nextChange(offsetAt, instant - 2 * DAY, instant);
  return { offset, start: at === null ? null : { at, offsetBefore: offsetAt(at - 1) } };
}
