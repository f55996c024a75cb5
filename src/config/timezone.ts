import { z } from 'zod';
import { mustBe } from './must-be.ts';
import { closestMatch } from './spelling.ts';

const CITY = 'name a city, such as Europe/Oslo';
/**
 * Names without a city that Node and Postgres read alike. Others differ: for Postgres, CET is an hour ahead of UTC in
 * summer too, and IST is in Israel.
 */
const WITHOUT_CITY = /^(UTC|GMT|UCT|Zulu|EST|MST|HST|GB|NZ|PRC|ROC|ROK|Cuba|Eire|Iran)$/i;
const ABBREVIATION = /^[A-Z]{1,5}$/i;

const timezoneRule = mustBe('the name of a time zone, such as Europe/Oslo or UTC', timezoneHint);

/** A time zone that both Intl and Postgres know by name. */
export const timezone = z.string(timezoneRule).refine(isTimezone, timezoneRule);

function isTimezone(name: string): boolean {
  // Intl accepts offsets such as +02:00, but Postgres, which computes the days, reads them with the opposite sign.
  if (!/^[A-Za-z]/.test(name) || isAbbreviation(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Intl also knows Japan, Turkey and other names of one word. */
function isAbbreviation(name: string): boolean {
  return ABBREVIATION.test(name) && !WITHOUT_CITY.test(name) && name.toLowerCase() !== 'japan';
}

function timezoneHint(input: unknown): string {
  if (typeof input !== 'string') return '';
  const name = input.trim();
  if (/^(UTC|GMT|Etc\/)?\s*[+-]?\d/i.test(name)) return `an offset has no summer time; ${CITY}`;
  if (/Standard Time$/i.test(name)) return `names of Windows are not known; ${CITY}`;
  const zones = Intl.supportedValuesOf('timeZone');
  const city = name.toLowerCase().replaceAll(' ', '_');
  const found = zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? null;
  const closest = found ?? closestMatch(name, zones);
  if (closest !== null) return `did you mean ${closest}?`;
  return ABBREVIATION.test(name) ? `abbreviations are ambiguous; ${CITY}` : '';
}
