-- Times are mapped to days by width_bucket and the array of days: joining every transition with the days took longer.
create or replace function cdd.roll_up_days(account text, days date[], begins_at timestamptz[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  first_day date := days[1];
  end_day date := days[cardinality(days)];
  first_at timestamptz := begins_at[1];
  -- The future has not happened yet. cdd.roll_up_odd_cases notes the months of cases that have times in it.
  end_at timestamptz := least(begins_at[cardinality(days)], now() + interval '1 microsecond');
  last_place integer := cardinality(days) - 1;
begin
  delete from cdd.flow_days as flow_row
  where flow_row.account_id = account and flow_row.day >= first_day and flow_row.day < end_day;
  delete from cdd.decision_months as month_row
  where month_row.account_id = account and month_row.month >= first_day and month_row.month < end_day;

  with
  -- First times come from cdd.cases: counting transitions would count a case twice if two happened at the same instant.
  first_times as materialized (
    select
      case when case_row.first_decided_at < end_at then width_bucket(case_row.first_decided_at, begins_at) end
        as decided_place,
      case when case_row.first_approved_at < end_at then width_bucket(case_row.first_approved_at, begins_at) end
        as approved_place,
      case when case_row.first_declined_at < end_at then width_bucket(case_row.first_declined_at, begins_at) end
        as declined_place,
      case_row.decision_route,
      case_row.first_decided_at - case_row.opened_at as age
    from cdd.cases as case_row
    where case_row.account_id = account
      and case_row.status_since >= first_at
      and case_row.opened_at < end_at
      and (
        not case_row.has_odd_times
        or not cdd.has_implausible_times(
          case_row.opened_at, case_row.status_since, case_row.created_at, case_row.deleted_at
        )
      )
  ),
  transitions_in_days as materialized (
    select
      width_bucket(stored.occurred_at, begins_at) as place,
      stored.from_status,
      stored.to_status,
      coalesce(stored.occurred_at < least(case_row.deleted_at, case_row.missing_since), true) as is_there,
      stored.recorded_at > stored.occurred_at + interval '24 hours' and stored.recorded_at > case_row.first_seen_at
        as is_learned_late
    from cdd.cases as case_row
    join cdd.status_transitions as stored
      on stored.account_id = account
      and stored.case_id = case_row.id
      and stored.superseded_at is null
      and stored.occurred_at >= first_at
      and stored.occurred_at < end_at
    -- Only a case with its last transition on or after the first of these days can have one in them. An index finds them.
    where case_row.account_id = account
      and case_row.status_since >= first_at
      and case_row.opened_at < end_at
      and (
        not case_row.has_odd_times
        or not cdd.has_implausible_times(
          case_row.opened_at, case_row.status_since, case_row.created_at, case_row.deleted_at
        )
      )
  ),
  daily_transitions as materialized (
    select
      days[counted.place] as day,
      counted.from_status,
      counted.to_status,
      origin_status.stage as from_stage,
      target_status.stage as to_stage,
      counted.is_there,
      counted.transitions
    from (
      select place, from_status, to_status, is_there, count(*)::integer as transitions
      from transitions_in_days
      group by place, from_status, to_status, is_there
    ) as counted
    join cdd.case_statuses as target_status on target_status.status = counted.to_status
    left join cdd.case_statuses as origin_status on origin_status.status = counted.from_status
  ),
  first_decisions as materialized (
    select days[decided_place] as day, decision_route, age
    from first_times
    where decided_place between 1 and last_place
  ),
  flow_counts (day, figure, items) as (
    select day, 'opened', transitions
    from daily_transitions
    where from_status is null
    union all
    select days[width_bucket(case_row.opened_at, begins_at)], 'opened', 1
    from cdd.cases as case_row
    where case_row.account_id = account
      and case_row.status_since is null
      and case_row.opened_at >= first_at
      and case_row.opened_at < end_at
      and (
        not case_row.has_odd_times
        or not cdd.has_implausible_times(
          case_row.opened_at, case_row.status_since, case_row.created_at, case_row.deleted_at
        )
      )
    union all
    select days[first_time.place], first_time.figure, 1
    from first_times
    cross join lateral (
      values ('decided', decided_place), ('approved', approved_place), ('declined', declined_place)
    ) as first_time (figure, place)
    where first_time.place between 1 and last_place
    union all
    select day, 'reopened', transitions
    from daily_transitions
    where from_stage in ('approved', 'declined', 'closed') and to_stage in ('applicant', 'review')
    union all
    select day, 'left_active', transitions
    from daily_transitions
    where from_status = 'ACTIVE'
    union all
    select days[place], 'learned_late', 1
    from transitions_in_days
    where is_learned_late
  ),
  flow as (
    insert into cdd.flow_days (
      account_id, day, opened, decided, approved, declined, reopened, left_active, learned_late
    )
    select
      account,
      day,
      coalesce(sum(items) filter (where figure = 'opened'), 0),
      coalesce(sum(items) filter (where figure = 'decided'), 0),
      coalesce(sum(items) filter (where figure = 'approved'), 0),
      coalesce(sum(items) filter (where figure = 'declined'), 0),
      coalesce(sum(items) filter (where figure = 'reopened'), 0),
      coalesce(sum(items) filter (where figure = 'left_active'), 0),
      coalesce(sum(items) filter (where figure = 'learned_late'), 0)
    from flow_counts
    group by day
  ),
  decisions as (
    insert into cdd.decision_months (account_id, month, route, decided, p50_hours, p90_hours, p95_hours, mean_hours)
    select
      account, month, decision_route, decided, percentiles[1] / 3600, percentiles[2] / 3600, percentiles[3] / 3600,
      mean_seconds / 3600
    from (
      select
        date_trunc('month', day::timestamp)::date as month,
        decision_route,
        count(*) as decided,
        percentile_cont(array[0.5, 0.9, 0.95]) within group (order by date_part('epoch', age)) as percentiles,
        -- As numeric: a floating-point sum depends on the order of its terms.
        avg(extract(epoch from age)) as mean_seconds
      from first_decisions
      group by month, decision_route
    ) as month_row
  ),
  changes as (
    select day, to_status as status, transitions as entered, 0 as exited
    from daily_transitions
    where is_there
    union all
    select day, from_status, 0, transitions
    from daily_transitions
    where is_there and from_status is not null
    union all
    select days[width_bucket(gone_case.gone_at, begins_at)], last_transition.to_status, 0, 1
    from (
      select id, least(deleted_at, missing_since) as gone_at
      from cdd.cases
      where account_id = account
        and (deleted_at is not null or missing_since is not null)
        and least(deleted_at, missing_since) >= first_at
        and least(deleted_at, missing_since) < end_at
        and (not has_odd_times or not cdd.has_implausible_times(opened_at, status_since, created_at, deleted_at))
    ) as gone_case
    join lateral (
      select earlier.to_status
      from cdd.status_transitions as earlier
      where earlier.account_id = account
        and earlier.case_id = gone_case.id
        and earlier.superseded_at is null
        and earlier.occurred_at < gone_case.gone_at
      order by earlier.sequence desc
      limit 1
    ) as last_transition on true
  ),
  -- With all later days, because a change on one day changes the number of cases on every day after it; and with the last
  -- day of each status before them, from which the number of cases starts, and whose next day may change.
  existing_day as materialized (
    select status, day, entered, exited, cases, next_day, day >= first_day and day < end_day as is_old
    from cdd.backlog_days
    where account_id = account and (next_day is null or next_day >= first_day)
  ),
  new_day as materialized (
    select
      status,
      day,
      entered,
      exited,
      (sum(entered - exited + cases_before) over (partition by status order by day))::integer as cases,
      lead(day) over (partition by status order by day) as next_day
    from (
      select status, day, sum(entered)::integer as entered, sum(exited)::integer as exited, 0 as cases_before
      from changes
      group by status, day
      union all
      select status, day, entered, exited, case when day < first_day then cases - entered + exited else 0 end
      from existing_day
      where not is_old
    ) as delta
  ),
  -- A full join is always hashed or merged. Postgres expects a few rows, and compared each day with each other one by
  -- nested loops: minutes, if a case has tens of thousands of statuses. A day that is not stored has a null in is_old, and
  -- one on which nothing changed any more has a null in cases.
  compared_day as materialized (
    select
      status, day, new_day.entered, new_day.exited, new_day.cases, new_day.next_day, existing_day.is_old,
      (existing_day.entered, existing_day.exited, existing_day.cases, existing_day.next_day)
        is distinct from (new_day.entered, new_day.exited, new_day.cases, new_day.next_day) as is_changed
    from existing_day
    full join new_day using (status, day)
  ),
  ended as (
    delete from cdd.backlog_days as backlog_row
    using compared_day as compared
    where backlog_row.account_id = account
      and backlog_row.status = compared.status
      and backlog_row.day = compared.day
      and compared.is_old
      and compared.cases is null
  ),
  renewed as (
    update cdd.backlog_days as backlog_row
    set entered = compared.entered, exited = compared.exited, cases = compared.cases, next_day = compared.next_day
    from compared_day as compared
    where backlog_row.account_id = account
      and backlog_row.status = compared.status
      and backlog_row.day = compared.day
      and compared.is_old is not null
      and compared.cases is not null
      and compared.is_changed
  )
  -- Needs no conflict clause, which would look up each row first, because cdd.roll_up holds the account's lock.
  insert into cdd.backlog_days (account_id, status, day, entered, exited, cases, next_day)
  select account, status, day, entered, exited, cases, next_day
  from compared_day
  where is_old is null;
end
$$;

comment on function cdd.roll_up_days is 'Part of cdd.roll_up: computes the daily and monthly roll-ups of an account for whole months. days lists every day and the one after the last; begins_at their first instants.';
