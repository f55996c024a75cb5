import type { RunRow } from '../../model/run.ts';
import type { Database } from '../postgres/pool.ts';
import { refreshStatistics } from './planner-statistics.ts';

/**
 * Updates the planner's statistics and the roll-ups after a run. Never rejects, because the run itself is saved. If it
 * fails, the next run is slower without statistics, and makes the missing roll-ups. Until then `reporting.data_quality`
 * reports them as behind.
 */
export async function updateReports(database: Database, row: RunRow): Promise<void> {
  await refreshStatistics(database, row).catch(ignore);
  await rollUp(database, row.account_id).catch(ignore);
}

/** Updates the roll-ups of an account for all changes since the last time. */
export async function rollUp(database: Database, accountId: string): Promise<void> {
  await database.$queryRaw`select cdd.roll_up(${accountId})::text`;
}

function ignore(): void {}
