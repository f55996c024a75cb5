import { randomUUID } from 'node:crypto';
import type { Ending, OpenRun, Progress, RunRow, RunTrigger } from '../../model/run.ts';
import { SyncError } from '../../model/sync-error.ts';
import { markMissing } from '../cases/missing.ts';
import { resolveRejected } from '../cases/rejected-items.ts';
import { type Database, Prisma, type Transaction } from '../postgres/pool.ts';
import { abandoned, fence } from './run-lock.ts';

const ABANDONED_MESSAGE =
  'The worker of this run gave no sign of life for longer than the lease; it was killed, or lost the database. What it saved stays, the next run completes it.';

/**
 * Opens a run and with it takes the account's lock; null while another run of the account lives. A run whose heartbeat
 * is older than the lease is declared abandoned first, after waiting for a batch that it may be committing.
 */
export async function openRun(
  database: Database,
  { accountId, trigger, leaseMs }: { accountId: string; trigger: RunTrigger; leaseMs: number },
): Promise<OpenRun | null> {
  const opened = await insertRun(database, accountId, trigger);
  if (opened !== null) return opened;
  const expired = await database.$executeRaw`
    update cdd.sync_runs
    set
      state = 'abandoned',
      finished_at = greatest(now(), started_at),
      error_code = 'ABANDONED',
      error_message = ${ABANDONED_MESSAGE}
    where account_id = ${accountId}
      and state = 'running'
      and heartbeat_at < now() - ${leaseMs} * interval '1 millisecond'`;
  return expired === 0 ? null : insertRun(database, accountId, trigger);
}

async function insertRun(database: Database, accountId: string, trigger: RunTrigger): Promise<OpenRun | null> {
  const [opened] = await database.$queryRaw<{ id: string; etag: string | null; etag_request: string | null }[]>`
    insert into cdd.sync_runs as run (account_id, id, trigger)
    values (${accountId}, ${randomUUID()}::uuid, ${trigger})
    on conflict (account_id) where state = 'running' do nothing
    returning
      run.id::text,
      (select etag from cdd.accounts where accounts.id = run.account_id) as etag,
      (select etag_request from cdd.accounts where accounts.id = run.account_id) as etag_request`;
  if (opened === undefined) return null;
  const { id, etag, etag_request: request } = opened;
  return { accountId, id, etag: etag !== null && request !== null ? { value: etag, request } : null };
}

/** Shows that the run lives, and how far it is. False when it is no longer running: somebody declared it abandoned. */
export async function beat(database: Database, run: OpenRun, progress: Progress): Promise<boolean> {
  const beaten = await database.$executeRaw`
    update cdd.sync_runs
    set
      heartbeat_at = greatest(now(), heartbeat_at),
      ${counters(progress)}
    where account_id = ${run.accountId} and id = ${run.id}::uuid and state = 'running'`;
  return beaten === 1;
}

/**
 * Forgets the account's etag. Has to happen before the first batch of a list is saved: a run that breaks off leaves
 * something of the new list behind, and should the API go back to the old one, its 304 would hide that for ever.
 */
export async function forgetEtag(database: Database, accountId: string): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts
    set etag = null, etag_request = null
    where id = ${accountId} and etag is not null`;
}

/**
 * Closes a run whose list was read, together with what follows from the list being whole.
 * @throws SyncError ABANDONED when the run is no longer running; then nothing of this is written.
 */
export async function closeRun(
  database: Database,
  run: OpenRun,
  { ending, progress }: { ending: Ending; progress: Progress },
): Promise<RunRow> {
  return database.transact(async (tx) => {
    const missing = await recordMissing(tx, run, ending.missing);
    const state = progress.itemsRejected > 0 || ending.missingHeldBack > 0 ? 'partial' : 'succeeded';
    const [closed] = await tx.$queryRaw<RunRow[]>`
      with closed as (
        ${ended(
          run,
          Prisma.sql`
          state = ${state},
          complete = ${!ending.notModified},
          not_modified = ${ending.notModified},
          cases_missing = ${missing},
          missing_held_back = ${ending.missingHeldBack},
          error_code = ${ending.error?.code ?? null},
          error_message = ${ending.error?.message ?? null},
          ${counters(progress)}`,
        )}
      ),
      noted as (
        update cdd.accounts
        set
          last_success_at = closed.finished_at,
          etag = ${ending.etag?.value ?? null},
          etag_request = ${ending.etag?.request ?? null}
        from closed
        where accounts.id = closed.account_id and closed.state = 'succeeded'
      )
      select ${runColumns} from closed`;
    if (closed === undefined) throw abandoned(run.accountId);
    if (ending.unfiltered && !ending.notModified) await resolveRejected(tx, run.accountId, ending.rejected);
    return closed;
  });
}

async function recordMissing(tx: Transaction, { accountId, id: runId }: OpenRun, ids: string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const recordedAt = await fence(tx, { accountId, runId });
  return markMissing(tx, ids, { accountId, runId, recordedAt });
}

/** Closes a run as failed. A run that was declared abandoned meanwhile stays so. */
export async function failRun(
  database: Database,
  run: OpenRun,
  { error, progress }: { error: SyncError; progress: Progress },
): Promise<RunRow> {
  const failed = Prisma.sql`
    state = 'failed',
    error_code = ${error.code},
    error_message = ${error.message},
    ${counters(progress)}`;
  await database.$executeRaw(ended(run, failed));
  const [row] = await database.$queryRaw<RunRow[]>`
    select ${runColumns}
    from cdd.sync_runs
    where account_id = ${run.accountId} and id = ${run.id}::uuid`;
  if (row !== undefined) return row;
  const message = `${run.accountId}: the row of run ${run.id} is gone; was cdd.sync_runs emptied by hand?`;
  throw new SyncError('DATABASE', message);
}

/** Ends the run, if it is still running; gives its row. */
function ended(run: OpenRun, changes: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    update cdd.sync_runs
    set
      finished_at = greatest(now(), started_at),
      heartbeat_at = greatest(now(), heartbeat_at),
      ${changes}
    where account_id = ${run.accountId} and id = ${run.id}::uuid and state = 'running'
    returning *`;
}

/** The columns of cdd.sync_runs in the order people read them; whole numbers fit a JS number. */
const runColumns = Prisma.sql`
  id::text, account_id, trigger, state, started_at, heartbeat_at, finished_at, complete, not_modified, cases_seen,
  cases_created, cases_updated, cases_unchanged, cases_missing, cases_returned, missing_held_back, events_recorded,
  transitions_recorded, items_rejected, bytes_read::double precision, requests, retries, error_code, error_message`;

function counters(progress: Progress): Prisma.Sql {
  return Prisma.sql`
    cases_seen = ${progress.casesCreated + progress.casesUpdated + progress.casesUnchanged},
    cases_created = ${progress.casesCreated},
    cases_updated = ${progress.casesUpdated},
    cases_unchanged = ${progress.casesUnchanged},
    cases_returned = ${progress.casesReturned},
    events_recorded = ${progress.eventsRecorded},
    transitions_recorded = ${progress.transitionsRecorded},
    items_rejected = ${progress.itemsRejected},
    bytes_read = ${progress.bytesRead},
    requests = ${progress.requests},
    retries = ${progress.retries}`;
}
