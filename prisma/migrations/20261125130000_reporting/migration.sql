-- The published interface. Every view shows a reader only the accounts granted to it (cdd.current_reader and
-- cdd.granted_accounts), and none calls a function that reads schema cdd: functions run with the reader's rights, views
-- with their owner's. security_barrier keeps a condition of the reader's own making from seeing rows before that filter
-- has. What few ask for is a subquery or a left join to a key: neither costs anything to who does not name its columns.

do $$ begin if to_regnamespace('reporting') is null then create schema reporting; end if; end $$;
comment on schema reporting is 'Dintero''s customer due diligence cases for analysts and dashboards. Stable; free of personal data beyond names and numbers of companies.';

-- Settings and statuses -------------------------------------------------------------------------------------------

create view reporting.settings with (security_barrier) as
select timezone
from cdd.report_settings;

create view reporting.statuses with (security_barrier) as
select status, stage, rank, known
from cdd.case_statuses;

-- Transitions -----------------------------------------------------------------------------------------------------

create view reporting.status_transitions with (security_barrier) as
select
  moved.account_id,
  moved.case_id,
  moved.sequence,
  moved.from_status,
  moved.to_status,
  origin.stage as from_stage,
  towards.stage as to_stage,
  case
    when moved.from_status is null then 'new'
    when towards.rank > origin.rank then 'forward'
    when towards.rank < origin.rank then 'backward'
    when towards.rank = origin.rank then 'lateral'
    else 'other'
  end as direction,
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
  round(extract(epoch from moved.occurred_at - moved.from_since) / 3600, 6) as hours_in_from_status,
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
    from cdd.case_events as told
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
where moved.superseded_at is null
  and (
    (select sees_all from cdd.current_reader)
    or moved.account_id in (select account_id from cdd.granted_accounts)
  );

create view reporting.status_history with (security_barrier) as
select
  moved.account_id,
  moved.case_id,
  moved.sequence,
  moved.from_status,
  moved.to_status,
  moved.occurred_at,
  moved.occurred_at_source,
  moved.event_id,
  moved.recorded_at,
  moved.superseded_at
from cdd.status_transitions as moved
where (select sees_all from cdd.current_reader)
  or moved.account_id in (select account_id from cdd.granted_accounts);

create view reporting.case_history with (security_barrier) as
select
  held.account_id,
  held.case_id,
  held.revision,
  held.deleted_at,
  case when held.body is null then held.recorded_at end as missing_since,
  case when held.body is null then least(held.deleted_at, held.recorded_at) else held.deleted_at end as gone_at,
  held.recorded_at,
  held.superseded_at
from cdd.case_revisions as held
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

-- Cases -----------------------------------------------------------------------------------------------------------

create view reporting.cases with (security_barrier) as
select
  held.account_id,
  account.label as account_label,
  case left(held.account_id, 1) when 'T' then 'test' else 'production' end as environment,
  held.id as case_id,
  held.payout_destination_id,
  held.payout_destination_name,
  held.organization_number,
  held.country_code,
  held.products,
  held.package,
  held.status,
  current.stage,
  held.status_since,
  round(extract(epoch from now() - held.status_since) / 3600, 6) as hours_in_status,
  (current.stage is null or current.stage in ('applicant', 'review', 'error', 'unknown'))
    and held.deleted_at is null
    and held.missing_since is null as is_open,
  held.opened_at,
  held.created_at,
  held.updated_at,
  held.deleted_at,
  held.missing_since,
  held.first_seen_at,
  held.first_decided_at,
  held.first_decision,
  held.first_approved_at,
  round(extract(epoch from held.first_decided_at - held.opened_at) / 3600, 6) as hours_to_decision,
  round(extract(epoch from held.first_approved_at - held.opened_at) / 3600, 6) as hours_to_approval,
  round(
    (
      held.applicant_seconds::numeric
      + case when current.stage = 'applicant' then extract(epoch from now() - held.status_since) else 0 end
    ) / 3600,
    6
  ) as applicant_hours,
  round(
    (
      held.review_seconds::numeric
      + case when current.stage = 'review' then extract(epoch from now() - held.status_since) else 0 end
    ) / 3600,
    6
  ) as review_hours,
  held.was_manual_review,
  held.transitions,
  held.times_reopened,
  held.times_left_active,
  held.last_error,
  held.last_error_at,
  least(held.deleted_at, held.missing_since) as gone_at,
  held.decision_route
