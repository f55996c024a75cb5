import type { RunState } from '../../model/run.ts';
import type { ErrorCode } from '../../model/sync-error.ts';
import type { Database, Transaction } from '../postgres/pool.ts';

export type AccountStatus = {
  account_id: string;
  label: string | null;
  enabled: boolean;
  paused_since: Date | null;
  /** Login name, else the database user. */
  paused_by: string | null;
  pause_reason: string | null;
  last_state: RunState | null;
  last_started_at: Date | null;
  /** Null also while it is under way. */
  last_finished_at: Date | null;
  last_error_code: ErrorCode | null;
  last_error_message: string | null;
  /** Failed runs since the last that read the list, and the error of the newest (cdd.account_failures). */
  failures: number;
  failure_code: ErrorCode | null;
  last_success_at: Date | null;
  minutes_since_success: number | null;
  /** When the next success is due, and how late it is (cdd.account_lateness); null for a disabled account. */
  next_due_at: Date | null;
  late_by_minutes: number | null;
  is_stale: boolean | null;
  /** How many runs in a row were refused by the API. */
  refusals: number;
  /** Null = any time. */
  next_try_at: Date | null;
  /** The cron expression that its worker reads, and its zone; null = no worker has read it yet. */
  schedule: string | null;
  schedule_timezone: string | null;
  cases: number;
  missing: number;
  rejected: number;
  /** Fields of its cases that are not as the API documents them. */
  unreadable_fields: number;
  /** Since when the daily and monthly reports stand still, and why; null = they do not. */
  reports_failing_since: Date | null;
  reports_error_message: string | null;
};

/** A row for each account, disabled ones too. */
export async function accountStatus(tx: Transaction): Promise<AccountStatus[]> {
  return tx.$queryRaw<AccountStatus[]>`
    select
      account.id as account_id,
      account.label,
      account.enabled,
      account.paused_since,
      account.pause_reason,
      (
        select coalesce(pause.paused_by, pause.paused_role)
        from cdd.account_pauses as pause
        where pause.account_id = account.id and pause.resumed_at is null
      ) as paused_by,
      last_run.state as last_state,
      last_run.started_at as last_started_at,
      last_run.finished_at as last_finished_at,
      last_run.error_code as last_error_code,
      last_run.error_message as last_error_message,
      coalesce(failure.failures, 0) as failures,
      failure.error_code as failure_code,
      account.last_success_at,
      round(extract(epoch from now() - account.last_success_at) / 60, 1)::double precision as minutes_since_success,
      lateness.next_due_at,
      round(lateness.late_by_minutes, 1)::double precision as late_by_minutes,
      lateness.is_stale,
      account.refusals,
      account.next_try_at,
      account.schedule,
      account.schedule_timezone,
      counts.present::integer as cases,
      counts.missing::integer as missing,
      (
        select count(*)::integer
        from cdd.rejected_items as item
        where item.account_id = account.id and item.resolved_at is null
      ) as rejected,
      (
        select count(*)::integer
        from cdd.case_problems as problem
        where problem.account_id = account.id and problem.superseded_at is null
      ) as unreadable_fields,
      failed.since as reports_failing_since,
      failed.error_message as reports_error_message
    from cdd.accounts as account
    left join cdd.account_lateness as lateness on lateness.account_id = account.id
    left join cdd.account_failures as failure on failure.account_id = account.id
    left join cdd.failed_reports as failed on failed.account_id = account.id
    left join lateral (
      select *
      from cdd.sync_runs as run
      -- A run that began while the clock was ahead would stay the last one until the clock gets there.
      where run.account_id = account.id and run.started_at <= now()
      order by run.started_at desc
      limit 1
    ) as last_run on true
    cross join lateral (
      select
        count(*) filter (where missing_since is null) as present,
        count(*) filter (where missing_since is not null) as missing
      from cdd.cases as account_case
      where account_case.account_id = account.id
    ) as counts
    order by account.id`;
}

export type StatusCount = { account_id: string; status: string | null; stage: string | null; cases: number };

/** Numbers of present cases by account and status; status null = no event had a status yet. */
export async function casesByStatus(tx: Transaction): Promise<StatusCount[]> {
  return tx.$queryRaw<StatusCount[]>`
    select present_case.account_id, present_case.status, status.stage, count(*)::integer as cases
    from cdd.cases as present_case
    left join cdd.case_statuses as status on status.status = present_case.status
    where present_case.missing_since is null
    group by present_case.account_id, present_case.status, status.stage, status.rank
    order by present_case.account_id, status.rank nulls last, present_case.status`;
}

export type CaseTotals = { accounts: number; cases: number; open: number };

/** Of production accounts, as the overview counts them: a case of two accounts is one. */
export async function caseTotals(database: Database): Promise<CaseTotals> {
  const [totals] = await database.$queryRaw<CaseTotals[]>`
    select
      (select count(*)::integer from cdd.accounts where enabled and id like 'P%') as accounts,
      count(*)::integer as cases,
      (count(*) filter (where is_open))::integer as open
    from reporting.cases
    where is_primary and environment = 'production'`;
  return totals ?? { accounts: 0, cases: 0, open: 0 };
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
    select changed_case.payout_destination_name as name, transition.from_status, transition.to_status, transition.occurred_at
    from cdd.status_transitions as transition
    join cdd.cases as changed_case
      on changed_case.account_id = transition.account_id and changed_case.id = transition.case_id
    where transition.account_id = ${accountId}
      and transition.run_id = ${runId}::uuid
      and transition.superseded_at is null
    order by transition.occurred_at desc, transition.event_id desc
    limit ${limit}`;
}
