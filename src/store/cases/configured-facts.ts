import { DatabaseError } from '../postgres/errors.ts';
import { Prisma, type Transaction } from '../postgres/pool.ts';
import { STATEMENT_TIMEOUT_MS } from '../postgres/session.ts';

/** A path that needs longer for the cases of one statement is not read for any of them. */
const TIMEOUT_MS = 10_000;
const QUERY_CANCELED = '57014';
const TOO_SLOW = 'reading it took too long';

/**
 * Reads the configured facts of cases from their newest stored documents, closes those that have changed or are no
 * longer configured, and adds the new ones. A path that fails or takes too long is a problem of its fact and never an
 * error: no run may fail because of it.
 */
export async function recordFacts(
  tx: Transaction,
  ids: readonly string[],
  { accountId, recordedAt, timeoutMs = TIMEOUT_MS }: { accountId: string; recordedAt: string; timeoutMs?: number },
): Promise<void> {
  if (ids.length === 0) return;
  await readInTime(tx, (found) => saveFacts(ids, { accountId, recordedAt, found }), timeoutMs);
}

/**
 * Executes the statement with facts as their paths find them; if that takes too long, without values and with that as
 * their problem.
 */
export async function readInTime(
  tx: Transaction,
  statement: (found: Prisma.Sql) => Prisma.Sql,
  timeoutMs = TIMEOUT_MS,
): Promise<void> {
  await tx.$executeRaw`savepoint facts`;
  try {
    await tx.$executeRaw`${Prisma.raw(`set local statement_timeout = ${timeoutMs}`)}`;
    await tx.$executeRaw(statement(foundByPaths));
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.sqlState !== QUERY_CANCELED) throw error;
    await tx.$executeRaw`rollback to savepoint facts`;
    await tx.$executeRaw(statement(tooSlow));
  }
  await tx.$executeRaw`${Prisma.raw(`set local statement_timeout = ${STATEMENT_TIMEOUT_MS}; release savepoint facts`)}`;
}

const foundByPaths = Prisma.sql`cdd.read_fact(document_row.document, configured.path)`;
const tooSlow = Prisma.sql`(values (null::text, ${TOO_SLOW}::text))`;

type Source = { accountId: string; recordedAt: string; found: Prisma.Sql };

function saveFacts(ids: readonly string[], source: Source): Prisma.Sql {
  return Prisma.sql`
    with ${documentRows(ids, source)},
    ${changes(source)},
    ${savedChanges(source)}
    ${updateCases(source)}`;
}

/** A CTE of the newest documents with their events. That of a missing case is the last one that it had. */
export function documentRows(ids: readonly string[], { accountId }: Pick<Source, 'accountId'>): Prisma.Sql {
  return Prisma.sql`
    document_rows as materialized (
      select
        wanted_case.id as case_id,
        jsonb_set(
          newest.body,
          '{events}',
          coalesce(
            (
              select jsonb_agg(event_row.body order by listed.position)
              from jsonb_array_elements(newest.body -> 'events') with ordinality as listed (id, position)
              join cdd.case_events as event_row
                on event_row.account_id = ${accountId}
                and event_row.case_id = wanted_case.id
                and event_row.id = listed.id::bigint
                and event_row.superseded_at is null
            ),
            '[]'
          )
        ) as document
      from unnest(${ids}::uuid[]) as wanted_case (id)
      cross join lateral (
        select revision.body
        from cdd.case_revisions as revision
        where revision.account_id = ${accountId} and revision.case_id = wanted_case.id and revision.body is not null
        order by revision.revision desc
        limit 1
      ) as newest
    )`;
}

/** CTEs: `read_facts` from the documents, and `changes`, those that differ from the stored facts. */
function changes({ accountId, recordedAt, found }: Source): Prisma.Sql {
  return Prisma.sql`
    read_facts as materialized (
      select document_row.case_id, configured.fact, found.value, found.problem
      from document_rows as document_row
      cross join cdd.configured_facts as configured
      cross join lateral ${found} as found (value, problem)
    ),
    existing_facts as materialized (
      select fact_row.*
      from document_rows as document_row
      cross join lateral (
        select stored_fact.case_id, stored_fact.fact, stored_fact.value, stored_fact.problem, stored_fact.recorded_at
        from cdd.case_facts as stored_fact
        where stored_fact.account_id = ${accountId}
          and stored_fact.case_id = document_row.case_id
          and stored_fact.superseded_at is null
        offset 0
      ) as fact_row
    ),
    changes as materialized (
      select
        case_id,
        fact,
        read_fact.value,
        read_fact.problem,
        existing_fact.recorded_at as existing_since,
        -- Later than what it supersedes, also if the clock was ahead then.
        greatest(${recordedAt}::timestamptz, existing_fact.recorded_at + interval '1 microsecond') as changed_at
      from read_facts as read_fact
      full join existing_facts as existing_fact using (case_id, fact)
      where (read_fact.value, read_fact.problem) is distinct from (existing_fact.value, existing_fact.problem)
    )`;
}

/** CTEs that close and add rows of cdd.case_facts. */
function savedChanges({ accountId }: Source): Prisma.Sql {
  return Prisma.sql`
    closed_facts as (
      update cdd.case_facts as existing_fact
      set superseded_at = change.changed_at
      from changes as change
      where existing_fact.account_id = ${accountId}
        and existing_fact.case_id = change.case_id
        and existing_fact.fact = change.fact
        and existing_fact.recorded_at = change.existing_since
    ),
    added_facts as (
      insert into cdd.case_facts (account_id, case_id, fact, value, problem, recorded_at)
      select ${accountId}, case_id, fact, value, problem, changed_at
      from changes
      where value is not null or problem is not null
    )`;
}

function updateCases({ accountId }: Source): Prisma.Sql {
  return Prisma.sql`
    update cdd.cases
    set facts = current_facts.facts
    from (
      select
        document_row.case_id,
        jsonb_object_agg(read_fact.fact, read_fact.value) filter (where read_fact.value is not null) as facts
      from document_rows as document_row
      left join read_facts as read_fact on read_fact.case_id = document_row.case_id
      where document_row.case_id in (select case_id from changes)
      group by document_row.case_id
    ) as current_facts
    where cases.account_id = ${accountId}
      and cases.id = current_facts.case_id
      and cases.facts is distinct from current_facts.facts`;
}