from cdd.cases as held
left join cdd.accounts as account on account.id = held.account_id
left join cdd.case_statuses as current on current.status = held.status
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

create view reporting.case_events with (security_barrier) as
select
  told.account_id,
  told.case_id,
  told.id as event_id,
  told.event,
  told.status,
  told.occurred_at,
  told.request_id,
  told.error,
  told.provider_case_id,
  told.recorded_at
from cdd.case_events as told
where told.superseded_at is null
  and (
    (select sees_all from cdd.current_reader)
    or told.account_id in (select account_id from cdd.granted_accounts)
  );

-- Periods ---------------------------------------------------------------------------------------------------------
-- A stay that has ended stands in the transition that ended it, one that lasts in its case: no table is joined to itself.

create view reporting.status_periods with (security_barrier) as
select
  stay.account_id,
  stay.case_id,
  stay.sequence,
  stay.status,
  entered.stage,
  stay.entered_at,
  stay.left_at,
  round(extract(epoch from coalesce(stay.left_at, now()) - stay.entered_at) / 3600, 6) as hours,
  stay.left_at is null as is_current
from (
  select account_id, case_id, sequence - 1 as sequence, from_status as status, from_since as entered_at, occurred_at as left_at
  from cdd.status_transitions
  where superseded_at is null and from_since is not null
  union all
  select account_id, id, transitions, status, status_since, null
  from cdd.cases
  where status is not null
) as stay
left join cdd.case_statuses as entered on entered.status = stay.status
where (select sees_all from cdd.current_reader)
  or stay.account_id in (select account_id from cdd.granted_accounts);

create view reporting.status_targets with (security_barrier) as
select
  stay.account_id,
  stay.case_id,
  stay.status,
  stay.entered_at,
  stay.target_hours,
  stay.entered_at + stay.target_hours * interval '1 hour' as due_at,
  stay.left_at,
  round(extract(epoch from coalesce(stay.left_at, now()) - stay.entered_at) / 3600, 6) as hours,
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

-- Days and months -------------------------------------------------------------------------------------------------

create view reporting.backlog_daily with (security_barrier) as
select
  held.day,
  held.account_id,
  held.status,
  known.stage,
  held.cases,
  held.entered,
  held.exited
from (
  select day, account_id, status, cases, entered, exited
  from cdd.backlog_days
  where day <= (select (now() at time zone timezone)::date from cdd.report_settings)
  union all
  -- The days on which nothing moved, up to today.
  select
    day + generate_series(
      1,
      least(next_day, (select (now() at time zone timezone)::date from cdd.report_settings) + 1) - day - 1
    ),
    account_id,
    status,
    cases,
    0,
    0
  from cdd.backlog_days
  where next_day is null or next_day > day + 1
) as held
left join cdd.case_statuses as known on known.status = held.status
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

create view reporting.flow_daily with (security_barrier) as
select held.day, held.account_id, held.opened, held.decided, held.approved, held.declined, held.reopened, held.left_active
from cdd.flow_days as held
where held.opened + held.decided + held.approved + held.declined + held.reopened + held.left_active > 0
  and (
    (select sees_all from cdd.current_reader)
    or held.account_id in (select account_id from cdd.granted_accounts)
  );

create view reporting.funnel_monthly with (security_barrier) as
select
  held.month,
  held.account_id,
  held.opened,
  held.reached_declaration,
  held.reached_signature,
  held.reached_review,
  held.decided,
  held.approved,
  held.declined,
  held.still_open,
  round(held.approved::numeric / nullif(held.decided, 0), 6) as approval_rate,
  held.decided_within_24h
from cdd.funnel_months as held
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

create view reporting.decision_times_monthly with (security_barrier) as
select
  held.month,
  held.account_id,
  held.route,
  held.decided,
  round(held.p50_hours::numeric, 6) as p50_hours,
  round(held.p90_hours::numeric, 6) as p90_hours,
  round(held.p95_hours::numeric, 6) as p95_hours,
  round(held.mean_hours::numeric, 6) as mean_hours
from cdd.decision_months as held
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

create view reporting.transition_matrix with (security_barrier) as
select
  held.account_id,
  case when not held.is_first then held.from_status end as from_status,
  held.to_status,
  held.transitions,
  round(held.median_hours::numeric, 6) as median_hours,
  round(held.p90_hours::numeric, 6) as p90_hours
from cdd.transition_pairs as held
where (select sees_all from cdd.current_reader)
  or held.account_id in (select account_id from cdd.granted_accounts);

