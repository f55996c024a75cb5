// Time zones and the instants at which their clocks change, for tests of schedules.
import fc from 'fast-check';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Beirut and Santiago change at midnight, Lord Howe by half an hour, Casablanca for a month, Kolkata never. */
const ZONES = [
  'Europe/Oslo',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Beirut',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kolkata',
  'UTC',
];
const FIRST_YEAR = Date.UTC(2024, 0, 1);

const formats = new Map(
  [...ZONES, 'Europe/Athens'].map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
);

/** The local date and time as ISO text. */
export const localTime = (timezone: string, instant: number): string => formats.get(timezone)?.format(instant) ?? '';

/** The instants in three years at which the zone's clocks change. */
function changesOf(timezone: string): number[] {
  const offset = (instant: number) => Date.parse(`${localTime(timezone, instant).replace(' ', 'T')}Z`) - instant;
  const stepsIn = (from: number, count: number, step: number) =>
    Array.from({ length: count }, (_, index) => from + index * step).filter((at) => offset(at) !== offset(at + step));
  return stepsIn(FIRST_YEAR, 3 * 365, DAY).flatMap((day) =>
    stepsIn(day, 48, 30 * MINUTE).map((at) => at + 30 * MINUTE),
  );
}

const changes = new Map(ZONES.map((timezone) => [timezone, changesOf(timezone)]));

/** A zone, and an instant at most `within` before or after a change of its clocks; any instant if it has none. */
export const nearChange = (within: number) =>
  fc.constantFrom(...ZONES).chain((timezone) => {
    const instants = changes.get(timezone) ?? [];
    return fc.record({
      timezone: fc.constant(timezone),
      instant: fc
        .tuple(
          fc.constantFrom(...(instants.length === 0 ? [FIRST_YEAR] : instants)),
          fc.integer({ min: -within, max: within }),
        )
        .map(([change, shift]) => change + shift),
    });
  });
