/** A point in time as whole microseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

const DATE_TIME = /^(\d{4,5}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([Zz]|[+-]\d\d:\d\d)(:\d\d)?$/;

/** Parses a date-time with an offset; null for any other text. */
export function parseInstant(text: string): Instant | null {
  const [, date, time, fraction = '', offset = '', seconds = ''] = DATE_TIME.exec(text) ?? [];
  if (date === undefined) return null;
  // Offsets of long ago have seconds, which Date cannot read.
  const shift = Number(`${offset.slice(0, 1)}${seconds.slice(1) || 0}`) || 0;
  return (
    Date.parse(`${date.length > 10 ? `+0${date}` : date}T${time}${offset}`) * 1000 -
    shift * SECOND +
    Number(fraction.padEnd(6, '0'))
  );
}

/**
 * Reads the time of a document: as UTC if it has no offset, and also if the offset has no colon. `isUsual` if it has both.
 * Null for any other text.
 */
export function readInstant(text: string): { at: Instant; isUsual: boolean } | null {
  const usual = parseInstant(text);
  const at = usual ?? parseInstant(`${text}Z`) ?? parseInstant(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return at === null ? null : { at, isUsual: usual !== null };
}

/** Formats an instant as a UTC date-time with microseconds. */
export function formatInstant(instant: Instant): string {
  const micros = ((instant % SECOND) + SECOND) % SECOND;
  const seconds = new Date((instant - micros) / 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(micros).padStart(6, '0')}Z`;
}

/** Hours from one instant to another, with fractions. */
export function hoursBetween(from: Instant, to: Instant): number {
  return (to - from) / HOUR;
}