create view reporting.open_case_aging with (security_barrier) as
select
  waiting.account_id,
  waiting.status,
  waiting.stage,
  (array['<24h', '1-2d', '2-7d', '1-2w', '2-4w', '>4w'])[waiting.bucket_order] as bucket,
  waiting.bucket_order,
  count(*)::integer as cases,
  min(waiting.since) as oldest_since
from (
  select
    held.account_id,
    held.status,
    current.stage,
    coalesce(held.status_since, held.opened_at, held.first_seen_at) as since,
    1 + width_bucket(
      now() - coalesce(held.status_since, held.opened_at, held.first_seen_at),
      array['24 hours', '2 days', '7 days', '14 days', '28 days']::interval[]
    ) as bucket_order
  from cdd.cases as held
  left join cdd.case_statuses as current on current.status = held.status
  where (current.stage is null or current.stage in ('applicant', 'review', 'error', 'unknown'))
    and held.deleted_at is null
    and held.missing_since is null
) as waiting
where (select sees_all from cdd.current_reader)
  or waiting.account_id in (select account_id from cdd.granted_accounts)
group by waiting.account_id, waiting.status, waiting.stage, waiting.bucket_order;

-- The worker ------------------------------------------------------------------------------------------------------

create view reporting.sync_runs with (security_barrier) as
select
  run.id,
  run.account_id,
  run.trigger,
  run.state,
  run.started_at,
  run.heartbeat_at,
  run.finished_at,
  run.complete,
  run.not_modified,
  run.cases_seen,
  run.cases_created,
  run.cases_updated,
  run.cases_unchanged,
  run.cases_missing,
  run.cases_returned,
  run.missing_held_back,
  run.events_recorded,
  run.transitions_recorded,
  run.items_rejected,
  run.bytes_read,
  run.requests,
  run.retries,
  run.error_code,
  run.error_message,
  extract(epoch from coalesce(run.finished_at, now()) - run.started_at) as duration_seconds
from cdd.sync_runs as run
where (select sees_all from cdd.current_reader)
  or run.account_id in (select account_id from cdd.granted_accounts);

create view reporting.sync_freshness with (security_barrier) as
select
  account.id as account_id,
  account.label as account_label,
  account.last_success_at,
  round(extract(epoch from now() - account.last_success_at) / 60, 6) as minutes_since_success,
  last.state as last_state,
  last.error_code as last_error_code,
  (
    select count(*)::integer
    from cdd.sync_runs as run
    where run.account_id = account.id
      and run.state in ('failed', 'abandoned')
      and run.started_at > coalesce(
        (
          select max(good.started_at)
          from cdd.sync_runs as good
          where good.account_id = account.id and good.state in ('succeeded', 'partial')
        ),
        '-infinity'
      )
  ) as consecutive_failures,
  coalesce(present.cases, 0) as cases,
  coalesce(account.last_success_at, '-infinity')
    < now() - 3 * coalesce(account.schedule_seconds, 900) * interval '1 second' as is_stale
from cdd.accounts as account
left join (
  select account_id, count(*)::integer as cases
  from cdd.cases
  where missing_since is null
  group by account_id
) as present on present.account_id = account.id
left join lateral (
  select run.state, run.error_code
  from cdd.sync_runs as run
  where run.account_id = account.id
  order by run.started_at desc
  limit 1
) as last on true
where account.enabled
  and (
    (select sees_all from cdd.current_reader)
    or account.id in (select account_id from cdd.granted_accounts)
  );

create view reporting.data_quality with (security_barrier) as
select
  checked.account_id,
  checked.check_name,
  checked.severity,
  coalesce(found.items, 0) as items,
  found.example
