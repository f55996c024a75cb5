-- Two branches, so that a question for reviews that are due leaves the first one out, and finds the second one's few cases
-- by an index.
create or replace view reporting.periodic_reviews with (security_barrier) as
with settings as materialized (
  select
    -- A review after this is not due for long, whatever the lengths of the months.
    now() + make_interval(days => setting.review_due_soon_days + 10) - make_interval(months => rule.least_months)
      as current_from,
    -- Calendar days, as people count them. Added to a timestamptz, they would be days of the session's time zone.
    (now() at time zone setting.timezone + make_interval(days => setting.review_due_soon_days))
      at time zone setting.timezone as due_soon_until
  from cdd.report_settings as setting
  cross join (select min(every_months) as least_months from cdd.review_rules) as rule
)
select
  review.account_id || '/' || review.case_id as case_key,
  review.account_id,
  review.case_id,
  review.approved_at,
  review.last_reviewed_at,
  review.every_months,
  review.rule,
  review.due_at,
  'current' as state
from cdd.reviewed_cases as review
where review.last_reviewed_at > (select current_from from settings)
union all
select
  review.account_id || '/' || review.case_id,
  review.account_id,
  review.case_id,
  review.approved_at,
  review.last_reviewed_at,
  review.every_months,
  review.rule,
  review.due_at,
  case
    when review.due_at <= now() then 'overdue'
    when review.due_at <= (select due_soon_until from settings) then 'due_soon'
    else 'current'
  end
from cdd.reviewed_cases as review
where review.last_reviewed_at <= (select current_from from settings);

comment on view reporting.periodic_reviews is 'One row per case that is in stage approved now and not gone: when its customer must be reviewed next, by reports.reviews in the configuration. Fresh: as saved by the account''s last run; rules as of the last start of a worker, or sync.';
comment on column reporting.periodic_reviews.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.periodic_reviews.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.periodic_reviews.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.periodic_reviews.approved_at is 'When its present approval began: decided_at of its current row in decisions.';
comment on column reporting.periodic_reviews.last_reviewed_at is 'When its last stay in stage review ended, before approved_at and after any earlier decision; without such a stay approved_at.';
comment on column reporting.periodic_reviews.every_months is 'Months from one review to the next, by the rule.';
comment on column reporting.periodic_reviews.rule is 'The first rule that matches the case: its position in reports.reviews.rules, from 1; 0 = none does, so the general interval holds.';
comment on column reporting.periodic_reviews.due_at is 'last_reviewed_at plus every_months, calendar months in the configured time zone: 31 August plus six months is the last day of February.';
comment on column reporting.periodic_reviews.state is 'overdue: due_at is past; due_soon: it is within the configured number of days (dueSoonDays); current: later.';
