create or replace view reporting.decisions with (security_barrier) as
select
  decision.account_id || '/' || decision.case_id as case_key,
  decision.account_id,
  decision.case_id,
  decision.number,
  decision.decision,
  decision.status,
  decision.route,
  decision.opened_at,
  decision.decided_at,
  (date_part('epoch', decision.decided_at - decision.opened_at) / 0.0036)::bigint * 0.000001 as hours,
  decision.number = 1 as is_first,
  coalesce(decision.left_at > now(), true) as is_current,
  cdd.business_hours(decision.opened_at, opened_slot, decision.decided_at, decided_slot) as business_hours
from (
  select
    account_id,
    id as case_id,
    1 as number,
    first_decision as decision,
    first_decision_status as status,
    decision_route as route,
    opened_at,
    first_decided_at as decided_at,
    first_decision_left_at as left_at
  from cdd.cases
  union all
  select account_id, case_id, number, decision, status, route, opened_at, decided_at, left_at
  from cdd.later_decisions
) as decision
left join cdd.business_slots as opened_slot on opened_slot.slot = cdd.business_slot(decision.opened_at)
left join cdd.business_slots as decided_slot on decided_slot.slot = cdd.business_slot(decision.decided_at)
where decision.decided_at <= now()
  and (
    (select sees_all from cdd.current_reader)
    or decision.account_id in (select account_id from cdd.granted_accounts)
  );

comment on view reporting.decisions is 'One row per decision: a transition into stage approved or declined from another stage, or as the first. A decision that lies in the future has no row yet. Gone cases count. Fresh: as saved by the account''s last run.';
comment on column reporting.decisions.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.decisions.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.decisions.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.decisions.number is 'Counts the decisions of the case, from 1.';
comment on column reporting.decisions.decision is 'approved or declined.';
comment on column reporting.decisions.status is 'The status that the case reached.';
comment on column reporting.decisions.route is 'manual: the case was UNDER_MANUAL_REVIEW between opened_at and decided_at; automatic: it was not.';
comment on column reporting.decisions.opened_at is 'Number 1: the case''s opened_at. Later ones: when the case left the decision before.';
comment on column reporting.decisions.decided_at is 'When the case reached the status. A placeholder such as the year 1 is shown as it is; see implausible_times in data_quality.';
comment on column reporting.decisions.hours is 'Hours from opened_at to decided_at; 0 = the case went straight from one decision to the other.';
comment on column reporting.decisions.is_first is 'Whether it is the case''s first decision: the one in cases, flow_daily, funnel_monthly and decision_times_monthly.';
comment on column reporting.decisions.is_current is 'Whether the case has not left that stage by now. A gone case stays in its last stage.';
comment on column reporting.decisions.business_hours is 'Business hours from opened_at to decided_at, by reports.calendar; null = opened_at is before 2000.';
