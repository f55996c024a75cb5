import type { Transaction } from '../postgres/pool.ts';
import type { Recording } from './sql/batch-input.ts';

/** Ends the absence of those among the cases that were missing: what they were before holds again. */
export async function restore(
  tx: Transaction,
  ids: string[],
  { accountId, runId, recordedAt }: Recording,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    with back as (
      update cdd.cases
      set missing_since = null
      where account_id = ${accountId} and id = any(${ids}::uuid[]) and missing_since is not null
      returning id
    ),
    ended as (
      update cdd.case_revisions as held
      set superseded_at = greatest(${recordedAt}::timestamptz, held.recorded_at)
      from back
      where held.account_id = ${accountId} and held.case_id = back.id and held.superseded_at is null
      returning held.case_id, held.revision, held.deleted_at
    )
    insert into cdd.case_revisions (account_id, case_id, revision, body, deleted_at, recorded_at, run_id)
    select
      ${accountId},
      ended.case_id,
      ended.revision + 1,
      (
        select earlier.body
        from cdd.case_revisions as earlier
        where earlier.account_id = ${accountId} and earlier.case_id = ended.case_id and earlier.body is not null
        order by earlier.revision desc
        limit 1
      ),
      ended.deleted_at,
      ${recordedAt}::timestamptz,
      ${runId}::uuid
    from ended`;
}

/**
 * Marks cases as absent from a complete list. Those that are missing already stay as they are.
 */
export async function markMissing(
  tx: Transaction,
  ids: string[],
  { accountId, runId, recordedAt }: Omit<Recording, 'keepPersonalData'>,
): Promise<number> {
  if (ids.length === 0) return 0;
  return tx.$executeRaw`
    with gone as (
      update cdd.cases
      set missing_since = ${recordedAt}::timestamptz
      where account_id = ${accountId} and id = any(${ids}::uuid[]) and missing_since is null
      returning id
    ),
    ended as (
      update cdd.case_revisions as held
      set superseded_at = greatest(${recordedAt}::timestamptz, held.recorded_at)
      from gone
      where held.account_id = ${accountId} and held.case_id = gone.id and held.superseded_at is null
      returning held.case_id, held.revision, held.deleted_at
    )
    insert into cdd.case_revisions (account_id, case_id, revision, body, deleted_at, recorded_at, run_id)
    select ${accountId}, case_id, revision + 1, null, deleted_at, ${recordedAt}::timestamptz, ${runId}::uuid
    from ended`;
}
