create or replace view reporting.status_history with (security_barrier) as
select
  transition.account_id,
  transition.case_id,
  transition.sequence,
  transition.from_status,
  transition.to_status,
  transition.occurred_at,
  transition.occurred_at_source,
  transition.event_id,
  transition.recorded_at,
  transition.superseded_at,
  transition.account_id || '/' || transition.case_id as case_key,
  transition.from_since
from cdd.status_transitions as transition
where (select sees_all from cdd.current_reader)
  or transition.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.status_history is 'One row per change of status that was ever recorded, including those that later events proved wrong. The rows known at a time T have recorded_at <= T, and superseded_at null or > T. Fresh: as saved by the account''s last run.';
comment on column reporting.status_history.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.status_history.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_history.sequence is 'Counts from 1 per case, among the rows known at one time.';
comment on column reporting.status_history.from_status is 'Status before; null = the first.';
comment on column reporting.status_history.to_status is 'Status after.';
comment on column reporting.status_history.occurred_at is 'When it happened, as known at recorded_at.';
comment on column reporting.status_history.occurred_at_source is 'event or inferred, as in status_transitions.';
comment on column reporting.status_history.event_id is 'The event that set the status.';
comment on column reporting.status_history.recorded_at is 'When cdd-sync learned it.';
comment on column reporting.status_history.superseded_at is 'When cdd-sync learned a newer version; null = current.';
comment on column reporting.status_history.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.status_history.from_since is 'When the case entered from_status; null = the first.';
