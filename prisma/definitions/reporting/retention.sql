-- The reader's filter is here and not in cdd.case_retention: Postgres takes a view that is nothing but a "union all" apart, a
-- security barrier or not, and then runs a reader's own function before the filter.
create or replace view reporting.retention with (security_barrier) as
select
  retention.account_id || '/' || retention.case_id as case_key,
  retention.account_id,
  retention.case_id,
  retention.ended_at,
  retention.keep_until,
  retention.held_at is not null as held,
  -- Its author may have written a name.
  case when (select sees_names from cdd.current_reader) then retention.hold_reason end as hold_reason,
  retention.state,
  retention.erased_at,
  retention.held_at,
  retention.years,
  retention.rule
from cdd.case_retention as retention
where (select sees_all from cdd.current_reader)
  or retention.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.retention is 'One row per case that was ever in an account''s list: whether it has ended, and until when it is kept, by retention.cases in the configuration. Fresh: as saved by the account''s last run; rules as of the last start of a worker, or sync.';
comment on column reporting.retention.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.retention.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.retention.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.retention.ended_at is 'When the relationship ended: the earliest of the case''s entry into its present status, if that is of stage declined or closed, its deletion, and its going missing. Of a case in several accounts'' lists, the last of these ends. Null = it has not ended: it is open or approved, here or in another account; or only times before 2000 say when.';
comment on column reporting.retention.keep_until is 'ended_at plus years, calendar years in the configured time zone. Null = it has not ended, is kept for ever, is erased, or its rule is not known.';
comment on column reporting.retention.held is 'Whether the case is under legal hold in this account: nothing of it is erased.';
comment on column reporting.retention.hold_reason is 'The reason of the hold; null = no hold, or you may not see names.';
comment on column reporting.retention.state is 'active: the case has not ended; kept: it has, and keep_until is later or null; due: keep_until is past, so it must be erased; held: it is under legal hold, whatever its age; erased: its personal data was removed, also if the case was opened again afterwards.';
comment on column reporting.retention.erased_at is 'When its personal data was removed; null = it was not.';
comment on column reporting.retention.held_at is 'Since when it is under legal hold; null = it is not.';
comment on column reporting.retention.years is 'Years to keep the case after it ended, by the rule; null = for ever, or there is no rule.';
comment on column reporting.retention.rule is 'The first rule that matches the case: its position in retention.cases.rules, from 1; 0 = none does, so the general period holds. Null = it is erased; or a rule depends on facts, and all facts are being read again after a change of reports.facts.';
