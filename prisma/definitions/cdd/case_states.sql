create or replace view cdd.case_states as
select
  state.account_id,
  state.case_id,
  state.recorded_at,
  state.superseded_at,
  state.status,
  state.status_since,
  state.created_at,
  state.deleted_at,
  state.missing_since,
  least(state.deleted_at, state.missing_since) as gone_at,
  state.opened_at,
  state.first_decided_at,
  state.first_decision,
  state.decision_route,
  state.first_approved_at,
  state.first_declined_at,
  state.furthest_rank,
  cdd.has_time_outside(
    state.recorded_at, state.opened_at, state.status_since, state.created_at, state.deleted_at
  ) as has_odd_times
from (
  select
    account_id, id as case_id, state_recorded_at as recorded_at, null::timestamptz as superseded_at, status, status_since,
    created_at, deleted_at, missing_since, opened_at, first_decided_at, first_decision, decision_route,
    first_approved_at, first_declined_at, furthest_rank
  from cdd.cases
  union all
  select
    account_id, case_id, recorded_at, superseded_at, status, status_since, created_at, deleted_at, missing_since,
    opened_at, first_decided_at, first_decision, decision_route, first_approved_at, first_declined_at, furthest_rank
  from cdd.superseded_case_states
) as state;

comment on view cdd.case_states is 'One row per version of what was known of a case, on the axis of knowledge: a new version begins whenever one of these columns changes. The versions known at a time T have recorded_at <= T, and superseded_at null or > T. has_odd_times: one of its times was before 2000, or in the future at recorded_at.';
