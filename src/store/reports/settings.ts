import { SyncError } from '../../model/sync-error.ts';
import type { Database, Transaction } from '../postgres/pool.ts';

/**
 * Tells the reports what the configuration says: the time zone of their days and months, and how many hours a case may
 * stay in a status. Another time zone than before has all roll-ups made anew.
 * @throws SyncError DATABASE when Postgres does not know the time zone.
 */
export async function applyReportSettings(
  database: Database,
  { timezone, statusTargets }: { timezone: string; statusTargets: Readonly<Record<string, number>> },
): Promise<void> {
  const targets = Object.entries(statusTargets);
  await database.transact(async (tx) => {
    await tx.$executeRaw`
      with wanted as (
        select status, target_hours
        from unnest(
          ${targets.map(([status]) => status)}::text[],
          ${targets.map(([, hours]) => hours)}::double precision[]
        ) as given (status, target_hours)
      ),
      dropped as (
        delete from cdd.status_targets
        where status not in (select status from wanted)
      )
      insert into cdd.status_targets as held (status, target_hours)
      select status, target_hours from wanted
      on conflict (status) do update
      set target_hours = excluded.target_hours
      where held.target_hours <> excluded.target_hours`;
    const changed = await tx.$executeRaw`
      update cdd.report_settings set timezone = ${timezone} where timezone <> ${timezone}`;
    if (changed === 0) return;
    await refuseUnknownZone(tx, timezone);
    // In the order in which cdd.roll_up takes its locks, lest the two wait for each other in a circle.
    await tx.$queryRaw`
      select pg_advisory_xact_lock(hashtextextended('cdd.roll_up ' || id, 0))::text from cdd.accounts order by id`;
    // Waits for batches under way: what they have noted is of the old zone's months.
    await tx.$executeRaw`lock table cdd.report_changes in share row exclusive mode`;
    await tx.$queryRaw`select cdd.rebuild_roll_ups(id)::text from cdd.accounts order by id`;
  });
}

async function refuseUnknownZone(tx: Transaction, timezone: string): Promise<void> {
  const [known] = await tx.$queryRaw<{ known: boolean }[]>`
    select exists (select from pg_catalog.pg_timezone_names where lower(name) = lower(${timezone})) as known`;
  if (known?.known) return;
  const message = `Postgres does not know the time zone ${timezone} that the configuration names; use one of pg_timezone_names.`;
  throw new SyncError('DATABASE', message);
}

/** Notes how long at most passes between two ticks of an account's schedule, by which the reports call it stale. */
export async function noteSchedules(
  database: Database,
  schedules: readonly { accountId: string; seconds: number }[],
): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts as held
    set schedule_seconds = given.seconds
    from unnest(
      ${schedules.map(({ accountId }) => accountId)}::text[],
      ${schedules.map(({ seconds }) => seconds)}::integer[]
    ) as given (account_id, seconds)
    where held.id = given.account_id and held.schedule_seconds is distinct from given.seconds`;
}
