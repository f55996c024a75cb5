import type { RunState } from '../../model/run.ts';
import type { ErrorCode } from '../../model/sync-error.ts';
import type { Database } from '../postgres/pool.ts';

export type AccountStatus = {
  account_id: string;
  label: string | null;
  enabled: boolean;
  last_state: RunState | null;
  last_started_at: Date | null;
  last_error_code: ErrorCode | null;
  last_error_message: string | null;
  last_success_at: Date | null;
  minutes_since_success: number | null;
  /** How many runs in a row the API refused. */
  refusals: number;
  /** Null = any time. */
  next_try_at: Date | null;
  cases: number;
  missing: number;
  rejected: number;
};

/** How each account stands. */
export async function accountStatus(database: Database): Promise<AccountStatus[]> {
  return database.$queryRaw<AccountStatus[]>`
    select
      account.id as account_id,
      account.label,
      account.enabled,
      last.state as last_state,
      last.started_at as last_started_at,
      last.error_code as last_error_code,
      last.error_message as last_error_message,
      account.last_success_at,
      round(extract(epoch from now() - account.last_success_at) / 60, 1)::double precision as minutes_since_success,
      account.refusals,
      account.next_try_at,
      cases.present::integer as cases,
      cases.missing::integer as missing,
      (
        select count(*)::integer
        from cdd.rejected_items as item
        where item.account_id = account.id and item.resolved_at is null
      ) as rejected
    from cdd.accounts as account
    left join lateral (
      select *
      from cdd.sync_runs as run
      where run.account_id = account.id
      order by run.started_at desc
      limit 1
    ) as last on true
    cross join lateral (
      select
        count(*) filter (where missing_since is null) as present,
        count(*) filter (where missing_since is not null) as missing
      from cdd.cases as held
      where held.account_id = account.id
    ) as cases
    order by account.id`;
}

export type StatusCount = { account_id: string; status: string | null; stage: string | null; cases: number };

/** How many cases of each account's list are in which status; null = no event had one yet. */
export async function casesByStatus(database: Database): Promise<StatusCount[]> {
  return database.$queryRaw<StatusCount[]>`
    select held.account_id, held.status, known.stage, count(*)::integer as cases
    from cdd.cases as held
    left join cdd.case_statuses as known on known.status = held.status
    where held.missing_since is null
    group by held.account_id, held.status, known.stage, known.rank
    order by held.account_id, known.rank nulls last, held.status`;
}

export type RecordedTransition = {
  name: string | null;
  from_status: string | null;
  to_status: string;
  occurred_at: Date;
};

/** The transitions that a run recorded, newest first. */
export async function transitionsOfRun(
  database: Database,
  { accountId, runId, limit }: { accountId: string; runId: string; limit: number },
): Promise<RecordedTransition[]> {
  return database.$queryRaw<RecordedTransition[]>`
    select held.payout_destination_name as name, moved.from_status, moved.to_status, moved.occurred_at
    from cdd.status_transitions as moved
    join cdd.cases as held on held.account_id = moved.account_id and held.id = moved.case_id
    where moved.account_id = ${accountId} and moved.run_id = ${runId}::uuid and moved.superseded_at is null
    order by moved.occurred_at desc, moved.event_id desc
    limit ${limit}`;
}
