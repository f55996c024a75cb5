import type { Instant } from './instant.ts';

/** The days and months of a time zone, as ISO dates. */
export type Calendar = {
  dayOf: (instant: Instant) => string;
  /** The first day of its month. */
  monthOf: (instant: Instant) => string;
};

export function calendarOf(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const dayOf = (instant: Instant) => format.format(Math.floor(instant / 1000));
  return { dayOf, monthOf: (instant) => `${dayOf(instant).slice(0, 7)}-01` };
}

/** Every day from the first to the last, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  // Noon, in a zone whose days all have 24 hours.
  for (let noon = Date.parse(`${first}T12:00:00Z`); ; noon += 86_400_000) {
    const day = new Date(noon).toISOString().slice(0, 10);
    if (day > last) return days;
    days.push(day);
  }
}
