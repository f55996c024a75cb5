-- Reports at less cost to runs and readers: cohorts by differences, days by comparing instead of converting, no index on
-- the times of transitions. docs/decisions.md says why.

-- Batches begin by locking their run's row. So nobody is writing now, with triggers of before, what is counted below.
lock table cdd.sync_runs in exclusive mode;

-- Notes -----------------------------------------------------------------------------------------------------------

alter table cdd.report_changes
  add column opened integer,
  add column reached_declaration integer,
  add column reached_signature integer,
  add column reached_review integer,
  add column decided integer,
  add column approved integer,
  add column declined integer,
  add column still_open integer,
  add column decided_within_24h integer;
comment on column cdd.report_changes.cohort is 'First day of a month of which other cases were opened, or whose cases have come to another point; the other columns say by how many more or, below 0, fewer.';

-- Which months a time may be in, for many times: every day of UTC lies in one month, or in two of another time zone.
-- A month too many only makes some days anew. Converting every row's time took more than anything else a note takes.
create or replace function cdd.note_transitions()
returns trigger
language plpgsql
as $$
begin
  insert into cdd.report_changes (account_id, month)
  select distinct
    day.account_id,
    date_trunc('month', edge.at at time zone (select timezone from cdd.report_settings))::date
  from (
    select distinct account_id, date_bin('1 day', occurred_at, 'epoch') as begins_at
    from changed
  ) as day
  cross join lateral (values (day.begins_at), (day.begins_at + interval '23:59:59.999999')) as edge (at);
  insert into cdd.report_changes (account_id, from_status, to_status)
  select distinct account_id, from_status, to_status
  from changed;
  return null;
end
$$;

create or replace function cdd.note_new_cases()
returns trigger
language plpgsql
as $$
begin
  insert into cdd.report_changes (
    account_id, cohort, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
    still_open, decided_within_24h
  )
  select
    added.account_id,
    date_trunc('month', added.opened_at at time zone (select timezone from cdd.report_settings))::date as cohort,
    count(*),
    count(*) filter (where added.furthest_rank >= 20),
    count(*) filter (where added.furthest_rank >= 30),
    count(*) filter (where added.furthest_rank >= 40),
    count(added.first_decided_at),
    count(added.first_approved_at),
    count(added.first_declined_at),
    count(*) filter (
      where (known.stage is null or known.stage in ('applicant', 'review', 'error', 'unknown'))
        and added.deleted_at is null
        and added.missing_since is null
    ),
    count(*) filter (where added.first_decided_at - added.opened_at <= interval '24 hours')
  from added
  left join cdd.case_statuses as known on known.status = added.status
  where added.opened_at is not null
  group by added.account_id, cohort;
  insert into cdd.report_changes (account_id, month)
  select distinct
    added.account_id,
    date_trunc('month', moment.at at time zone (select timezone from cdd.report_settings))::date
  from added
  cross join lateral (
    values
      (case when added.status is null then added.opened_at end),
      (least(added.deleted_at, added.missing_since))
  ) as moment (at)
  where (added.status is null or added.deleted_at is not null or added.missing_since is not null)
    and moment.at is not null;
  return null;
end
$$;

-- A trigger on some columns can have no transition tables. So one on those columns says beforehand that the statement may
-- matter; where fingerprints alone are renewed, at times of every case there is, nobody compares old and new rows.
create function cdd.expect_changed_cases()
returns trigger
language plpgsql
as $$
begin
  perform set_config('cdd.cases_may_change', 'on', true);
  return null;
end
$$;
comment on function cdd.expect_changed_cases is 'Tells cdd.note_changed_cases that a statement sets columns that are rolled up.';

create trigger expect_changed
before update of
  opened_at, first_decided_at, decision_route, first_approved_at, first_declined_at, furthest_rank, status, status_since,
  deleted_at, missing_since
on cdd.cases
for each statement execute function cdd.expect_changed_cases();

drop trigger note_changed on cdd.cases;
create trigger note_changed
after update on cdd.cases
referencing old table as held new table as now_held
for each statement
when (current_setting('cdd.cases_may_change', true) = 'on')
execute function cdd.note_changed_cases();

