import type { Transaction } from '../../store/postgres/pool.ts';
import { backlogOn } from '../backlog-on.ts';
import { monthEnd } from '../overview/period.ts';
import { accountsInScope, type Scope } from '../overview/scope.ts';
import { isReported } from './reported-states.ts';

export type MonthRow = {
  /** Its first day. */
  month: string;
  opened: number;
  decided: number;
  approved: number;
  /** Hours within which half of the first decisions were made. */
  p50: number | null;
  /** Open at its end, or now. */
  backlog: number;
};

/** Consecutive months of the list, the newest first. */
export type Months = { first: string; last: string; all: readonly string[] };

export async function readMonths(tx: Transaction, scope: Scope, months: Months, today: string): Promise<MonthRow[]> {
  const ends = months.all.map((month) => (monthEnd(month) < today ? monthEnd(month) : today)).toReversed();
  const counts = await tx.$queryRaw<Omit<MonthRow, 'p50' | 'backlog'>[]>`
    select
      date_trunc('month', day)::date::text as month,
      sum(opened)::integer as opened,
      sum(decided)::integer as decided,
      sum(approved)::integer as approved
    from reporting.flow_daily
    where day >= ${months.first}::date
      and day < ${months.last}::date + interval '1 month'
      and ${accountsInScope(scope)}
    group by 1`;
  const backlogs = await tx.$queryRaw<{ month: string; backlog: number }[]>`
    select date_trunc('month', day)::date::text as month, sum(cases)::integer as backlog
    from ${backlogOn(ends)} as backlog
    where is_open and ${accountsInScope(scope)}
    group by 1`;
  const times = await tx.$queryRaw<{ month: string; p50: number }[]>`
    select
      date_trunc('month', first_decided_at)::date::text as month,
      percentile_cont(0.5) within group (order by extract(epoch from first_decided_at - opened_at)::float8 / 3600) as p50
    from reporting.case_states
    where ${isReported(null)}
      and first_decided_at >= ${months.first}::date::timestamptz
      and first_decided_at < (${months.last}::date + interval '1 month')::timestamptz
      and first_decided_at <= now()
      and ${accountsInScope(scope)}
    group by 1`;
  return months.all.map((month) => ({
    month,
    opened: 0,
    decided: 0,
    approved: 0,
    ...counts.find((row) => row.month === month),
    backlog: backlogs.find((row) => row.month === month)?.backlog ?? 0,
    p50: times.find((row) => row.month === month)?.p50 ?? null,
  }));
}
