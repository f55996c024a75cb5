-- Months are found by whole days: a UTC day lies in one month of the configured time zone, or in two. Converting each
-- row's time was the largest cost of this trigger. A month too many only means that some days are computed again.
create or replace function cdd.note_transitions()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into cdd.report_changes (account_id, month)
  select distinct
    day.account_id,
    date_trunc('month', edge.at at time zone (select timezone from cdd.report_settings))::date
  from (
    select distinct account_id, date_bin('1 day', occurred_at, 'epoch') as begins_at
    from changed_transitions
    -- Other times are in no report now; cdd.roll_up_odd_cases notes them when they come near.
    where cdd.is_plausible_time(occurred_at)
  ) as day
  cross join lateral (values (day.begins_at), (day.begins_at + interval '23:59:59.999999')) as edge (at);
  insert into cdd.report_changes (account_id, from_status, to_status)
  select distinct account_id, from_status, to_status
  from changed_transitions;
  return null;
end
$$;

create or replace trigger note_added
after insert on cdd.status_transitions
referencing new table as changed_transitions
for each statement execute function cdd.note_transitions();

create or replace trigger note_superseded
after update on cdd.status_transitions
referencing new table as changed_transitions
for each statement execute function cdd.note_transitions();

comment on function cdd.note_transitions is 'Adds to cdd.report_changes the months and pairs of statuses of transitions that were added or superseded.';
