create or replace view reporting.linked_cases with (security_barrier) as
select
  case_row.account_id || '/' || case_row.id as case_key,
  case_row.account_id,
  case_row.id as case_id,
  other_case.account_id as other_account_id,
  other_case.id as other_case_id,
  case when (select sees_names from cdd.current_reader) then case_row.organization_number end as organization_number,
  case when present.case_id is null then other_case.status else present.status end as other_status,
  other_case.first_decided_at as other_decided_at,
  coalesce(
    other_case.first_declined_at < case_row.opened_at
      and other_case.first_declined_at >= timestamptz '2000-01-01 00:00:00Z'
      and other_case.first_declined_at <= now(),
    false
  ) as declined_before
from (
  -- A placeholder on 10,000 cases would make a hundred million pairs. account_id is compared by its beginning, not by
  -- left(), of which Postgres has no statistics: it expected few rows, and took ten times as long.
  select organization_number
  from cdd.cases
  where account_id like 'P%' and organization_number ~ '[0-9]'
  group by organization_number
  having count(*) between 2 and 101
) as shared_number
join cdd.cases as case_row
  on case_row.organization_number = shared_number.organization_number and case_row.account_id like 'P%'
join cdd.cases as other_case
  on other_case.organization_number = case_row.organization_number
  and other_case.account_id like 'P%'
  and other_case.id <> case_row.id
left join cdd.present_statuses as present
  on present.account_id = other_case.account_id and present.case_id = other_case.id
where (select sees_all from cdd.current_reader)
  or (
    case_row.account_id in (select account_id from cdd.granted_accounts)
    and other_case.account_id in (select account_id from cdd.granted_accounts)
  );

comment on view reporting.linked_cases is 'One row per case of a production account and row of another case with the same organization number, in both directions. Both accounts are production accounts that you see. A case in the lists of two accounts is no link to itself, but another case is linked to each of its rows: count distinct other_case_id. Gone cases count. Numbers are compared as given. Those without a digit, and those on more than 101 cases of any production account, are taken for placeholders and link nothing. Fresh: as saved by the last runs of both accounts.';
comment on column reporting.linked_cases.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.linked_cases.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.linked_cases.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.linked_cases.other_account_id is 'The account that has the other case in its list.';
comment on column reporting.linked_cases.other_case_id is 'The other case.';
comment on column reporting.linked_cases.organization_number is 'The organization number of both; null = you may not see it.';
comment on column reporting.linked_cases.other_status is 'The other case''s status, as in cases; null = none yet.';
comment on column reporting.linked_cases.other_decided_at is 'The other case''s first_decided_at, as in cases; null = not decided yet.';
comment on column reporting.linked_cases.declined_before is 'Whether the other case was first declined before this one was opened, whatever became of it since. False if one of the two times is unknown or cannot be true.';
