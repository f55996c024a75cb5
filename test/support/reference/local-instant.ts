import type { Instant } from './instant.ts';

const HOUR_MS = 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The time that a zone's clocks show, in whole seconds, as if it were UTC. */
export function clockOf(timeZone: string, at: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return Date.parse(`${format.format(at).replace(' ', 'T')}Z`);
}

/**
 * Finds the first instant at which a zone's clocks show a time, which is given as if it were UTC, and the day that they
 * show then. Where they never show it, the instant with the offset before the gap (RFC 5545).
 */
export function localInstant(timeZone: string, local: string): { at: Instant; day: string } {
  const wanted = Date.parse(local);
  const offsets = [-26, 0, 26].map((hours) => {
    const near = wanted + hours * HOUR_MS;
    return clockOf(timeZone, near) - near;
  });
  const shown = offsets.map((offset) => wanted - offset).filter((at) => clockOf(timeZone, at) === wanted);
  const at = shown.length > 0 ? Math.min(...shown) : wanted - Math.min(...offsets);
  return { at: at * 1000, day: new Date(clockOf(timeZone, at)).toISOString().slice(0, 10) };
}
