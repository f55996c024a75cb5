-- Reports show how the fields of a case changed. A value that is not as documented reads as null there too, and only the
-- worker can tell which values those are.
alter table cdd.case_revisions add column readable jsonb;
alter table cdd.case_revisions alter column readable set statistics 0;
comment on column cdd.case_revisions.readable is 'The body with its documented fields only, and null where a value is not as documented; without case_request.details. Null = every value of the body is as documented.';

-- Readers look up one case by its key.
create index cases_key_idx on cdd.cases ((account_id || '/' || id::text));

-- Documents that are stored already, from their problems. A problem has one path for a whole list.
with recursive wrong_value as (
  select
    revision.account_id,
    revision.case_id,
    revision.revision,
    revision.body,
    string_to_array(split_part(problem.path, '[', 1), '.') as path,
    problem.reason,
    row_number() over each_revision as number,
    count(*) over (partition by revision.account_id, revision.case_id, revision.revision) as wrong_values
  from cdd.case_problems as problem
  join cdd.case_revisions as revision
    on revision.account_id = problem.account_id
    and revision.case_id = problem.case_id
    and revision.body is not null
    and revision.recorded_at < coalesce(problem.superseded_at, 'infinity')
    and problem.recorded_at < coalesce(revision.superseded_at, 'infinity')
  where problem.path ~ '^[A-Za-z_.]+(\[[0-9]+\])?$'
  window each_revision as (
    partition by revision.account_id, revision.case_id, revision.revision order by problem.path, problem.recorded_at
  )
),
readable_body as (
  select account_id, case_id, revision, 0::bigint as number, body - 'events' as body
  from wrong_value
  where number = 1
  union all
  select
    readable_body.account_id,
    readable_body.case_id,
    readable_body.revision,
    wrong_value.number,
    case
      when wrong_value.reason like '%read as UTC'
        then jsonb_set(readable_body.body, path, to_jsonb((readable_body.body #>> path) || 'Z'))
      when wrong_value.reason like '%without a colon in its offset'
        then jsonb_set(readable_body.body, path, to_jsonb(regexp_replace(readable_body.body #>> path, '(..)$', ':\1')))
      else readable_body.body #- path
    end
  from readable_body
  join wrong_value
    on wrong_value.account_id = readable_body.account_id
    and wrong_value.case_id = readable_body.case_id
    and wrong_value.revision = readable_body.revision
    and wrong_value.number = readable_body.number + 1
)
update cdd.case_revisions as revision
set readable = readable_body.body #- '{case_request,details}'
from readable_body
join wrong_value using (account_id, case_id, revision, number)
where readable_body.number = wrong_value.wrong_values
  and revision.account_id = readable_body.account_id
  and revision.case_id = readable_body.case_id
  and revision.revision = readable_body.revision;