from (
  select account.id as account_id, kind.check_name, kind.severity
  from cdd.accounts as account
  cross join (
    values
      ('unknown_statuses', 'warning'),
      ('rejected_items', 'error'),
      ('vanished_events', 'warning'),
      ('backward_moves', 'info'),
      ('case_under_two_accounts', 'warning'),
      ('missing_times', 'info'),
      ('long_detection_lag', 'info'),
      ('reports_behind', 'error')
  ) as kind (check_name, severity)
  where (select sees_all from cdd.current_reader)
    or account.id in (select account_id from cdd.granted_accounts)
) as checked
left join (
  select last.account_id, 'unknown_statuses' as check_name, sum(last.cases)::integer as items, min(last.status) as example
  from cdd.backlog_days as last
  join cdd.case_statuses as known on known.status = last.status and known.stage = 'unknown'
  where last.next_day is null and last.cases > 0
  group by last.account_id
  union all
  select item.account_id, 'rejected_items', count(*)::integer, min(concat_ws(': ', item.case_id, item.reason))
  from cdd.rejected_items as item
  where item.resolved_at is null
  group by item.account_id
  union all
  select told.account_id, 'vanished_events', count(distinct (told.case_id, told.id))::integer, min(told.case_id::text)
  from cdd.case_events as told
  where told.superseded_at is not null
    and not exists (
      select
      from cdd.case_events as held
      where held.account_id = told.account_id
        and held.case_id = told.case_id
        and held.id = told.id
        and held.superseded_at is null
    )
  group by told.account_id
  union all
  select pair.account_id, 'backward_moves', sum(pair.transitions)::integer, min(pair.from_status || ' > ' || pair.to_status)
  from cdd.transition_pairs as pair
  join cdd.case_statuses as origin on origin.status = pair.from_status and not pair.is_first
  join cdd.case_statuses as towards on towards.status = pair.to_status and towards.rank < origin.rank
  group by pair.account_id
  union all
  select held.account_id, 'case_under_two_accounts', count(*)::integer, min(held.id::text)
  from cdd.cases as held
  join (
    select id
    from cdd.cases
    group by id
    having count(*) > 1
  ) as twice on twice.id = held.id
  group by held.account_id
  union all
  select moved.account_id, 'missing_times', count(*)::integer, min(moved.case_id::text)
  from cdd.status_transitions as moved
  where moved.superseded_at is null and moved.occurred_at_source = 'inferred'
  group by moved.account_id
  union all
  select late.account_id, 'long_detection_lag', sum(late.learned_late)::integer, max(late.day)::text
  from cdd.flow_days as late
  where late.learned_late > 0
    and late.day > (select (now() at time zone timezone)::date from cdd.report_settings) - 90
  group by late.account_id
  union all
  select change.account_id, 'reports_behind', count(*)::integer, min(change.noted_at)::text
  from cdd.report_changes as change
  where change.noted_at < now() - interval '3 hours'
  group by change.account_id
) as found using (account_id, check_name);

-- As known then ---------------------------------------------------------------------------------------------------

create function reporting.cases_as_of(at timestamptz, known_at timestamptz default now())
returns table (account_id text, case_id uuid, status text, stage text, status_since timestamptz)
language sql
stable
parallel safe
as $$
  select moved.account_id, moved.case_id, moved.to_status, entered.stage, moved.occurred_at
  from (
    select distinct on (told.account_id, told.case_id) told.account_id, told.case_id, told.to_status, told.occurred_at
    from reporting.status_history as told
    where told.occurred_at <= at
      and told.recorded_at <= known_at
      and (told.superseded_at is null or told.superseded_at > known_at)
    order by told.account_id, told.case_id, told.sequence desc
  ) as moved
  join reporting.case_history as held
    on held.account_id = moved.account_id
    and held.case_id = moved.case_id
    and held.recorded_at <= known_at
    and (held.superseded_at is null or held.superseded_at > known_at)
    and (held.gone_at is null or held.gone_at > at)
  join reporting.statuses as entered on entered.status = moved.to_status
$$;

create function reporting.backlog_as_of(at timestamptz, known_at timestamptz default now())
returns table (account_id text, status text, cases integer)
language sql
stable
parallel safe
as $$
  select held.account_id, held.status, count(*)::integer
  from reporting.cases_as_of(at, known_at) as held
  group by held.account_id, held.status
$$;

-- What everything means ----------------------------------------------------------------------------------------------
-- docs/reporting.md is made from these.

comment on view reporting.settings is 'What the configuration says about the reports; one row. Fresh: as of the last start of a worker, or sync.';
comment on column reporting.settings.timezone is 'Time zone of the days and months in the reports, for "at time zone": who counts times of cases by day or month comes to the same days with it.';

comment on view reporting.statuses is 'Dintero''s statuses and their stages. One row per status; it grows when Dintero sends a new one. Fresh: at once.';
comment on column reporting.statuses.status is 'Dintero''s word, as in events[].case_status.';
comment on column reporting.statuses.stage is 'Our grouping: applicant (waits for the applicant), review (waits for a check), approved, declined, closed, error, unknown (a status the API''s documentation does not have).';
comment on column reporting.statuses.rank is 'How far along the way a case is, for comparing only; null = not on the way (error, unknown).';
comment on column reporting.statuses.known is 'Whether the API''s documentation has the status.';

