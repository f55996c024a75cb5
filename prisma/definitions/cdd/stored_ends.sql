-- Statuses by their names: a join to their stages doubled the time of the reports on ends. The expression is that of index
-- cases_ended_idx.
create or replace view cdd.stored_ends as
select
  stored_case.account_id,
  stored_case.id as case_id,
  stored_case.country_code,
  stored_case.package,
  stored_case.products,
  stored_case.facts,
  stored_case.has_odd_times,
  stored_case.erased_at,
  least(
    case when stored_case.status in ('ARCHIVED', 'DECLINED', 'TERMINATED') then stored_case.status_since end,
    stored_case.deleted_at,
    stored_case.missing_since
  ) as ended_at
from cdd.cases as stored_case;

comment on view cdd.stored_ends is 'One row per case with the time of its end as stored, which is right unless has_odd_times: the earliest of its entry into a status of stage declined or closed, its deletion and its going missing; null = it has not ended. Says nothing of the same case in other accounts.';
