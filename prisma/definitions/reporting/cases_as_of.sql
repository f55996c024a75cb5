-- "begin atomic" binds all names when the function is created, so the function needs no search_path. Postgres does not
-- inline functions that set one. It inlines this one, so that a caller's filter by account uses an index. "(select
-- known_at)" is computed once; without it, the inlined default would be computed for every row.
--
-- Most cases are still in the status that was their last one, as known at known_at. Only for the others, their
-- transitions are read: the one that left the status of the time "at" has it.
create or replace function reporting.cases_as_of(at timestamptz, known_at timestamptz default reporting.known_until())
returns table (account_id text, case_id uuid, status text, stage text, status_since timestamptz)
language sql
stable
parallel safe
begin atomic
  select stay.account_id, stay.case_id, stay.status, status_row.stage, stay.since
  from (
    select state.account_id, state.case_id, state.status, state.status_since as since
    from reporting.case_states as state
    where state.recorded_at <= (select known_at)
      and (state.superseded_at is null or state.superseded_at > (select known_at))
      and (state.gone_at is null or state.gone_at > at)
      and state.status_since <= at
    union all
    select state.account_id, state.case_id, transition.from_status, transition.from_since
    from reporting.case_states as state
    join reporting.status_history as transition
      on transition.account_id = state.account_id
      and transition.case_id = state.case_id
      and transition.recorded_at <= (select known_at)
      and (transition.superseded_at is null or transition.superseded_at > (select known_at))
      and transition.from_since <= at
      and transition.occurred_at > at
    where state.recorded_at <= (select known_at)
      and (state.superseded_at is null or state.superseded_at > (select known_at))
      and (state.gone_at is null or state.gone_at > at)
      and state.opened_at <= at
      and state.status_since > at
  ) as stay
  join reporting.statuses as status_row on status_row.status = stay.status;
end;

comment on function reporting.cases_as_of is 'The status of every case at the time at, as cdd-sync knew it at the time known_at (by default known_until(): everything that is final). One row per case that had a status then and was neither deleted nor missing: account_id, case_id, status, stage, status_since.';
