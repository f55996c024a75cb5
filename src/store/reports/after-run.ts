import type { RunRow } from '../../model/run.ts';
import type { Database } from '../postgres/pool.ts';
import { LOOKED_INTO, ROLLED_UP, refreshStatistics } from './planner-statistics.ts';

/**
 * Tells the planner of an account that has grown, and brings the reports up to what a run saved. Never rejects: without
 * statistics the next run is slower, not wrong, and it makes the roll-ups that are lacking; until then
 * `reporting.data_quality` says that they are behind.
 */
export async function followUp(database: Database, row: RunRow): Promise<void> {
  await refreshStatistics(database, ROLLED_UP, row).catch(ignore);
  await Promise.all([
    rollUp(database, row.account_id).catch(ignore),
    refreshStatistics(database, LOOKED_INTO, row).catch(ignore),
  ]);
}

/** Makes the reports' roll-ups of an account again where its tables have changed since they were made. */
export async function rollUp(database: Database, accountId: string): Promise<void> {
  await database.$queryRaw`select cdd.roll_up(${accountId})::text`;
}

function ignore(): void {}
