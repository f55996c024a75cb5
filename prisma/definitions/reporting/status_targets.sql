create or replace view reporting.status_targets with (security_barrier) as
select
  stay.account_id,
  stay.case_id,
  stay.status,
  stay.entered_at,
  target.target_hours,
  stay.entered_at + target.target_hours * interval '1 hour' as due_at,
  stay.left_at,
  stay.hours,
  case
    when stay.ended_at <= stay.entered_at + target.target_hours * interval '1 hour' then 'met'
    when coalesce(stay.ended_at, now()) > stay.entered_at + target.target_hours * interval '1 hour' then 'breached'
    when now() > stay.entered_at + target.target_hours * 0.8 * interval '1 hour' then 'due_soon'
    else 'running'
  end as state,
  stay.case_key
from reporting.status_periods as stay
join cdd.status_targets as target on target.status = stay.status;

comment on view reporting.status_targets is 'One row per stay in a status that has a target (statusTargets in the configuration). The last stay of a gone case is judged at gone_at; for stays of open cases, join cases and filter by is_open. Fresh: as saved by the account''s last run; present stays run to now.';
comment on column reporting.status_targets.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.status_targets.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_targets.status is 'The status.';
comment on column reporting.status_targets.entered_at is 'When the stay began.';
comment on column reporting.status_targets.target_hours is 'Hours that a case may stay in the status.';
comment on column reporting.status_targets.due_at is 'entered_at plus target_hours.';
comment on column reporting.status_targets.left_at is 'When the stay ended; null = it has not ended.';
comment on column reporting.status_targets.hours is 'Hours from entered_at to left_at, to gone_at of a gone case, or to now.';
comment on column reporting.status_targets.state is 'met: left in time, or the case was gone in time; breached: left too late, or still there after due_at; due_soon: still there, with less than a fifth of the target left; running: still there, in time.';
comment on column reporting.status_targets.case_key is 'account_id/case_id: the case''s key in one column.';
