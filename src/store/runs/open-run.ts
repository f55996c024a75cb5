import { randomUUID } from 'node:crypto';
import type { OpenRun, RunTrigger } from '../../model/run.ts';
import type { Database } from '../postgres/pool.ts';
import { abandonDeadRun } from './dead-run.ts';

/**
 * Opens a run, which locks the account. Takes over from a dead run (dead-run.ts). Null while another run of the account
 * is alive.
 */
export async function openRun(
  database: Database,
  { accountId, trigger, leaseMs }: { accountId: string; trigger: RunTrigger; leaseMs: number },
): Promise<OpenRun | null> {
  const opened = await insertRun(database, accountId, trigger);
  if (opened !== null) return opened;
  return (await abandonDeadRun(database, accountId, leaseMs)) ? insertRun(database, accountId, trigger) : null;
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
