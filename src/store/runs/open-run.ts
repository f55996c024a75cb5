import { randomUUID } from 'node:crypto';
import type { OpenRun, RunTrigger } from '../../model/run.ts';
import type { Database } from '../postgres/pool.ts';

const ABANDONED_MESSAGE =
  'The worker of this run gave no sign of life for longer than the lease; it was killed, or lost the database. What it saved stays, the next run completes it.';

/**
 * Opens a run, which locks the account; null while another run of the account is alive. Takes over from a dead run, one
 * without a heartbeat for longer than the lease.
 */
export async function openRun(
  database: Database,
  { accountId, trigger, leaseMs }: { accountId: string; trigger: RunTrigger; leaseMs: number },
): Promise<OpenRun | null> {
  const opened = await insertRun(database, accountId, trigger);
  if (opened !== null) return opened;
  return (await abandonDeadRun(database, accountId, leaseMs)) ? insertRun(database, accountId, trigger) : null;
}

/** Waits for a batch that the run is committing: batches lock the row of their run (run-lock.ts). */
async function abandonDeadRun(database: Database, accountId: string, leaseMs: number): Promise<boolean> {
  const abandoned = await database.$executeRaw`
    update cdd.sync_runs
    set
      state = 'abandoned',
      finished_at = greatest(now(), started_at),
      error_code = 'ABANDONED',
      error_message = ${ABANDONED_MESSAGE}
    where account_id = ${accountId}
      and state = 'running'
      and heartbeat_at < now() - ${leaseMs} * interval '1 millisecond'`;
  return abandoned > 0;
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
