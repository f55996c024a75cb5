import type { Database, Transaction } from '../postgres/pool.ts';
import { HOLIDAYS_VERSION, type PublicHoliday, publicHolidays } from './public-holidays.ts';

/** Business hours, as configured: `hours` is `HH:MM-HH:MM`, `closed` has ISO dates, 1 is Monday. */
export type BusinessCalendar = {
  country: string;
  weekdays: readonly number[];
  hours: string;
  closed: readonly string[];
};

/** The calendar begins where plausible times do. */
const FIRST_YEAR = 2000;
/** A target's due time may lie that far ahead. */
const YEARS_AHEAD = 10;

/** A calendar that cdd.business_days does not have yet. */
export type NewCalendar = { calendar: BusinessCalendar; madeFrom: string; lastYear: number; holidays: PublicHoliday[] };

/** Returns the calendar with its holidays if cdd.business_days has another one, or ends too early; otherwise null. */
export async function newCalendar(
  database: Database,
  { timezone, calendar }: { timezone: string; calendar: BusinessCalendar },
): Promise<NewCalendar | null> {
  const lastYear = new Date().getUTCFullYear() + YEARS_AHEAD;
  const inputs = JSON.stringify({ timezone, ...calendar, lastYear, holidays: HOLIDAYS_VERSION });
  // Another version of Postgres may know other clock changes.
  const [row] = await database.$queryRaw<{ madeFrom: string; isMade: boolean }[]>`
    select wanted.made_from as "madeFrom", wanted.made_from = coalesce(business_days_made_from, '') as "isMade"
    from cdd.report_settings
    cross join lateral (select ${inputs} || current_setting('server_version') as made_from) as wanted`;
  if (row === undefined || row.isMade) return null;
  const holidays = await publicHolidays(calendar.country, FIRST_YEAR, lastYear);
  return { calendar, madeFrom: row.madeFrom, lastYear, holidays };
}

/** Writes a calendar, in the transaction that saves the time zone. */
export async function saveCalendar(
  tx: Transaction,
  { calendar, madeFrom, lastYear, holidays }: NewCalendar,
): Promise<void> {
  const [opens = '', closes = ''] = calendar.hours.split('-');
  const changed = await tx.$executeRaw`
    update cdd.report_settings
    set
      business_country = ${calendar.country},
      business_weekdays = ${calendar.weekdays}::smallint[],
      business_opens = ${opens}::time,
      business_closes = ${closes}::time,
      business_closed = ${calendar.closed}::date[],
      business_days_made_from = ${madeFrom}
    where business_days_made_from is distinct from ${madeFrom}`;
  // Another process made the same one meanwhile.
  if (changed === 0) return;
  await tx.$queryRaw`
    select cdd.make_business_days(
      ${holidays.map(([day]) => day)}::date[],
      ${holidays.map(([, name]) => name)}::text[],
      make_date(${FIRST_YEAR}, 1, 1),
      make_date(${lastYear}::integer, 12, 31)
    )::text`;
}
