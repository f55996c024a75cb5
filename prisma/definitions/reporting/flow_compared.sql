-- Inlined like cases_as_of, so that a caller's filter by account reaches the tables. One pass counts both answers. The
-- inner groups name a case only if a version of it, or a transition, counts in one of the answers and not in the other;
-- naming all would make a group of every case. figure is the position of a figure's name.
create or replace function reporting.flow_compared(
  from_known_at timestamptz,
  to_known_at timestamptz default reporting.known_until(),
  from_month date default null,
  to_month date default null
)
returns table (
  month date,
  account_id text,
  figure text,
  was integer,
  "is" integer,
  difference integer,
  case_ids uuid[]
)
language sql
stable
parallel safe
begin atomic
  with compared as materialized (
    select
      greatest(timestamptz '2000-01-01 00:00:00Z', cdd.day_begins(date_trunc('month', from_month)::date, timezone))
        as from_time,
      least(
        greatest(from_known_at, to_known_at),
        now(),
        cdd.day_begins((date_trunc('month', to_month) + interval '1 month')::date, timezone) - interval '1 microsecond'
      ) as to_time
    from reporting.settings
  )
  select
    counted_case.month,
    counted_case.account_id,
    (array['opened', 'decided', 'approved', 'declined', 'reopened', 'left_active'])[counted_case.figure],
    sum(counted_case.was)::integer,
    sum(counted_case."is")::integer,
    sum(counted_case."is" - counted_case.was)::integer,
    (
      array_agg(counted_case.case_id order by counted_case.case_id)
        filter (where counted_case.case_id is not null and counted_case.was <> counted_case."is")
    )[1:20]
  from (
    select
      counted.month,
      counted.account_id,
      counted.figure,
      counted.changed_case_id as case_id,
      count(*) filter (where counted.was) as was,
      count(*) filter (where counted."is") as "is"
    from (
      select
        item.account_id,
        item.figure,
        cdd.month_of(
          item.at, (select cdd.calendar_begins(interval '1 month', now(), timezone) from reporting.settings)
        ) as month,
        item.was,
        item."is",
        case when item.was <> item."is" then item.case_id end as changed_case_id
      from (
        select
          state.account_id,
          state.case_id,
          first_time.figure,
          first_time.at,
          state.recorded_at <= (select from_known_at)
            and (state.superseded_at is null or state.superseded_at > (select from_known_at))
            and first_time.at <= (select least(from_known_at, now()))
            and not cdd.has_time_outside(
              (select least(from_known_at, now()) + interval '1 day'),
              state.opened_at, state.status_since, state.created_at, state.deleted_at
            ) as was,
          state.recorded_at <= (select to_known_at)
            and (state.superseded_at is null or state.superseded_at > (select to_known_at))
            and first_time.at <= (select least(to_known_at, now()))
            and not cdd.has_time_outside(
              (select least(to_known_at, now()) + interval '1 day'),
              state.opened_at, state.status_since, state.created_at, state.deleted_at
            ) as "is"
        from reporting.case_states as state
        cross join generate_series(1, 4) as kind (figure)
        cross join lateral (
          select
            kind.figure,
            case kind.figure
              when 1 then state.opened_at
              when 2 then state.first_decided_at
              when 3 then state.first_approved_at
              else state.first_declined_at
            end as at
        ) as first_time
        where state.recorded_at <= (select greatest(from_known_at, to_known_at))
          and (state.superseded_at is null or state.superseded_at > (select least(from_known_at, to_known_at)))
          -- Of a month, few cases are left for the next condition. Postgres leaves this one out if there is no month.
          and case
            when from_month is null and to_month is null then true
            else
              state.opened_at between (select from_time from compared) and (select to_time from compared)
              or state.first_decided_at between (select from_time from compared) and (select to_time from compared)
              or state.first_approved_at between (select from_time from compared) and (select to_time from compared)
              or state.first_declined_at between (select from_time from compared) and (select to_time from compared)
          end
          and first_time.at between (select from_time from compared) and (select to_time from compared)
        union all
        select
          transition.account_id,
          transition.case_id,
          kind.figure,
          transition.occurred_at,
          transition.recorded_at <= (select from_known_at)
            and (transition.superseded_at is null or transition.superseded_at > (select from_known_at))
            and transition.occurred_at <= (select least(from_known_at, now()))
            and not exists (
              select
              from reporting.case_states as state
              where state.account_id = transition.account_id
                and state.case_id = transition.case_id
                and state.has_odd_times
                and state.recorded_at <= (select from_known_at)
                and (state.superseded_at is null or state.superseded_at > (select from_known_at))
                and cdd.has_time_outside(
                  (select least(from_known_at, now()) + interval '1 day'),
                  state.opened_at, state.status_since, state.created_at, state.deleted_at
                )
            ),
          transition.recorded_at <= (select to_known_at)
            and (transition.superseded_at is null or transition.superseded_at > (select to_known_at))
            and transition.occurred_at <= (select least(to_known_at, now()))
            and not exists (
              select
              from reporting.case_states as state
              where state.account_id = transition.account_id
                and state.case_id = transition.case_id
                and state.has_odd_times
                and state.recorded_at <= (select to_known_at)
                and (state.superseded_at is null or state.superseded_at > (select to_known_at))
                and cdd.has_time_outside(
                  (select least(to_known_at, now()) + interval '1 day'),
                  state.opened_at, state.status_since, state.created_at, state.deleted_at
                )
            )
        from reporting.status_history as transition
        join reporting.statuses as target_status on target_status.status = transition.to_status
        cross join generate_series(5, 6) as kind (figure)
        where transition.recorded_at <= (select greatest(from_known_at, to_known_at))
          and (transition.superseded_at is null or transition.superseded_at > (select least(from_known_at, to_known_at)))
          and transition.occurred_at between (select from_time from compared) and (select to_time from compared)
          -- All statuses of stages approved, declined and closed; their names, so that an index on them can be used.
          and transition.from_status in ('ACTIVE', 'ARCHIVED', 'DECLINED', 'TERMINATED')
          and case kind.figure
            when 5 then target_status.stage in ('applicant', 'review')
            else transition.from_status = 'ACTIVE'
          end
      ) as item
    ) as counted
    group by counted.month, counted.account_id, counted.figure, counted.changed_case_id
  ) as counted_case
  where from_known_at is not null and to_known_at is not null
  group by counted_case.month, counted_case.account_id, counted_case.figure
  having sum(counted_case.was) > 0 or sum(counted_case."is") > 0;
end;

comment on function reporting.flow_compared is 'The flow of each month (the figures of flow_daily) as it was known at from_known_at and at to_known_at (by default known_until(): everything that is final), in the time zone of now: month, account_id, figure (opened, decided, approved, declined, reopened, left_active), was, is, difference, case_ids (the cases that count otherwise, the first 20 by id). Figures that are 0 in both have no row. from_month and to_month, any days of the first and the last month: one month of many takes a fraction of the time; null = all. With from_known_at after to_known_at, was is the later answer.';
