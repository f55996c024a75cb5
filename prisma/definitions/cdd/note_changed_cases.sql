create or replace function cdd.note_changed_cases()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
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

create or replace trigger note_changed
after update on cdd.cases
referencing old table as held new table as now_held
for each statement
when (current_setting('cdd.cases_may_change', true) = 'on')
execute function cdd.note_changed_cases();

comment on function cdd.note_changed_cases is 'Notes in cdd.report_changes what changed cases change in the roll-ups beside their transitions.';
