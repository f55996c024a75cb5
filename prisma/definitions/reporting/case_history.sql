create or replace view reporting.case_history with (security_barrier) as
select
  held.account_id,
  held.case_id,
  held.revision,
  held.deleted_at,
  case when held.body is null then held.recorded_at end as missing_since,
  case when held.body is null then least(held.deleted_at, held.recorded_at) else held.deleted_at end as gone_at,
  held.recorded_at,
  held.superseded_at
from cdd.case_revisions as held
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.case_history is 'One row per version of a case''s document that was ever recorded, as far as it says whether the case is there: what held at a time T has recorded_at <= T and superseded_at null or > T. Fresh: as saved by the account''s last run.';
comment on column reporting.case_history.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.case_history.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_history.revision is 'Counts from 1 per case.';
comment on column reporting.case_history.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.case_history.missing_since is 'When a complete list was first without the case; null = it was in the list.';
comment on column reporting.case_history.gone_at is 'The earlier of the two; null = the case was there.';
comment on column reporting.case_history.recorded_at is 'When cdd-sync learned of this version; when a case was first known to be gone is the earliest row with gone_at.';
comment on column reporting.case_history.superseded_at is 'When cdd-sync learned better; null = holds now.';
