import { age, type Clock, shortTime } from '../../model/time-text.ts';

/** `14:05 (12 min ago)`, of another day `3 Nov 14:05 (2 days ago)`, in the configured zone; `–` for no time. */
export function timeText(at: Date | null, clock: Clock): string {
  return at === null ? '–' : `${shortTime(at, clock)} (${age(at, clock)})`;
}

/** `2026-11-03 14:05:09+01:00`: the whole time in the zone, for lists and for copying. */
export function instantText(at: Date, timezone: string): string {
  const parts = formatterOf(timezone).formatToParts(at);
  const part = new Map(parts.map(({ type, value }): [string, string] => [type, value]));
  const day = ['year', 'month', 'day'].map((name) => part.get(name)).join('-');
  const time = ['hour', 'minute', 'second'].map((name) => part.get(name)).join(':');
  const offset = (part.get('timeZoneName') ?? '').replace(/^GMT/, '') || '+00:00';
  return `${day} ${time}${offset}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Kept: one takes 50 µs to make. */
function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known =
    formatters.get(timezone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'longOffset',
    });
  formatters.set(timezone, known);
  return known;
}