create or replace function cdd.note_changed_cases()
returns trigger
language plpgsql
-- The plan is kept from a session's first statement, which may have changed one case; by nested loops the old and new rows
-- of a thousand cases took 0.6 s to be brought together.
set enable_nestloop = off
as $$
begin
  with changed as materialized (
    select
      now_held.account_id,
      now_held.id,
      now_held.opened_at, held.opened_at as was_opened_at,
      now_held.first_decided_at, held.first_decided_at as was_first_decided_at,
      now_held.decision_route, held.decision_route as was_decision_route,
      now_held.first_approved_at, held.first_approved_at as was_first_approved_at,
      now_held.first_declined_at, held.first_declined_at as was_first_declined_at,
      now_held.furthest_rank, held.furthest_rank as was_furthest_rank,
      now_held.status, held.status as was_status,
      least(now_held.deleted_at, now_held.missing_since) as gone_at,
      least(held.deleted_at, held.missing_since) as was_gone_at
    from now_held
    join held using (account_id, id)
    -- Of a case that is gone, which status it was in at the end may have changed with its transitions, and nothing in its
    -- row.
    where now_held.deleted_at is not null
      or now_held.missing_since is not null
      or (
        now_held.opened_at, now_held.first_decided_at, now_held.decision_route, now_held.first_approved_at,
        now_held.first_declined_at, now_held.furthest_rank, now_held.status, now_held.deleted_at, now_held.missing_since
      ) is distinct from (
        held.opened_at, held.first_decided_at, held.decision_route, held.first_approved_at, held.first_declined_at,
        held.furthest_rank, held.status, held.deleted_at, held.missing_since
      )
  ),
  cohorts as (
    insert into cdd.report_changes (
      account_id, cohort, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
      still_open, decided_within_24h
    )
    select
      changed.account_id,
      date_trunc('month', side.opened_at at time zone (select timezone from cdd.report_settings))::date as cohort,
      sum(side.weight),
      coalesce(sum(side.weight) filter (where side.furthest_rank >= 20), 0),
      coalesce(sum(side.weight) filter (where side.furthest_rank >= 30), 0),
      coalesce(sum(side.weight) filter (where side.furthest_rank >= 40), 0),
      coalesce(sum(side.weight) filter (where side.first_decided_at is not null), 0),
      coalesce(sum(side.weight) filter (where side.first_approved_at is not null), 0),
      coalesce(sum(side.weight) filter (where side.first_declined_at is not null), 0),
      coalesce(
        sum(side.weight) filter (
          where (known.stage is null or known.stage in ('applicant', 'review', 'error', 'unknown'))
            and side.gone_at is null
        ),
        0
      ),
      coalesce(sum(side.weight) filter (where side.first_decided_at - side.opened_at <= interval '24 hours'), 0)
    from changed
    cross join lateral (
      values
        (
          1, opened_at, first_decided_at, first_approved_at, first_declined_at, furthest_rank, status, gone_at
        ),
        (
          -1, was_opened_at, was_first_decided_at, was_first_approved_at, was_first_declined_at, was_furthest_rank,
          was_status, was_gone_at
        )
    ) as side (
      weight, opened_at, first_decided_at, first_approved_at, first_declined_at, furthest_rank, status, gone_at
    )
    left join cdd.case_statuses as known on known.status = side.status
    where side.opened_at is not null
    group by changed.account_id, cohort
  )
  insert into cdd.report_changes (account_id, month)
  select distinct
    changed.account_id,
    date_trunc('month', moment.at at time zone (select timezone from cdd.report_settings))::date
  from changed
  cross join lateral (
    select unnest(array[opened_at, was_opened_at])
    where opened_at is distinct from was_opened_at
    union all
    select unnest(array[first_decided_at, was_first_decided_at])
    where (opened_at, first_decided_at, decision_route)
      is distinct from (was_opened_at, was_first_decided_at, was_decision_route)
    union all
    select unnest(array[first_approved_at, was_first_approved_at])
    where first_approved_at is distinct from was_first_approved_at
    union all
    select unnest(array[first_declined_at, was_first_declined_at])
    where first_declined_at is distinct from was_first_declined_at
    union all
    select unnest(array[gone_at, was_gone_at])
    union all
    -- What happens to a case that is gone does not count; so with that moment its transitions come and go.
    select moved.occurred_at
    from cdd.status_transitions as moved
    where moved.account_id = changed.account_id
      and moved.case_id = changed.id
      and moved.superseded_at is null
      and changed.gone_at is distinct from changed.was_gone_at
      and moved.occurred_at >= least(changed.gone_at, changed.was_gone_at)
  ) as moment (at)
  where moment.at is not null;
  perform set_config('cdd.cases_may_change', 'off', true);
  return null;