comment on view reporting.cases is 'One row per case that was ever in an account''s list, deleted and missing ones included (see gone_at), with what its history says. Fresh: as saved by the account''s last run; durations run to now.';
comment on column reporting.cases.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.cases.account_label is 'The account''s name in the configuration; null = none was given.';
comment on column reporting.cases.environment is 'test for accounts that begin with T, production for P. The other views have no such column: look at account_id there.';
comment on column reporting.cases.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.cases.payout_destination_id is 'case_for.payout_destination_id; null = not given.';
comment on column reporting.cases.payout_destination_name is 'Name of the company that is paid out to; null = not given.';
comment on column reporting.cases.organization_number is 'Organization number of the company; null = not given.';
comment on column reporting.cases.country_code is 'Country of the company as the API writes it; null = not given.';
comment on column reporting.cases.products is 'Products applied for (payout, checkout); null = not given.';
comment on column reporting.cases.package is 'Pricing package; null = not given.';
comment on column reporting.cases.status is 'Current status, Dintero''s word; null = no event has had one yet.';
comment on column reporting.cases.stage is 'Stage of the current status; null = no status yet.';
comment on column reporting.cases.status_since is 'When the case came into its current status; null = no status yet.';
comment on column reporting.cases.hours_in_status is 'Hours since status_since, to now; null = no status yet. Runs on for cases that are gone.';
comment on column reporting.cases.is_open is 'Whether somebody has to do something: stage applicant, review, error or unknown, or no status yet, and neither deleted nor missing.';
comment on column reporting.cases.opened_at is 'When the first transition happened; without one, created_at. Null = neither is known.';
comment on column reporting.cases.created_at is 'Dintero''s created_at; null = not given.';
comment on column reporting.cases.updated_at is 'Dintero''s updated_at; null = not given.';
comment on column reporting.cases.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.cases.missing_since is 'When a complete list was first without the case; null = it is in the list.';
comment on column reporting.cases.first_seen_at is 'When a run first saved the case.';
comment on column reporting.cases.first_decided_at is 'When it first came into stage approved or declined; null = not decided yet.';
comment on column reporting.cases.first_decision is 'approved or declined: the stage it came into then; null = not decided yet.';
comment on column reporting.cases.first_approved_at is 'When it first came into stage approved; null = never.';
comment on column reporting.cases.hours_to_decision is 'Hours from opened_at to first_decided_at; null = not decided yet.';
comment on column reporting.cases.hours_to_approval is 'Hours from opened_at to first_approved_at; null = never approved.';
comment on column reporting.cases.applicant_hours is 'Hours in statuses of stage applicant, all stays together, a lasting one to now.';
comment on column reporting.cases.review_hours is 'Hours in statuses of stage review, all stays together, a lasting one to now.';
comment on column reporting.cases.was_manual_review is 'Whether it ever was UNDER_MANUAL_REVIEW.';
comment on column reporting.cases.transitions is 'How many changes of status it has had, the first included.';
comment on column reporting.cases.times_reopened is 'How often it went from stage approved, declined or closed back to applicant or review.';
comment on column reporting.cases.times_left_active is 'How often it left ACTIVE.';
comment on column reporting.cases.last_error is 'Error text of the newest event that has one; null = none.';
comment on column reporting.cases.last_error_at is 'When that event happened; null = no error, or the event has no time.';
comment on column reporting.cases.gone_at is 'The earlier of deleted_at and missing_since: from then on the case is in no backlog. Null = it is there.';
comment on column reporting.cases.decision_route is 'manual: it had been UNDER_MANUAL_REVIEW before its first decision; automatic: it had not. Null = not decided yet.';

comment on view reporting.case_events is 'One row per event that a case''s document has now. Fresh: as saved by the account''s last run.';
comment on column reporting.case_events.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.case_events.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_events.event_id is 'events[].id; unique within its case.';
comment on column reporting.case_events.event is 'What Dintero calls it; null = not given.';
comment on column reporting.case_events.status is 'The status the event brought; null = it says nothing about the status.';
comment on column reporting.case_events.occurred_at is 'When it happened; null = the API gave no time.';
comment on column reporting.case_events.request_id is 'Dintero''s id of the request; null = not given.';
comment on column reporting.case_events.error is 'Error text; null = none.';
comment on column reporting.case_events.provider_case_id is 'The case''s id at the KYC provider; null = not given.';
comment on column reporting.case_events.recorded_at is 'When cdd-sync learned of it in this form.';

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

