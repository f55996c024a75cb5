-- Inlined like cases_as_of, so that a caller's filters by account and month reach the tables. "(select known_at)" is
-- computed once.
create or replace function reporting.decision_times_as_known(known_at timestamptz default reporting.known_until())
returns table (
  month date,
  account_id text,
  route text,
  decided integer,
  p50_hours numeric,
  p90_hours numeric,
  p95_hours numeric,
  mean_hours numeric
)
language sql
stable
parallel safe
begin atomic
  select
    decided_month.month,
    decided_month.account_id,
    decided_month.route,
    decided_month.decided,
    round((decided_month.percentiles[1] / 3600)::numeric, 6),
    round((decided_month.percentiles[2] / 3600)::numeric, 6),
    round((decided_month.percentiles[3] / 3600)::numeric, 6),
    -- By way of double precision, as which the view's roll-up is stored.
    round((decided_month.mean_seconds / 3600)::double precision::numeric, 6)
  from (
    select
      decision.month,
      decision.account_id,
      decision.route,
      count(*)::integer as decided,
      percentile_cont(array[0.5, 0.9, 0.95]) within group (order by date_part('epoch', decision.age)) as percentiles,
      -- As numeric: a floating-point sum depends on the order of its terms.
      avg(extract(epoch from decision.age)) as mean_seconds
    from (
      select
        state.account_id,
        cdd.month_of(
          state.first_decided_at,
          (select cdd.calendar_begins(interval '1 month', least(known_at, now()), timezone) from reporting.settings)
        ) as month,
        state.decision_route as route,
        state.first_decided_at - state.opened_at as age
      from reporting.case_states as state
      where state.recorded_at <= (select known_at)
        and (state.superseded_at is null or state.superseded_at > (select known_at))
        and state.first_decided_at <= (select least(known_at, now()))
        and not cdd.has_time_outside(
          (select least(known_at, now()) + interval '1 day'),
          state.opened_at, state.status_since, state.created_at, state.deleted_at
        )
    ) as decision
    group by decision.account_id, decision.month, decision.route
  ) as decided_month;
end;

comment on function reporting.decision_times_as_known is 'reporting.decision_times_monthly as it was at the time known_at (by default known_until(): everything that is final), in the time zone of now: the same columns. Equal to what the view showed then, if no run was under way.';
