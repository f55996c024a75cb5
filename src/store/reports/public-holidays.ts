import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import packageJson from 'date-holidays/package.json' with { type: 'json' };

/** A public holiday: ISO date and name in the country's language. */
export type PublicHoliday = [day: string, name: string];

/** The library's version, because another one may know other holidays. */
export const HOLIDAYS_VERSION = packageJson.version;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Returns the public holidays of a country, such as NO, or of a part of one, such as DE-BY. A process of its own computes
 * them: the library takes 60 MB, which a worker would keep.
 */
export async function publicHolidays(country: string, firstYear: number, lastYear: number): Promise<PublicHoliday[]> {
  const program = fileURLToPath(import.meta.url);
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, country, String(firstYear), String(lastYear)],
    options,
  );
  return JSON.parse(stdout);
}

async function computeHolidays(country: string, firstYear: number, lastYear: number): Promise<PublicHoliday[]> {
  const { default: Holidays } = await import('date-holidays');
  const [code = '', state, region] = country.split('-');
  const library = new Holidays(
    { country: code, ...(state && { state }), ...(region && { region }) },
    { types: ['public'] },
  );
  const years = Array.from({ length: lastYear - firstYear + 1 }, (_, index) => firstYear + index);
  return years
    .flatMap((year) => library.getHolidays(year))
    .flatMap(({ date, start, end, name }) =>
      wholeDays(date, end.getTime() - start.getTime()).map((day): PublicHoliday => [day, name]),
    );
}

/** The days that a holiday covers from midnight to midnight. Half a day closes nothing. */
function wholeDays(begin: string, duration: number): string[] {
  const [day = '', time = ''] = begin.split(' ');
  if (!time.startsWith('00:00')) return [];
  // A day of a clock change has 23 hours.
  const count = Math.floor((duration + HOUR_MS) / DAY_MS);
  const noon = Date.parse(`${day}T12:00:00Z`);
  return Array.from({ length: count }, (_, index) => new Date(noon + index * DAY_MS).toISOString().slice(0, 10));
}

if (import.meta.main) {
  const [country = '', firstYear, lastYear] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await computeHolidays(country, Number(firstYear), Number(lastYear))));
}
