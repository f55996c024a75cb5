-- Joins cdd.cases, whose index finds a case by its key.
create or replace view reporting.case_changes with (security_barrier) as
select
  case_row.account_id || '/' || case_row.id as case_key,
  change.account_id,
  change.case_id,
  change.revision,
  change.field,
  change.old_value,
  change.new_value,
  change.recorded_at,
  change.run_id
from cdd.cases as case_row
join cdd.case_changes as change on change.account_id = case_row.account_id and change.case_id = case_row.id
where (select sees_all from cdd.current_reader)
  or case_row.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.case_changes is 'One row per field of a case that differs between one recorded version of its document and the one before. Fields are columns of reporting.cases. The first version, an absence and a return are no changes. The rows known at a time T have recorded_at <= T. Fresh: as saved by the account''s last run.';
comment on column reporting.case_changes.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_changes.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_changes.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_changes.revision is 'The version that has the new value, as in case_history.';
comment on column reporting.case_changes.field is 'A column of reporting.cases that comes from the case''s document.';
comment on column reporting.case_changes.old_value is 'The value before: a list separated by commas, a time in UTC (2025-11-19T10:15:00Z). Null = not given, not as documented, or a name or organization number that you may not see.';
comment on column reporting.case_changes.new_value is 'The value after, written alike. Null = no longer given, not as documented, or one that you may not see.';
comment on column reporting.case_changes.recorded_at is 'When cdd-sync learned the new value. The API tells no time of a change; the case''s updated_at is the nearest.';
comment on column reporting.case_changes.run_id is 'The run that recorded it, id in sync_runs; runs are kept for a limited time.';