comment on view reporting.status_history is 'One row per change of status that was ever recorded, those that later events showed to be wrong included: what held at a time T has recorded_at <= T and superseded_at null or > T. Fresh: as saved by the account''s last run.';
comment on column reporting.status_history.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.status_history.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_history.sequence is 'Counts from 1 per case among those that hold at a time.';
comment on column reporting.status_history.from_status is 'Status before; null = the first.';
comment on column reporting.status_history.to_status is 'Status after.';
comment on column reporting.status_history.occurred_at is 'When it happened, as known then.';
comment on column reporting.status_history.occurred_at_source is 'event or inferred, as in status_transitions.';
comment on column reporting.status_history.event_id is 'The event that brought it.';
comment on column reporting.status_history.recorded_at is 'When cdd-sync learned it.';
comment on column reporting.status_history.superseded_at is 'When cdd-sync learned better; null = holds now.';

comment on view reporting.case_history is 'One row per version of a case''s document that was ever recorded, as far as it says whether the case is there: what held at a time T has recorded_at <= T and superseded_at null or > T. Fresh: as saved by the account''s last run.';
comment on column reporting.case_history.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.case_history.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_history.revision is 'Counts from 1 per case.';
comment on column reporting.case_history.deleted_at is 'Dintero''s deleted_at; null = not deleted.';
comment on column reporting.case_history.missing_since is 'When a complete list was first without the case; null = it was in the list.';
comment on column reporting.case_history.gone_at is 'The earlier of the two; null = the case was there.';
comment on column reporting.case_history.recorded_at is 'When cdd-sync learned of this version; when a case was first known to be gone is the earliest row with gone_at.';
comment on column reporting.case_history.superseded_at is 'When cdd-sync learned better; null = holds now.';

comment on view reporting.status_periods is 'One row per stay of a case in a status; a case that returns to a status has one more. For a case that is gone the last stay never ends; join cases on is_open for what waits now. Fresh: as saved by the account''s last run; lasting stays run to now.';
comment on column reporting.status_periods.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.status_periods.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.status_periods.sequence is 'Counts from 1 per case; that of the transition that began the stay.';
comment on column reporting.status_periods.status is 'The status.';
comment on column reporting.status_periods.stage is 'Its stage.';
comment on column reporting.status_periods.entered_at is 'When the stay began.';
comment on column reporting.status_periods.left_at is 'When it ended; null = it lasts. A deleted or missing case stays in its last status.';
comment on column reporting.status_periods.hours is 'Hours from entered_at to left_at, or to now.';
comment on column reporting.status_periods.is_current is 'Whether the stay lasts.';

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

comment on view reporting.backlog_daily is 'One row per day, account and status, from the first day on which a case was in the status to today. Days are of the configured time zone. A case that is deleted or missing leaves its status then, and what happens to it later does not count: cases = cases of the day before + entered - exited. Cases without a status are in none. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.backlog_daily.day is 'The day, in the configured time zone.';
comment on column reporting.backlog_daily.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.backlog_daily.status is 'The status.';
comment on column reporting.backlog_daily.stage is 'Its stage.';
comment on column reporting.backlog_daily.cases is 'Cases in the status at the end of the day; today: now.';
comment on column reporting.backlog_daily.entered is 'How often a case came into it on the day.';
comment on column reporting.backlog_daily.exited is 'How often a case left it on the day, by being deleted or missing too.';

comment on view reporting.flow_daily is 'One row per account and day on which something is counted. Days are of the configured time zone. Cases that are gone count. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.flow_daily.day is 'The day, in the configured time zone.';
comment on column reporting.flow_daily.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.flow_daily.opened is 'Cases opened (opened_at).';
comment on column reporting.flow_daily.decided is 'Cases first decided (first_decided_at).';
comment on column reporting.flow_daily.approved is 'Cases first approved; one that was both counts in both.';
comment on column reporting.flow_daily.declined is 'Cases first declined; one that was both counts in both.';
comment on column reporting.flow_daily.reopened is 'Transitions from stage approved, declined or closed back to applicant or review, every one.';
comment on column reporting.flow_daily.left_active is 'Transitions from ACTIVE, every one.';

