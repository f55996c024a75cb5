create or replace view reporting.backlog_daily with (security_barrier) as
select
  backlog.changed_on + backlog.days_later as day,
  backlog.account_id,
  backlog.status,
  status_row.stage,
  backlog.cases,
  case when backlog.days_later = 0 then backlog.entered else 0 end as entered,
  case when backlog.days_later = 0 then backlog.exited else 0 end as exited,
  cdd.is_open_stage(status_row.stage) as is_open
from (
  select
    day as changed_on,
    -- The day itself and the days without a change after it, up to today.
    generate_series(
      0,
      least(next_day, (select (now() at time zone timezone)::date from cdd.report_settings) + 1) - day - 1
    ) as days_later,
    account_id,
    status,
    cases,
    entered,
    exited
  from cdd.backlog_days
) as backlog
left join cdd.case_statuses as status_row on status_row.status = backlog.status
where (select sees_all from cdd.current_reader)
  or backlog.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.backlog_daily is 'One row per day, account and status, from the first day on which a case was in the status to today. Days are of the configured time zone. A case leaves its status when it is deleted or missing, and nothing after that counts: cases = cases of the day before + entered - exited. Cases without a status are not counted, nor are cases with implausible times (see data_quality). Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.backlog_daily.day is 'The day, in the configured time zone.';
comment on column reporting.backlog_daily.account_id is 'Dintero''s account id (aid).';
comment on column reporting.backlog_daily.status is 'The status.';
comment on column reporting.backlog_daily.stage is 'Its stage.';
comment on column reporting.backlog_daily.cases is 'Cases in the status at the end of the day; for today, now.';
comment on column reporting.backlog_daily.entered is 'How often a case entered the status on the day.';
comment on column reporting.backlog_daily.exited is 'How often a case left the status on the day, also by being deleted or missing.';
comment on column reporting.backlog_daily.is_open is 'Whether somebody must still act on cases in the status: its stage is applicant, review, error or unknown.';
