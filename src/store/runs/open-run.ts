import { randomUUID } from 'node:crypto';
import type { OpenRun, RunTrigger } from '../../model/run.ts';
import type { ErrorCode } from '../../model/sync-error.ts';
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

type OpenedRow = {
  id: string;
  etag: string | null;
  etagRequest: string | null;
  /** The columns of the run that got the etag; null if that run's row was deleted. */
  itemsRejected: number | null;
  missingHeldBack: number | null;
  errorCode: ErrorCode | null;
  errorMessage: string | null;
};

async function insertRun(database: Database, accountId: string, trigger: RunTrigger): Promise<OpenRun | null> {
  const [opened] = await database.$queryRaw<OpenedRow[]>`
    with opened_run as (
      insert into cdd.sync_runs as run (account_id, id, trigger)
      select ${accountId}, ${randomUUID()}::uuid, ${trigger}
      -- "on conflict" alone waits for a run that is being closed, and its worker may be lost.
      where not exists (select from cdd.sync_runs where account_id = ${accountId} and state = 'running')
      on conflict (account_id) where state = 'running' do nothing
      returning run.account_id, run.id
    )
    select
      opened_run.id::text,
      account.etag,
      account.etag_request as "etagRequest",
      list_run.items_rejected as "itemsRejected",
      list_run.missing_held_back as "missingHeldBack",
      list_run.error_code as "errorCode",
      list_run.error_message as "errorMessage"
    from opened_run
    join cdd.accounts as account on account.id = opened_run.account_id
    left join cdd.sync_runs as list_run
      on list_run.account_id = account.id and list_run.id = account.etag_run_id`;
  return opened === undefined ? null : { accountId, id: opened.id, etag: etagOf(opened) };
}

/** The etag and the problems of its list; null without both, because a 304 must not hide the problems. */
function etagOf({ etag, etagRequest, ...run }: OpenedRow): OpenRun['etag'] {
  const { itemsRejected, missingHeldBack, errorCode: code, errorMessage: message } = run;
  if (etag === null || etagRequest === null || itemsRejected === null || missingHeldBack === null) return null;
  const error = code === null || message === null ? null : { code, message };
  return { value: etag, request: etagRequest, problems: { itemsRejected, missingHeldBack, error } };
}