end
$$;

-- Indexes ---------------------------------------------------------------------------------------------------------

-- Four entries a case took a first load longer than all else that is done for reports. A case has one here.
drop index cdd.status_transitions_occurred_at_idx;
-- Served the cohorts, which nobody reads any more.
drop index cdd.cases_account_id_opened_at_idx;
create index cases_account_id_status_since_idx on cdd.cases (account_id, status_since);

-- Rolling up ------------------------------------------------------------------------------------------------------

create function cdd.day_begins(day date, zone text)
returns timestamptz
language sql
stable
as $$
  -- Where clocks go back from one o'clock to midnight there are two midnights, of which Postgres takes the second. In one
  -- expression, because such a function costs no call.
  select
    case
      when ((day::timestamp at time zone zone - interval '1 hour') at time zone zone)::date = day
        then day::timestamp at time zone zone - interval '1 hour'
      else day::timestamp at time zone zone
    end
$$;
comment on function cdd.day_begins is 'The first instant of a day in a time zone.';

create function cdd.roll_up_days(account text, days date[], begins_at timestamptz[])
returns void
language plpgsql
as $$
declare
  first_day date := days[1];
  end_day date := days[cardinality(days)];
  first_at timestamptz := begins_at[1];
  end_at timestamptz := begins_at[cardinality(days)];
begin
  delete from cdd.flow_days as held
  where held.account_id = account and held.day >= first_day and held.day < end_day;
  delete from cdd.decision_months as held
  where held.account_id = account and held.month >= first_day and held.month < end_day;

  with transition as materialized (
    select
      width_bucket(moved.occurred_at, begins_at) as place,
      moved.case_id,
      moved.from_status,
      moved.to_status,
      coalesce(moved.occurred_at < least(held.deleted_at, held.missing_since), true) as is_there,
      moved.occurred_at = held.first_decided_at as is_decision,
      moved.occurred_at = held.first_approved_at as is_approval,
      moved.occurred_at = held.first_declined_at as is_declining,
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
      calendar.day, counted.from_status, counted.to_status, origin.stage as from_stage, towards.stage as to_stage,
      counted.is_there, counted.transitions
    from (
      select place, from_status, to_status, is_there, count(*)::integer as transitions
      from transition
      group by place, from_status, to_status, is_there
    ) as counted
    join unnest(days) with ordinality as calendar (day, place) using (place)
    join cdd.case_statuses as towards on towards.status = counted.to_status
    left join cdd.case_statuses as origin on origin.status = counted.from_status
  ),
  -- Two decisions of a case may be of one instant; whoever counts these counts cases.
  decision as materialized (
    select calendar.day, held.decision_route, held.first_decided_at - held.opened_at as age
    from (
      select distinct case_id, place
      from transition
      where is_decision
    ) as decided
    join unnest(days) with ordinality as calendar (day, place) using (place)
    join cdd.cases as held on held.account_id = account and held.id = decided.case_id
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
      select calendar.day, 1, 0, 0, 0, 0, 0, 0
      from cdd.cases as held
      join unnest(days) with ordinality as calendar (day, place)
        on calendar.place = width_bucket(held.opened_at, begins_at)
      where held.account_id = account
        and held.status_since is null
        and held.opened_at >= first_at
        and held.opened_at < end_at
      union all
      select day, 0, 1, 0, 0, 0, 0, 0
      from decision
      union all
      select calendar.day, 0, 0, counted.approved, counted.declined, 0, 0, counted.learned_late
      from (
        select
          place,
          count(distinct case_id) filter (where is_approval) as approved,
          count(distinct case_id) filter (where is_declining) as declined,
          count(*) filter (where is_learned_late) as learned_late
        from transition
        where is_approval or is_declining or is_learned_late
        group by place
      ) as counted
      join unnest(days) with ordinality as calendar (day, place) using (place)
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
    select calendar.day, last.to_status, 0, 1
    from (
      select id, least(deleted_at, missing_since) as gone_at
      from cdd.cases
      where account_id = account
        and (deleted_at is not null or missing_since is not null)
        and least(deleted_at, missing_since) >= first_at
        and least(deleted_at, missing_since) < end_at
    ) as gone
    join unnest(days) with ordinality as calendar (day, place)
      on calendar.place = width_bucket(gone.gone_at, begins_at)
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
  )
  insert into cdd.backlog_days as held (account_id, status, day, entered, exited, cases, next_day)
  select account, wanted.status, wanted.day, wanted.entered, wanted.exited, wanted.cases, wanted.next_day
  from wanted
  left join known
    on known.status = wanted.status
    and known.day = wanted.day
    and known.entered = wanted.entered
    and known.exited = wanted.exited
    and known.cases = wanted.cases
    and known.next_day is not distinct from wanted.next_day
  where known.day is null and wanted.day >= first_day
  on conflict (account_id, status, day) do update
  set entered = excluded.entered, exited = excluded.exited, cases = excluded.cases, next_day = excluded.next_day;
