import type { Database } from '../postgres/pool.ts';
import { type Finding, finding } from './finding.ts';

/** An instant, and the date and time of day that Postgres shows for it, both in seconds since 1970. */
export type LocalTime = { seconds: number; local: number };

/** Schedules use the zone in Node, reports use it in Postgres; each has its own data of time zones. */
export async function checkTimeZone(database: Database, timezone: string): Promise<Finding> {
  const times = await database.$queryRaw<LocalTime[]>`
    select seconds, extract(epoch from to_timestamp(seconds) at time zone zone.name)::double precision as local
    from (select name from pg_catalog.pg_timezone_names where lower(name) = lower(${timezone}) limit 1) as zone
    cross join unnest(${nextMonths()}::double precision[]) as instant (seconds)`;
  return zoneFinding(timezone, times);
}

/** No times = Postgres does not know the zone. */
export function zoneFinding(timezone: string, times: readonly LocalTime[]): Finding {
  if (times.length === 0) {
    const message = `Postgres does not know the time zone ${timezone} of the configuration; use a name of pg_timezone_names`;
    return finding('time zone', 'problem', message);
  }
  const isEqual = times.every(({ seconds, local }) => local === localSeconds(seconds, timezone));
  if (isEqual) return finding('time zone', 'ok', `Postgres and Node agree on ${timezone}`);
  const message = `Postgres and Node disagree on the time of day in ${timezone} within the next two years, so days of reports and of schedules would differ; update the older one's time zone data`;
  return finding('time zone', 'warning', message);
}

/** An instant every 30 days for two years, in seconds since 1970: both sides of the known changes of clocks. */
function nextMonths(): number[] {
  const hour = 3600;
  const now = Math.floor(Date.now() / 1000 / hour) * hour;
  return Array.from({ length: 24 }, (_, month) => now + month * 30 * 24 * hour);
}

/** The date and time of day in the zone, in seconds as if it were UTC. */
function localSeconds(seconds: number, timeZone: string): number {
  const options = { timeZone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'medium' } as const;
  // The Swedish form is that of ISO 8601.
  return Date.parse(`${new Intl.DateTimeFormat('sv-SE', options).format(seconds * 1000).replace(' ', 'T')}Z`) / 1000;
}
