create or replace view reporting.data_quality with (security_barrier) as
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
  from cdd.event_revisions as told
  where told.superseded_at is not null
    and not exists (
      select
      from cdd.event_revisions as held
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

comment on view reporting.data_quality is 'One row per account and check; 0 items = nothing found. Fresh: as saved by the account''s last run.';
comment on column reporting.data_quality.account_id is 'Dintero''s account id (aid).';
comment on column reporting.data_quality.check_name is 'unknown_statuses: cases that are now in a status that the API''s documentation does not have; rejected_items: items of the list that cannot be read; vanished_events: events that were in a document once and are no more; backward_moves: transitions to a status of lower rank; case_under_two_accounts: cases that another account''s list has too; missing_times: transitions whose event has no time; long_detection_lag: transitions of the last 90 days learned more than 24 hours after they happened, first loads aside; reports_behind: changes not rolled up for over three hours.';
comment on column reporting.data_quality.severity is 'error: somebody has to act; warning: look at it; info: know it.';
comment on column reporting.data_quality.items is 'How many were found.';
comment on column reporting.data_quality.example is 'One of them: a case id, a status, a pair of statuses, a day, or what is wrong; null = nothing found.';