comment on view reporting.funnel_monthly is 'One row per account and month in which cases were opened: how far those cases have come. Months are of the configured time zone. Cases that are gone count. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.funnel_monthly.month is 'First day of the month of opened_at, in the configured time zone.';
comment on column reporting.funnel_monthly.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.funnel_monthly.opened is 'Cases opened in the month.';
comment on column reporting.funnel_monthly.reached_declaration is 'Those that ever had WAITING_FOR_DECLARATION or a status of higher rank, stage closed aside.';
comment on column reporting.funnel_monthly.reached_signature is 'The same for WAITING_FOR_SIGNATURE.';
comment on column reporting.funnel_monthly.reached_review is 'The same for AUTOMATIC_REVIEW.';
comment on column reporting.funnel_monthly.decided is 'Those ever approved or declined.';
comment on column reporting.funnel_monthly.approved is 'Those ever approved.';
comment on column reporting.funnel_monthly.declined is 'Those ever declined; one that was both counts in both.';
comment on column reporting.funnel_monthly.still_open is 'Those that are open (is_open in cases).';
comment on column reporting.funnel_monthly.approval_rate is 'approved / decided, 0 to 1; null = none is decided yet.';
comment on column reporting.funnel_monthly.decided_within_24h is 'Those decided within 24 hours of being opened.';

comment on view reporting.decision_times_monthly is 'One row per account, month of the first decision, and route: how long decisions took from opened_at. Months are of the configured time zone. Percentiles of several accounts or months cannot be averaged: take cases for those. Cases that are gone count. Fresh: rolled up at the end of the account''s last run.';
comment on column reporting.decision_times_monthly.month is 'First day of the month of first_decided_at, in the configured time zone.';
comment on column reporting.decision_times_monthly.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.decision_times_monthly.route is 'manual: the case had been UNDER_MANUAL_REVIEW before; automatic: it had not.';
comment on column reporting.decision_times_monthly.decided is 'Cases first decided in the month.';
comment on column reporting.decision_times_monthly.p50_hours is 'Half of them took at most so many hours (percentile_cont).';
comment on column reporting.decision_times_monthly.p90_hours is '90 % of them took at most so many hours.';
comment on column reporting.decision_times_monthly.p95_hours is '95 % of them took at most so many hours.';
comment on column reporting.decision_times_monthly.mean_hours is 'Their mean, in hours.';

comment on view reporting.transition_matrix is 'One row per account and pair of statuses: how often cases went from one to the other, and after how long, all time. Fresh: rolled up at the end of the account''s last run, for accounts of more than 20,000 transitions once an hour.';
comment on column reporting.transition_matrix.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.transition_matrix.from_status is 'Status before; null = the first of a case.';
comment on column reporting.transition_matrix.to_status is 'Status after.';
comment on column reporting.transition_matrix.transitions is 'How often it happened.';
comment on column reporting.transition_matrix.median_hours is 'Median of the hours in from_status before it; null = the first of a case.';
comment on column reporting.transition_matrix.p90_hours is '90th percentile of those hours; null = the first of a case.';

comment on view reporting.open_case_aging is 'One row per account, status and age: open cases by how long they have been in their status, now. Fresh: as saved by the account''s last run.';
comment on column reporting.open_case_aging.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.open_case_aging.status is 'The status; null = no status yet.';
comment on column reporting.open_case_aging.stage is 'Its stage; null = no status yet.';
comment on column reporting.open_case_aging.bucket is 'Time in the status: <24h, 1-2d, 2-7d, 1-2w, 2-4w, >4w; Dintero reminds applicants at these ages. Without a status, time since opened_at.';
comment on column reporting.open_case_aging.bucket_order is '1 to 6, to sort buckets by.';
comment on column reporting.open_case_aging.cases is 'Open cases.';
comment on column reporting.open_case_aging.oldest_since is 'Since when the one that waits longest has done so.';

comment on view reporting.sync_freshness is 'One row per account that is synced: how fresh its data are. Fresh: now.';
comment on column reporting.sync_freshness.account_id is 'Dintero''s account id (aid).';
comment on column reporting.sync_freshness.account_label is 'The account''s name in the configuration; null = none was given.';
comment on column reporting.sync_freshness.last_success_at is 'When the last succeeded run finished; a partial run is no success, though its cases are fresh. Null = there was none.';
comment on column reporting.sync_freshness.minutes_since_success is 'Minutes since then; null = there was none.';
comment on column reporting.sync_freshness.last_state is 'State of the last run; null = there was none.';
comment on column reporting.sync_freshness.last_error_code is 'Its error_code; null = it has none.';
comment on column reporting.sync_freshness.consecutive_failures is 'Failed and abandoned runs since the last one that read the whole list.';
comment on column reporting.sync_freshness.cases is 'Cases in the list, deleted ones included.';
comment on column reporting.sync_freshness.is_stale is 'No success, in the sense of last_success_at, for three intervals of its schedule.';

