import type { Instant } from './instant.ts';

/** Days and months of a time zone, as ISO dates. */
export type Calendar = {
  dayOf: (instant: Instant) => string;
  /** First day of the month. */
  monthOf: (instant: Instant) => string;
};

/** Creates the calendar of an IANA time zone. */
export function createCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const dayOf = (instant: Instant) => format.format(Math.floor(instant / 1000));
  return { dayOf, monthOf: (instant) => `${dayOf(instant).slice(0, 7)}-01` };
}

/** Lists the days from the first to the last, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  // In UTC every day has 24 hours; noon is far from any rounding.
  for (let noon = Date.parse(`${first}T12:00:00Z`); ; noon += 86_400_000) {
    const day = new Date(noon).toISOString().slice(0, 10);
    if (day > last) return days;
    days.push(day);
  }
}
