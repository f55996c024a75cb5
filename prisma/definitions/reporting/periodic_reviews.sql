create or replace view reporting.periodic_reviews with (security_barrier) as
select
  review.account_id || '/' || review.case_id as case_key,
  review.account_id,
  review.case_id,
  review.approved_at,
  review.last_reviewed_at,
  review.every_months,
  review.rule,
  review.due_at,
  case
    when review.last_reviewed_at > review.current_from then 'current'
    when review.due_at <= now() then 'overdue'
    when review.due_at <= (
      -- Calendar days, as people count them. Added to a timestamptz, they would be days of the session's time zone.
      select (now() at time zone timezone + make_interval(days => review_due_soon_days)) at time zone timezone
      from cdd.report_settings
    ) then 'due_soon'
    else 'current'
  end as state
from (
  select
    approved_case.account_id,
    approved_case.case_id,
    approved_case.approved_at,
    approved_case.last_reviewed_at,
    rule.every_months,
    rule.position as rule,
    rule.current_from,
    (
      approved_case.last_reviewed_at at time zone (select timezone from cdd.report_settings)
      + make_interval(months => rule.every_months)
    ) at time zone (select timezone from cdd.report_settings) as due_at
  from (
    select
      stored_case.account_id,
      stored_case.id as case_id,
      stored_case.country_code,
      stored_case.package,
      stored_case.products,
      stored_case.facts,
      case when present.case_id is null then stored_case.approved_at else present.approved_at end as approved_at,
      case when present.case_id is null then stored_case.last_reviewed_at else present.last_reviewed_at end
        as last_reviewed_at
    from cdd.cases as stored_case
    left join cdd.present_approvals as present
      on present.account_id = stored_case.account_id and present.case_id = stored_case.id
    where (stored_case.approved_at is not null or stored_case.has_odd_times)
      and case when present.case_id is null then stored_case.approved_at else present.approved_at end is not null
      and coalesce(stored_case.deleted_at > now(), true)
      and stored_case.missing_since is null
      and (
        (select sees_all from cdd.current_reader)
        or stored_case.account_id in (select account_id from cdd.granted_accounts)
      )
  ) as approved_case
  join (
    select
      rule_row.*,
      -- A review after this is not due for long, whatever the lengths of the months. Most are, so most need no due_at.
      now() + make_interval(days => settings.review_due_soon_days + 10) - make_interval(months => rule_row.every_months)
        as current_from
    from cdd.review_rules as rule_row
    cross join cdd.report_settings as settings
  ) as rule
    on rule.position = case
      -- Without this condition, cases would be matched one by one also where no rule is configured.
      when (select max(position) from cdd.review_rules) > 0 then (
        -- A minimum and not "order by … limit 1": sorting, even of one row, took a third of the query's time.
        select coalesce(min(configured_rule.position), 0)
        from cdd.review_rules as configured_rule
        where configured_rule.position > 0
          and (
            configured_rule.countries = '{}'
            or upper(approved_case.country_code collate "C") = any (configured_rule.countries)
          )
          and (configured_rule.packages = '{}' or approved_case.package = any (configured_rule.packages))
          and (configured_rule.products = '{}' or approved_case.products && configured_rule.products)
          and (configured_rule.facts is null or approved_case.facts @@ configured_rule.facts)
      )
      else 0
    end
) as review;

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
