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
    moved.account_id, moved.case_id, moved.from_status as status, moved.from_since as entered_at,
    moved.occurred_at as left_at, wanted.target_hours
  from cdd.status_transitions as moved
  join cdd.status_targets as wanted on wanted.status = moved.from_status
  where moved.superseded_at is null and moved.from_since is not null
  union all
  select held.account_id, held.id, held.status, held.status_since, null, wanted.target_hours
  from cdd.cases as held
  join cdd.status_targets as wanted on wanted.status = held.status
) as stay
where (select sees_all from cdd.current_reader)
  or stay.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.status_targets is 'One row per stay in a status that has a target (statusTargets in the configuration). For a case that is gone the last stay never ends; join cases on is_open for what waits now. Fresh: as saved by the account''s last run; lasting stays run to now.';
comment on column reporting.status_targets.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.status_targets.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_targets.status is 'The status.';
comment on column reporting.status_targets.entered_at is 'When the stay began.';
comment on column reporting.status_targets.target_hours is 'Hours a case may stay in the status.';
comment on column reporting.status_targets.due_at is 'entered_at plus target_hours.';
comment on column reporting.status_targets.left_at is 'When the stay ended; null = it lasts.';
comment on column reporting.status_targets.hours is 'Hours from entered_at to left_at, or to now.';
comment on column reporting.status_targets.state is 'met: left in time; breached: left too late, or lasts beyond the target; due_soon: lasts, and under a fifth of the target is left; running: lasts, in time.';
