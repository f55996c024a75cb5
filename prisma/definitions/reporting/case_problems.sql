create or replace view reporting.case_problems with (security_barrier) as
select
  problem.account_id || '/' || problem.case_id as case_key,
  problem.account_id,
  problem.case_id,
  problem.path,
  problem.reason,
  problem.recorded_at
from cdd.case_problems as problem
where problem.superseded_at is null
  and (
    (select sees_all from cdd.current_reader)
    or problem.account_id in (select account_id from cdd.granted_accounts)
  );

comment on view reporting.case_problems is 'One row per value in a case''s current document that is not as the API documents it. Its column is null in all reports; the case is saved whole. Fresh: as saved by the account''s last run.';
comment on column reporting.case_problems.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_problems.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_problems.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_problems.path is 'Place in the document, an event by its id: events[id=7].created_at. Empty = the rest of a case with more than 100 problems; reason has their number.';
comment on column reporting.case_problems.reason is 'The type that is documented and the one that was found, never the value.';
comment on column reporting.case_problems.recorded_at is 'When cdd-sync learned it.';
