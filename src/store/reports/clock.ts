import type { Clock } from '../../model/time-text.ts';
import type { Database } from '../postgres/pool.ts';
import { onlyRow } from '../postgres/query.ts';

/** The database's time now, and the zone of the reports: the configuration's, as a worker or a sync saved it last. */
export async function readClock(database: Database): Promise<Clock> {
  return onlyRow(
    await database.$queryRaw<Clock[]>`
      select clock_timestamp() as now, timezone from cdd.report_settings`,
  );
}
