-- If another account adds the same case in a batch that is not committed yet, the insert waits for it: otherwise neither
-- batch would see the other's row. Ids are inserted in order, lest two such batches deadlock.
create or replace function cdd.note_case_ids()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into cdd.case_ids as known_id (id, is_shared)
  select new_case.id, count(*) > 1
  from new_cases as new_case
  group by new_case.id
  order by new_case.id
  on conflict (id) do update
  set is_shared = true
  where not known_id.is_shared;
  return null;
end
$$;

-- Triggers run in the order of their names. note_added comes first, so a batch that waits here has locked
-- cdd.report_changes already: applyReportSettings cannot get between two batches that wait for each other.
create or replace trigger note_ids
after insert on cdd.cases
referencing new table as new_cases
for each statement execute function cdd.note_case_ids();

comment on function cdd.note_case_ids is 'Adds new cases to cdd.case_ids, and marks the ids that more than one account has.';
