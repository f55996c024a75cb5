create or replace view cdd.retention_periods as
select
  retained_case.account_id,
  retained_case.case_id,
  retained_case.has_ended,
  plausible_end.ended_at,
  retained_case.erased_at,
  retained_case.held_at,
  retained_case.hold_reason,
  retained_case.state,
  rule.years,
  rule.position as rule,
  (
    plausible_end.ended_at at time zone (select timezone from cdd.report_settings)
    + make_interval(years => rule.years)
  ) at time zone (select timezone from cdd.report_settings) as keep_until
from cdd.retained_cases as retained_case
-- Nothing may be erased because of a wrong clock.
cross join lateral (
  select
    case when retained_case.ended_at >= timestamptz '2000-01-01 00:00:00Z' then retained_case.ended_at end as ended_at
) as plausible_end
-- A left join, which Postgres leaves out if no column of the rule is asked for.
left join cdd.retention_rules as rule
  on rule.position = case
    when retained_case.erased_at is not null or (select is_undecided from cdd.retention_limit) then null
    -- Without this condition, cases would be matched one by one also where no rule is configured.
    when (select max(position) from cdd.retention_rules) > 0 then (
      select coalesce(min(configured_rule.position), 0)
      from cdd.retention_rules as configured_rule
      where configured_rule.position > 0
        and cdd.matches_rule(
          retained_case.country_code, retained_case.package, retained_case.products, retained_case.facts,
          configured_rule.countries, configured_rule.packages, configured_rule.products, configured_rule.facts
        )
    )
    else 0
  end;

comment on view cdd.retention_periods is 'The rows of retained_cases with the rule of retention.cases that applies, and until when the case is kept.';
