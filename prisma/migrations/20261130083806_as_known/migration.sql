-- Transitions out of a decision or an end, for the functions that answer as known then: one transition in sixteen. The
-- included columns let Postgres count them without reading the table. A status of stage approved, declined or closed that
-- is added must be added here too.
create index status_transitions_left_idx on cdd.status_transitions (account_id, occurred_at)
include (case_id, from_status, to_status, recorded_at, superseded_at)
where from_status in ('ACTIVE', 'ARCHIVED', 'DECLINED', 'TERMINATED');

-- Versions of cases with odd times: has_odd_times of view cdd.case_states, written out, so that Postgres uses them for it.
create index cases_odd_state_idx on cdd.cases (account_id, id)
where (coalesce(
  least(opened_at, created_at, deleted_at) < timestamptz '2000-01-01 00:00:00Z'
    or greatest(opened_at, status_since, created_at, deleted_at) > state_recorded_at,
  false
));
create index superseded_case_states_odd_idx on cdd.superseded_case_states (account_id, case_id)
where (coalesce(
  least(opened_at, created_at, deleted_at) < timestamptz '2000-01-01 00:00:00Z'
    or greatest(opened_at, status_since, created_at, deleted_at) > recorded_at,
  false
));
