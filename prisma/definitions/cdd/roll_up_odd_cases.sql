-- Time decides about these cases, not only changes: a time that was too far ahead becomes plausible, and one that lay in
-- the future has passed. They are few, so each roll-up looks at all of them.
create or replace function cdd.roll_up_odd_cases(account text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  zone text := (select timezone from cdd.report_settings);
  passed_ids uuid[];
begin
  delete from cdd.funnel_months as funnel where funnel.account_id = account and not funnel.is_settled;

  -- A batch of the next run may hold some of the rows. It judges them itself.
  select array_agg(passed_case.id)
  from (
    select odd_case.id
    from cdd.cases as odd_case
    where odd_case.account_id = account
      and odd_case.has_odd_times
      and not cdd.has_odd_times(odd_case.opened_at, odd_case.status_since, odd_case.created_at, odd_case.deleted_at)
    for no key update skip locked
  ) as passed_case
  into passed_ids;
  if passed_ids is not null then
    -- cdd.note_changed_cases notes their effects.
    update cdd.cases as passed_case
    set has_odd_times = false
    where passed_case.account_id = account and passed_case.id = any(passed_ids);
  end if;

  if not exists (
    select
    from cdd.cases as odd_case
    where odd_case.account_id = account
      and odd_case.has_odd_times
      and not cdd.has_implausible_times(
        odd_case.opened_at, odd_case.status_since, odd_case.created_at, odd_case.deleted_at
      )
  ) then
    return;
  end if;

  with waiting_cases as materialized (
    select odd_case.*, least(odd_case.deleted_at, odd_case.missing_since) as gone_at
    from cdd.cases as odd_case
    where odd_case.account_id = account
      and odd_case.has_odd_times
      and not cdd.has_implausible_times(
        odd_case.opened_at, odd_case.status_since, odd_case.created_at, odd_case.deleted_at
      )
  ),
  transitions as materialized (
    select
      transition.case_id,
      transition.sequence,
      transition.from_status,
      transition.to_status,
      transition.occurred_at,
      status_row.stage,
      status_row.rank
    from waiting_cases
    join cdd.status_transitions as transition
      on transition.account_id = account
      and transition.case_id = waiting_cases.id
      and transition.superseded_at is null
    join cdd.case_statuses as status_row on status_row.status = transition.to_status
  ),
  changed_months as (
    insert into cdd.report_changes (account_id, month)
    select distinct account, date_trunc('month', change.at at time zone zone)::date
    from (
      select occurred_at as at from transitions
      union all
      select unnest(array[opened_at, gone_at]) from waiting_cases
    ) as change
    where change.at <= now()
  ),
  changed_pairs as (
    insert into cdd.report_changes (account_id, from_status, to_status)
    select distinct account, from_status, to_status from transitions
  ),
  past as (
    select
      waiting_case.id,
      waiting_case.opened_at,
      waiting_case.gone_at,
      max(transition.rank) filter (where transition.stage <> 'closed') as furthest_rank,
      min(transition.occurred_at) filter (where transition.stage in ('approved', 'declined')) as first_decided_at,
      count(*) filter (where transition.stage = 'approved') > 0 as is_approved,
      count(*) filter (where transition.stage = 'declined') > 0 as is_declined,
      (array_agg(transition.stage order by transition.sequence desc))[1] as stage
    from waiting_cases as waiting_case
    left join transitions as transition on transition.case_id = waiting_case.id and transition.occurred_at <= now()
    where waiting_case.opened_at <= now()
    group by waiting_case.id, waiting_case.opened_at, waiting_case.gone_at
  )
  insert into cdd.funnel_months (
    account_id, month, is_settled, opened, reached_declaration, reached_signature, reached_review, decided, approved,
    declined, still_open, decided_within_24h
  )
  select
    account,
    date_trunc('month', past.opened_at at time zone zone)::date as cohort,
    false,
    count(*),
    count(*) filter (where past.furthest_rank >= 20),
    count(*) filter (where past.furthest_rank >= 30),
    count(*) filter (where past.furthest_rank >= 40),
    count(past.first_decided_at),
    count(*) filter (where past.is_approved),
    count(*) filter (where past.is_declined),
    count(*) filter (
      where cdd.is_open_stage(past.stage)
        and coalesce(past.gone_at > now(), true)
    ),
    count(*) filter (where past.first_decided_at - past.opened_at <= interval '24 hours')
  from past
  group by cohort;
end
$$;

comment on function cdd.roll_up_odd_cases is 'Part of cdd.roll_up: judges again the cases whose times are before 2000 or in the future, and notes the changes.';
