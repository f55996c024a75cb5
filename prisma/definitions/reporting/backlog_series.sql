-- One pass over all versions of all cases instead of one for each day. Days are numbered; every stay in a status becomes
-- the first and the last day at whose end it is counted, and a running sum of the changes is the backlog of every day.
-- "width_bucket(time, ends)" is the number of days that end before a time; null = no end, which least ignores.
--
-- Inlined like cases_as_of, so a caller's filter by account reaches the tables.
create or replace function reporting.backlog_series(
  from_day date, to_day date, step text default 'day', known_at timestamptz default null
)
returns table (day date, account_id text, status text, stage text, is_open boolean, cases integer)
language sql
stable
parallel safe
begin atomic
  with series as materialized (
    select
      array_agg(each_day.day order by each_day.day) as days,
      -- A day contains its last microsecond. Today ends now.
      array_agg(each_day.at + interval '1 microsecond' order by each_day.day) as ends,
      array_agg(
        coalesce(known_at, least(each_day.ends_at, each_day.known_until)) + interval '1 microsecond'
        order by each_day.day
      ) as knowns,
      coalesce(known_at, min(least(each_day.ends_at, each_day.known_until))) as first_known,
      coalesce(known_at, max(least(each_day.ends_at, each_day.known_until))) as last_known,
      count(*)::integer as length
    from (
      select
        possible_day.day::date as day,
        cdd.day_begins(possible_day.day::date + 1, setting.timezone) - interval '1 microsecond' as ends_at,
        least(cdd.day_begins(possible_day.day::date + 1, setting.timezone) - interval '1 microsecond', now()) as at,
        (select reporting.known_until()) as known_until
      from reporting.settings as setting
      cross join lateral (
        select least(to_day, (now() at time zone setting.timezone)::date) as day
      ) as last
      cross join lateral generate_series(
        -- Without this, -infinity would have endless days.
        greatest(from_day, date '2000-01-01')::timestamp, last.day::timestamp, interval '1 day'
      ) as possible_day (day)
      where possible_day.day = last.day
        or date_trunc(step, possible_day.day) <> date_trunc(step, possible_day.day + interval '1 day')
    ) as each_day
  )
  select
    (select days from series)[counted.number],
    backlog.account_id,
    backlog.status,
    status_row.stage,
    cdd.is_open_stage(status_row.stage),
    backlog.cases
  from (
    select
      change.account_id,
      change.status,
      change.number,
      (sum(sum(change.cases)) over (partition by change.account_id, change.status order by change.number))::integer
        as cases,
      lead(change.number, 1, (select length from series) + 1)
        over (partition by change.account_id, change.status order by change.number) as next_number
    from (
      select stay.account_id, stay.status, edge.number, edge.sign * stay.cases as cases
      from (
        -- Counted here, so that parallel workers do it.
        select last_stay.account_id, last_stay.status, last_stay.days_before, last_stay.last_number, count(*) as cases
        from (
          select
            state.account_id,
            state.status,
            greatest(
              width_bucket(state.recorded_at, (select knowns from series)),
              width_bucket(state.status_since, (select ends from series))
            ) as days_before,
            least(
              width_bucket(state.superseded_at, (select knowns from series)),
              width_bucket(state.gone_at, (select ends from series)),
              (select length from series)
            ) as last_number
          from reporting.case_states as state
          where state.status is not null
            and state.recorded_at <= (select last_known from series)
            and (state.superseded_at is null or state.superseded_at > (select first_known from series))
        ) as last_stay
        where last_stay.days_before < last_stay.last_number
        group by last_stay.account_id, last_stay.status, last_stay.days_before, last_stay.last_number
        union all
        select earlier_stay.account_id, earlier_stay.status, earlier_stay.days_before, earlier_stay.last_number, 1
        from (
          -- Days at whose end the case was not yet in what was known as its last status: few cases, and looked up one by
          -- one because of "offset 0". Joined, all transitions would be sorted.
          select
            state.account_id,
            transition.from_status as status,
            greatest(
              width_bucket(state.recorded_at, (select knowns from series)),
              width_bucket(transition.recorded_at, (select knowns from series)),
              width_bucket(transition.from_since, (select ends from series))
            ) as days_before,
            least(
              width_bucket(state.superseded_at, (select knowns from series)),
              width_bucket(transition.superseded_at, (select knowns from series)),
              width_bucket(state.gone_at, (select ends from series)),
              width_bucket(transition.occurred_at, (select ends from series))
            ) as last_number
          from reporting.case_states as state
          cross join lateral (
            select from_status, from_since, occurred_at, recorded_at, superseded_at
            from reporting.status_history
            where account_id = state.account_id and case_id = state.case_id
            offset 0
          ) as transition
          where state.status is not null
            and state.recorded_at <= (select last_known from series)
            and (state.superseded_at is null or state.superseded_at > (select first_known from series))
            and greatest(
              width_bucket(state.recorded_at, (select knowns from series)),
              width_bucket(state.opened_at, (select ends from series))
            ) < least(
              width_bucket(state.superseded_at, (select knowns from series)),
              width_bucket(state.gone_at, (select ends from series)),
              width_bucket(state.status_since, (select ends from series))
            )
        ) as earlier_stay
        where earlier_stay.days_before < earlier_stay.last_number
      ) as stay
      cross join lateral (
        values (stay.days_before + 1, 1), (stay.last_number + 1, -1)
      ) as edge (number, sign)
    ) as change
    group by change.account_id, change.status, change.number
  ) as backlog
  join reporting.statuses as status_row on status_row.status = backlog.status
  cross join lateral generate_series(backlog.number, backlog.next_number - 1) as counted (number)
  where backlog.cases > 0;
end;

comment on function reporting.backlog_series is 'Number of cases per account and status at the end of the days from from_day to to_day; for today, now. step (day, week, month, quarter or year) takes the last day of each week, month and so on, and to_day. known_at null: every day as cdd-sync knew it at the day''s end; else all days as it knew them at known_at. Equal to backlog_as_of at the last microsecond of each day: day, account_id, status, stage, is_open (whether somebody must still act on cases in the status), cases. Statuses without cases have no row. No day is before 2000 or after today; these two days are also what a null from_day and to_day mean.';
