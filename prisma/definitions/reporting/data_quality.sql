create or replace view reporting.data_quality with (security_barrier) as
select
  account_check.account_id,
  account_check.check_name,
  account_check.severity,
  coalesce(finding.items, 0) as items,
  -- Collation C below chooses the same example on every server; the column has the database's collation.
  finding.example collate "default" as example
from (
  select account.id as account_id, check_kind.check_name, check_kind.severity
  from cdd.accounts as account
  cross join (
    values
      ('unknown_statuses', 'warning'),
      ('rejected_items', 'error'),
      ('unreadable_fields', 'warning'),
      ('vanished_events', 'warning'),
      ('backward_moves', 'info'),
      ('case_under_two_accounts', 'warning'),
      ('missing_times', 'info'),
      ('long_detection_lag', 'info'),
      ('implausible_times', 'warning'),
      ('reports_behind', 'error'),
      ('reports_failed', 'error'),
      ('clock_ahead', 'warning'),
      ('never_listed', 'info'),
      ('unreadable_facts', 'warning')
  ) as check_kind (check_name, severity)
  where (select sees_all from cdd.current_reader)
    or account.id in (select account_id from cdd.granted_accounts)
) as account_check
left join (
  select
    backlog.account_id, 'unknown_statuses' as check_name, sum(backlog.cases)::integer as items, min(backlog.status collate "C") as example
  from cdd.backlog_days as backlog
  join cdd.case_statuses as status_row on status_row.status = backlog.status and status_row.stage = 'unknown'
  where backlog.next_day is null and backlog.cases > 0
  group by backlog.account_id
  union all
  select item.account_id, 'rejected_items', count(*)::integer, min(concat_ws(': ', item.case_id, item.reason) collate "C")
  from cdd.rejected_items as item
  where item.resolved_at is null
  group by item.account_id
  union all
  select problem.account_id, 'unreadable_fields', count(*)::integer, min(concat_ws(': ', problem.case_id, problem.path) collate "C")
  from cdd.case_problems as problem
  where problem.superseded_at is null
  group by problem.account_id
  union all
  select
    former_event.account_id,
    'vanished_events',
    count(*)::integer,
    min(former_event.case_id::text collate "C")
  from cdd.event_revisions as former_event
  where former_event.superseded_at is not null
    -- All but the newest revision of an event are superseded. By revision, an index alone tells.
    and not exists (
      select
      from cdd.event_revisions as newer_event
      where newer_event.account_id = former_event.account_id
        and newer_event.case_id = former_event.case_id
        and newer_event.id = former_event.id
        and newer_event.revision > former_event.revision
    )
  group by former_event.account_id
  union all
  select pair.account_id, 'backward_moves', sum(pair.transitions)::integer, min((pair.from_status || ' > ' || pair.to_status) collate "C")
  from cdd.transition_pairs as pair
  join cdd.case_statuses as origin_status on origin_status.status = pair.from_status and not pair.is_first
  join cdd.case_statuses as target_status
    on target_status.status = pair.to_status and target_status.rank < origin_status.rank
  group by pair.account_id
  union all
  select case_row.account_id, 'case_under_two_accounts', count(*)::integer, min(case_row.id::text collate "C")
  from cdd.case_ids as shared_id
  join cdd.cases as case_row on case_row.id = shared_id.id
  where shared_id.is_shared
  group by case_row.account_id
  union all
  select transition.account_id, 'missing_times', count(*)::integer, min(transition.case_id::text collate "C")
  from cdd.status_transitions as transition
  where transition.superseded_at is null and transition.occurred_at_source = 'inferred'
  group by transition.account_id
  union all
  select odd_case.account_id, 'implausible_times', count(*)::integer, min(odd_case.case_id::text collate "C")
  from (
    select account_id, id as case_id
    from cdd.cases
    where has_odd_times
      and (
        least(opened_at, created_at, deleted_at) < timestamptz '2000-01-01 00:00:00Z'
        or greatest(opened_at, status_since, created_at, deleted_at) > now() + interval '1 day'
      )
    union
    select account_id, id
    from cdd.cases
    where updated_at < timestamptz '2000-01-01 00:00:00Z' or updated_at > now() + interval '1 day'
    union
    select account_id, case_id
    from cdd.event_revisions
    where superseded_at is null
      and (occurred_at < timestamptz '2000-01-01 00:00:00Z' or occurred_at > now() + interval '1 day')
  ) as odd_case
  group by odd_case.account_id
  union all
  select flow.account_id, 'long_detection_lag', sum(flow.learned_late)::integer, to_char(max(flow.day), 'YYYY-MM-DD')
  from cdd.flow_days as flow
  where flow.learned_late > 0
    and flow.day > (select (now() at time zone timezone)::date from cdd.report_settings) - 90
  group by flow.account_id
  union all
  select
    change.account_id,
    'reports_behind',
    count(*)::integer,
    'since ' || to_char(min(change.noted_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')
  from cdd.report_changes as change
  where change.noted_at < now() - interval '3 hours'
  group by change.account_id
  union all
  select failed.account_id, 'reports_failed', 1, failed.error_message
  from cdd.failed_reports as failed
  union all
  select
    recorded.account_id,
    'clock_ahead',
    count(*)::integer,
    'until ' || to_char(max(recorded.at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')
  from (
    select account_id, max(recorded_at) as at from cdd.batch_slots group by account_id
    union all
    select id, last_success_at from cdd.accounts
    union all
    select account_id, greatest(changed_at, missing_since)
    from cdd.cases
    where changed_at > now() + interval '1 minute' or missing_since > now() + interval '1 minute'
  ) as recorded
  where recorded.at > now() + interval '1 minute'
  group by recorded.account_id
  union all
  select fact_row.account_id, 'unreadable_facts', count(*)::integer, min(fact_row.fact || ': ' || fact_row.problem collate "C")
  from cdd.case_facts as fact_row
  where fact_row.superseded_at is null and fact_row.problem is not null
  group by fact_row.account_id
  union all
  select account.id, 'never_listed', 1, 'no case was ever ARCHIVED, TERMINATED or deleted'
  from cdd.accounts as account
  where exists (select from cdd.cases as any_case where any_case.account_id = account.id)
    and not exists (
      select
      from cdd.backlog_days as backlog
      where backlog.account_id = account.id and backlog.status in ('ARCHIVED', 'TERMINATED')
    )
    and not exists (
      select
      from cdd.cases as deleted_case
      where deleted_case.account_id = account.id
        and deleted_case.deleted_at is not null
        -- As in the condition of the index.
        and (deleted_case.deleted_at is not null or deleted_case.missing_since is not null)
    )
    -- The daily reports leave these cases out.
    and not exists (
      select
      from cdd.cases as odd_case
      join cdd.status_transitions as transition
        on transition.account_id = odd_case.account_id
        and transition.case_id = odd_case.id
        and transition.superseded_at is null
        and transition.to_status in ('ARCHIVED', 'TERMINATED')
        and transition.occurred_at <= now()
      where odd_case.account_id = account.id and odd_case.has_odd_times
    )
) as finding using (account_id, check_name);

comment on view reporting.data_quality is 'One row per account and check; 0 items = nothing found. Fresh: as saved by the account''s last run.';
comment on column reporting.data_quality.account_id is 'Dintero''s account id (aid).';
comment on column reporting.data_quality.check_name is 'unknown_statuses: cases now in a status that is not in the API''s documentation; rejected_items: items of the list that cannot be read; unreadable_fields: fields of cases that are not as the API documents them, at most 101 a case, see reporting.case_problems; vanished_events: events that were in a document once and no longer are; backward_moves: transitions to a status of lower rank; case_under_two_accounts: cases that are also in the list of another account; missing_times: transitions by an event without a time; long_detection_lag: transitions of the last 90 days that were learned more than 24 hours after they happened, except in first loads; implausible_times: cases with a time before 2000 or more than a day ahead, which count in no daily, monthly or percentile report if it is the time of a status, of creation or of deletion; reports_behind: changes that have not reached the daily and monthly reports for more than three hours; reports_failed: 1 if the daily and monthly reports stand still, because updating them failed or the worker died before it, with the reason; clock_ahead: times more than a minute in the future at which something was recorded (the account''s last batch, its last success, the last change of each case), because the database''s clock was ahead: until the time in example, everything is recorded after it, and known_until() is later than now; never_listed: 1 if the account has cases and none of them was ever ARCHIVED, TERMINATED or deleted: perhaps the list of the API leaves such cases out, so that they show as missing; unreadable_facts: facts of reports.facts without a value, of cases that may not have one yet, or because the path is wrong; see problem in case_facts.';
comment on column reporting.data_quality.severity is 'error: somebody has to act; warning: worth a look; info: good to know.';
comment on column reporting.data_quality.items is 'Number found.';
comment on column reporting.data_quality.example is 'One of them: a case id, a status, a pair of statuses, a day or a description; null = nothing found.';
