import type { Micros } from '../../model/case.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,30})?(?:[Zz]|[+-]\d\d:\d\d)$/;

const DAY_SECONDS = 86_400;
/** The calendar repeats every 400 years. Years are shifted by 400, because `Date.UTC` maps years below 100 to 1900. */
const CYCLE_SECONDS = 146_097 * DAY_SECONDS;
/** Postgres refuses offsets of 16 hours or more. */
const OFFSET_MINUTES_END = 16 * 60;
const FIRST_SECOND = -62_135_596_800;
const END_SECOND = 253_402_300_800;
/** The greatest double before the year 10000, so that rounding cannot reach that year. */
const LAST_MICROS = END_SECOND * 1_000_000 - 32;

/**
 * Parses an RFC 3339 date-time to microseconds since 1970, with the rules of Postgres: fractions beyond six digits round
 * half to even, and second 60 is the start of the next minute. Returns null for other text, for times that Postgres
 * refuses, and for times outside the years 1 to 9999 in UTC. Exact from 1685 to 2254; outside, doubles are 2 to 32 µs
 * apart.
 */
export function parseTime(text: string): Micros | null {
  if (!DATE_TIME.test(text)) return null;
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const shiftedYear = digits(text, 0, 4) + 400;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return null;
  if (day > 28 && day > daysInMonth(shiftedYear, month)) return null;
  const offset = offsetMinutes(text);
  if (offset === null) return null;
  const local = Date.UTC(shiftedYear, month - 1, day, hour, minute, second) / 1000 - CYCLE_SECONDS;
  const fraction = fractionMicros(text);
  const seconds = local - offset * 60 + (fraction === 1_000_000 ? 1 : 0);
  if (seconds < FIRST_SECOND || seconds >= END_SECOND) return null;
  return Math.min(seconds * 1_000_000 + (fraction % 1_000_000), LAST_MICROS);
}

/** Whether it is a date-time that `parseTime` reads. */
export function isTime(text: string): boolean {
  return parseTime(text) !== null;
}

/** The text with a colon before its last two characters, which makes `+02:00` of an offset `+0200`. */
export function withColonInOffset(text: string): string {
  return `${text.slice(0, -2)}:${text.slice(-2)}`;
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let index = from; index < to; index += 1) value = value * 10 + text.charCodeAt(index) - 48;
  return value;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function offsetMinutes(text: string): number | null {
  if (/[Zz]$/.test(text)) return 0;
  const hours = digits(text, text.length - 5, text.length - 3);
  const minutes = digits(text, text.length - 2, text.length);
  const total = hours * 60 + minutes;
  if (minutes > 59 || total >= OFFSET_MINUTES_END) return null;
  return text.charAt(text.length - 6) === '-' ? -total : total;
}

function fractionMicros(text: string): number {
  // parseFloat stops at the offset; without a fraction it reads only the 0. Postgres multiplies the double too, and not
  // the digits.
  const micros = Number.parseFloat(`0${text.slice(19)}`) * 1_000_000;
  const floor = Math.floor(micros);
  if (micros - floor !== 0.5) return Math.round(micros);
  return floor % 2 === 0 ? floor : floor + 1;
}
