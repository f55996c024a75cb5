create or replace view reporting.case_history with (security_barrier) as
select
  document.account_id,
  document.case_id,
  document.revision,
  document.deleted_at,
  case when document.body is null then document.recorded_at end as missing_since,
  case when document.body is null then least(document.deleted_at, document.recorded_at) else document.deleted_at end as gone_at,
  document.recorded_at,
  document.superseded_at,
  document.account_id || '/' || document.case_id as case_key
from cdd.case_revisions as document
where (select sees_all from cdd.current_reader)
  or document.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.case_history is 'One row per recorded version of a case''s document, with when the case was deleted or missing according to it. The rows known at a time T have recorded_at <= T, and superseded_at null or > T. Fresh: as saved by the account''s last run.';
comment on column reporting.case_history.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_history.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_history.revision is 'Counts from 1 per case.';
comment on column reporting.case_history.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.case_history.missing_since is 'When a complete list was first without the case; null = it was in the list.';
comment on column reporting.case_history.gone_at is 'The earlier of deleted_at and missing_since; null = not gone.';
comment on column reporting.case_history.recorded_at is 'When cdd-sync learned this version. The earliest row with a gone_at tells when the case was first known to be gone.';
comment on column reporting.case_history.superseded_at is 'When cdd-sync learned a newer version; null = current.';
comment on column reporting.case_history.case_key is 'account_id/case_id: the case''s key in one column.';
