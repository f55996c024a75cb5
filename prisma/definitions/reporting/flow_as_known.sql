-- Inlined like cases_as_of, so that a caller's filters by account and day reach the tables. "(select known_at)" is
-- computed once. figure is the position of a column, 0 of none: those rows make the days dense.
create or replace function reporting.flow_as_known(known_at timestamptz default reporting.known_until())
returns table (
  day date,
  account_id text,
  opened integer,
  decided integer,
  approved integer,
  declined integer,
  reopened integer,
  left_active integer
)
language sql
stable
parallel safe
begin atomic
  -- Once, although a caller's filter by day looks it up several times: an array of all days takes 20 ms.
  with calendar as materialized (
    select cdd.calendar_begins(interval '1 day', least(known_at, now()), timezone) as begins_at from reporting.settings
  ),
  -- Once too: Postgres expects so few transitions of some accounts in a month that it looked for these cases anew for
  -- each of them, which took minutes.
  odd_cases as materialized (
    select state.account_id, state.case_id
    from reporting.case_states as state
    where state.has_odd_times
      and state.recorded_at <= (select known_at)
      and (state.superseded_at is null or state.superseded_at > (select known_at))
      and cdd.has_time_outside(
        (select least(known_at, now()) + interval '1 day'),
        state.opened_at, state.status_since, state.created_at, state.deleted_at
      )
  )
  select
    counted.day,
    counted.account_id,
    (count(*) filter (where counted.figure = 1))::integer,
    (count(*) filter (where counted.figure = 2))::integer,
    (count(*) filter (where counted.figure = 3))::integer,
    (count(*) filter (where counted.figure = 4))::integer,
    (count(*) filter (where counted.figure = 5))::integer,
    (count(*) filter (where counted.figure = 6))::integer
  from (
    select
      state.account_id,
      first_time.figure,
      cdd.day_of(first_time.at, (select begins_at from calendar)) as day
    from reporting.case_states as state
    cross join generate_series(1, 4) as kind (figure)
    -- Faster than a list of values, which Postgres prepares anew for every row.
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
    where state.recorded_at <= (select known_at)
      and (state.superseded_at is null or state.superseded_at > (select known_at))
      and first_time.at <= (select least(known_at, now()))
      and not cdd.has_time_outside(
        (select least(known_at, now()) + interval '1 day'),
        state.opened_at, state.status_since, state.created_at, state.deleted_at
      )
    union all
    select
      transition.account_id,
      kind.figure,
      cdd.day_of(transition.occurred_at, (select begins_at from calendar))
    from reporting.status_history as transition
    join reporting.statuses as target_status on target_status.status = transition.to_status
    cross join generate_series(5, 6) as kind (figure)
    where transition.recorded_at <= (select known_at)
      and (transition.superseded_at is null or transition.superseded_at > (select known_at))
      and transition.occurred_at <= (select least(known_at, now()))
      -- All statuses of stages approved, declined and closed; their names, so that an index on them can be used.
      and transition.from_status in ('ACTIVE', 'ARCHIVED', 'DECLINED', 'TERMINATED')
      and case kind.figure
        when 5 then target_status.stage in ('applicant', 'review')
        else transition.from_status = 'ACTIVE'
      end
      and not exists (
        select
        from odd_cases
        where odd_cases.account_id = transition.account_id and odd_cases.case_id = transition.case_id
      )
    union all
    select
      account.account_id,
      0,
      account.first_day + generate_series(
        0, (select (least(known_at, now()) at time zone timezone)::date from reporting.settings) - account.first_day
      )
    from (
      select
        state.account_id,
        (min(state.opened_at) at time zone (select timezone from reporting.settings))::date as first_day
      from reporting.case_states as state
      where state.recorded_at <= (select known_at)
        and (state.superseded_at is null or state.superseded_at > (select known_at))
        and state.opened_at <= (select least(known_at, now()))
        and not cdd.has_time_outside(
          (select least(known_at, now()) + interval '1 day'),
          state.opened_at, state.status_since, state.created_at, state.deleted_at
        )
      group by state.account_id
    ) as account
  ) as counted
  group by counted.account_id, counted.day;
end;

comment on function reporting.flow_as_known is 'reporting.flow_daily as it was at the time known_at (by default known_until(): everything that is final), in the time zone of now: the same columns. Equal to what the view showed then, if no run was under way.';