end
$$;
comment on function cdd.roll_up_days is 'Makes the roll-ups of whole months of an account again: of all days but the last of these, which only says when the one before ends.';

create or replace function cdd.roll_up(account text)
returns void
language plpgsql
-- The next account may be a thousand times as large.
set plan_cache_mode = force_custom_plan
set jit = off
set work_mem = '64MB'
as $$
declare
  zone text := (select timezone from cdd.report_settings);
  months date[];
  origins text[];
  targets text[];
  has_cohorts boolean;
  -- Percentiles over all that ever happened cannot be added to: a large account's are made anew once an hour.
  pairs_are_due boolean;
  first_day date;
  end_day date;
begin
  perform pg_advisory_xact_lock(hashtextextended('cdd.roll_up ' || account, 0));

  select coalesce(sum(held.transitions), 0) < 20000 or coalesce(max(held.made_at), '-infinity') < now() - interval '1 hour'
  from cdd.transition_pairs as held
  where held.account_id = account
  into pairs_are_due;

  with taken as (
    delete from cdd.report_changes as noted
    where noted.account_id = account and (noted.to_status is null or pairs_are_due)
    returning noted.*
  ),
  pairs as (
    select distinct from_status, to_status
    from taken
    where to_status is not null
  ),
  counted as (
    insert into cdd.funnel_months as held (
      account_id, month, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
      still_open, decided_within_24h
    )
    select
      account, cohort, sum(opened), sum(reached_declaration), sum(reached_signature), sum(reached_review), sum(decided),
      sum(approved), sum(declined), sum(still_open), sum(decided_within_24h)
    from taken
    where cohort is not null
    group by cohort
    on conflict (account_id, month) do update
    set
      opened = held.opened + excluded.opened,
      reached_declaration = held.reached_declaration + excluded.reached_declaration,
      reached_signature = held.reached_signature + excluded.reached_signature,
      reached_review = held.reached_review + excluded.reached_review,
      decided = held.decided + excluded.decided,
      approved = held.approved + excluded.approved,
      declined = held.declined + excluded.declined,
      still_open = held.still_open + excluded.still_open,
      decided_within_24h = held.decided_within_24h + excluded.decided_within_24h
  )
  select
    (select array_agg(distinct month) filter (where month is not null) from taken),
    (select array_agg(from_status order by from_status, to_status) from pairs),
    (select array_agg(to_status order by from_status, to_status) from pairs),
    (select bool_or(cohort is not null) from taken)
  into months, origins, targets, has_cohorts;

  if has_cohorts then
    delete from cdd.funnel_months as held where held.account_id = account and held.opened = 0;
  end if;

  -- Months that follow each other are made in one go.
  for first_day, end_day in
    select min(month), (max(month) + interval '1 month')::date
    from (
      select month, month - row_number() over (order by month) * interval '1 month' as island
      from unnest(months) as month
    ) as noted
    group by island
    order by 1
  loop
    perform cdd.roll_up_days(account, array_agg(day order by day), array_agg(cdd.day_begins(day, zone) order by day))
    from (
      select generate_series(first_day::timestamp, end_day::timestamp, interval '1 day')::date as day
    ) as every;
  end loop;

  if targets is not null then
    delete from cdd.transition_pairs as held
    using unnest(origins, targets) as pair (from_status, to_status)
    where held.account_id = account
      and held.from_status = coalesce(pair.from_status, '')
      and held.is_first = (pair.from_status is null)
      and held.to_status = pair.to_status;

    insert into cdd.transition_pairs (
      account_id, is_first, from_status, to_status, transitions, median_hours, p90_hours
    )
    select
      account, pair.from_status is null, coalesce(pair.from_status, ''), pair.to_status, made.transitions,
      made.percentiles[1] / 3600, made.percentiles[2] / 3600
    from unnest(origins, targets) with ordinality as pair (from_status, to_status, place)
    join (
      select
        pair.place,
        count(*) as transitions,
        percentile_cont(array[0.5, 0.9]) within group (order by date_part('epoch', moved.occurred_at - moved.from_since))
          as percentiles
      from cdd.status_transitions as moved
      -- By a number: sorting by names took longer than everything else here.
      join unnest(origins, targets) with ordinality as pair (from_status, to_status, place)
        on pair.to_status = moved.to_status
        and pair.from_status is not distinct from moved.from_status
      where moved.account_id = account and moved.superseded_at is null
      group by pair.place
    ) as made using (place);
  end if;
