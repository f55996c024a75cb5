import type { ReadCase } from '../../sync/batcher.ts';
import { saveLeaves } from '../ledger/leaves.ts';
import type { Transaction } from '../postgres/pool.ts';
import type { BatchContext } from './sql/batch-input.ts';

const NONE: ReadonlyMap<string, number> = new Map();

/**
 * Closes the problems that the documents no longer have, and adds those that are new; the others stay as they are.
 * Sends nothing if neither the documents nor the account (`hasProblems`) have any. Returns how many were added, by
 * their path without ids and positions.
 */
export async function saveProblems(
  tx: Transaction,
  cases: ReadCase[],
  { hasProblems, ...context }: BatchContext & { hasProblems: boolean },
): Promise<ReadonlyMap<string, number>> {
  const { accountId, runId, recordedAt } = context;
  const problems = cases.flatMap(({ id, problems }) => problems.map((problem) => ({ id, ...problem })));
  if (problems.length === 0 && !hasProblems) return NONE;
  const added = await tx.$queryRaw<{ field: string; problems: number }[]>`
    with document_problems as (
      select *
      from unnest(
        ${problems.map(({ id }) => id)}::uuid[],
        ${problems.map(({ path }) => path)}::text[],
        ${problems.map(({ reason }) => reason)}::text[]
      ) as problem (case_id, path, reason)
    ),
    -- The offset makes Postgres look up one case after the other. It expects so few problems that it would read those of
    -- the whole account otherwise.
    open_problems as (
      select known_case.id as case_id, existing_problem.path, existing_problem.reason, existing_problem.existing_row
      from unnest(${cases.filter(({ known }) => known).map(({ id }) => id)}::uuid[]) as known_case (id)
      cross join lateral (
        select stored_problem.path, stored_problem.reason, stored_problem.ctid as existing_row
        from cdd.case_problems as stored_problem
        where stored_problem.account_id = ${accountId}
          and stored_problem.case_id = known_case.id
          and stored_problem.superseded_at is null
        offset 0
      ) as existing_problem
    ),
    -- A full join is always hashed. Other joins became nested loops, since Postgres expects few problems.
    compared_problems as materialized (
      select case_id, path, reason, existing_row, document_problem.is_found
      from (select *, true as is_found from document_problems) as document_problem
      full join open_problems using (case_id, path, reason)
    ),
    closed_problems as (
      update cdd.case_problems as existing_problem
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_problem.recorded_at)
      from compared_problems as compared
      where existing_problem.ctid = compared.existing_row and compared.is_found is null
      returning existing_problem.case_id, cdd.closed_problem_digest(existing_problem) as digest
    ),
    added_problems as (
      insert into cdd.case_problems as stored (account_id, case_id, path, reason, recorded_at, run_id)
      select ${accountId}, case_id, path, reason, ${recordedAt}::timestamptz, ${runId}::uuid
      from compared_problems
      where existing_row is null
      returning stored.case_id, stored.path, cdd.problem_digest(stored) as digest
    ),
    ${saveLeaves('problems', ['closed_problems', 'added_problems'], context)}
    select regexp_replace(path, '\\[[^]]*\\]', '[]', 'g') as field, count(*)::integer as problems
    from added_problems
    group by field`;
  return new Map(added.map(({ field, problems }) => [field, problems]));
}
