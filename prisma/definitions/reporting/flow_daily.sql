create or replace view reporting.flow_daily with (security_barrier) as
select held.day, held.account_id, held.opened, held.decided, held.approved, held.declined, held.reopened, held.left_active
from cdd.flow_days as held
where held.opened + held.decided + held.approved + held.declined + held.reopened + held.left_active > 0
  and (
    (select sees_all from cdd.current_reader)
    or held.account_id in (select account_id from cdd.granted_accounts)
  );

comment on view reporting.flow_daily is 'One row per account and day on which something is counted. Days are of the configured time zone. Cases that are gone count. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.flow_daily.day is 'The day, in the configured time zone.';
comment on column reporting.flow_daily.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.flow_daily.opened is 'Cases opened (opened_at).';
comment on column reporting.flow_daily.decided is 'Cases first decided (first_decided_at).';
comment on column reporting.flow_daily.approved is 'Cases first approved; one that was both counts in both.';
comment on column reporting.flow_daily.declined is 'Cases first declined; one that was both counts in both.';
comment on column reporting.flow_daily.reopened is 'Transitions from stage approved, declined or closed back to applicant or review, every one.';
comment on column reporting.flow_daily.left_active is 'Transitions from ACTIVE, every one.';
