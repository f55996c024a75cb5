create or replace view reporting.decision_times_monthly with (security_barrier) as
select
  decision.month,
  decision.account_id,
  decision.route,
  decision.decided,
  round(decision.p50_hours::numeric, 6) as p50_hours,
  round(decision.p90_hours::numeric, 6) as p90_hours,
  round(decision.p95_hours::numeric, 6) as p95_hours,
  round(decision.mean_hours::numeric, 6) as mean_hours
from cdd.decision_months as decision
where (select sees_all from cdd.current_reader)
  or decision.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.decision_times_monthly is 'One row per account, month of the first decision, and route: how long decisions took from opened_at. Months are of the configured time zone. Do not average percentiles of several accounts or months: compute them from cases. Gone cases count; cases with implausible times (see data_quality) do not. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.decision_times_monthly.month is 'First day of the month of first_decided_at, in the configured time zone.';
comment on column reporting.decision_times_monthly.account_id is 'Dintero''s account id (aid).';
comment on column reporting.decision_times_monthly.route is 'manual: the case had been UNDER_MANUAL_REVIEW before; automatic: it had not.';
comment on column reporting.decision_times_monthly.decided is 'Cases first decided in the month.';
comment on column reporting.decision_times_monthly.p50_hours is 'Half of them took at most this many hours (percentile_cont).';
comment on column reporting.decision_times_monthly.p90_hours is '90 % of them took at most this many hours.';
comment on column reporting.decision_times_monthly.p95_hours is '95 % of them took at most this many hours.';
comment on column reporting.decision_times_monthly.mean_hours is 'Their mean, in hours.';
