-- Hours have six decimals: so many millionths of an hour, of 0.0036 s each, as a whole number. Subtracting and dividing as
-- numeric took a fifth of a question's time, and turning a double precision number into a numeric one twice as long.
create or replace view reporting.status_transitions with (security_barrier) as
select
  moved.account_id,
  moved.case_id,
  moved.sequence,
  moved.from_status,
  moved.to_status,
  origin.stage as from_stage,
  towards.stage as to_stage,
  coalesce(pair.direction, case when moved.from_status is null then 'new' else 'other' end) as direction,
  moved.occurred_at,
  moved.occurred_at_source,
  (
    select next.occurred_at
    from cdd.status_transitions as next
    where next.account_id = moved.account_id
      and next.case_id = moved.case_id
      and next.sequence = moved.sequence + 1
      and next.superseded_at is null
  ) as until,
  (date_part('epoch', moved.occurred_at - moved.from_since) / 0.0036)::bigint * 0.000001 as hours_in_from_status,
  not exists (
    select
    from cdd.status_transitions as next
    where next.account_id = moved.account_id
      and next.case_id = moved.case_id
      and next.sequence = moved.sequence + 1
      and next.superseded_at is null
  ) as is_current,
  moved.event_id,
  (
    select told.event
    from cdd.event_revisions as told
    where told.account_id = moved.account_id
      and told.case_id = moved.case_id
      and told.id = moved.event_id
      and told.superseded_at is null
  ) as event,
  moved.recorded_at,
  extract(epoch from moved.recorded_at - moved.occurred_at) as detection_lag_seconds
from cdd.status_transitions as moved
left join cdd.case_statuses as towards on towards.status = moved.to_status
left join cdd.case_statuses as origin on origin.status = moved.from_status
-- One look-up instead of two. Grouped, so that Postgres sees that there is one row at most, and leaves out the join for
-- who does not ask for the direction.
left join (
  select
    earlier.status as from_status,
    later.status as to_status,
    case
      when later.rank > earlier.rank then 'forward'
      when later.rank < earlier.rank then 'backward'
      when later.rank = earlier.rank then 'lateral'
      else 'other'
    end as direction
  from cdd.case_statuses as earlier
  cross join cdd.case_statuses as later
  group by earlier.status, later.status
) as pair on pair.from_status = moved.from_status and pair.to_status = moved.to_status
where moved.superseded_at is null
  and (
    (select sees_all from cdd.current_reader)
    or moved.account_id in (select account_id from cdd.granted_accounts)
  );

comment on view reporting.status_transitions is 'One row per change of status, as known now. Fresh: as saved by the account''s last run.';
comment on column reporting.status_transitions.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.status_transitions.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_transitions.sequence is 'Counts from 1 per case.';
comment on column reporting.status_transitions.from_status is 'Status before; null = the first.';
comment on column reporting.status_transitions.to_status is 'Status after.';
comment on column reporting.status_transitions.from_stage is 'Stage of from_status; null = the first.';
comment on column reporting.status_transitions.to_stage is 'Stage of to_status.';
comment on column reporting.status_transitions.direction is 'new (the first), forward, backward or lateral by rank; other if one of the two statuses has no rank.';
comment on column reporting.status_transitions.occurred_at is 'When it happened.';
comment on column reporting.status_transitions.occurred_at_source is 'event: the event gave the time; inferred: it gave none, so the time is worked out from its neighbours.';
comment on column reporting.status_transitions.until is 'When the next transition happened; null = there is none yet.';
comment on column reporting.status_transitions.hours_in_from_status is 'Hours of the stay in from_status that this transition ended; null = the first.';
comment on column reporting.status_transitions.is_current is 'Whether it is its case''s last.';
comment on column reporting.status_transitions.event_id is 'The event that brought it.';
comment on column reporting.status_transitions.event is 'That event''s name; null = not given.';
comment on column reporting.status_transitions.recorded_at is 'When cdd-sync learned of it in this form.';
comment on column reporting.status_transitions.detection_lag_seconds is 'Seconds from occurred_at to recorded_at. Large for what happened before the account was first read.';