end
$$;

create or replace function cdd.rebuild_roll_ups(account text)
returns void
language plpgsql
as $$
declare
  zone text := (select timezone from cdd.report_settings);
begin
  -- Nobody else takes notes of this account from here on.
  perform pg_advisory_xact_lock(hashtextextended('cdd.roll_up ' || account, 0));
  delete from cdd.backlog_days where account_id = account;
  delete from cdd.flow_days where account_id = account;
  delete from cdd.decision_months where account_id = account;
  delete from cdd.funnel_months where account_id = account;
  delete from cdd.transition_pairs where account_id = account;

  -- One statement, so that no case is both counted here and in a note that stays.
  with dropped as (
    delete from cdd.report_changes where account_id = account
  )
  insert into cdd.funnel_months (
    account_id, month, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
    still_open, decided_within_24h
  )
  select
    account,
    date_trunc('month', held.opened_at at time zone zone)::date as cohort,
    count(*),
    count(*) filter (where held.furthest_rank >= 20),
    count(*) filter (where held.furthest_rank >= 30),
    count(*) filter (where held.furthest_rank >= 40),
    count(held.first_decided_at),
    count(held.first_approved_at),
    count(held.first_declined_at),
    count(*) filter (
      where (known.stage is null or known.stage in ('applicant', 'review', 'error', 'unknown'))
        and held.deleted_at is null
        and held.missing_since is null
    ),
    count(*) filter (where held.first_decided_at - held.opened_at <= interval '24 hours')
  from cdd.cases as held
  left join cdd.case_statuses as known on known.status = held.status
  where held.account_id = account and held.opened_at is not null
  group by cohort;

  insert into cdd.report_changes (account_id, month)
  select distinct account, date_trunc('month', moment.at at time zone zone)::date
  from (
    select occurred_at as at
    from cdd.status_transitions
    where account_id = account and superseded_at is null
    union all
    select unnest(array[case when status is null then opened_at end, least(deleted_at, missing_since)])
    from cdd.cases
    where account_id = account
  ) as moment
  where moment.at is not null;

  insert into cdd.report_changes (account_id, from_status, to_status)
  select distinct account, from_status, to_status
  from cdd.status_transitions
  where account_id = account and superseded_at is null;

  perform cdd.roll_up(account);
end
$$;

-- Readers ---------------------------------------------------------------------------------------------------------

