create or replace view reporting.case_facts with (security_barrier) as
select
  fact_row.account_id || '/' || fact_row.case_id as case_key,
  fact_row.account_id,
  fact_row.case_id,
  fact_row.fact,
  -- A configured path may lead to any field, a person's too.
  case when (select sees_names from cdd.current_reader) then fact_row.value end as value,
  fact_row.recorded_at,
  fact_row.superseded_at,
  fact_row.superseded_at is null as is_current,
  fact_row.problem
from cdd.case_facts as fact_row
where (select sees_all from cdd.current_reader)
  or fact_row.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.case_facts is 'One row per case, fact of reports.facts in the configuration, and value that it has had. A fact that was never found, or is no longer, has a row without a value. Fresh: as saved by the account''s last run; after a change of reports.facts, runs read all cases again, some 50,000 after each run.';
comment on column reporting.case_facts.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_facts.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_facts.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_facts.fact is 'The fact''s name in reports.facts.';
comment on column reporting.case_facts.value is 'The text, number or boolean that its path found, as text; null = see problem, or you may not see names: a fact may be one.';
comment on column reporting.case_facts.recorded_at is 'When cdd-sync read it.';
comment on column reporting.case_facts.superseded_at is 'When cdd-sync read another value, or the fact was no longer configured; null = current.';
comment on column reporting.case_facts.is_current is 'Whether it is the case''s present value.';
comment on column reporting.case_facts.problem is 'Why there is no value: the path finds nothing, null, several values, an array or an object, or fails; null = there is one, although you may not see it.';
