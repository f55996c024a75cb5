create or replace view reporting.status_targets with (security_barrier) as
select
  stay.account_id,
  stay.case_id,
  stay.status,
  stay.entered_at,
  stay.target_hours,
  stay.entered_at + stay.target_hours * interval '1 hour' as due_at,
  stay.left_at,
  (date_part('epoch', coalesce(stay.left_at, now()) - stay.entered_at) / 0.0036)::bigint * 0.000001 as hours,
  case
    when stay.left_at <= stay.entered_at + stay.target_hours * interval '1 hour' then 'met'
    when coalesce(stay.left_at, now()) > stay.entered_at + stay.target_hours * interval '1 hour' then 'breached'
    when now() > stay.entered_at + stay.target_hours * 0.8 * interval '1 hour' then 'due_soon'
    else 'running'
  end as state
from (
  select
    transition.account_id, transition.case_id, transition.from_status as status, transition.from_since as entered_at,
    transition.occurred_at as left_at, target.target_hours
  from cdd.status_transitions as transition
  join cdd.status_targets as target on target.status = transition.from_status
  where transition.superseded_at is null and transition.from_since is not null
  union all
  select case_row.account_id, case_row.id, case_row.status, case_row.status_since, null, target.target_hours
  from cdd.cases as case_row
  join cdd.status_targets as target on target.status = case_row.status
) as stay
where (select sees_all from cdd.current_reader)
  or stay.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.status_targets is 'One row per stay in a status that has a target (statusTargets in the configuration). The last stay of a gone case never ends; for stays of open cases, join cases and filter by is_open. Fresh: as saved by the account''s last run; present stays run to now.';
comment on column reporting.status_targets.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.status_targets.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_targets.status is 'The status.';
comment on column reporting.status_targets.entered_at is 'When the stay began.';
comment on column reporting.status_targets.target_hours is 'Hours that a case may stay in the status.';
comment on column reporting.status_targets.due_at is 'entered_at plus target_hours.';
comment on column reporting.status_targets.left_at is 'When the stay ended; null = it has not ended.';
comment on column reporting.status_targets.hours is 'Hours from entered_at to left_at, or to now.';
comment on column reporting.status_targets.state is 'met: left in time; breached: left too late, or still there after due_at; due_soon: still there, with less than a fifth of the target left; running: still there, in time.';
