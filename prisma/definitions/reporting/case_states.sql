create or replace view reporting.case_states with (security_barrier) as
select
  state.account_id || '/' || state.case_id as case_key,
  state.account_id,
  state.case_id,
  state.recorded_at,
  state.superseded_at,
  state.status,
  state.status_since,
  state.created_at,
  state.deleted_at,
  state.missing_since,
  state.gone_at,
  state.opened_at,
  state.first_decided_at,
  state.first_decision,
  state.decision_route,
  state.first_approved_at,
  state.first_declined_at,
  state.furthest_rank,
  state.has_odd_times
from cdd.case_states as state
where (select sees_all from cdd.current_reader)
  or state.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.case_states is 'One row per version of what was known of a case; a new one begins whenever one of these columns changes. The versions known at a time T have recorded_at <= T, and superseded_at null or > T. Functions cases_as_of, flow_as_known and others read it. Fresh: as saved by the account''s last run.';
comment on column reporting.case_states.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_states.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_states.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_states.recorded_at is 'When cdd-sync learned this version.';
comment on column reporting.case_states.superseded_at is 'When cdd-sync learned a newer version; null = current.';
comment on column reporting.case_states.status is 'Status of the last transition, also of one in the future; null = no event had a status.';
comment on column reporting.case_states.status_since is 'When that transition happened; null = no status.';
comment on column reporting.case_states.created_at is 'Dintero''s created_at; null = not given.';
comment on column reporting.case_states.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.case_states.missing_since is 'When a complete list was first without the case; null = it was in the list.';
comment on column reporting.case_states.gone_at is 'The earlier of deleted_at and missing_since; null = not gone.';
comment on column reporting.case_states.opened_at is 'When the first transition happened; without one, created_at. Null = neither was known.';
comment on column reporting.case_states.first_decided_at is 'When it first reached stage approved or declined; null = never.';
comment on column reporting.case_states.first_decision is 'The stage it reached then: approved or declined; null = not decided.';
comment on column reporting.case_states.decision_route is 'manual: it had been UNDER_MANUAL_REVIEW before its first decision; automatic: it had not; null = not decided.';
comment on column reporting.case_states.first_approved_at is 'When it first reached stage approved; null = never.';
comment on column reporting.case_states.first_declined_at is 'When it first reached stage declined; null = never.';
comment on column reporting.case_states.furthest_rank is 'Highest rank among the statuses it had had, except those of stage closed; null = none has a rank.';
comment on column reporting.case_states.has_odd_times is 'Whether one of its times was before 2000, or in the future at recorded_at.';
