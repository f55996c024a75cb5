create or replace function cdd.roll_up(account text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
-- A new plan for each large account, because the next one may be a thousand times as large. Small ones share one, see below.
set plan_cache_mode = force_custom_plan
set enable_seqscan = on
set enable_nestloop = on
set enable_mergejoin = on
-- The default is the cost of a random read from a spinning disk: Postgres would read whole tables instead of using an index.
set random_page_cost = 1.1
set jit = off
set work_mem = '64MB'
as $$
declare
  zone text := (select timezone from cdd.report_settings);
  months date[];
  pair_ids uuid[];
  origins text[];
  targets text[];
  -- Percentiles over all time cannot be updated, only computed again: for a large account at most once an hour.
  pairs_are_due boolean;
  first_day date;
  end_day date;
begin
  -- Most runs change nothing: no lock, and nothing written.
  if not exists (select from cdd.report_changes as change where change.account_id = account)
    and not exists (
      select from cdd.roll_ups as roll_up where roll_up.account_id = account and roll_up.failing_since is not null
    )
    and not exists (
      select
      from cdd.cases as odd_case
      where odd_case.account_id = account
        and odd_case.has_odd_times
        and not cdd.has_implausible_times(
          odd_case.opened_at, odd_case.status_since, odd_case.created_at, odd_case.deleted_at
        )
    )
  then
    return;
  end if;

  -- Planning takes longer than rolling up a small account, so small accounts share a plan. Postgres makes that plan without
  -- knowing the account, so it must not read whole tables. Sorted by id, this check uses the primary key even without
  -- statistics. All settings end with this function.
  if not exists (select from cdd.cases as case_row where case_row.account_id = account order by case_row.id offset 1000) then
    perform
      set_config('plan_cache_mode', 'force_generic_plan', true),
      set_config('enable_seqscan', 'off', true);
  end if;

  perform cdd.lock_roll_up(account);
  perform cdd.roll_up_odd_cases(account);

  select coalesce(sum(pair.transitions), 0) < 20000
    or coalesce(max(pair.made_at), '-infinity') not between now() - interval '1 hour' and now()
  from cdd.transition_pairs as pair
  where pair.account_id = account
  into pairs_are_due;

  with taken as (
    delete from cdd.report_changes as change
    where change.account_id = account and (change.to_status is null or pairs_are_due)
    returning change.*
  ),
  pairs as (
    select distinct
      md5((from_status is null)::text || md5(coalesce(from_status, '')) || md5(to_status))::uuid as pair_id,
      from_status,
      to_status
    from taken
    where to_status is not null
  ),
  cohorts as (
    insert into cdd.funnel_months as funnel (
      account_id, month, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
      still_open, decided_within_24h
    )
    select
      account, cohort, sum(opened), sum(reached_declaration), sum(reached_signature), sum(reached_review), sum(decided),
      sum(approved), sum(declined), sum(still_open), sum(decided_within_24h)
    from taken
    where cohort is not null
    group by cohort
    on conflict (account_id, month, is_settled) do update
    set
      opened = funnel.opened + excluded.opened,
      reached_declaration = funnel.reached_declaration + excluded.reached_declaration,
      reached_signature = funnel.reached_signature + excluded.reached_signature,
      reached_review = funnel.reached_review + excluded.reached_review,
      decided = funnel.decided + excluded.decided,
      approved = funnel.approved + excluded.approved,
      declined = funnel.declined + excluded.declined,
      still_open = funnel.still_open + excluded.still_open,
      decided_within_24h = funnel.decided_within_24h + excluded.decided_within_24h
  )
  select
    (select array_agg(distinct month) filter (where month is not null) from taken),
    (select array_agg(pair_id order by pair_id) from pairs),
    (select array_agg(from_status order by pair_id) from pairs),
    (select array_agg(to_status order by pair_id) from pairs)
  into months, pair_ids, origins, targets;

  delete from cdd.funnel_months as funnel where funnel.account_id = account and funnel.opened = 0;

  -- Consecutive months are computed together.
  for first_day, end_day in
    select min(month), (max(month) + interval '1 month')::date
    from (
      select month, month - row_number() over (order by month) * interval '1 month' as island
      from unnest(months) as month
    ) as changed_month
    group by island
    order by 1
  loop
    perform cdd.roll_up_days(account, array_agg(day order by day), array_agg(cdd.day_begins(day, zone) order by day))
    from (
      select generate_series(first_day::timestamp, end_day::timestamp, interval '1 day')::date as day
    ) as every_day;
  end loop;

  if pair_ids is not null then
    delete from cdd.transition_pairs as pair_row
    where pair_row.account_id = account and pair_row.pair_id = any(pair_ids);

    -- Only hashes: where Postgres expects one transition, it compared each of 10,000 with each pair, for ten seconds.
    perform set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true);
    insert into cdd.transition_pairs (
      account_id, pair_id, is_first, from_status, to_status, transitions, median_hours, p90_hours
    )
    select
      account, pair_ids[place], origins[place] is null, coalesce(origins[place], ''), targets[place], transitions,
      percentiles[1] / 3600, percentiles[2] / 3600
    from (
      select
        pair.place,
        count(*) as transitions,
        percentile_cont(array[0.5, 0.9])
          within group (order by date_part('epoch', transition.occurred_at - transition.from_since)) as percentiles
      from cdd.status_transitions as transition
      -- Grouped by a number, because sorting by the names took longer than everything else here.
      join unnest(origins, targets) with ordinality as pair (from_status, to_status, place)
        on pair.to_status = transition.to_status
        and coalesce(pair.from_status, '') = coalesce(transition.from_status, '')
        and (pair.from_status is null) = (transition.from_status is null)
      where transition.account_id = account
        and transition.superseded_at is null
        and transition.occurred_at <= now()
        and not exists (
          select
          from cdd.cases as odd_case
          where odd_case.account_id = account
            and odd_case.id = transition.case_id
            and odd_case.has_odd_times
            and cdd.has_implausible_times(
              odd_case.opened_at, odd_case.status_since, odd_case.created_at, odd_case.deleted_at
            )
        )
      group by pair.place
    ) as counted_pair;
  end if;

  -- A case that went missing while the clock was ahead leaves the backlog when the clock gets there: the next roll-up
  -- computes its month again. Such a note is never late.
  insert into cdd.report_changes (account_id, month, noted_at)
  select distinct account, date_trunc('month', gone_case.missing_since at time zone zone)::date, timestamptz 'infinity'
  from cdd.cases as gone_case
  where gone_case.account_id = account
    and gone_case.missing_since > now()
    and least(gone_case.deleted_at, gone_case.missing_since) > now();

  update cdd.roll_ups as roll_up
  set failing_since = null, error_code = null, error_message = null, told_at = null
  where roll_up.account_id = account and roll_up.failing_since is not null;
end
$$;

comment on function cdd.roll_up is 'Applies the changes in cdd.report_changes to the roll-ups of an account. Called at the end of each run.';
