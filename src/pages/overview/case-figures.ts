import { CLOSED_STATUSES } from '../../store/cases/closed-statuses.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { onlyRow } from '../../store/postgres/query.ts';
import { HAS_PLAUSIBLE_TIMES, WAITING_SINCE } from '../cases/conditions.ts';
import { monthOf, type Period } from './period.ts';
import { casesInScope, type Scope } from './scope.ts';

/** Open cases of one status that have waited equally long. */
export type OpenGroup = {
  stage: string | null;
  status: string | null;
  /** As in reporting.open_case_aging, 1 to 6. */
  bucket: number;
  cases: number;
  /** The earliest time from which one of them counts as waiting. */
  oldest: string;
};

/** First decisions of one step of the period; cases with times that cannot be true are left out. */
export type DecidedStep = { step: string; decided: number; approved: number; p50: number | null };

/** First decisions of the period, and of as many days before. */
type Decided = {
  decided: number;
  approved: number;
  before: number;
  p50: number | null;
  p90: number | null;
};

/** First decisions of a month. */
export type DecisionMonth = { month: string; decided: number; p50: number | null; p90: number | null };

/** Stays of open cases that are late, or will be soon. */
export type TargetGroup = { status: string; state: 'breached' | 'due_soon'; cases: number; oldest: string };

export type CaseFigures = {
  open: OpenGroup[];
  steps: DecidedStep[];
  decided: Decided;
  months: DecisionMonth[];
  targets: TargetGroup[];
};

/**
 * All figures that are counted case by case, in one statement, because reading the cases takes most of the time. Waiting
 * times follow reporting.open_case_aging, which cannot count a case of two accounts once.
 */
export async function readCaseFigures(tx: Transaction, scope: Scope, period: Period): Promise<CaseFigures> {
  const { from, previousFrom, step } = period;
  const firstMonth = monthOf(from);
  const first = firstMonth < previousFrom ? firstMonth : previousFrom;
  const targets = await tx.$queryRaw<{ status: string }[]>`
    select status from reporting.statuses where num_nonnulls(target_hours, target_business_hours) > 0`;
  const withTarget = targets.map(({ status }) => status);
  const rows = await tx.$queryRaw<CaseFigures[]>`
    with counted as materialized (
      select
        account_id,
        case_id,
        stage,
        status,
        status_since,
        is_open,
        ${WAITING_SINCE} as since,
        first_decided_at as decided_at,
        first_decision as decision,
        date_part('epoch', first_decided_at - opened_at) / 3600 as hours,
        case when first_decided_at >= ${first}::date::timestamptz then ${HAS_PLAUSIBLE_TIMES} end as is_plausible
      from reporting.cases as case_row
      where ${casesInScope(scope)}
        and (is_open or first_decided_at >= ${first}::date::timestamptz)
    ),
    open_group as (
      select
        stage,
        status,
        1 + width_bucket(now() - since, array['24 hours', '2 days', '7 days', '14 days', '28 days']::interval[]) as bucket,
        count(*)::integer as cases,
        min(since) as oldest
      from counted
      where is_open
      group by 1, 2, 3
    ),
    late_stay as materialized (
      select account_id, case_id, status, entered_at, state
      from reporting.status_targets
      where left_at is null and state in ('breached', 'due_soon')
        -- Postgres finds these few by an index, which has no closed cases.
        and status = any (${withTarget}) and status <> all (${CLOSED_STATUSES})
    ),
    target_group as (
      select status, state, count(*)::integer as cases, min(entered_at) as oldest
      from late_stay
      -- Within a case expression it stays a hash table: Postgres expects few rows, and would join them one by one.
      where case
        when (account_id, case_id, entered_at) in (
          select account_id, case_id, status_since from counted where is_open and status = any (${withTarget})
        ) then true
        else false
      end
      group by status, state
    ),
    decided_case as (
      select *
      from counted
      where decided_at >= ${first}::date and decided_at <= now() and is_plausible
    ),
    decided_step as (
      select
        date_trunc(${step}, decided_at)::date as step,
        count(*)::integer as decided,
        (count(*) filter (where decision = 'approved'))::integer as approved,
        percentile_cont(0.5) within group (order by hours) as p50
      from decided_case
      where decided_at >= ${from}::date
      group by 1
    ),
    decided_month as (
      select
        date_trunc('month', decided_at)::date as month,
        count(*)::integer as decided,
        percentile_cont(0.5) within group (order by hours) as p50,
        percentile_cont(0.9) within group (order by hours) as p90
      from decided_case
      where decided_at >= ${firstMonth}::date
      group by 1
    ),
    decided_total as (
      select
        (count(*) filter (where decided_at >= ${from}::date))::integer as decided,
        (count(*) filter (where decided_at >= ${from}::date and decision = 'approved'))::integer as approved,
        (count(*) filter (where decided_at >= ${previousFrom}::date and decided_at < ${from}::date))::integer as before,
        percentile_cont(0.5) within group (order by hours) filter (where decided_at >= ${from}::date) as p50,
        percentile_cont(0.9) within group (order by hours) filter (where decided_at >= ${from}::date) as p90
      from decided_case
    )
    select
      (select coalesce(jsonb_agg(open_group), '[]') from open_group) as open,
      (select coalesce(jsonb_agg(target_group), '[]') from target_group) as targets,
      (select coalesce(jsonb_agg(decided_step), '[]') from decided_step) as steps,
      (select coalesce(jsonb_agg(decided_month order by month), '[]') from decided_month) as months,
      (select to_jsonb(decided_total) from decided_total) as decided`;
  return onlyRow(rows);
}
