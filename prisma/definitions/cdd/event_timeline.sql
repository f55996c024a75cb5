-- A step is a time at which a version of an event, or of its change of status, began or ended. Columns old_… have the
-- version that ended then, columns new_… the version that began. The title of an event that changed the status names the
-- change.
create or replace view cdd.event_timeline as
select
  step.account_id,
  step.case_id,
  case
    -- The change of status may be recorded anew at the same time, only because its number changed: this row is not about it.
    when step.kind = 'corrected' and step.has_new_event and not step.is_other_status
      then coalesce(step.new_time, step.recorded_at)
    when step.has_new_event then coalesce(step.new_since, step.new_time, step.recorded_at)
    else coalesce(step.new_since, step.old_since, step.old_time, step.recorded_at)
  end as at,
  step.recorded_at,
  step.kind,
  case
    when step.kind = 'status' then 'Status ' || step.new_status || coalesce(', was ' || step.new_from, '')
    when step.kind = 'event' then 'Event ' || step.new_name || coalesce(': status ' || step.new_event_status || ' as before', '')
    when step.is_removed then coalesce('Status ' || step.old_status, 'Event ' || step.old_name) || ' is no longer in the case'
    when step.is_other_status then concat(
      'Corrected: ',
      coalesce('status ' || step.new_status || coalesce(', was ' || step.new_from, '') || coalesce(step.new_since_text, ''), 'no change of status'),
      '; recorded before: ',
      coalesce('status ' || step.old_status || coalesce(', was ' || step.old_from, '') || coalesce(step.old_since_text, ''), 'no change of status')
    )
    when step.is_other_event then concat(
      'Corrected: event ', step.new_name, ', status ' || step.new_event_status, step.new_time_text,
      '; recorded before: event ', step.old_name, ', status ' || step.old_event_status, step.old_time_text,
      ', error: ' || left(step.old_error, 200)
    )
    else 'Event ' || step.new_name || ' has other content, which no report shows'
  end || coalesce('; error: ' || left(step.new_error, 200), '') as title,
  case
    when step.kind = 'status' then step.new_from
    when step.kind = 'event' then null
    when step.is_other_status then step.old_status
    else step.old_name
  end as from_value,
  case when step.is_other_status then step.new_status else step.new_name end as to_value,
  step.event_id,
  coalesce(
    step.run_id,
    (
      select revision.run_id
      from cdd.case_revisions as revision
      where revision.account_id = step.account_id
        and revision.case_id = step.case_id
        and revision.recorded_at = step.recorded_at
      order by revision.revision
      limit 1
    )
  ) as run_id,
  step.superseded_at
from (
  select
    told.*,
    max(told.new_run_id) over (partition by told.account_id, told.case_id, told.recorded_at)::uuid as run_id,
    case
      when told.is_other_status then min(told.recorded_at) filter (where told.is_other_status or told.is_removed) over later
      when told.kind = 'corrected' and not told.is_removed
        then min(told.recorded_at) filter (where told.has_new_event or told.is_removed) over later
      else min(told.recorded_at) over later
    end as superseded_at
  from (
    select
      edge.*,
      not edge.has_new_event and edge.has_old_event as is_removed,
      case
        when not edge.has_new_event or edge.has_old_event then 'corrected'
        when edge.new_status is null then 'event'
        else 'status'
      end as kind,
      (edge.new_status, edge.new_from, edge.new_since) is distinct from (edge.old_status, edge.old_from, edge.old_since)
        as is_other_status,
      (edge.new_name, edge.new_event_status, edge.new_time, edge.new_error)
        is distinct from (edge.old_name, edge.old_event_status, edge.old_time, edge.old_error) as is_other_event
    from (
      select
        version.account_id,
        version.case_id,
        version.event_id,
        version.at as recorded_at,
        bool_or(version.is_event and version.is_new) as has_new_event,
        bool_or(version.is_event and not version.is_new) as has_old_event,
        max(version.name) filter (where version.is_new) as new_name,
        max(version.name) filter (where not version.is_new) as old_name,
        max(version.error) filter (where version.is_new) as new_error,
        max(version.error) filter (where not version.is_new) as old_error,
        max(version.status) filter (where version.is_event and version.is_new) as new_event_status,
        max(version.status) filter (where version.is_event and not version.is_new) as old_event_status,
        max(version.occurred_at) filter (where version.is_event and version.is_new) as new_time,
        max(version.occurred_at) filter (where version.is_event and not version.is_new) as old_time,
        max(version.status) filter (where not version.is_event and version.is_new) as new_status,
        max(version.status) filter (where not version.is_event and not version.is_new) as old_status,
        max(version.from_status) filter (where version.is_new) as new_from,
        max(version.from_status) filter (where not version.is_new) as old_from,
        max(version.occurred_at) filter (where not version.is_event and version.is_new) as new_since,
        max(version.occurred_at) filter (where not version.is_event and not version.is_new) as old_since,
        max(version.run_id::text) filter (where version.is_new) as new_run_id
      from (
        select
          event_row.account_id,
          event_row.case_id,
          event_row.id as event_id,
          learned.at,
          learned.is_new,
          true as is_event,
          coalesce(event_row.event, 'without a name') as name,
          event_row.error,
          null as from_status,
          event_row.status,
          event_row.occurred_at,
          event_row.run_id
        from cdd.event_revisions as event_row
        cross join lateral (
          values (event_row.recorded_at, true), (event_row.superseded_at, false)
        ) as learned (at, is_new)
        union all
        select
          transition.account_id,
          transition.case_id,
          transition.event_id,
          learned.at,
          learned.is_new,
          false,
          null,
          null,
          transition.from_status,
          transition.to_status,
          transition.occurred_at,
          transition.run_id
        from cdd.status_transitions as transition
        cross join lateral (
          values (transition.recorded_at, true), (transition.superseded_at, false)
        ) as learned (at, is_new)
      ) as version
      where version.at is not null
      group by version.account_id, version.case_id, version.event_id, version.at
    ) as edge
  ) as told
  -- A transition is recorded anew also when only its number changed.
  where told.has_new_event or told.has_old_event or told.is_other_status
  window later as (
    partition by told.account_id, told.case_id, told.event_id order by told.recorded_at rows between 1 following and unbounded following
  )
) as news
cross join lateral (
  select
    news.*,
    -- Only where the time is what was corrected.
    case when news.new_time is distinct from news.old_time then to_char(news.new_time at time zone 'UTC', utc.format) end as new_time_text,
    case when news.new_time is distinct from news.old_time then to_char(news.old_time at time zone 'UTC', utc.format) end as old_time_text,
    case when news.new_since is distinct from news.old_since then to_char(news.new_since at time zone 'UTC', utc.format) end as new_since_text,
    case when news.new_since is distinct from news.old_since then to_char(news.old_since at time zone 'UTC', utc.format) end as old_since_text
  from (values ('", at "YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as utc (format)
) as step;

comment on view cdd.event_timeline is 'The rows of reporting.case_timeline that are about events, of every account. Ask for one case.';
