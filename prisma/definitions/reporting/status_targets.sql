create or replace view reporting.status_targets with (security_barrier) as
select
  stay.account_id,
  stay.case_id,
  stay.status,
  stay.entered_at,
  target.target_hours,
  -- A subquery, because Postgres leaves it out of a query that does not ask for due_at.
  case
    when target.target_hours is not null then judged.due_at
    else (
      select case when used_up.at <= last_day.closes_at then used_up.at end
      from cdd.business_days as last_day
      cross join lateral (
        select
          cdd.business_micros(stay.entered_at, entered_slot)
            + (target.target_business_hours * 3600000000)::bigint as micros
      ) as due
      cross join lateral (
        select last_day.opens_at + (due.micros - last_day.micros_before) * interval '1 microsecond' as at
      ) as used_up
      where last_day.opens_at is not null and last_day.micros_before < due.micros
      order by last_day.micros_before desc
      limit 1
    )
  end as due_at,
  stay.left_at,
  stay.hours,
  case
    when target.target_hours is null then
      case
        when judged.business_hours is null then null
        when judged.business_hours > target.target_business_hours then 'breached'
        when stay.ended_at is not null then 'met'
        when judged.business_hours > target.target_business_hours * 0.8 then 'due_soon'
        else 'running'
      end
    when stay.ended_at <= judged.due_at then 'met'
    when coalesce(stay.ended_at, now()) > judged.due_at then 'breached'
    when now() > stay.entered_at + target.target_hours * 0.8 * interval '1 hour' then 'due_soon'
    else 'running'
  end as state,
  stay.case_key,
  target.target_business_hours,
  judged.business_hours
from reporting.status_periods as stay
join cdd.status_targets as target on target.status = stay.status
-- Not the column of status_periods: that view would compute it before stays without a target are left out.
left join cdd.business_slots as entered_slot on entered_slot.slot = cdd.business_slot(stay.entered_at)
left join cdd.business_slots as ended_slot on ended_slot.slot = cdd.business_slot(coalesce(stay.ended_at, now()))
cross join lateral (
  select
    cdd.business_hours(stay.entered_at, entered_slot, coalesce(stay.ended_at, now()), ended_slot) as business_hours,
    stay.entered_at + target.target_hours * interval '1 hour' as due_at
) as judged;

comment on view reporting.status_targets is 'One row per stay in a status that has a target (statusTargets in the configuration). The last stay of a gone case is judged at gone_at; for stays of open cases, join cases and filter by is_open. Fresh: as saved by the account''s last run; present stays run to now.';
comment on column reporting.status_targets.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.status_targets.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_targets.status is 'The status.';
comment on column reporting.status_targets.entered_at is 'When the stay began.';
comment on column reporting.status_targets.target_hours is 'Hours that a case may stay in the status; null = the target is in business hours.';
comment on column reporting.status_targets.due_at is 'entered_at plus target_hours; or when target_business_hours are used up, null = before 2000, or later than business_days reaches.';
comment on column reporting.status_targets.left_at is 'When the stay ended; null = it has not ended.';
comment on column reporting.status_targets.hours is 'Hours from entered_at to left_at, to gone_at of a gone case, or to now.';
comment on column reporting.status_targets.state is 'met: left in time, or the case was gone in time; breached: left too late, or still there after due_at; due_soon: still there, with less than a fifth of the target left; running: still there, in time. A target in business hours compares business_hours with it: a case that leaves after due_at, but before the next business hours, is in time. null = business_hours is null.';
comment on column reporting.status_targets.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.status_targets.target_business_hours is 'Business hours that a case may stay in the status; null = the target is in hours.';
comment on column reporting.status_targets.business_hours is 'The business hours among hours: see business_days. null = entered before 2000.';