-- Who was granted every account there is, one by one, is not asked about each row. Nobody sees more by it: a row is
-- written after its account is, so every snapshot with the row has the account, and accounts are not removed.
create or replace view cdd.current_reader as
select
  pg_has_role(current_user, owned.nspowner, 'usage')
  or exists (
    select
    from cdd.reader_grants as given
    join pg_catalog.pg_roles as reader on reader.rolname = given.role_name
    where given.account_id = '*' and pg_has_role(current_user, reader.oid, 'usage')
  )
  or not exists (
    select
    from cdd.accounts as account
    where account.id not in (select account_id from cdd.granted_accounts)
  ) as sees_all
from pg_catalog.pg_namespace as owned
where owned.nspname = 'cdd';
comment on view cdd.current_reader is 'Whether the current user sees every account: the owner of schema cdd, whom reader_grants says so of, and who was granted every one.';

-- Views -----------------------------------------------------------------------------------------------------------
-- Hours have six decimals: so many millionths of an hour, of 0.0036 s each, as a whole number. Subtracting and dividing as
-- numeric took a fifth of a question's time, and turning a double precision number into a numeric one twice as long.

create or replace view reporting.status_transitions with (security_barrier) as
select
  moved.account_id,
  moved.case_id,
  moved.sequence,
  moved.from_status,
  moved.to_status,
  origin.stage as from_stage,
  towards.stage as to_stage,
  coalesce(pair.direction, case when moved.from_status is null then 'new' else 'other' end) as direction,
  moved.occurred_at,
  moved.occurred_at_source,
  (
    select next.occurred_at
    from cdd.status_transitions as next
    where next.account_id = moved.account_id
      and next.case_id = moved.case_id
      and next.sequence = moved.sequence + 1
      and next.superseded_at is null
  ) as until,
  (date_part('epoch', moved.occurred_at - moved.from_since) / 0.0036)::bigint * 0.000001 as hours_in_from_status,
  not exists (
    select
    from cdd.status_transitions as next
    where next.account_id = moved.account_id
      and next.case_id = moved.case_id
      and next.sequence = moved.sequence + 1
      and next.superseded_at is null
  ) as is_current,
  moved.event_id,
  (
    select told.event
    from cdd.case_events as told
    where told.account_id = moved.account_id
      and told.case_id = moved.case_id
      and told.id = moved.event_id
      and told.superseded_at is null
  ) as event,
  moved.recorded_at,
  extract(epoch from moved.recorded_at - moved.occurred_at) as detection_lag_seconds
from cdd.status_transitions as moved
left join cdd.case_statuses as towards on towards.status = moved.to_status
left join cdd.case_statuses as origin on origin.status = moved.from_status
-- One look-up instead of two. Grouped, so that Postgres sees that there is one row at most, and leaves out the join for
-- who does not ask for the direction.
left join (
  select
    earlier.status as from_status,
    later.status as to_status,
    case
      when later.rank > earlier.rank then 'forward'
      when later.rank < earlier.rank then 'backward'
      when later.rank = earlier.rank then 'lateral'
      else 'other'
    end as direction
  from cdd.case_statuses as earlier
  cross join cdd.case_statuses as later
  group by earlier.status, later.status
) as pair on pair.from_status = moved.from_status and pair.to_status = moved.to_status
where moved.superseded_at is null
  and (
    (select sees_all from cdd.current_reader)
    or moved.account_id in (select account_id from cdd.granted_accounts)
  );

