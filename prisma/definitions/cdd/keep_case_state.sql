-- A row trigger, so that no statement can change a case without its history: neither a statement written by hand nor one
-- of an older worker during an upgrade. For most rows, Postgres only evaluates the condition. Inserts do not call it.
create or replace function cdd.keep_case_state()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Batches set cdd.recorded_at. A clock that was ahead must not end a version before it began.
  learned_at timestamptz := greatest(
    coalesce(nullif(current_setting('cdd.recorded_at', true), '')::timestamptz, now()),
    old.state_recorded_at
  );
begin
  -- A version that is replaced in the transaction that wrote it was never known to anybody.
  if learned_at > old.state_recorded_at then
    insert into cdd.superseded_case_states (
      recorded_at, superseded_at, case_id, account_id, status, status_since, created_at, deleted_at, missing_since,
      opened_at, first_decided_at, first_decision, decision_route, first_approved_at, first_declined_at, furthest_rank
    )
    values (
      old.state_recorded_at, learned_at, old.id, old.account_id, old.status, old.status_since, old.created_at,
      old.deleted_at, old.missing_since, old.opened_at, old.first_decided_at, old.first_decision, old.decision_route,
      old.first_approved_at, old.first_declined_at, old.furthest_rank
    );
  end if;
  new.state_recorded_at := learned_at;
  return new;
end
$$;

create or replace trigger keep_case_state
before update of
  status, status_since, created_at, deleted_at, missing_since, opened_at, first_decided_at, first_decision,
  decision_route, first_approved_at, first_declined_at, furthest_rank
on cdd.cases
for each row
when (
  (
    old.status, old.status_since, old.created_at, old.deleted_at, old.missing_since, old.opened_at,
    old.first_decided_at, old.first_decision, old.decision_route, old.first_approved_at, old.first_declined_at,
    old.furthest_rank
  ) is distinct from (
    new.status, new.status_since, new.created_at, new.deleted_at, new.missing_since, new.opened_at,
    new.first_decided_at, new.first_decision, new.decision_route, new.first_approved_at, new.first_declined_at,
    new.furthest_rank
  )
)
execute function cdd.keep_case_state();

comment on function cdd.keep_case_state is 'Adds the earlier version of a changed case to cdd.superseded_case_states, and notes since when the new one is known.';
