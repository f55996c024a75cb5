create or replace view reporting.backlog_daily with (security_barrier) as
select
  held.day,
  held.account_id,
  held.status,
  known.stage,
  held.cases,
  held.entered,
  held.exited
from (
  select day, account_id, status, cases, entered, exited
  from cdd.backlog_days
  where day <= (select (now() at time zone timezone)::date from cdd.report_settings)
  union all
  -- The days on which nothing moved, up to today.
  select
    day + generate_series(
      1,
      least(next_day, (select (now() at time zone timezone)::date from cdd.report_settings) + 1) - day - 1
    ),
    account_id,
    status,
    cases,
    0,
    0
  from cdd.backlog_days
  where next_day is null or next_day > day + 1
) as held
left join cdd.case_statuses as known on known.status = held.status
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.backlog_daily is 'One row per day, account and status, from the first day on which a case was in the status to today. Days are of the configured time zone. A case that is deleted or missing leaves its status then, and what happens to it later does not count: cases = cases of the day before + entered - exited. Cases without a status are in none. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.backlog_daily.day is 'The day, in the configured time zone.';
comment on column reporting.backlog_daily.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.backlog_daily.status is 'The status.';
comment on column reporting.backlog_daily.stage is 'Its stage.';
comment on column reporting.backlog_daily.cases is 'Cases in the status at the end of the day; today: now.';
comment on column reporting.backlog_daily.entered is 'How often a case came into it on the day.';
comment on column reporting.backlog_daily.exited is 'How often a case left it on the day, by being deleted or missing too.';