create or replace view reporting.cases with (security_barrier) as
select
  held.account_id,
  account.label as account_label,
  case left(held.account_id, 1) when 'T' then 'test' else 'production' end as environment,
  held.id as case_id,
  held.payout_destination_id,
  held.payout_destination_name,
  held.organization_number,
  held.country_code,
  held.products,
  held.package,
  held.status,
  current.stage,
  held.status_since,
  (date_part('epoch', now() - held.status_since) / 0.0036)::bigint * 0.000001 as hours_in_status,
  (current.stage is null or current.stage in ('applicant', 'review', 'error', 'unknown'))
    and held.deleted_at is null
    and held.missing_since is null as is_open,
  held.opened_at,
  held.created_at,
  held.updated_at,
  held.deleted_at,
  held.missing_since,
  held.first_seen_at,
  held.first_decided_at,
  held.first_decision,
  held.first_approved_at,
  (date_part('epoch', held.first_decided_at - held.opened_at) / 0.0036)::bigint * 0.000001 as hours_to_decision,
  (date_part('epoch', held.first_approved_at - held.opened_at) / 0.0036)::bigint * 0.000001 as hours_to_approval,
  (
    (
      held.applicant_seconds
      + case when current.stage = 'applicant' then date_part('epoch', now() - held.status_since) else 0 end
    ) / 0.0036
  )::bigint * 0.000001 as applicant_hours,
  (
    (
      held.review_seconds
      + case when current.stage = 'review' then date_part('epoch', now() - held.status_since) else 0 end
    ) / 0.0036
  )::bigint * 0.000001 as review_hours,
  held.was_manual_review,
  held.transitions,
  held.times_reopened,
  held.times_left_active,
  held.last_error,
  held.last_error_at,
  least(held.deleted_at, held.missing_since) as gone_at,
  held.decision_route
from cdd.cases as held
left join cdd.accounts as account on account.id = held.account_id
left join cdd.case_statuses as current on current.status = held.status
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

create or replace view reporting.status_periods with (security_barrier) as
select
  stay.account_id,
  stay.case_id,
  stay.sequence,
  stay.status,
  entered.stage,
  stay.entered_at,
  stay.left_at,
  stay.hours,
  stay.is_current
from (
  select
    account_id,
    case_id,
    sequence - 1 as sequence,
    from_status as status,
    from_since as entered_at,
    occurred_at as left_at,
    (date_part('epoch', occurred_at - from_since) / 0.0036)::bigint * 0.000001 as hours,
    false as is_current
  from cdd.status_transitions
  where superseded_at is null
    and from_since is not null
    and (
      (select sees_all from cdd.current_reader)
      or account_id in (select account_id from cdd.granted_accounts)
    )
  union all
  select
    account_id,
    id,
    transitions,
    status,
    status_since,
    null,
    (date_part('epoch', now() - status_since) / 0.0036)::bigint * 0.000001,
    true
  from cdd.cases
  where status is not null
    and (
      (select sees_all from cdd.current_reader)
      or account_id in (select account_id from cdd.granted_accounts)
    )
) as stay
left join cdd.case_statuses as entered on entered.status = stay.status;

create or replace view reporting.status_targets with (security_barrier) as
select
  stay.account_id,
  stay.case_id,
  stay.status,
  stay.entered_at,
  stay.target_hours,
  stay.entered_at + stay.target_hours * interval '1 hour' as due_at,
  stay.left_at,
  (date_part('epoch', coalesce(stay.left_at, now()) - stay.entered_at) / 0.0036)::bigint * 0.000001 as hours,
  case
    when stay.left_at <= stay.entered_at + stay.target_hours * interval '1 hour' then 'met'
    when coalesce(stay.left_at, now()) > stay.entered_at + stay.target_hours * interval '1 hour' then 'breached'
    when now() > stay.entered_at + stay.target_hours * 0.8 * interval '1 hour' then 'due_soon'
    else 'running'
  end as state
from (
  select
    moved.account_id, moved.case_id, moved.from_status as status, moved.from_since as entered_at,
    moved.occurred_at as left_at, wanted.target_hours
  from cdd.status_transitions as moved
  join cdd.status_targets as wanted on wanted.status = moved.from_status
  where moved.superseded_at is null and moved.from_since is not null
  union all
  select held.account_id, held.id, held.status, held.status_since, null, wanted.target_hours
  from cdd.cases as held
  join cdd.status_targets as wanted on wanted.status = held.status
) as stay
where (select sees_all from cdd.current_reader)
  or stay.account_id in (select account_id from cdd.granted_accounts);

-- What was noted before says of cohorts that they changed, not by how much.
select cdd.rebuild_roll_ups(account_id) from (select distinct account_id from cdd.report_changes) as behind;
alter table cdd.report_changes
  add constraint report_changes_cohort_check check (
    num_nonnulls(
      opened, reached_declaration, reached_signature, reached_review, decided, approved, declined, still_open,
      decided_within_24h
    ) = case when cohort is null then 0 else 9 end
  );
