import { counted } from './counted.ts';

/** The present, and the zone in which times are shown. */
export type Clock = { now: Date; timezone: string };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `3 Nov 2026 09:12`. */
export function dayAndTimeText(at: Date, { timezone }: Clock): string {
  return `${formatter(timezone, 'day').format(at)} ${formatter(timezone, 'time').format(at)}`;
}

/** The full time with its zone: `3 Nov 2026, 14:05:09 CET`. */
export function fullTime(at: Date, { timezone }: Clock): string {
  return formatter(timezone, 'full').format(at);
}

/** `just now`, `12 min ago`, `in 3 min`, `2 days ago`. */
export function age(at: Date, { now }: Clock): string {
  const ms = now.getTime() - at.getTime();
  const size = Math.abs(ms);
  if (size < MINUTE_MS / 2) return 'just now';
  const words = sizeInWords(size);
  return ms > 0 ? `${words} ago` : `in ${words}`;
}

/** A day that Postgres printed (`select day::text`), such as 2026-11-03, as `3 Nov 2026`. */
export function dayText(day: string): string {
  return formatter('UTC', 'day').format(new Date(`${day}T00:00:00Z`));
}

/** The month of such a day: `November 2026`. */
export function monthText(day: string): string {
  return formatter('UTC', 'month').format(new Date(`${day.slice(0, 7)}-01T00:00:00Z`));
}

function sizeInWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 60) return `${Math.max(minutes, 1)} min`;
  if (ms < 36 * HOUR_MS) return `${Math.round(ms / HOUR_MS)} h`;
  const days = Math.round(ms / DAY_MS);
  return days < 60 ? counted(days, 'day') : counted(Math.round(days / 30.44), 'month');
}

/** `14:05`, `3 Nov 14:05` or `3 Nov 2025`, as plain text. */
export function shortTime(at: Date, { now, timezone }: Clock): string {
  const day = formatter(timezone, 'day');
  const time = formatter(timezone, 'time').format(at);
  if (day.format(at) === day.format(now)) return time;
  const isThisYear = formatter(timezone, 'year').format(at) === formatter(timezone, 'year').format(now);
  return isThisYear ? `${formatter(timezone, 'dayOfYear').format(at)} ${time}` : day.format(at);
}

const forms = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  dayOfYear: { day: 'numeric', month: 'short' },
  month: { month: 'long', year: 'numeric' },
  year: { year: 'numeric' },
  full: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A formatter takes 50 µs to make, and a page shows hundreds of times. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timezone: string, form: keyof typeof forms): Intl.DateTimeFormat {
  const key = `${form} ${timezone}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...forms[form], timeZone: timezone });
  formatters.set(key, known);
  return known;
}
