// The daily work of the worker.
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { outageKind } from '../store/postgres/outages.ts';
import type { Database } from '../store/postgres/pool.ts';
import { extendCalendar } from '../store/reports/settings.ts';
import { applyRetention } from '../store/runs/retention.ts';
import { runAtTimes } from './schedule.ts';

const RETENTION_SCHEDULE = '17 3 * * *';
const CALENDAR_SCHEDULE = '47 3 * * *';

/** Deletes expired records once a day. Returns a function that stops this. */
export function scheduleRetention(
  { retention, timezone }: Pick<Config, 'retention' | 'timezone'>,
  { database, log }: { database: Database; log: Log },
): () => void {
  const deleteExpired = async (): Promise<void> => {
    try {
      const deleted = await applyRetention(database, retention);
      if (deleted.rejectedItems + deleted.runs > 0) log.info(deleted, 'deleted records older than their retention');
    } catch (err) {
      const level = outageKind(err) === null ? 'error' : 'debug';
      log[level]({ err }, 'deleting old records failed; it is tried again tomorrow');
    }
  };
  return runAtTimes({ schedule: RETENTION_SCHEDULE, timezone }, () => void deleteExpired());
}

/** Extends the calendar of business hours in time. Returns a function that stops this. */
export function scheduleCalendar(config: Config, { database, log }: { database: Database; log: Log }): () => void {
  const extend = async (): Promise<void> => {
    try {
      await extendCalendar(database, config);
    } catch (err) {
      const level = outageKind(err) === null ? 'error' : 'debug';
      log[level]({ err }, 'extending the calendar of business hours failed; it is tried again tomorrow');
    }
  };
  return runAtTimes({ schedule: CALENDAR_SCHEDULE, timezone: config.timezone }, () => void extend());
}
