create or replace view reporting.sync_runs with (security_barrier) as
select
  run.id,
  run.account_id,
  run.trigger,
  run.state,
  run.started_at,
  run.heartbeat_at,
  run.finished_at,
  run.complete,
  run.not_modified,
  run.cases_seen,
  run.cases_created,
  run.cases_updated,
  run.cases_unchanged,
  run.cases_missing,
  run.cases_returned,
  run.missing_held_back,
  run.events_recorded,
  run.transitions_recorded,
  run.items_rejected,
  run.bytes_read,
  run.requests,
  run.retries,
  run.error_code,
  run.error_message,
  extract(epoch from coalesce(run.finished_at, now()) - run.started_at) as duration_seconds
from cdd.sync_runs as run
where (select sees_all from cdd.current_reader)
  or run.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.sync_runs is 'One row per run: one pass over one account; finished ones are kept for a limited time (retention.runDays). Fresh: now.';
comment on column reporting.sync_runs.id is 'The run''s id.';
comment on column reporting.sync_runs.account_id is 'Dintero''s account id (aid).';
comment on column reporting.sync_runs.trigger is 'Cause of the run: schedule, manual or webhook.';
comment on column reporting.sync_runs.state is 'running; succeeded; partial: the whole list was read, but items were rejected or missing cases held back; failed; abandoned: its worker died.';
comment on column reporting.sync_runs.started_at is 'When it began.';
comment on column reporting.sync_runs.heartbeat_at is 'Time of its last heartbeat.';
comment on column reporting.sync_runs.finished_at is 'When it ended; null = it is running.';
comment on column reporting.sync_runs.complete is 'Whether the list was read to its end.';
comment on column reporting.sync_runs.not_modified is 'Whether the API said that nothing had changed (304). State, items_rejected, missing_held_back and error are then those of the list as it was read.';
comment on column reporting.sync_runs.cases_seen is 'Different cases read: created + updated + unchanged.';
comment on column reporting.sync_runs.cases_created is 'Cases never seen before.';
comment on column reporting.sync_runs.cases_updated is 'Cases with other content than stored.';
comment on column reporting.sync_runs.cases_unchanged is 'Cases with the stored content.';
comment on column reporting.sync_runs.cases_missing is 'Cases marked missing.';
comment on column reporting.sync_runs.cases_returned is 'Cases seen that were missing before the run.';
comment on column reporting.sync_runs.missing_held_back is 'Cases not in the list but not marked missing.';
comment on column reporting.sync_runs.events_recorded is 'Events added.';
comment on column reporting.sync_runs.transitions_recorded is 'Transitions added.';
comment on column reporting.sync_runs.items_rejected is 'Items of the list that cannot be read.';
comment on column reporting.sync_runs.bytes_read is 'Bytes of the list that were read.';
comment on column reporting.sync_runs.requests is 'Requests sent.';
comment on column reporting.sync_runs.retries is 'Requests that were tried again.';
comment on column reporting.sync_runs.error_code is 'Why it did not succeed; null = it did, or is running.';
comment on column reporting.sync_runs.error_message is 'The error in words, and its remedy.';
comment on column reporting.sync_runs.duration_seconds is 'Seconds from started_at to finished_at, or to now.';
