import type { Database } from '../../src/store/postgres/pool.ts';

/** Moves the heartbeats of running runs back by a day, as if their workers had died. */
export async function expireHeartbeats(database: Database): Promise<void> {
  await database.$executeRaw`
    update cdd.sync_runs
    set started_at = started_at - interval '2 days', heartbeat_at = heartbeat_at - interval '1 day'
    where state = 'running'`;
}
