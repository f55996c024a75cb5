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

create or replace trigger note_added
after insert on cdd.cases
referencing new table as added
for each statement execute function cdd.note_new_cases();

comment on function cdd.note_new_cases is 'Notes in cdd.report_changes what new cases change in the roll-ups beside their transitions.';
