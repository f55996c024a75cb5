import type { Transaction } from '../../store/postgres/pool.ts';
import { accountsInScope, type Scope } from '../overview/scope.ts';
import { isReported } from './queries.ts';

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

export async function readMonths(tx: Transaction, scope: Scope, months: Months): Promise<MonthRow[]> {
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
    from reporting.backlog_daily
    where day = any (
        array(
          select least((month + interval '1 month')::date - 1, now()::date)
          from unnest(${months.all}::date[]) as month
        )
      )
      and is_open
      and ${accountsInScope(scope)}
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

export type RestatedMonth = {
  month: string;
  /** Differences of all accounts together: 0 if they are equal, or cancel each other out. */
  opened: number;
  decided: number;
  approved: number;
  declined: number;
  accounts: number;
};

/**
 * The months with an account whose opened, decided, approved or declined cases are more or fewer than what was known
 * when the month ended: as restatements would say, for each month with an instant of its own.
 */
export function readRestatedMonths(tx: Transaction, scope: Scope, { first, last }: Months): Promise<RestatedMonth[]> {
  return tx.$queryRaw<RestatedMonth[]>`
    with calendar as materialized (
      -- The beginnings of the months, and the end of the last one.
      select array_agg(month::date::timestamptz order by month) as begins
      from generate_series(${first}::date, ${last}::date + interval '1 month', interval '1 month') as month
    ),
    -- Few versions differ from what was known at the end of a month: those that held then and no longer do, and the
    -- present ones that were recorded later. The others are left out before each is multiplied by four.
    later_state as materialized (
      select
        account_id, opened_at, first_decided_at, first_approved_at, first_declined_at, status_since, created_at,
        deleted_at, has_odd_times, recorded_at, superseded_at
      from reporting.case_states
      where (
          case
            when superseded_at is null then recorded_at > (select begins from calendar)[2]
            else width_bucket(recorded_at - interval '1 microsecond', (select begins from calendar))
              < width_bucket(superseded_at - interval '1 microsecond', (select begins from calendar))
          end
          or has_odd_times
        )
        and ${accountsInScope(scope)}
    ),
    version as (
      select
        state.*,
        kind.figure,
        item.at,
        -- The number of the month; its end is the next month's beginning.
        width_bucket(item.at, (select begins from calendar)) as place
      from later_state as state
      cross join generate_series(1, 4) as kind (figure)
      cross join lateral (
        select
          case kind.figure
            when 1 then state.opened_at
            when 2 then state.first_decided_at
            when 3 then state.first_approved_at
            else state.first_declined_at
          end as at
      ) as item
      where item.at >= ${first}::date::timestamptz
        and item.at < (${last}::date + interval '1 month')::timestamptz
        and item.at <= now()
    ),
    counted as (
      select
        account_id,
        figure,
        place,
        recorded_at <= ends_at
          and (superseded_at is null or superseded_at > ends_at)
          and not (has_odd_times and coalesce(least(opened_at, created_at, deleted_at) < timestamptz '2000-01-01 00:00Z'
            or greatest(opened_at, status_since, created_at, deleted_at) > ends_at + interval '1 day', false)) as was_counted,
        superseded_at is null
          and not (has_odd_times and coalesce(least(opened_at, created_at, deleted_at) < timestamptz '2000-01-01 00:00Z'
            or greatest(opened_at, status_since, created_at, deleted_at) > now() + interval '1 day', false)) as is_counted
      from version
      cross join lateral (select (select begins from calendar)[place + 1] as ends_at offset 0) as month_end
      where ends_at <= now()
        -- A version that was known then and still holds counts in both.
        and (recorded_at > ends_at or superseded_at > ends_at or has_odd_times)
    ),
    difference as (
      select
        account_id,
        figure,
        place,
        (count(*) filter (where is_counted) - count(*) filter (where was_counted))::integer as cases
      from counted
      group by account_id, figure, place
      having count(*) filter (where is_counted) <> count(*) filter (where was_counted)
    )
    select
      (select begins from calendar)[place]::date::text as month,
      coalesce(sum(cases) filter (where figure = 1), 0)::integer as opened,
      coalesce(sum(cases) filter (where figure = 2), 0)::integer as decided,
      coalesce(sum(cases) filter (where figure = 3), 0)::integer as approved,
      coalesce(sum(cases) filter (where figure = 4), 0)::integer as declined,
      count(distinct account_id)::integer as accounts
    from difference
    group by place
    order by place desc`;
}
