import type { PgBoss } from 'pg-boss';

/** Longer than any wait of a job (15 minutes, of a delivery), so that only a clock that was ahead can have given a later time. */
const LONGEST_WAIT = `interval '20 minutes'`;

/**
 * Moves times that lie in the future to now: of jobs that wait for another try, of heartbeats of jobs with a dead
 * replica, and of the queue's own rounds, which find those jobs. The database's clock was ahead when they were written.
 * Until the clock gets there, such a job would keep its account from being read.
 */
export async function endFutureWaits(
  db: Pick<ReturnType<PgBoss['getDb']>, 'executeSql'>,
  schema: string,
): Promise<void> {
  const dueNow = (column: string) =>
    `${column} = case when ${column} > now() + ${LONGEST_WAIT} then now() else ${column} end`;
  await db.executeSql(`
    update ${schema}.job
    set ${dueNow('start_after')}, ${dueNow('started_on')}, ${dueNow('heartbeat_on')}
    where state in ('created', 'retry', 'active')
      and greatest(start_after, started_on, heartbeat_on) > now() + ${LONGEST_WAIT}`);
  await db.executeSql(`
    update ${schema}.queue
    set ${dueNow('monitor_claim_on')}, ${dueNow('maintain_on')}
    where greatest(monitor_claim_on, maintain_on) > now() + ${LONGEST_WAIT}`);
}
