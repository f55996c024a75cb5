create or replace view reporting.sync_freshness with (security_barrier) as
select
  account.id as account_id,
  -- A discovered merchant's label is its business name.
  case when (select sees_names from cdd.current_reader) or account.partner_id is null then account.label end as account_label,
  account.last_success_at,
  round(extract(epoch from now() - account.last_success_at) / 60, 6) as minutes_since_success,
  last_run.state as last_state,
  last_run.error_code as last_error_code,
  (
    select count(*)::integer
    from cdd.sync_runs as run
    where run.account_id = account.id
      and run.state in ('failed', 'abandoned')
      and run.started_at > coalesce(
        (
          select max(complete_run.started_at)
          from cdd.sync_runs as complete_run
          where complete_run.account_id = account.id
            and complete_run.state in ('succeeded', 'partial')
            and complete_run.started_at <= now()
        ),
        '-infinity'
      )
  ) as consecutive_failures,
  coalesce(listed_cases.cases, 0) as cases,
  lateness.is_stale,
  lateness.next_due_at,
  lateness.late_by_minutes,
  account.paused_since,
  coalesce(failure.failures, 0) as failures,
  failure.error_code as failure_code
from cdd.accounts as account
join cdd.account_lateness as lateness on lateness.account_id = account.id
left join cdd.account_failures as failure on failure.account_id = account.id
left join (
  select account_id, count(*)::integer as cases
  from cdd.cases
  where missing_since is null
  group by account_id
) as listed_cases on listed_cases.account_id = account.id
left join lateral (
  select run.state, run.error_code
  from cdd.sync_runs as run
  -- A run that began while the clock was ahead would stay the last one until the clock gets there.
  where run.account_id = account.id and run.started_at <= now()
  order by run.started_at desc
  limit 1
) as last_run on true
where (select sees_all from cdd.current_reader)
  or account.id in (select account_id from cdd.granted_accounts);

comment on view reporting.sync_freshness is 'One row per synced account: how fresh its data are. Fresh: now.';
comment on column reporting.sync_freshness.account_id is 'Dintero''s account id (aid).';
comment on column reporting.sync_freshness.account_label is 'The account''s name in the configuration; null = none was given, or it is the account of a partner''s merchant and you may not see names.';
comment on column reporting.sync_freshness.last_success_at is 'When the last run finished that succeeded, or was partial because of rejected items. A run with MASS_DISAPPEARANCE does not count. Null = there was none.';
comment on column reporting.sync_freshness.minutes_since_success is 'Minutes since then; null = there was none.';
comment on column reporting.sync_freshness.last_state is 'State of the last run; null = there was none.';
comment on column reporting.sync_freshness.last_error_code is 'Its error_code; null = it has none.';
comment on column reporting.sync_freshness.consecutive_failures is 'Failed and abandoned runs since the last one that read the whole list.';
comment on column reporting.sync_freshness.cases is 'Cases in the list, deleted ones included.';
comment on column reporting.sync_freshness.is_stale is 'Whether the run due at next_due_at is late by three intervals of the account''s schedule or by 15 minutes, whichever is more. Intervals are those between the times at which runs are really due, in the configured time zone. An account without any success is stale after 15 minutes. False for a paused account.';
comment on column reporting.sync_freshness.next_due_at is 'When the first run after last_success_at is due; in the past if it is late. Without a success: when the account was added or enabled again, because it is read at once. Null = the account is paused.';
comment on column reporting.sync_freshness.late_by_minutes is 'Minutes since next_due_at; 0 = not due yet. A run that is under way counts when it ends. Null = the account is paused.';
comment on column reporting.sync_freshness.paused_since is 'Since when the account''s runs are paused, so its data stay as they are; null = they are not.';
comment on column reporting.sync_freshness.failures is 'As consecutive_failures, without runs that a stop of the worker ended. From three on, the account needs a person.';
comment on column reporting.sync_freshness.failure_code is 'error_code of the newest of these failures; null = the last run that ended read the list.';
