import type { DueTimes, Schedule } from '../../model/due-times.ts';
import {
  counterColumns,
  failureColumns,
  type OpenRun,
  type Progress,
  type RunResult,
  type RunRow,
  resultColumns,
} from '../../model/run.ts';
import { SyncError } from '../../model/sync-error.ts';
import { setMissing } from '../cases/missing.ts';
import { resolveUnlistedItems } from '../cases/rejected-items.ts';
import { type Database, Prisma, type Transaction } from '../postgres/pool.ts';
import { etagColumns } from './list-etag.ts';
import { abandonedError, lockRun } from './run-lock.ts';

/**
 * Saves a heartbeat and the run's progress. False when another worker has declared the run abandoned. Also moves the
 * slots without an open batch, so that `reporting.known_until()` goes on while the run reads and saves nothing.
 */
export async function saveHeartbeat(database: Database, run: OpenRun, progress: Progress): Promise<boolean> {
  const updated = await database.$executeRaw`
    with moved_slots as (
      update cdd.batch_slots as moved
      set recorded_at = greatest(
        now(),
        moved.recorded_at,
        (select max(recorded_at) from cdd.batch_slots)
      )
      from (
        select account_id, slot
        from cdd.batch_slots
        where account_id = ${run.accountId}
        for update skip locked
      ) as free_slot
      where moved.account_id = free_slot.account_id and moved.slot = free_slot.slot
    )
    update cdd.sync_runs
    set
      started_at = least(started_at, now()),
      heartbeat_at = now(),
      ${assignments(counterColumns(progress))}
    where account_id = ${run.accountId} and id = ${run.id}::uuid and state = 'running'`;
  return updated === 1;
}

/** A run that is being closed, and its account's schedule; null when the account is not fresh, or has none yet. */
type ClosedRow = RunRow & { schedule: string | null; schedule_timezone: string | null };

/**
 * Closes a run after its whole list was read: marks missing cases, adds the run's link to the digest chain, resolves
 * rejected items, saves the etag and when the next success is due. The account is fresh then, unless so many cases are
 * gone that the list is not believed.
 * @throws SyncError ABANDONED when the run is no longer running; then nothing is written.
 */
export async function closeRun(
  database: Database,
  run: OpenRun,
  { result, progress }: { result: RunResult; progress: Progress },
  dueTimesAfter: (schedule: Schedule, lastSuccessAt: Date) => DueTimes,
): Promise<RunRow> {
  return database.transact(async (tx) => {
    const missing = await recordMissing(tx, run, result.missing);
    await recordLabel(tx, run);
    const [row] = await tx.$queryRaw<ClosedRow[]>`
      with closed_run as (
        ${endRun(run, assignments({ ...resultColumns(result, progress), cases_missing: missing }))}
      ),
      updated_account as (
        update cdd.accounts
        set
          last_success_at = closed_run.finished_at,
          first_read_at = coalesce(accounts.first_read_at, closed_run.finished_at),
          ${etagColumns(result)},
          etag_run_id = closed_run.id
        from closed_run
        where accounts.id = closed_run.account_id
          and closed_run.error_code is distinct from 'MASS_DISAPPEARANCE'
        returning accounts.schedule, accounts.schedule_timezone
      )
      select ${runColumns}, schedule, schedule_timezone
      from closed_run
      left join updated_account on true`;
    if (row === undefined) throw abandonedError(run.accountId);
    await tx.$executeRaw`select cdd.link_run(${run.accountId}, ${run.id}::uuid)`;
    const { schedule, schedule_timezone: timezone, ...closed } = row;
    if (schedule !== null && timezone !== null && closed.finished_at !== null) {
      await saveDueTimes(tx, run.accountId, dueTimesAfter({ schedule, timezone }, closed.finished_at));
    }
    if (result.unfiltered && !result.notModified) await resolveUnlistedItems(tx, run.accountId, result.rejected);
    return closed;
  });
}

async function saveDueTimes(tx: Transaction, accountId: string, { nextDueAt, staleAt }: DueTimes): Promise<void> {
  await tx.$executeRaw`
    update cdd.accounts
    set next_due_at = ${nextDueAt.toISOString()}::timestamptz, stale_at = ${staleAt.toISOString()}::timestamptz
    where id = ${accountId}`;
}

async function recordMissing(tx: Transaction, { accountId, id: runId }: OpenRun, ids: string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { recordedAt } = await lockRun(tx, { accountId, runId });
  return setMissing(tx, ids, true, { accountId, runId, recordedAt });
}

/**
 * Shows a new label in the reports on cases. Not when it is saved: an incremental reader could have passed the time of
 * that transaction before it is committed. It cannot pass a time of a running run.
 */
async function recordLabel(tx: Transaction, { accountId, id: runId, isRenamed }: OpenRun): Promise<void> {
  if (!isRenamed) return;
  const { recordedAt } = await lockRun(tx, { accountId, runId });
  await tx.$executeRaw`
    update cdd.accounts
    set reported_label = label, label_changed_at = ${recordedAt}::timestamptz
    where id = ${accountId}`;
}

/** Closes a run as failed, with the link of its batches. A run that was declared abandoned meanwhile stays abandoned. */
export async function failRun(
  database: Database,
  run: OpenRun,
  { error, progress }: { error: SyncError; progress: Progress },
): Promise<RunRow> {
  await database.$executeRaw`
    with failed_run as (
      ${endRun(run, assignments(failureColumns(error, progress)))}
    )
    select cdd.link_run(account_id, id)
    from failed_run`;
  const [row] = await database.$queryRaw<RunRow[]>`
    select ${runColumns}
    from cdd.sync_runs
    where account_id = ${run.accountId} and id = ${run.id}::uuid`;
  if (row !== undefined) return row;
  const message = `${run.accountId}: the row of run ${run.id} is gone; was cdd.sync_runs emptied by hand?`;
  throw new SyncError('DATABASE', message);
}

/** Updates a run that is still running; returns its row. */
function endRun(run: OpenRun, changes: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    update cdd.sync_runs
    set
      started_at = least(started_at, now()),
      finished_at = now(),
      heartbeat_at = now(),
      ${changes}
    where account_id = ${run.accountId} and id = ${run.id}::uuid and state = 'running'
    returning *`;
}

/** The columns of cdd.sync_runs in reading order, as JavaScript has them: `bytes_read` as a number. */
const runColumns = Prisma.sql`
  id::text, account_id, trigger, state, started_at, heartbeat_at, finished_at, complete, not_modified, cases_seen,
  cases_created, cases_updated, cases_unchanged, cases_missing, cases_returned, missing_held_back, events_recorded,
  transitions_recorded, items_rejected, bytes_read::double precision, requests, retries, error_code, error_message`;

/** The names become part of the statement: never pass input. */
function assignments(columns: Partial<RunRow>): Prisma.Sql {
  return Prisma.join(Object.entries(columns).map(([name, value]) => Prisma.sql`${Prisma.raw(name)} = ${value}`));
}
