create or replace view reporting.flow_daily with (security_barrier) as
select flow.day, flow.account_id, flow.opened, flow.decided, flow.approved, flow.declined, flow.reopened, flow.left_active
from cdd.flow_days as flow
where flow.opened + flow.decided + flow.approved + flow.declined + flow.reopened + flow.left_active > 0
  and (
    (select sees_all from cdd.current_reader)
    or flow.account_id in (select account_id from cdd.granted_accounts)
  );

comment on view reporting.flow_daily is 'One row per account and day on which something is counted. Days are of the configured time zone. Gone cases count; cases with implausible times (see data_quality) do not. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.flow_daily.day is 'The day, in the configured time zone.';
comment on column reporting.flow_daily.account_id is 'Dintero''s account id (aid).';
comment on column reporting.flow_daily.opened is 'Cases opened (opened_at).';
comment on column reporting.flow_daily.decided is 'Cases first decided (first_decided_at).';
comment on column reporting.flow_daily.approved is 'Cases first approved; a case that was approved and declined counts in both.';
comment on column reporting.flow_daily.declined is 'Cases first declined; a case that was approved and declined counts in both.';
comment on column reporting.flow_daily.reopened is 'All transitions from stage approved, declined or closed back to applicant or review.';
comment on column reporting.flow_daily.left_active is 'All transitions from ACTIVE.';
