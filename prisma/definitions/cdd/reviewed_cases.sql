-- Approved cases with the rule of reports.reviews that applies to them, for reporting.periodic_reviews.
create or replace view cdd.reviewed_cases as
select
  approved_case.account_id,
  approved_case.case_id,
  approved_case.approved_at,
  approved_case.last_reviewed_at,
  rule.every_months,
  rule.position as rule,
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
    stored_case.approved_at,
    stored_case.last_reviewed_at
  from cdd.cases as stored_case
  where stored_case.approved_at is not null
    -- The cases of present_approvals.
    and (stored_case.has_odd_times and stored_case.status_since > now()) is not true
    and coalesce(stored_case.deleted_at > now(), true)
    and stored_case.missing_since is null
  union all
  select
    odd_case.account_id,
    odd_case.id,
    odd_case.country_code,
    odd_case.package,
    odd_case.products,
    odd_case.facts,
    present.approved_at,
    present.last_reviewed_at
  from cdd.cases as odd_case
  join cdd.present_approvals as present
    on present.account_id = odd_case.account_id and present.case_id = odd_case.id
  where odd_case.has_odd_times
    and present.approved_at is not null
    and coalesce(odd_case.deleted_at > now(), true)
    and odd_case.missing_since is null
) as approved_case
join cdd.review_rules as rule
  on rule.position = case
    -- Without this condition, cases would be matched one by one also where no rule is configured.
    when (select max(position) from cdd.review_rules) > 0 then (
      -- A minimum and not "order by … limit 1": sorting, even of one row, took a third of the query's time.
      select coalesce(min(configured_rule.position), 0)
      from cdd.review_rules as configured_rule
      where configured_rule.position > 0
        and cdd.matches_rule(
          approved_case.country_code, approved_case.package, approved_case.products, approved_case.facts,
          configured_rule.countries, configured_rule.packages, configured_rule.products, configured_rule.facts
        )
    )
    else 0
  end
where (select sees_all from cdd.current_reader)
  or approved_case.account_id in (select account_id from cdd.granted_accounts);

comment on view cdd.reviewed_cases is 'One row per case that is approved now and not gone, with the rule that applies to it and the time of its next review. Only accounts that the reader may see.';
