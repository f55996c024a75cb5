import { type Database, Prisma } from '../postgres/pool.ts';

/** Longer than Dintero repeats a delivery. */
const DELIVERY_DAYS = 7;

/**
 * Deletes expired rows: resolved rejected items, webhook deliveries, what was told, and finished runs except the newest of
 * each account, which `status` shows. A row is expired only if the clocks of the database and of this machine (`machineTime`)
 * agree on it: a wrong clock must not delete years of runs.
 */
export async function applyRetention(
  database: Database,
  { rejectedDays, runDays }: { rejectedDays: number; runDays: number },
  machineTime = new Date(),
): Promise<{ rejectedItems: number; runs: number }> {
  const today = Prisma.sql`least(now(), ${machineTime.toISOString()}::timestamptz)`;
  const rejectedItems = await database.$executeRaw`
    delete from cdd.rejected_items
    where resolved_at < ${today} - ${rejectedDays} * interval '1 day'`;
  await database.$executeRaw`
    delete from cdd.webhook_deliveries
    where received_at < ${today} - ${DELIVERY_DAYS} * interval '1 day'`;
  await database.$executeRaw`
    delete from cdd.notice_items
    where sent_at < ${today} - ${runDays} * interval '1 day'`;
  const runs = await database.$executeRaw`
    delete from cdd.sync_runs as run
    where run.finished_at < ${today} - ${runDays} * interval '1 day'
      and exists (
        select
        from cdd.sync_runs as newer_run
        where newer_run.account_id = run.account_id and newer_run.started_at > run.started_at
      )`;
  return { rejectedItems, runs };
}
