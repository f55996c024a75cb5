const DAY_MS = 86_400_000;
const FIXED = ['01-01', '05-01', '05-17', '12-25', '12-26'];
/** Days from Easter Sunday: Thursday and Friday before it, the Monday after it, Ascension, Whit Sunday and Monday. */
const MOVABLE = [-3, -2, 0, 1, 39, 49, 50];

const known = new Map<string, Set<string>>();

/** The public holidays of Norway in a year, as ISO dates (lov om 1. og 17. mai; helligdagsfredloven). */
export function norwegianHolidays(year: string): Set<string> {
  const existing = known.get(year);
  if (existing !== undefined) return existing;
  const easter = easterOf(Number(year));
  const holidays = new Set([
    ...FIXED.map((day) => `${year}-${day}`),
    ...MOVABLE.map((days) => new Date(easter + days * DAY_MS).toISOString().slice(0, 10)),
  ]);
  known.set(year, holidays);
  return holidays;
}

/** Easter Sunday, at midnight UTC: Gauss' algorithm for 1900 to 2099. */
function easterOf(year: number): number {
  const d = (19 * (year % 19) + 24) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7;
  const days = d + e;
  // Two exceptions: 19 April for the 26th, and 18 April for the 25th in some years.
  const isTooLate = days === 35 || (d === 28 && e === 6 && (11 * 24 + 11) % 30 < 19);
  return Date.UTC(year, 2, 22) + (isTooLate ? days - 7 : days) * DAY_MS;
}
