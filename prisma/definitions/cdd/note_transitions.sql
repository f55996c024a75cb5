-- Which months a time may be in, for many times: every day of UTC lies in one month, or in two of another time zone.
-- A month too many only makes some days anew. Converting every row's time took more than anything else a note takes.
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
    from changed
  ) as day
  cross join lateral (values (day.begins_at), (day.begins_at + interval '23:59:59.999999')) as edge (at);
  insert into cdd.report_changes (account_id, from_status, to_status)
  select distinct account_id, from_status, to_status
  from changed;
  return null;
end
$$;

create or replace trigger note_added
after insert on cdd.status_transitions
referencing new table as changed
for each statement execute function cdd.note_transitions();

create or replace trigger note_superseded
after update on cdd.status_transitions
referencing new table as changed
for each statement execute function cdd.note_transitions();

comment on function cdd.note_transitions is 'Notes in cdd.report_changes what transitions that were added or superseded change in the roll-ups.';
