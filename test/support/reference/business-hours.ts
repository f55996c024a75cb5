import { daysBetween } from './calendar.ts';
import { HOUR, type Instant } from './instant.ts';
import { localInstant } from './local-instant.ts';
import { norwegianHolidays } from './norwegian-holidays.ts';

export type BusinessCalendar = {
  country: string;
  weekdays: readonly number[];
  hours: string;
  closed: readonly string[];
};

/** Business hours in microseconds. */
export type BusinessHours = {
  /** Null outside of the calendar. */
  hoursBetween: (from: Instant, to: Instant) => number | null;
  /** When this number of business hours is used up; null if the calendar ends before. */
  usedUpAt: (from: Instant, hours: number) => Instant | null;
};

/** Business hours where no calendar was made. */
const noBusinessHours: BusinessHours = {
  hoursBetween: (from, to) => (to <= from ? 0 : null),
  usedUpAt: () => null,
};

type Interval = { opensAt: Instant; closesAt: Instant; before: number };

const DAY_MS = 86_400_000;

const made = new Map<string, BusinessHours>();

/** Returns the business hours from 2000 to ten years ahead. Norway's holidays are the only ones it knows. */
export function businessHoursOf(timeZone: string, calendar: BusinessCalendar | null): BusinessHours {
  if (calendar === null) return noBusinessHours;
  const name = JSON.stringify([timeZone, calendar]);
  const business = made.get(name) ?? createBusinessHours(timeZone, calendar);
  made.set(name, business);
  return business;
}

function createBusinessHours(timeZone: string, calendar: BusinessCalendar): BusinessHours {
  const lastYear = new Date().getUTCFullYear() + 10;
  const intervals = intervalsOf(timeZone, calendar, lastYear);
  // A day more at both ends, as UTC counts.
  const begin = Date.UTC(1999, 11, 31) * 1000;
  const end = Date.UTC(lastYear + 1, 0, 2) * 1000;
  const isCovered = (at: Instant) => at >= begin && at < end;
  const usedAt = (at: Instant) => {
    const interval = intervals.findLast(({ opensAt }) => opensAt < at);
    return interval === undefined ? 0 : interval.before + Math.min(at, interval.closesAt) - interval.opensAt;
  };
  return {
    hoursBetween: (from, to) => {
      if (to <= from) return 0;
      return isCovered(from) && isCovered(to) ? (usedAt(to) - usedAt(from)) / HOUR : null;
    },
    usedUpAt: (from, hours) => {
      if (!isCovered(from)) return null;
      const total = usedAt(from) + Math.round(hours * HOUR);
      const interval = intervals.findLast(({ before }) => before < total);
      const at = interval === undefined ? null : interval.opensAt + total - interval.before;
      return at === null || interval === undefined || at > interval.closesAt ? null : at;
    },
  };
}

function intervalsOf(timeZone: string, calendar: BusinessCalendar, lastYear: number): Interval[] {
  if (calendar.country !== 'NO') throw new Error(`the reference does not know the holidays of ${calendar.country}`);
  const closed = new Set(calendar.closed);
  const [opens = '', closes = ''] = calendar.hours.split('-');
  const days = daysBetween('2000-01-01', `${lastYear}-12-31`).filter((day) => {
    // 1970-01-01 was a Thursday.
    const weekday = ((Date.parse(day) / DAY_MS + 3) % 7) + 1;
    return calendar.weekdays.includes(weekday) && !closed.has(day) && !norwegianHolidays(day.slice(0, 4)).has(day);
  });
  let before = 0;
  return days.flatMap((day) => {
    const opensAt = localInstant(timeZone, `${day}T${opens}:00Z`);
    const closesAt = localInstant(timeZone, `${day}T${closes}:00Z`);
    // A day that a zone left out, or hours that its clocks jump over.
    if (opensAt.day !== day || opensAt.at >= closesAt.at) return [];
    const interval = { opensAt: opensAt.at, closesAt: closesAt.at, before };
    before += closesAt.at - opensAt.at;
    return [interval];
  });
}
