import { randomUUID } from 'node:crypto';
import type { OpenRun, RunTrigger } from '../../model/run.ts';
import type { ErrorCode } from '../../model/sync-error.ts';
import { BATCHES_AT_ONCE } from '../../sync/batcher.ts';
import type { Database } from '../postgres/pool.ts';
import { abandonDeadRun, abandonOtherDeadRuns } from './dead-run.ts';

/** Recorded times further in the future say that the database's clock was ahead; data_quality.sql has it too. */
const CLOCK_TOLERANCE = '1 minute';

type Request = { accountId: string; trigger: RunTrigger; leaseMs: number };

/**
 * Opens a run, which locks the account. Takes over from a dead run (dead-run.ts). Null while another run of the account
 * is alive.
 */
export async function openRun(database: Database, request: Request): Promise<OpenRun | null> {
  const opened = await insertRun(database, request);
  if (opened !== null) return opened;
  return (await abandonDeadRun(database, request.accountId, request.leaseMs)) ? insertRun(database, request) : null;
}

type OpenedRow = {
  id: string;
  clockAheadUntil: Date | null;
  isRenamed: boolean;
  hasChain: boolean;
  etag: string | null;
  etagRequest: string | null;
  /** The columns of the run that got the etag; null if that run's row was deleted. */
  itemsRejected: number | null;
  missingHeldBack: number | null;
  errorCode: ErrorCode | null;
  errorMessage: string | null;
};

async function insertRun(database: Database, { accountId, trigger, leaseMs }: Request): Promise<OpenRun | null> {
  const [opened] = await database.$queryRaw<OpenedRow[]>`
    with ${abandonOtherDeadRuns(accountId, leaseMs)},
    opened_run as (
      insert into cdd.sync_runs as run (account_id, id, trigger)
      select ${accountId}, ${randomUUID()}::uuid, ${trigger}
      -- "on conflict" alone waits for a run that is being closed, and its worker may be lost.
      where not exists (select from cdd.sync_runs where account_id = ${accountId} and state = 'running')
      on conflict (account_id) where state = 'running' do nothing
      returning run.account_id, run.id
    ),
    moved_slots as (
      insert into cdd.batch_slots as existing_slot (account_id, slot, recorded_at)
      select opened_run.account_id, slot, greatest(now(), known_time.latest + interval '1 microsecond')
      from opened_run
      cross join generate_series(1, ${BATCHES_AT_ONCE}::integer) as slot
      cross join (
        select greatest(
          (select max(recorded_at) from cdd.batch_slots),
          -- An older version, which a rolling upgrade leaves running for a while, moves no slot.
          (
            select max(greatest(recent_run.heartbeat_at, recent_run.finished_at))
            from (
              select heartbeat_at, finished_at
              from cdd.sync_runs
              where account_id = ${accountId}
              order by started_at desc
              limit 20
            ) as recent_run
          )
        ) as latest
      ) as known_time
      on conflict (account_id, slot) do update
      set recorded_at = greatest(excluded.recorded_at, existing_slot.recorded_at + interval '1 microsecond')
      returning recorded_at
    )
    select
      opened_run.id::text,
      (select max(recorded_at) from moved_slots where recorded_at > now() + ${CLOCK_TOLERANCE}::interval) as "clockAheadUntil",
      account.label is distinct from account.reported_label as "isRenamed",
      exists (select from cdd.digest_links where account_id = account.id) as "hasChain",
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
  if (opened === undefined) return null;
  const { id, clockAheadUntil, isRenamed, hasChain } = opened;
  // Before the first batch. Every batch has digests, older rows have none.
  if (!hasChain) await database.$executeRaw`select cdd.begin_chain(${accountId})`;
  return { accountId, id, etag: etagOf(opened), clockAheadUntil, isRenamed };
}

/** The etag and the problems of its list; null without both, because a 304 must not hide the problems. */
function etagOf({ etag, etagRequest, ...run }: OpenedRow): OpenRun['etag'] {
  const { itemsRejected, missingHeldBack, errorCode: code, errorMessage: message } = run;
  if (etag === null || etagRequest === null || itemsRejected === null || missingHeldBack === null) return null;
  const error = code === null || message === null ? null : { code, message };
  return { value: etag, request: etagRequest, problems: { itemsRejected, missingHeldBack, error } };
}

/** Accounts with a run under way, or with one whose worker died and that nobody has taken over. */
export async function accountsWithRun(database: Database): Promise<string[]> {
  const rows = await database.$queryRaw<{ account_id: string }[]>`
    select account_id
    from cdd.sync_runs
    where state = 'running'`;
  return rows.map((row) => row.account_id);
}
