-- One text for all readers of the chain. Their conditions on account_id and case_id become those of each part, so the rows
-- of a case, or of a range of cases, are looked up by key.
create or replace view cdd.row_digests as
select
  revision_row.account_id,
  revision_row.case_id,
  revision_row.recorded_at as at,
  text 'case_revisions' as table_name,
  true as is_added,
  cdd.revision_digest(revision_row) as digest
from cdd.case_revisions as revision_row
union all
select
  revision_row.account_id,
  revision_row.case_id,
  revision_row.superseded_at,
  'case_revisions',
  false,
  cdd.closed_revision_digest(revision_row)
from cdd.case_revisions as revision_row
where revision_row.superseded_at is not null
union all
select
  event_row.account_id,
  event_row.case_id,
  event_row.recorded_at,
  'event_revisions',
  true,
  cdd.event_digest(event_row)
from cdd.event_revisions as event_row
union all
select
  event_row.account_id,
  event_row.case_id,
  event_row.superseded_at,
  'event_revisions',
  false,
  cdd.closed_event_digest(event_row)
from cdd.event_revisions as event_row
where event_row.superseded_at is not null
union all
-- Looked up from the events: the other way round, each array would read all events of its case.
select
  named.account_id,
  named.case_id,
  named.recorded_at,
  'event_bodies',
  true,
  (
    select cdd.bodies_digest(bodies_row)
    from cdd.event_bodies as bodies_row
    where bodies_row.account_id = named.account_id
      and bodies_row.case_id = named.case_id
      and bodies_row.revision = named.bodies_revision
  )
from (
  select account_id, case_id, bodies_revision, min(recorded_at) as recorded_at
  from cdd.event_revisions
  group by account_id, case_id, bodies_revision
) as named
union all
select
  transition_row.account_id,
  transition_row.case_id,
  transition_row.recorded_at,
  'status_transitions',
  true,
  cdd.transition_digest(transition_row)
from cdd.status_transitions as transition_row
union all
select
  transition_row.account_id,
  transition_row.case_id,
  transition_row.superseded_at,
  'status_transitions',
  false,
  cdd.closed_transition_digest(transition_row)
from cdd.status_transitions as transition_row
where transition_row.superseded_at is not null
union all
select
  problem_row.account_id,
  problem_row.case_id,
  problem_row.recorded_at,
  'case_problems',
  true,
  cdd.problem_digest(problem_row)
from cdd.case_problems as problem_row
union all
select
  problem_row.account_id,
  problem_row.case_id,
  problem_row.superseded_at,
  'case_problems',
  false,
  cdd.closed_problem_digest(problem_row)
from cdd.case_problems as problem_row
where problem_row.superseded_at is not null;

comment on view cdd.row_digests is 'Digests of all rows of the history: one when a row was added, and one when it was closed. docs/verifying.md has the definition.';
comment on column cdd.row_digests.account_id is 'The account that has the case in its list.';
comment on column cdd.row_digests.case_id is 'The case''s id at Dintero.';
comment on column cdd.row_digests.at is 'When the row was added or closed. Of event_bodies: recorded_at of the events in it.';
comment on column cdd.row_digests.table_name is 'The table of schema cdd.';
comment on column cdd.row_digests.is_added is 'Whether the digest is of the row as it was added, else of its key and superseded_at.';
comment on column cdd.row_digests.digest is 'SHA-256; null = the array of bodies that an event names is not there.';
