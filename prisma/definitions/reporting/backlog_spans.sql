-- backlog_daily before its days are counted out: a question about some days of three years reads a third of the time.
create or replace view reporting.backlog_spans with (security_barrier) as
select
  backlog.day as first_day,
  least(backlog.next_day - 1, (select (now() at time zone timezone)::date from cdd.report_settings)) as last_day,
  backlog.account_id,
  backlog.status,
  status_row.stage,
  backlog.cases,
  cdd.is_open_stage(status_row.stage) as is_open
from cdd.backlog_days as backlog
left join cdd.case_statuses as status_row on status_row.status = backlog.status
where (select sees_all from cdd.current_reader)
  or backlog.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.backlog_spans is 'The days of backlog_daily, in spans: one row per account, status and span of days at whose ends the same number of cases was in the status. A span ends before the day on which a case next entered or left the status. Faster than backlog_daily if a question is about some days only, such as the ends of months. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.backlog_spans.first_day is 'The first day of the span, in the configured time zone.';
comment on column reporting.backlog_spans.last_day is 'The last day of the span; of the newest span of a status, today.';
comment on column reporting.backlog_spans.account_id is 'Dintero''s account id (aid).';
comment on column reporting.backlog_spans.status is 'The status.';
comment on column reporting.backlog_spans.stage is 'Its stage.';
comment on column reporting.backlog_spans.cases is 'Cases in the status at the end of each day of the span; for today, now.';
comment on column reporting.backlog_spans.is_open is 'Whether somebody must still act on cases in the status: its stage is applicant, review, error or unknown.';
