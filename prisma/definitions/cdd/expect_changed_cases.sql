-- Postgres allows no transition tables for a trigger on selected columns. So this trigger, on the columns that the
-- roll-ups count, sets a flag, without which cdd.note_changed_cases does not run. Statements that only change
-- fingerprints, sometimes of every case, so skip the comparison of old and new rows.
create or replace function cdd.expect_changed_cases()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('cdd.cases_may_change', 'on', true);
  return null;
end
$$;

create or replace trigger expect_changed
before update of
  opened_at, first_decided_at, decision_route, first_approved_at, first_declined_at, furthest_rank, status, status_since,
  deleted_at, missing_since, created_at, has_odd_times
on cdd.cases
for each statement execute function cdd.expect_changed_cases();

comment on function cdd.expect_changed_cases is 'Sets the flag that makes cdd.note_changed_cases run: the statement sets columns that the roll-ups count.';
