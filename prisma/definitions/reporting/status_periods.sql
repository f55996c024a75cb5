create or replace view reporting.status_periods with (security_barrier) as
select
  stay.account_id,
  stay.case_id,
  stay.sequence,
  stay.status,
  stay_status.stage,
  stay.entered_at,
  stay.left_at,
  (date_part('epoch', greatest(coalesce(stay.ended_at, now()), stay.entered_at) - stay.entered_at) / 0.0036)::bigint
    * 0.000001 as hours,
  stay.is_current,
  stay.ended_at,
  stay.account_id || '/' || stay.case_id as case_key,
  cdd.business_hours(stay.entered_at, entered_slot, coalesce(stay.ended_at, now()), ended_slot) as business_hours
from (
  select
    transition.account_id,
    transition.case_id,
    transition.sequence - 1 as sequence,
    transition.from_status as status,
    transition.from_since as entered_at,
    transition.occurred_at as left_at,
    false as is_current,
    case when transition.occurred_at <= now() then transition.occurred_at else gone_case.gone_at end as ended_at
  from cdd.status_transitions as transition
  -- Of the stays with an end, only one that ends in the future can have been cut short because the case is gone.
  left join (
    select account_id, id, least(deleted_at, missing_since) as gone_at
    from cdd.cases
    where has_odd_times and least(deleted_at, missing_since) <= now()
  ) as gone_case on gone_case.account_id = transition.account_id and gone_case.id = transition.case_id
  where transition.superseded_at is null
    and transition.from_since is not null
    and (
      (select sees_all from cdd.current_reader)
      or transition.account_id in (select account_id from cdd.granted_accounts)
    )
  union all
  select
    account_id,
    id,
    transitions,
    status,
    status_since,
    null,
    true,
    case when least(deleted_at, missing_since) <= now() then least(deleted_at, missing_since) end
  from cdd.cases
  where status is not null
    and (
      (select sees_all from cdd.current_reader)
      or account_id in (select account_id from cdd.granted_accounts)
    )
) as stay
left join cdd.case_statuses as stay_status on stay_status.status = stay.status
left join cdd.business_slots as entered_slot on entered_slot.slot = cdd.business_slot(stay.entered_at)
left join cdd.business_slots as ended_slot
  on ended_slot.slot = cdd.business_slot(coalesce(stay.ended_at, now()));

comment on view reporting.status_periods is 'One row per stay of a case in a status; returning to a status begins a new stay. The hours of a gone case''s last stay end at gone_at; for stays of open cases, join cases and filter by is_open. Fresh: as saved by the account''s last run; present stays run to now.';
comment on column reporting.status_periods.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.status_periods.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_periods.sequence is 'Counts from 1 per case; the sequence of the transition that began the stay.';
comment on column reporting.status_periods.status is 'The status.';
comment on column reporting.status_periods.stage is 'Its stage.';
comment on column reporting.status_periods.entered_at is 'When the stay began.';
comment on column reporting.status_periods.left_at is 'When it ended; null = it has not ended. A deleted or missing case stays in its last status.';
comment on column reporting.status_periods.hours is 'Hours from entered_at to ended_at, or to now; 0 = not entered yet.';
comment on column reporting.status_periods.is_current is 'Whether it is the last stay of its case.';
comment on column reporting.status_periods.ended_at is 'When the stay ended by now: left_at, or gone_at of a case that was gone first; null = it has not ended.';
comment on column reporting.status_periods.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.status_periods.business_hours is 'The business hours among hours: see business_days. 0 = not entered yet, or outside of business hours all the time; null = entered before 2000.';
