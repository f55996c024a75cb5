-- Later than every time that was recorded, and than known_until(), for which batch_slots has the latest times.
create or replace function cdd.note_stage()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.changed_at := greatest(
    clock_timestamp(),
    (select max(recorded_at) from cdd.batch_slots) + interval '1 microsecond'
  );
  return new;
end
$$;

create or replace trigger note_stage
before update of stage on cdd.case_statuses
for each row
when (old.stage <> new.stage)
execute function cdd.note_stage();

comment on function cdd.note_stage is 'Sets cdd.case_statuses.changed_at, because a new stage changes the reports of all cases in the status.';
