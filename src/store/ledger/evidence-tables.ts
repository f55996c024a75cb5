import { Prisma, type Transaction } from '../postgres/pool.ts';
import type { PublishedColumn } from '../published/catalogue.ts';

/** A case, and the knowledge of it: an instant of which answers are final. */
export type EvidenceKey = { accountId: string; caseId: string; knownAt: string };

/** A table of the evidence. Its rows are those that were recorded by then, as they were known then. */
export type EvidenceTable = {
  name: string;
  columns: readonly PublishedColumn[];
  query: (key: EvidenceKey) => Prisma.Sql;
};

const TIME = 'timestamp with time zone';

function columns(types: Readonly<Record<string, string>>): PublishedColumn[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

/** Both times of knowledge. A row that was replaced later still held. */
const RECORDED = { recorded_at: TIME, superseded_at: TIME };

function recordedBy({ accountId, caseId, knownAt }: EvidenceKey): Prisma.Sql {
  return Prisma.sql`account_id = ${accountId} and case_id = ${caseId}::uuid and recorded_at <= ${knownAt}::timestamptz`;
}

function supersededBy({ knownAt }: EvidenceKey): Prisma.Sql {
  return Prisma.sql`case when superseded_at <= ${knownAt}::timestamptz then superseded_at end as superseded_at`;
}

function holdsAt(key: EvidenceKey): Prisma.Sql {
  return Prisma.sql`${recordedBy(key)} and (superseded_at is null or superseded_at > ${key.knownAt}::timestamptz)`;
}

/**
 * A row for each time at which the document changed. An event may get other content without a new revision: a revision
 * has the ids of its events only.
 */
const documents: EvidenceTable = {
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
      select recorded_at as at from cdd.case_revisions where ${recordedBy(key)}
      union
      select recorded_at from cdd.event_revisions where ${recordedBy(key)}
      union
      select superseded_at from cdd.event_revisions
      where ${recordedBy(key)} and superseded_at <= ${key.knownAt}::timestamptz
    ),
    version as (
      select
        row_number() over in_order as number,
        change.at,
        lead(change.at) over in_order as next_at,
        revision.revision,
        revision.body is not null as is_listed,
        (coalesce(revision.readable, revision.body) ->> 'updated_at')::timestamptz as updated_at,
        case when revision.recorded_at = change.at then revision.run_id end as run_id
      from change
      join cdd.case_revisions as revision
        on revision.account_id = ${key.accountId}
        and revision.case_id = ${key.caseId}::uuid
        and revision.recorded_at <= change.at
        and (revision.superseded_at is null or revision.superseded_at > change.at)
      window in_order as (order by change.at)
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
      coalesce(
        run_id,
        (
          select event_row.run_id
          from cdd.event_revisions as event_row
          where event_row.account_id = ${key.accountId}
            and event_row.case_id = ${key.caseId}::uuid
            and event_row.recorded_at = version.at
          limit 1
        )
      ) as run_id
    from version
    order by number`,
};

const events: EvidenceTable = {
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

const transitions: EvidenceTable = {
  name: 'transitions',
  columns: columns({
    sequence: 'integer',
    from_status: 'text',
    to_status: 'text',
    occurred_at: TIME,
    occurred_at_source: 'text',
    event_id: 'bigint',
    ...RECORDED,
    run_id: 'uuid',
  }),
  query: (key) => Prisma.sql`
    select
      sequence, from_status, to_status, occurred_at, occurred_at_source, event_id, recorded_at, ${supersededBy(key)}, run_id
    from cdd.status_transitions
    where ${recordedBy(key)}
    order by sequence, recorded_at`,
};

const timeline: EvidenceTable = {
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
    order by at, recorded_at, event_id nulls first, kind, title`,
};

const changes: EvidenceTable = {
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
    order by revision, field`,
};

/** The statuses that had been reached by then, in order, with their stages. */
function stays(key: EvidenceKey): Prisma.Sql {
  return Prisma.sql`
    stay as (
      select
        transition.sequence,
        transition.event_id,
        transition.to_status as status,
        coalesce(status_row.stage, 'unknown') as stage,
        transition.occurred_at as entered_at,
        lead(transition.occurred_at) over in_order as left_at,
        lead(transition.to_status) over in_order as next_status,
        lag(status_row.stage) over in_order as stage_before
      from (
        select *
        from cdd.status_transitions
        where ${holdsAt(key)} and occurred_at <= ${key.knownAt}::timestamptz
      ) as transition
      left join cdd.case_statuses as status_row on status_row.status = transition.to_status
      window in_order as (order by transition.sequence)
    )`;
}

/** As view decisions has them now. Without hours: those of business depend on a calendar that has no history. */
const decisions: EvidenceTable = {
  name: 'decisions',
  columns: columns({
    number: 'integer',
    decision: 'text',
    status: 'text',
    route: 'text',
    opened_at: TIME,
    decided_at: TIME,
    left_at: TIME,
    event_id: 'bigint',
  }),
  query: (key) => Prisma.sql`
    with ${stays(key)},
    decision as (
      select
        stay.*,
        row_number() over in_order as number,
        lag(sequence) over in_order as sequence_before,
        lag(stage) over in_order as decision_before
      from stay
      where stage in ('approved', 'declined') and stage is distinct from stage_before
      window in_order as (order by sequence)
    )
    select
      number,
      stage as decision,
      status,
      case
        when exists (
          select
          from stay as review
          where review.status = 'UNDER_MANUAL_REVIEW'
            and review.sequence < decision.sequence
            and review.sequence > coalesce(decision.sequence_before, 0)
        ) then 'manual'
        else 'automatic'
      end as route,
      (
        select min(opening.entered_at)
        from stay as opening
        where opening.sequence = (
          select min(later.sequence)
          from stay as later
          where later.sequence > coalesce(decision.sequence_before, 0)
            and later.stage is distinct from decision.decision_before
        )
      ) as opened_at,
      entered_at as decided_at,
      (
        select later.entered_at
        from stay as later
        where later.sequence > decision.sequence and later.stage <> decision.stage
        order by later.sequence
        limit 1
      ) as left_at,
      event_id
    from decision
    order by number`,
};

/** Stays in stage review. Without the next review's date: its rules have no history. */
const reviews: EvidenceTable = {
  name: 'reviews',
  columns: columns({
    status: 'text',
    entered_at: TIME,
    left_at: TIME,
    next_status: 'text',
    event_id: 'bigint',
  }),
  query: (key) => Prisma.sql`
    with ${stays(key)}
    select status, entered_at, left_at, next_status, event_id
    from stay
    where stage = 'review'
    order by sequence`,
};

const problems: EvidenceTable = {
  name: 'problems',
  columns: columns({ path: 'text', reason: 'text', ...RECORDED, run_id: 'uuid' }),
  query: (key) => Prisma.sql`
    select path, reason, recorded_at, ${supersededBy(key)}, run_id
    from cdd.case_problems
    where ${recordedBy(key)}
    order by recorded_at, path, reason`,
};

const facts: EvidenceTable = {
  name: 'facts',
  columns: columns({ fact: 'text', value: 'text', problem: 'text', ...RECORDED }),
  query: (key) => Prisma.sql`
    select fact, value, problem, recorded_at, ${supersededBy(key)}
    from cdd.case_facts
    where ${recordedBy(key)}
    order by fact, recorded_at`,
};

/** Without the columns that every run changes, and that change when the item can be read again. */
const rejectedItems: EvidenceTable = {
  name: 'rejected-items',
  columns: columns({ first_seen_at: TIME, path: 'text', reason: 'text', body: 'text', fingerprint: 'text' }),
  query: ({ accountId, caseId, knownAt }) => Prisma.sql`
    select first_seen_at, path, reason, body, encode(fingerprint, 'hex') as fingerprint
    from cdd.rejected_items
    where account_id = ${accountId} and case_id = ${caseId}::uuid and first_seen_at <= ${knownAt}::timestamptz
    order by first_seen_at, fingerprint`,
};

/**
 * The runs that recorded something of the case. One that found it unchanged leaves no row of it. A run that was not over
 * by then has no result, and one that retention deleted has its id only.
 */
const runs: EvidenceTable = {
  name: 'runs',
  columns: columns({
    run_id: 'uuid',
    recorded_at: TIME,
    is_kept: 'boolean',
    trigger: 'text',
    started_at: TIME,
    finished_at: TIME,
    state: 'text',
    complete: 'boolean',
    cases_seen: 'integer',
    items_rejected: 'integer',
    missing_held_back: 'integer',
    error_code: 'text',
  }),
  query: (key) => Prisma.sql`
    select
      recorded.run_id,
      recorded.recorded_at,
      run.id is not null as is_kept,
      run.trigger,
      run.started_at,
      over_run.finished_at,
      over_run.state,
      over_run.complete,
      over_run.cases_seen,
      over_run.items_rejected,
      over_run.missing_held_back,
      over_run.error_code
    from (
      select run_id, min(recorded_at) as recorded_at
      from (
        select run_id, recorded_at from cdd.case_revisions where ${recordedBy(key)}
        union all
        select run_id, recorded_at from cdd.event_revisions where ${recordedBy(key)}
        union all
        select run_id, recorded_at from cdd.status_transitions where ${recordedBy(key)}
        union all
        select run_id, recorded_at from cdd.case_problems where ${recordedBy(key)}
      ) as row_of_run
      group by run_id
    ) as recorded
    left join cdd.sync_runs as run on run.account_id = ${key.accountId} and run.id = recorded.run_id
    left join cdd.sync_runs as over_run
      on over_run.account_id = run.account_id
      and over_run.id = run.id
      and over_run.finished_at <= ${key.knownAt}::timestamptz
    order by recorded.recorded_at, recorded.run_id`,
};

/** In the order of the page. */
export const EVIDENCE_TABLES: readonly EvidenceTable[] = [
  timeline,
  decisions,
  reviews,
  documents,
  events,
  transitions,
  changes,
  facts,
  problems,
  rejectedItems,
  runs,
];

/** The document as it was recorded at this time, as Postgres prints JSON. */
export async function readEvidenceDocument(
  tx: Transaction,
  { accountId, caseId }: EvidenceKey,
  recordedAt: string,
): Promise<string> {
  const [row] = await tx.$queryRaw<{ document: string }[]>`
    select cdd.case_document(${accountId}, ${caseId}::uuid, ${recordedAt}::timestamptz)::text as document`;
  return row?.document ?? 'null';
}
