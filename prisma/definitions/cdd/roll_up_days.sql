-- A day is found by its place among the days. The plans for small accounts are made without knowing how many days there
-- are, and compared each transition with each of them.
create or replace function cdd.roll_up_days(account text, days date[], begins_at timestamptz[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  first_day date := days[1];
  end_day date := days[cardinality(days)];
  first_at timestamptz := begins_at[1];
  end_at timestamptz := begins_at[cardinality(days)];
  last_place integer := cardinality(days) - 1;
begin
  delete from cdd.flow_days as held
  where held.account_id = account and held.day >= first_day and held.day < end_day;
  delete from cdd.decision_months as held
  where held.account_id = account and held.month >= first_day and held.month < end_day;

  with
  -- First times are of the case, whatever transitions are of that instant.
  reached as materialized (
    select
      width_bucket(held.first_decided_at, begins_at) as decided_place,
      width_bucket(held.first_approved_at, begins_at) as approved_place,
      width_bucket(held.first_declined_at, begins_at) as declined_place,
      held.decision_route,
      held.first_decided_at - held.opened_at as age
    from cdd.cases as held
    where held.account_id = account
      and held.status_since >= first_at
      and held.opened_at < end_at
  ),
  transition as materialized (
    select
      width_bucket(moved.occurred_at, begins_at) as place,
      moved.from_status,
      moved.to_status,
      coalesce(moved.occurred_at < least(held.deleted_at, held.missing_since), true) as is_there,
      moved.recorded_at > moved.occurred_at + interval '24 hours' and moved.recorded_at > held.first_seen_at
        as is_learned_late
    from cdd.cases as held
    join cdd.status_transitions as moved
      on moved.account_id = account
      and moved.case_id = held.id
      and moved.superseded_at is null
      and moved.occurred_at >= first_at
      and moved.occurred_at < end_at
    -- Only a case that moved since then can have moved then, and those an index finds.
    where held.account_id = account and held.status_since >= first_at and held.opened_at < end_at
  ),
  moved as materialized (
    select
      days[counted.place] as day,
      counted.from_status,
      counted.to_status,
      origin.stage as from_stage,
      towards.stage as to_stage,
      counted.is_there,
      counted.transitions
    from (
      select place, from_status, to_status, is_there, count(*)::integer as transitions
      from transition
      group by place, from_status, to_status, is_there
    ) as counted
    join cdd.case_statuses as towards on towards.status = counted.to_status
    left join cdd.case_statuses as origin on origin.status = counted.from_status
  ),
  decision as materialized (
    select days[decided_place] as day, decision_route, age
    from reached
    where decided_place between 1 and last_place
  ),
  flow as (
    insert into cdd.flow_days (
      account_id, day, opened, decided, approved, declined, reopened, left_active, learned_late
    )
    select
      account, day, sum(opened), sum(decided), sum(approved), sum(declined), sum(reopened), sum(left_active),
      sum(learned_late)
    from (
      select
        day,
        case when from_status is null then transitions else 0 end as opened,
        0 as decided,
        0 as approved,
        0 as declined,
        case
          when from_stage in ('approved', 'declined', 'closed') and to_stage in ('applicant', 'review') then transitions
          else 0
        end as reopened,
        case when from_status = 'ACTIVE' then transitions else 0 end as left_active,
        0 as learned_late
      from moved
      union all
      select days[width_bucket(held.opened_at, begins_at)], 1, 0, 0, 0, 0, 0, 0
      from cdd.cases as held
      where held.account_id = account
        and held.status_since is null
        and held.opened_at >= first_at
        and held.opened_at < end_at
      union all
      select day, 0, 1, 0, 0, 0, 0, 0
      from decision
      union all
      select days[approved_place], 0, 0, count(*), 0, 0, 0, 0
      from reached
      where approved_place between 1 and last_place
      group by approved_place
      union all
      select days[declined_place], 0, 0, 0, count(*), 0, 0, 0
      from reached
      where declined_place between 1 and last_place
      group by declined_place
      union all
      select days[place], 0, 0, 0, 0, 0, 0, count(*)
      from transition
      where is_learned_late
      group by place
    ) as part
    group by day
    having sum(opened + decided + approved + declined + reopened + left_active + learned_late) > 0
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
        -- As numeric: a sum of floating-point numbers depends on their order.
        avg(extract(epoch from age)) as mean_seconds
      from decision
      group by month, decision_route
    ) as made
  ),
  change as (
    select day, to_status as status, transitions as entered, 0 as exited
    from moved
    where is_there
    union all
    select day, from_status, 0, transitions
    from moved
    where is_there and from_status is not null
    union all
    select days[width_bucket(gone.gone_at, begins_at)], last.to_status, 0, 1
    from (
      select id, least(deleted_at, missing_since) as gone_at
      from cdd.cases
      where account_id = account
        and (deleted_at is not null or missing_since is not null)
        and least(deleted_at, missing_since) >= first_at
        and least(deleted_at, missing_since) < end_at
    ) as gone
    join lateral (
      select earlier.to_status
      from cdd.status_transitions as earlier
      where earlier.account_id = account
        and earlier.case_id = gone.id
        and earlier.superseded_at is null
        and earlier.occurred_at < gone.gone_at
      order by earlier.sequence desc
      limit 1
    ) as last on true
  ),
  -- From the first of these days on, for what changes on it changes the number of cases on every later day.
  known as materialized (
    select status, day, entered, exited, cases, next_day, day < end_day as is_old
    from cdd.backlog_days
    where account_id = account and day >= first_day
  ),
  before as materialized (
    select held.status, held.day, held.cases
    from cdd.backlog_days as held
    where held.account_id = account
      and held.day < first_day
      and (held.next_day is null or held.next_day >= first_day)
  ),
  wanted as materialized (
    select
      status,
      day,
      entered,
      exited,
      (sum(entered - exited + cases_before) over (partition by status order by day))::integer as cases,
      lead(day) over (partition by status order by day) as next_day
    from (
      select status, day, sum(entered)::integer as entered, sum(exited)::integer as exited, 0 as cases_before
      from change
      group by status, day
      union all
      select status, day, entered, exited, 0
      from known
      where not is_old
      union all
      -- What went before enters the sums as a day of its own, which is not written.
      select status, day, 0, 0, cases
      from before
    ) as delta
  ),
  ended as (
    delete from cdd.backlog_days as held
    using known
    where held.account_id = account
      and held.status = known.status
      and held.day = known.day
      and known.is_old
      and not exists (select from wanted where wanted.status = known.status and wanted.day = known.day)
  ),
  linked as (
    update cdd.backlog_days as held
    set next_day = wanted.next_day
    from wanted
    join before using (status, day)
    where held.account_id = account
      and held.status = wanted.status
      and held.day = wanted.day
      and held.next_day is distinct from wanted.next_day
  ),
  renewed as (
    update cdd.backlog_days as held
    set entered = wanted.entered, exited = wanted.exited, cases = wanted.cases, next_day = wanted.next_day
    from wanted
    join known using (status, day)
    where held.account_id = account
      and held.status = wanted.status
      and held.day = wanted.day
      and (wanted.entered, wanted.exited, wanted.cases, wanted.next_day)
        is distinct from (known.entered, known.exited, known.cases, known.next_day)
  )
  -- Without a conflict clause, which looks for each row beforehand: whoever rolls up an account is alone.
  insert into cdd.backlog_days (account_id, status, day, entered, exited, cases, next_day)
  select account, status, day, entered, exited, cases, next_day
  from wanted
  where day >= first_day
    and not exists (select from known where known.status = wanted.status and known.day = wanted.day);
end
$$;

comment on function cdd.roll_up_days is 'Makes the roll-ups of whole months of an account again: of all days but the last of these, which only says when the one before ends.';
