import { Prisma } from '../../postgres/pool.ts';
import { columns, type EvidenceTable, TIME } from './columns.ts';
import { RECORDED, recordedBy, supersededBy } from './conditions.ts';

/**
 * A row for each time at which the document changed. An event may get other content without a new revision: a revision
 * has the ids of its events only.
 */
export const documents: EvidenceTable = {
  name: 'documents',
  columns: columns({
    number: 'integer',
    state: 'text',
    file: 'text',
    ...RECORDED,
    valid_from: TIME,
    valid_until: TIME,
    revision: 'integer',
    run_id: 'uuid',
  }),
  query: (key) => Prisma.sql`
    with change as (
      select recorded_at as at, revision, run_id::text from cdd.case_revisions where ${recordedBy(key)}
      union all
      select recorded_at, null, run_id::text from cdd.event_revisions where ${recordedBy(key)}
      union all
      select superseded_at, null, null from cdd.event_revisions
      where ${recordedBy(key)} and superseded_at <= ${key.knownAt}::timestamptz
    ),
    moment as (
      select at, max(max(revision)) over (order by at) as revision, max(run_id)::uuid as run_id
      from change
      group by at
    ),
    version as (
      select
        row_number() over in_order as number,
        moment.at,
        lead(moment.at) over in_order as next_at,
        revision.revision,
        revision.body is not null as is_listed,
        (coalesce(revision.readable, revision.body) ->> 'updated_at')::timestamptz as updated_at,
        moment.run_id
      from moment
      join cdd.case_revisions as revision
        on revision.account_id = ${key.accountId}
        and revision.case_id = ${key.caseId}::uuid
        and revision.revision = moment.revision
      window in_order as (order by moment.at)
    )
    select
      number,
      case when is_listed then 'listed' else 'missing' end as state,
      case when is_listed then 'documents/' || lpad(number::text, greatest(4, length(number::text)), '0') || '.json' end as file,
      at as recorded_at,
      next_at as superseded_at,
      updated_at as valid_from,
      lead(updated_at) over (order by number) as valid_until,
      revision,
      run_id
    from version
    order by number`,
};

export const events: EvidenceTable = {
  name: 'events',
  columns: columns({
    event_id: 'bigint',
    revision: 'integer',
    event: 'text',
    status: 'text',
    occurred_at: TIME,
    request_id: 'text',
    error: 'text',
    provider_case_id: 'text',
    ...RECORDED,
    run_id: 'uuid',
    body: 'jsonb',
  }),
  // contract_url stays out: it is a signing link.
  query: (key) => Prisma.sql`
    select
      id as event_id, revision, event, status, occurred_at, request_id, error, provider_case_id, recorded_at,
      ${supersededBy(key)}, run_id, body
    from cdd.case_events
    where ${recordedBy(key)}
    order by id, revision`,
};

export const transitions: EvidenceTable = {
  name: 'transitions',
  columns: columns({
    sequence: 'integer',
    from_status: 'text',
    from_since: TIME,
    to_status: 'text',
    occurred_at: TIME,
    occurred_at_source: 'text',
    event_id: 'bigint',
    ...RECORDED,
    run_id: 'uuid',
  }),
  query: (key) => Prisma.sql`
    select
      sequence, from_status, from_since, to_status, occurred_at, occurred_at_source, event_id, recorded_at,
      ${supersededBy(key)}, run_id
    from cdd.status_transitions
    where ${recordedBy(key)}
    order by sequence, recorded_at`,
};

export const timeline: EvidenceTable = {
  name: 'timeline',
  columns: columns({
    at: TIME,
    kind: 'text',
    title: 'text',
    from_value: 'text',
    to_value: 'text',
    event_id: 'bigint',
    ...RECORDED,
    run_id: 'uuid',
  }),
  query: (key) => Prisma.sql`
    select at, kind, title, from_value, to_value, event_id, recorded_at, ${supersededBy(key)}, run_id
    from reporting.case_timeline
    where ${recordedBy(key)}
    order by at, recorded_at, event_id nulls first, kind collate "C", title collate "C", from_value collate "C",
      to_value collate "C"`,
};

export const changes: EvidenceTable = {
  name: 'changed-fields',
  columns: columns({
    revision: 'integer',
    field: 'text',
    old_value: 'text',
    new_value: 'text',
    recorded_at: TIME,
    run_id: 'uuid',
  }),
  query: (key) => Prisma.sql`
    select revision, field, old_value, new_value, recorded_at, run_id
    from reporting.case_changes
    where ${recordedBy(key)}
    order by revision, field collate "C"`,
};
