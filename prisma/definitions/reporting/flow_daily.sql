create or replace view reporting.flow_daily with (security_barrier) as
select
  account_day.day,
  account_day.account_id,
  coalesce(flow.opened, 0) as opened,
  coalesce(flow.decided, 0) as decided,
  coalesce(flow.approved, 0) as approved,
  coalesce(flow.declined, 0) as declined,
  coalesce(flow.reopened, 0) as reopened,
  coalesce(flow.left_active, 0) as left_active
from (
  select
    account_id,
    first_day + generate_series(0, (select (now() at time zone timezone)::date from cdd.report_settings) - first_day) as day
  from (
    select account_id, min(day) as first_day
    from cdd.flow_days
    where opened + decided + approved + declined + reopened + left_active > 0
      and (
        (select sees_all from cdd.current_reader)
        or account_id in (select account_id from cdd.granted_accounts)
      )
    group by account_id
  ) as account
) as account_day
left join cdd.flow_days as flow on flow.account_id = account_day.account_id and flow.day = account_day.day;

comment on view reporting.flow_daily is 'One row per account and day, from the first day on which something is counted to today, days with nothing but zeros included. Days are of the configured time zone. Gone cases count; cases with implausible times (see data_quality) do not. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.flow_daily.day is 'The day, in the configured time zone.';
comment on column reporting.flow_daily.account_id is 'Dintero''s account id (aid).';
comment on column reporting.flow_daily.opened is 'Cases opened (opened_at).';
comment on column reporting.flow_daily.decided is 'Cases first decided (first_decided_at).';
comment on column reporting.flow_daily.approved is 'Cases first approved; a case that was approved and declined counts in both.';
comment on column reporting.flow_daily.declined is 'Cases first declined; a case that was approved and declined counts in both.';
comment on column reporting.flow_daily.reopened is 'All transitions from stage approved, declined or closed back to applicant or review.';
comment on column reporting.flow_daily.left_active is 'All transitions from ACTIVE.';
