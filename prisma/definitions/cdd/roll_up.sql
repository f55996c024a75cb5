create or replace function cdd.roll_up(account text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
-- The next account may be a thousand times as large. Where that is set otherwise below, it ends with the function.
set plan_cache_mode = force_custom_plan
set enable_seqscan = on
-- Who moved this month is found by an index, in memory: at the price of a disk's arm Postgres would rather read everything.
set random_page_cost = 1.1
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
  -- Planning takes longer than rolling up a small account. So for those the plans are kept, and may read no whole table:
  -- they were made without knowing for whom. In order of their ids, or everybody's cases may be read to count these.
  if not exists (select from cdd.cases as held where held.account_id = account order by held.id offset 1000) then
    perform
      set_config('plan_cache_mode', 'force_generic_plan', true),
      set_config('enable_seqscan', 'off', true);
  end if;

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

comment on function cdd.roll_up is 'Makes the roll-ups of an account again where cdd.report_changes says so; a run ends with it.';
