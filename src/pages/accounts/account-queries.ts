import type { Transaction } from '../../store/postgres/pool.ts';
import { backlogOn } from '../backlog-on.ts';
import { daysBefore, type Period } from '../overview/period.ts';

export type Finding = { check_name: string; severity: string; items: number; example: string | null };

/** Findings of the checks in an account, errors first. */
export function readFindings(tx: Transaction, accountId: string): Promise<Finding[]> {
  return tx.$queryRaw<Finding[]>`
    select check_name, severity, items, example
    from reporting.data_quality
    where account_id = ${accountId} and items > 0
    order by array_position(array['error', 'warning', 'info'], severity), check_name`;
}

export type StatusCount = { status: string; stage: string | null; is_open: boolean; cases: number };

/** Cases of an account by status at the end of its last run. */
export function readStatusCounts(tx: Transaction, accountId: string): Promise<StatusCount[]> {
  return tx.$queryRaw<StatusCount[]>`
    select status, stage, coalesce(is_open, false) as is_open, cases
    from reporting.backlog_spans
    where account_id = ${accountId} and last_day = current_date and cases > 0
    order by is_open desc nulls last, cases desc, status`;
}

export type StageCount = { day: string /** A stage. */; name: string; cases: number };

/** Open cases of an account by day and stage; beyond four months, one day a week. */
export function readBacklog(tx: Transaction, accountId: string, { today, days }: Period): Promise<StageCount[]> {
  const shown = daysBefore(today, { days, every: days > 120 ? 7 : 1 });
  return tx.$queryRaw<StageCount[]>`
    select day::text as day, coalesce(stage, 'unknown') as name, sum(cases)::integer as cases
    from ${backlogOn(shown)} as backlog
    where account_id = ${accountId} and is_open
    group by day, 2
    order by day, 2`;
}
