create or replace function cdd.note_new_cases()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into cdd.report_changes (
    account_id, cohort, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
    still_open, decided_within_24h
  )
  select
    new_case.account_id,
    date_trunc('month', new_case.opened_at at time zone (select timezone from cdd.report_settings))::date as cohort,
    count(*),
    count(*) filter (where new_case.furthest_rank >= 20),
    count(*) filter (where new_case.furthest_rank >= 30),
    count(*) filter (where new_case.furthest_rank >= 40),
    count(new_case.first_decided_at),
    count(new_case.first_approved_at),
    count(new_case.first_declined_at),
    count(*) filter (
      where cdd.is_open_stage(status_row.stage)
        and new_case.deleted_at is null
        and new_case.missing_since is null
    ),
    count(*) filter (where new_case.first_decided_at - new_case.opened_at <= interval '24 hours')
  from new_cases as new_case
  left join cdd.case_statuses as status_row on status_row.status = new_case.status
  where new_case.opened_at is not null and not new_case.has_odd_times
  group by new_case.account_id, cohort;
  insert into cdd.report_changes (account_id, month)
  select distinct
    new_case.account_id,
    date_trunc('month', change.at at time zone (select timezone from cdd.report_settings))::date
  from new_cases as new_case
  cross join lateral (
    values
      (case when new_case.status is null then new_case.opened_at end),
      (least(new_case.deleted_at, new_case.missing_since))
  ) as change (at)
  -- Other times are in no report now; cdd.roll_up_odd_cases notes them when they come near.
  where cdd.is_plausible_time(change.at);
  return null;
end
$$;

create or replace trigger note_added
after insert on cdd.cases
referencing new table as new_cases
for each statement execute function cdd.note_new_cases();

comment on function cdd.note_new_cases is 'Adds to cdd.report_changes the effects of new cases on the roll-ups; those of their transitions are in cdd.note_transitions.';
