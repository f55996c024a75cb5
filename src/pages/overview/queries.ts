import { Prisma, type Transaction } from '../../store/postgres/pool.ts';
import { HAS_PLAUSIBLE_TIMES, WAITING_SINCE } from '../cases/conditions.ts';
import { monthOf, type Period } from './period.ts';
import { accountsInScope, casesInScope, type Scope } from './scope.ts';

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
 * All that is counted case by case, in one statement: reading the cases takes most of its time, so it is done once. Times
 * of waiting are those of reporting.open_case_aging, which has no column to count a case of two accounts once.
 */
export async function readCaseFigures(tx: Transaction, scope: Scope, period: Period): Promise<CaseFigures> {
  const { from, previousFrom, step } = period;
  const firstMonth = monthOf(from);
  const first = firstMonth < previousFrom ? firstMonth : previousFrom;
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
        -- The same as the next condition, in a form that Postgres can apply before it joins the stages of the statuses.
        and (status is null or status <> all (${CLOSED}) or first_decided_at >= ${first}::date::timestamptz)
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
    target_group as (
      select stay.status, stay.state, count(*)::integer as cases, min(stay.entered_at) as oldest
      from reporting.status_targets as stay
      join counted on counted.account_id = stay.account_id
        and counted.case_id = stay.case_id
        and counted.status_since = stay.entered_at
      where counted.is_open and stay.left_at is null and stay.state in ('breached', 'due_soon')
      group by stay.status, stay.state
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

/** The documented statuses that nobody must act on. Others of their stages, if there ever are, are left out by is_open. */
const CLOSED = ['ACTIVE', 'ARCHIVED', 'TERMINATED', 'DECLINED'];

export type ReviewGroup = { state: 'overdue' | 'due_soon'; cases: number; first_due: string; last_due: string };

/** Periodic reviews that are due. Only these few are looked up among the cases, one by one. */
export function readReviews(tx: Transaction, scope: Scope): Promise<ReviewGroup[]> {
  return tx.$queryRaw<ReviewGroup[]>`
    with due as materialized (
      select account_id, case_id, state, due_at
      from reporting.periodic_reviews
      where state in ('overdue', 'due_soon') and ${accountsInScope(scope)}
    )
    select due.state, count(*)::integer as cases, min(due.due_at)::date::text as first_due, max(due.due_at)::date::text as last_due
    from due
    cross join lateral (
      select from reporting.cases
      where cases.account_id = due.account_id and cases.case_id = due.case_id
        and (is_primary or ${scope.accountId !== null})
      offset 0
    ) as counted_case
    group by due.state
    order by due.state desc`;
}

export type QualityFinding = {
  check_name: string;
  severity: 'error' | 'warning';
  items: number;
  accounts: number;
  /** An account with findings. */
  account_id: string;
  example: string | null;
};

/** Checks that a person must do something about; all errors are among them. */
const TO_MEND = ['rejected_items', 'reports_behind', 'reports_failed', 'clock_ahead'];

/**
 * Checks of which another part of the page tells: cases in an unknown status are counted as their list counts them, and
 * that a case is under two accounts is how partners work.
 */
const TOLD_ELSEWHERE = ['unknown_statuses', 'case_under_two_accounts'];

/** What a person must mend in the data, one row a check. Each check is a query: Postgres then leaves out the others. */
export function readQuality(tx: Transaction, scope: Scope): Promise<QualityFinding[]> {
  const checks = TO_MEND.map((name) => qualityOf(scope, Prisma.sql`check_name = ${name}`));
  return tx.$queryRaw<QualityFinding[]>`${Prisma.join(checks, ' union all ')} order by severity, check_name`;
}

/** What else is suspicious in the data. */
export function readFindings(tx: Transaction, scope: Scope): Promise<QualityFinding[]> {
  const others = Prisma.sql`severity = 'warning' and check_name <> all (${[...TO_MEND, ...TOLD_ELSEWHERE]})`;
  return tx.$queryRaw<QualityFinding[]>`${qualityOf(scope, others)} order by check_name`;
}

function qualityOf(scope: Scope, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select
      check_name,
      min(severity) as severity,
      sum(items)::float8 as items,
      count(*)::integer as accounts,
      min(account_id) as account_id,
      min(example) as example
    from reporting.data_quality
    where items > 0 and ${condition} and ${accountsInScope(scope)}
    group by check_name`;
}

function onlyRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new TypeError('a query without from has one row');
  return row;
}
