import { Prisma } from '../../postgres/pool.ts';
import { columns, type EvidenceTable, TIME } from './columns.ts';
import { RECORDED, recordedBy, supersededBy } from './conditions.ts';

export const problems: EvidenceTable = {
  name: 'problems',
  columns: columns({ path: 'text', reason: 'text', ...RECORDED, run_id: 'uuid' }),
  query: (key) => Prisma.sql`
    select path, reason, recorded_at, ${supersededBy(key)}, run_id
    from cdd.case_problems
    where ${recordedBy(key)}
    order by recorded_at, path collate "C", reason collate "C"`,
};

export const facts: EvidenceTable = {
  name: 'facts',
  columns: columns({ fact: 'text', value: 'text', problem: 'text', ...RECORDED }),
  query: (key) => Prisma.sql`
    select fact, value, problem, recorded_at, ${supersededBy(key)}
    from cdd.case_facts
    where ${recordedBy(key)}
    order by fact collate "C", recorded_at`,
};

/** Without the columns that every run changes, and that change when the item can be read again. */
export const rejectedItems: EvidenceTable = {
  name: 'rejected-items',
  columns: columns({ first_seen_at: TIME, path: 'text', reason: 'text', body: 'text', fingerprint: 'text' }),
  query: ({ accountId, caseId, knownAt }) => Prisma.sql`
    select first_seen_at, path, reason, body, encode(fingerprint, 'hex') as fingerprint
    from cdd.rejected_items
    where account_id = ${accountId} and case_id = ${caseId}::uuid and first_seen_at <= ${knownAt}::timestamptz
    order by first_seen_at, fingerprint`,
};

/**
 * The runs that recorded rows of the case; a run that found the case unchanged records none. A run that had not ended at
 * that time has no result. A run that retention deleted has its id only.
 */
export const runs: EvidenceTable = {
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
