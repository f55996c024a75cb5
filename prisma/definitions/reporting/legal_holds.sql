create or replace view reporting.legal_holds with (security_barrier) as
select
  hold.account_id || '/' || hold.case_id as case_key,
  hold.account_id,
  hold.case_id,
  hold.held_at,
  case when (select sees_names from cdd.current_reader) then hold.reason end as reason,
  coalesce(hold.held_by, hold.held_role) as held_by,
  hold.released_at,
  case when (select sees_names from cdd.current_reader) then hold.release_reason end as release_reason,
  coalesce(hold.released_by, hold.released_role) as released_by
from cdd.legal_holds as hold
where (select sees_all from cdd.current_reader)
  or hold.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.legal_holds is 'One row per time that a case was put under legal hold (cdd-sync hold). Until released_at nothing of the case is erased. Fresh: now.';
comment on column reporting.legal_holds.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.legal_holds.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.legal_holds.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.legal_holds.held_at is 'When the hold began.';
comment on column reporting.legal_holds.reason is 'The reason that was given; null = you may not see names.';
comment on column reporting.legal_holds.held_by is 'Login name of the user who held it, else the database user.';
comment on column reporting.legal_holds.released_at is 'When the hold ended; null = it is in force.';
comment on column reporting.legal_holds.release_reason is 'The reason for the release; null = the hold is in force, or you may not see names.';
comment on column reporting.legal_holds.released_by is 'Login name of the user who released it, else the database user; null = the hold is in force.';
