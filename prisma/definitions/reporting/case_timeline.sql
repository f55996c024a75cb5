-- Reads the other tables case by case: the window functions would otherwise read every case's rows for the one that was
-- asked for.
create or replace view reporting.case_timeline with (security_barrier) as
select
  case_row.account_id || '/' || case_row.id as case_key,
  case_row.account_id,
  case_row.id as case_id,
  item.at,
  item.recorded_at,
  item.kind,
  item.title,
  item.from_value,
  item.to_value,
  item.event_id,
  item.run_id,
  item.superseded_at
from cdd.cases as case_row
cross join lateral (
  select
    case kind
      when 'created' then coalesce(
        (
          select field_row.new_value::timestamptz
          from cdd.changed_fields(null, null, document.body, coalesce(document.readable, document.body)) as field_row
          where field_row.field = 'created_at'
        ),
        document.recorded_at
      )
      when 'deleted' then document.deleted_at
      else document.recorded_at
    end as at,
    document.recorded_at,
    kind,
    case kind
      when 'created' then 'Case created'
      when 'missing' then 'Missing from the account''s list'
      when 'returned' then 'In the account''s list again'
      else 'Deleted'
    end as title,
    null::text as from_value,
    null::text as to_value,
    null::bigint as event_id,
    document.run_id,
    null::timestamptz as superseded_at
  from (
    select
      revision.*,
      lag(revision.body is null) over each_revision as was_missing,
      lag(revision.deleted_at) over each_revision as earlier_deleted_at
    from cdd.case_revisions as revision
    where revision.account_id = case_row.account_id and revision.case_id = case_row.id
    window each_revision as (order by revision.revision)
  ) as document
  cross join lateral (
    values
      ('created', document.revision = 1),
      ('missing', document.body is null),
      ('returned', document.body is not null and document.was_missing),
      ('deleted', document.deleted_at is not null and document.earlier_deleted_at is null)
  ) as fact (kind, is_new)
  where fact.is_new

  union all
  -- updated_at changes with nearly every version of a document. A new deleted_at is above.
  select
    change.recorded_at,
    change.recorded_at,
    'changed',
    case when change.field = 'deleted_at' and change.new_value is null then 'No longer deleted' else change.field || ' changed' end,
    change.old_value,
    change.new_value,
    null,
    change.run_id,
    null
  from cdd.case_changes as change
  where change.account_id = case_row.account_id
    and change.case_id = case_row.id
    and change.field <> 'updated_at'
    and (change.field <> 'deleted_at' or change.old_value is not null)

  union all
  select
    noticed.at,
    noticed.at,
    'problem',
    concat_ws(': ', nullif(problem.path, ''), noticed.finding),
    case when noticed.is_end then problem.reason end,
    case when not noticed.is_end then problem.reason end,
    substring(problem.path from '^events\[id=(-?[0-9]+)\]')::bigint,
    case when not noticed.is_end then problem.run_id end,
    case when not noticed.is_end then problem.superseded_at end
  from cdd.case_problems as problem
  cross join lateral (
    values
      (problem.recorded_at, false, problem.reason),
      (problem.superseded_at, true, 'as documented again')
  ) as noticed (at, is_end, finding)
  where problem.account_id = case_row.account_id
    and problem.case_id = case_row.id
    and noticed.at is not null
    and (
      not noticed.is_end
      or not exists (
        select
        from cdd.case_problems as next_problem
        where next_problem.account_id = problem.account_id
          and next_problem.case_id = problem.case_id
          and next_problem.path = problem.path
          and next_problem.recorded_at = problem.superseded_at
      )
    )

  union all
  select
    step.at,
    step.at,
    step.kind,
    step.title,
    null,
    -- Its author may have written a name.
    case when (select sees_names from cdd.current_reader) then step.reason end,
    null,
    null,
    null
  from cdd.legal_holds as hold
  cross join lateral (
    values
      (hold.held_at, 'held', 'Legal hold', hold.reason),
      (hold.released_at, 'released', 'Legal hold released', hold.release_reason)
  ) as step (at, kind, title, reason)
  where hold.account_id = case_row.account_id and hold.case_id = case_row.id and step.at is not null

  union all
  select
    receipt.erased_at,
    receipt.erased_at,
    'erased',
    case receipt.kind
      when 'erased' then 'Personal data erased'
      else 'Personal data reduced to what is kept today'
    end || ', receipt in link ' || receipt.link_number || ' of the digest chain',
    null,
    case when (select sees_names from cdd.current_reader) then receipt.reason end,
    null,
    null,
    null
  from cdd.erasures as receipt
  where receipt.account_id = case_row.account_id and receipt.case_id = case_row.id

  union all
  -- The offset keeps this a query of its own, into which Postgres passes the case.
  (
    select
      step.at, step.recorded_at, step.kind, step.title, step.from_value, step.to_value, step.event_id, step.run_id,
      step.superseded_at
    from cdd.event_timeline as step
    where step.account_id = case_row.account_id and step.case_id = case_row.id
    offset 0
  )
) as item
where (select sees_all from cdd.current_reader)
  or case_row.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.case_timeline is 'One row per thing that happened to a case, or was learned of it, corrections included. No row changes later, except for superseded_at. Ask for one case, in the order at, recorded_at, event_id nulls first, kind, title. Fresh: as saved by the account''s last run.';
comment on column reporting.case_timeline.case_key is 'account_id/case_id: the case''s key in one column.';
comment on column reporting.case_timeline.account_id is 'Dintero''s id (aid) of the account that has the case in its list.';
comment on column reporting.case_timeline.case_id is 'The case''s id at Dintero (uuid).';
comment on column reporting.case_timeline.at is 'When it happened, as known at recorded_at: the time of the event, of the case''s creation or of its deletion. Where the API tells none, recorded_at.';
comment on column reporting.case_timeline.recorded_at is 'When cdd-sync learned it.';
comment on column reporting.case_timeline.kind is 'created: the case''s first version; event: an event that changed no status; status: an event that changed the status; changed: another value in a field (all but updated_at); missing: no longer in a complete list; returned: in the list again; deleted: deleted_at was set; corrected: an event, or its change of status, is no longer as it was recorded; problem: a value that is not as documented, or no longer so; held: the case was put under legal hold; released: the hold ended; erased: personal data was removed from all tables, of rows of this time and before, see erasures.';
comment on column reporting.case_timeline.title is 'The row in a sentence, without names and numbers of persons or companies. An error text of an event is as Dintero gave it, its first 200 characters.';
comment on column reporting.case_timeline.from_value is 'status: the status before; changed: the old value, as in case_changes; corrected: the status that was recorded before, or the event''s name; problem: the problem that ended. Null = none, or a name or organization number that you may not see.';
comment on column reporting.case_timeline.to_value is 'status: the status after; event: its name; changed: the new value; corrected: the right status, or the event''s name; problem: the problem; held, released, erased: the reason. Null = none, or a name or organization number that you may not see.';
comment on column reporting.case_timeline.event_id is 'The event, as in case_events; null = the row is about no event.';
comment on column reporting.case_timeline.run_id is 'The run that learned it, id in sync_runs; runs are kept for a limited time. Null = not known (the end of a problem), or no run did (held, released, erased).';
comment on column reporting.case_timeline.superseded_at is 'When a later row of kind corrected or problem replaced what this row says; null = it still holds. The rows that held at a time T have recorded_at <= T, and superseded_at null or > T.';
