create or replace view reporting.transition_matrix with (security_barrier) as
select
  pair.account_id,
  case when not pair.is_first then pair.from_status end as from_status,
  pair.to_status,
  pair.transitions,
  round(pair.median_hours::numeric, 6) as median_hours,
  round(pair.p90_hours::numeric, 6) as p90_hours
from cdd.transition_pairs as pair
where (select sees_all from cdd.current_reader)
  or pair.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.transition_matrix is 'One row per account and pair of statuses, over all time: how often cases went from one to the other, and after how long. Cases with implausible times (see data_quality) do not count. Fresh: rolled up at the end of the account''s last run, for accounts of more than 20,000 transitions once an hour.';
comment on column reporting.transition_matrix.account_id is 'Dintero''s account id (aid).';
comment on column reporting.transition_matrix.from_status is 'Status before; null = the first of a case.';
comment on column reporting.transition_matrix.to_status is 'Status after.';
comment on column reporting.transition_matrix.transitions is 'How often it happened.';
comment on column reporting.transition_matrix.median_hours is 'Median of the hours in from_status before it; null = the first of a case.';
comment on column reporting.transition_matrix.p90_hours is '90th percentile of those hours; null = the first of a case.';
