import { Prisma, type Transaction } from '../../store/postgres/pool.ts';
import { accountsInScope, type Scope } from '../overview/scope.ts';
import type { Months } from './list-queries.ts';
import { hasImplausibleTime } from './reported-states.ts';

export type RestatedMonth = {
  month: string;
  /** Differences of all accounts together: 0 if they are equal, or cancel each other out. */
  opened: number;
  decided: number;
  approved: number;
  declined: number;
  accounts: number;
  /** How many of them were first read after the month: nothing was reported of them, so nothing is restated. */
  unread: number;
  /** The first and the last day on which these were first read. */
  first_read_from: string | null;
  first_read_to: string | null;
};

/** Columns of case_states by the position of their figure. */
const FIGURE_TIMES = ['opened_at', 'first_decided_at', 'first_approved_at', 'first_declined_at'] as const;

/**
 * The months with an account whose opened, decided, approved or declined cases are more or fewer than was known when
 * the month ended: as restatements would say, for each month with an instant of its own.
 */
export function readRestatedMonths(tx: Transaction, scope: Scope, { first, last }: Months): Promise<RestatedMonth[]> {
  const columns = Prisma.sql`
    account_id, opened_at, first_decided_at, first_approved_at, first_declined_at, status_since, created_at, deleted_at,
    has_odd_times, recorded_at, superseded_at`;
  return tx.$queryRaw<RestatedMonth[]>`
    with calendar as materialized (
      -- The beginnings of the months, and the end of the last one.
      select
        array_agg(month::date::timestamptz order by month) as begins,
        array_agg(month::date::timestamptz + interval '1 microsecond' order by month) as after_begins
      from generate_series(${first}::date, ${last}::date + interval '1 month', interval '1 month') as month
    ),
    -- Few versions differ from what was known at the end of a month: the present ones that were recorded later, and those
    -- that held then and no longer do. Two queries, because an index finds the second ones by superseded_at.
    later_state as materialized (
      select ${columns}
      from reporting.case_states
      where superseded_at is null
        and (recorded_at > (${first}::date + interval '1 month')::timestamptz or has_odd_times)
        and ${accountsInScope(scope)}
      union all
      select ${columns}
      from reporting.case_states
      where superseded_at > (${first}::date + interval '1 month')::timestamptz
        -- Recorded before the last end of a month at which it may have held.
        and recorded_at
          < (select after_begins from calendar)[width_bucket(superseded_at, (select after_begins from calendar))]
        and ${accountsInScope(scope)}
    ),
    version as (
      ${Prisma.join(
        FIGURE_TIMES.map(
          (time, index) => Prisma.sql`
            select later_state.*, ${index + 1}::integer as figure, ${Prisma.raw(time)} as at
            from later_state
            where ${Prisma.raw(time)} >= ${first}::date::timestamptz
              and ${Prisma.raw(time)} < (${last}::date + interval '1 month')::timestamptz
              and ${Prisma.raw(time)} <= now()`,
        ),
        ' union all ',
      )}
    ),
    month_end as (
      select version.*, place, (select begins from calendar)[place + 1] as ends_at
      from version
      cross join lateral (select width_bucket(version.at, (select begins from calendar)) as place) as of_month
    ),
    counted as (
      select
        account_id,
        figure,
        place,
        recorded_at <= ends_at
          and (superseded_at is null or superseded_at > ends_at)
          and not (${hasImplausibleTime(Prisma.sql`ends_at`)}) as was_counted,
        superseded_at is null
          and not (${hasImplausibleTime(Prisma.sql`now()`)}) as is_counted
      from month_end
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
    ),
    restated as (
      select difference.*, account.first_read_at, account.first_read_at > (select begins from calendar)[place + 1] as is_unread
      from difference
      left join reporting.accounts as account using (account_id)
    )
    select
      (select begins from calendar)[place]::date::text as month,
      coalesce(sum(cases) filter (where figure = 1), 0)::integer as opened,
      coalesce(sum(cases) filter (where figure = 2), 0)::integer as decided,
      coalesce(sum(cases) filter (where figure = 3), 0)::integer as approved,
      coalesce(sum(cases) filter (where figure = 4), 0)::integer as declined,
      count(distinct account_id)::integer as accounts,
      (count(distinct account_id) filter (where is_unread))::integer as unread,
      (min(first_read_at) filter (where is_unread))::date::text as first_read_from,
      (max(first_read_at) filter (where is_unread))::date::text as first_read_to
    from restated
    group by place
    order by place desc`;
}
