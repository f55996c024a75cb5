/** A point in time as whole microseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const SECOND = 1_000_000;
export const HOUR = 3600 * SECOND;

const WRITTEN = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([Zz]|[+-]\d\d:\d\d)$/;

/** Null for a text that is no date-time with an offset. */
export function instantOf(text: string): Instant | null {
  const [, date, time, fraction = '', offset] = WRITTEN.exec(text) ?? [];
  if (date === undefined) return null;
  return Date.parse(`${date}T${time}${offset}`) * 1000 + Number(fraction.padEnd(6, '0'));
}

/** The same in UTC, to the microsecond. */
export function writtenOf(instant: Instant): string {
  const micros = ((instant % SECOND) + SECOND) % SECOND;
  const seconds = new Date((instant - micros) / 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(micros).padStart(6, '0')}Z`;
}

export function hoursBetween(from: Instant, to: Instant): number {
  return (to - from) / HOUR;
}
