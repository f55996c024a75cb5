-- The time is later than every recorded time and than known_until(), which depends on batch_slots: no incremental reader
-- has passed it yet.
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