comment on view reporting.sync_runs is 'One row per run: one pass over one account; finished ones are kept for a limited time (retention.runDays). Fresh: now.';
comment on column reporting.sync_runs.id is 'The run''s id.';
comment on column reporting.sync_runs.account_id is 'Dintero''s account id (aid).';
comment on column reporting.sync_runs.trigger is 'What asked for it: schedule, manual or webhook.';
comment on column reporting.sync_runs.state is 'running; succeeded; partial: the whole list was read, but items were rejected or missing cases held back; failed; abandoned: its worker died.';
comment on column reporting.sync_runs.started_at is 'When it began.';
comment on column reporting.sync_runs.heartbeat_at is 'When it last gave a sign of life.';
comment on column reporting.sync_runs.finished_at is 'When it ended; null = it runs.';
comment on column reporting.sync_runs.complete is 'Whether the list was read to its end.';
comment on column reporting.sync_runs.not_modified is 'Whether the API said that nothing had changed (304).';
comment on column reporting.sync_runs.cases_seen is 'Different cases read: created + updated + unchanged.';
comment on column reporting.sync_runs.cases_created is 'Cases never seen before.';
comment on column reporting.sync_runs.cases_updated is 'Cases whose content differs from what held.';
comment on column reporting.sync_runs.cases_unchanged is 'Cases as before.';
comment on column reporting.sync_runs.cases_missing is 'Cases marked missing.';
comment on column reporting.sync_runs.cases_returned is 'Of the cases seen, those that had been missing.';
comment on column reporting.sync_runs.missing_held_back is 'Cases not in the list but not marked missing.';
comment on column reporting.sync_runs.events_recorded is 'Events added.';
comment on column reporting.sync_runs.transitions_recorded is 'Transitions added.';
comment on column reporting.sync_runs.items_rejected is 'Items that could not be read.';
comment on column reporting.sync_runs.bytes_read is 'Bytes of the list that were read.';
comment on column reporting.sync_runs.requests is 'Requests sent.';
comment on column reporting.sync_runs.retries is 'Requests that were tried again.';
comment on column reporting.sync_runs.error_code is 'Why it did not succeed; null = it did, or runs.';
comment on column reporting.sync_runs.error_message is 'The same in words, with what to do.';
comment on column reporting.sync_runs.duration_seconds is 'Seconds from started_at to finished_at, or to now.';

comment on view reporting.data_quality is 'One row per account and check; 0 items = nothing found. Fresh: as saved by the account''s last run.';
comment on column reporting.data_quality.account_id is 'Dintero''s account id (aid).';
comment on column reporting.data_quality.check_name is 'unknown_statuses: cases that are now in a status that the API''s documentation does not have; rejected_items: items of the list that cannot be read; vanished_events: events that were in a document once and are no more; backward_moves: transitions to a status of lower rank; case_under_two_accounts: cases that another account''s list has too; missing_times: transitions whose event has no time; long_detection_lag: transitions of the last 90 days learned more than 24 hours after they happened, first loads aside; reports_behind: changes not rolled up for over three hours.';
comment on column reporting.data_quality.severity is 'error: somebody has to act; warning: look at it; info: know it.';
comment on column reporting.data_quality.items is 'How many were found.';
comment on column reporting.data_quality.example is 'One of them: a case id, a status, a pair of statuses, a day, or what is wrong; null = nothing found.';

comment on function reporting.cases_as_of is 'The status of every case at a time (at), by what cdd-sync knew at another (known_at, by default now). One row per case that had a status then and was neither deleted nor missing; account_id, case_id, status, stage, status_since.';
comment on function reporting.backlog_as_of is 'How many cases were in which status at a time (at), by what cdd-sync knew at another (known_at, by default now): account_id, status, cases. Statuses without cases have no row.';

-- Readers ---------------------------------------------------------------------------------------------------------

-- Roles belong to the server: another database of it may have made this one, and this user may not be allowed to. Then
-- cdd-sync grant-reader says what to do.
do $$
begin
  create role cdd_reader nologin;
exception
  when duplicate_object or unique_violation or insufficient_privilege then null;
end
$$;
do $$
begin
  if exists (select from pg_catalog.pg_roles where rolname = 'cdd_reader') then
    grant usage on schema reporting to cdd_reader;
    grant select on all tables in schema reporting to cdd_reader;
  end if;
end
$$;
