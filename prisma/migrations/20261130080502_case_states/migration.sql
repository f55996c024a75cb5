-- What was known of each case at any time, so that no report on the past has to sort all transitions. The newest version
-- of a case is its row in cdd.cases; this table has the earlier ones. So a first load writes nothing here.
create table cdd.superseded_case_states (
  recorded_at timestamptz(6) not null,
  superseded_at timestamptz(6) not null,
  case_id uuid not null,
  account_id text not null,
  status text,
  status_since timestamptz(6),
  created_at timestamptz(6),
  deleted_at timestamptz(6),
  missing_since timestamptz(6),
  opened_at timestamptz(6),
  first_decided_at timestamptz(6),
  first_decision text,
  decision_route text,
  first_approved_at timestamptz(6),
  first_declined_at timestamptz(6),
  furthest_rank integer,
  constraint superseded_case_states_pkey primary key (account_id, superseded_at, case_id),
  constraint superseded_case_states_superseded_check check (superseded_at >= recorded_at)
);
-- Rows are added in the order of superseded_at. What was known at a time is in the rows superseded after it.
create index superseded_case_states_time_idx on cdd.superseded_case_states
using brin (superseded_at) with (pages_per_range = 32, autosummarize = on);

comment on table cdd.superseded_case_states is 'One row per earlier version of what was known of a case, added when a newer version replaces it. View cdd.case_states adds the newest versions, from cdd.cases. Rows are never changed.';
comment on column cdd.superseded_case_states.recorded_at is 'When we learned it.';
comment on column cdd.superseded_case_states.superseded_at is 'When we learned a newer version.';
comment on column cdd.superseded_case_states.status is 'This and all other columns are as in cdd.cases, as they were known then.';

alter table cdd.cases add column state_recorded_at timestamptz(6) not null default now();
comment on column cdd.cases.state_recorded_at is 'When we learned the present values of the columns that are also in cdd.superseded_case_states. Set by trigger keep_case_state.';

-- Fills both from the histories of documents and transitions.

-- A time of a document as the worker reads it: without an offset as UTC, other text as null.
create function cdd.read_time_of_document(value text)
returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
begin
  return case when value ~ '^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,30})?([Zz]|[+-]\d\d:?\d\d)?$' then value end;
exception
  when datetime_field_overflow or invalid_datetime_format or invalid_time_zone_displacement_value then
    return null;
end
$$;

with learned as (
  select account_id, case_id, recorded_at from cdd.case_revisions
  union
  select account_id, case_id, recorded_at from cdd.status_transitions
  union
  select account_id, case_id, superseded_at from cdd.status_transitions where superseded_at is not null
),
documents as (
  select
    learned.*,
    document.deleted_at,
    case when document.body is null then document.recorded_at end as missing_since,
    case
      when last_document.created_at is not distinct from present_document.created_at then present_case.created_at
      else cdd.read_time_of_document(last_document.created_at)
    end as created_at
  from learned
  join cdd.cases as present_case on present_case.account_id = learned.account_id and present_case.id = learned.case_id
  cross join lateral (
    select *
    from cdd.case_revisions
    where account_id = learned.account_id
      and case_id = learned.case_id
      and recorded_at <= learned.recorded_at
      and (superseded_at is null or superseded_at > learned.recorded_at)
    order by revision desc
    limit 1
  ) as document
  -- A missing case still has the creation of its last document.
  cross join lateral (
    select body ->> 'created_at' as created_at
    from cdd.case_revisions
    where account_id = learned.account_id
      and case_id = learned.case_id
      and revision <= document.revision
      and body is not null
    order by revision desc
    limit 1
  ) as last_document
  cross join lateral (
    select body ->> 'created_at' as created_at
    from cdd.case_revisions
    where account_id = learned.account_id and case_id = learned.case_id and body is not null
    order by revision desc
    limit 1
  ) as present_document
),
states as (
  select
    learned.account_id,
    learned.case_id,
    learned.recorded_at,
    (array_agg(transition.to_status order by transition.sequence desc) filter (where transition.sequence is not null))[1]
      as status,
    max(transition.occurred_at) as status_since,
    learned.created_at,
    learned.deleted_at,
    learned.missing_since,
    coalesce(min(transition.occurred_at), learned.created_at) as opened_at,
    min(transition.occurred_at) filter (where target_status.stage in ('approved', 'declined')) as first_decided_at,
    (
      array_agg(target_status.stage order by transition.sequence)
        filter (where target_status.stage in ('approved', 'declined'))
    )[1] as first_decision,
    case
      when min(transition.sequence) filter (where transition.to_status = 'UNDER_MANUAL_REVIEW')
        < min(transition.sequence) filter (where target_status.stage in ('approved', 'declined')) then 'manual'
      when bool_or(target_status.stage in ('approved', 'declined')) then 'automatic'
    end as decision_route,
    min(transition.occurred_at) filter (where target_status.stage = 'approved') as first_approved_at,
    min(transition.occurred_at) filter (where target_status.stage = 'declined') as first_declined_at,
    max(target_status.rank) filter (where target_status.stage <> 'closed') as furthest_rank
  from documents as learned
  left join cdd.status_transitions as transition
    on transition.account_id = learned.account_id
    and transition.case_id = learned.case_id
    and transition.recorded_at <= learned.recorded_at
    and (transition.superseded_at is null or transition.superseded_at > learned.recorded_at)
  left join cdd.case_statuses as target_status on target_status.status = transition.to_status
  group by
    learned.account_id, learned.case_id, learned.recorded_at, learned.created_at, learned.deleted_at, learned.missing_since
),
compared as (
  select *, lag(facts) over (partition by account_id, case_id order by recorded_at) is distinct from facts as is_new
  from (
    select
      *,
      (
        status, status_since, created_at, deleted_at, missing_since, opened_at, first_decided_at, first_decision,
        decision_route, first_approved_at, first_declined_at, furthest_rank
      ) as facts
    from states
  ) as state
),
versions as (
  select *, lead(recorded_at) over (partition by account_id, case_id order by recorded_at) as superseded_at
  from compared
  where is_new
),
saved_versions as (
  insert into cdd.superseded_case_states (
    recorded_at, superseded_at, case_id, account_id, status, status_since, created_at, deleted_at, missing_since,
    opened_at, first_decided_at, first_decision, decision_route, first_approved_at, first_declined_at, furthest_rank
  )
  select
    recorded_at, superseded_at, case_id, account_id, status, status_since, created_at, deleted_at, missing_since,
    opened_at, first_decided_at, first_decision, decision_route, first_approved_at, first_declined_at, furthest_rank
  from versions
  where superseded_at is not null
  order by superseded_at
),
newest_versions as (
  select account_id, case_id, recorded_at
  from versions
  where superseded_at is null
)
update cdd.cases
set state_recorded_at = coalesce(newest.recorded_at, cases.first_seen_at)
from cdd.cases as present_case
left join newest_versions as newest on newest.account_id = present_case.account_id and newest.case_id = present_case.id
where cases.account_id = present_case.account_id and cases.id = present_case.id;

drop function cdd.read_time_of_document;
