create or replace view reporting.status_history with (security_barrier) as
select
  moved.account_id,
  moved.case_id,
  moved.sequence,
  moved.from_status,
  moved.to_status,
  moved.occurred_at,
  moved.occurred_at_source,
  moved.event_id,
  moved.recorded_at,
  moved.superseded_at
from cdd.status_transitions as moved
where (select sees_all from cdd.current_reader)
  or moved.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.status_history is 'One row per change of status that was ever recorded, those that later events showed to be wrong included: what held at a time T has recorded_at <= T and superseded_at null or > T. Fresh: as saved by the account''s last run.';
comment on column reporting.status_history.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.status_history.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_history.sequence is 'Counts from 1 per case among those that hold at a time.';
comment on column reporting.status_history.from_status is 'Status before; null = the first.';
comment on column reporting.status_history.to_status is 'Status after.';
comment on column reporting.status_history.occurred_at is 'When it happened, as known then.';
comment on column reporting.status_history.occurred_at_source is 'event or inferred, as in status_transitions.';
comment on column reporting.status_history.event_id is 'The event that brought it.';
comment on column reporting.status_history.recorded_at is 'When cdd-sync learned it.';
comment on column reporting.status_history.superseded_at is 'When cdd-sync learned better; null = holds now.';
