import type { Transaction } from '../postgres/pool.ts';
import type { BatchContext } from './sql/batch-input.ts';

/** Ends the absence of those of the cases that were missing: their last document becomes current again. */
export async function endAbsence(
  tx: Transaction,
  ids: string[],
  { accountId, runId, recordedAt }: BatchContext,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    with returned_cases as (
      update cdd.cases
      set missing_since = null
      where account_id = ${accountId} and id = any(${ids}::uuid[]) and missing_since is not null
      returning id
    ),
    closed_revisions as (
      update cdd.case_revisions as existing_revision
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_revision.recorded_at)
      from returned_cases
      where existing_revision.account_id = ${accountId}
        and existing_revision.case_id = returned_cases.id
        and existing_revision.superseded_at is null
      returning existing_revision.case_id, existing_revision.revision, existing_revision.deleted_at
    )
    insert into cdd.case_revisions (account_id, case_id, revision, body, deleted_at, recorded_at, run_id)
    select
      ${accountId},
      closed_revision.case_id,
      closed_revision.revision + 1,
      (
        select earlier_revision.body
        from cdd.case_revisions as earlier_revision
        where earlier_revision.account_id = ${accountId}
          and earlier_revision.case_id = closed_revision.case_id
          and earlier_revision.body is not null
        order by earlier_revision.revision desc
        limit 1
      ),
      closed_revision.deleted_at,
      ${recordedAt}::timestamptz,
      ${runId}::uuid
    from closed_revisions as closed_revision`;
}

/** Marks cases as missing from a complete list; returns how many of them were not missing before. */
export async function markMissing(
  tx: Transaction,
  ids: string[],
  { accountId, runId, recordedAt }: Omit<BatchContext, 'keepPersonalData'>,
): Promise<number> {
  if (ids.length === 0) return 0;
  return tx.$executeRaw`
    with missing_cases as (
      update cdd.cases
      set missing_since = ${recordedAt}::timestamptz
      where account_id = ${accountId} and id = any(${ids}::uuid[]) and missing_since is null
      returning id
    ),
    closed_revisions as (
      update cdd.case_revisions as existing_revision
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_revision.recorded_at)
      from missing_cases
      where existing_revision.account_id = ${accountId}
        and existing_revision.case_id = missing_cases.id
        and existing_revision.superseded_at is null
      returning existing_revision.case_id, existing_revision.revision, existing_revision.deleted_at
    )
    insert into cdd.case_revisions (account_id, case_id, revision, body, deleted_at, recorded_at, run_id)
    select ${accountId}, case_id, revision + 1, null, deleted_at, ${recordedAt}::timestamptz, ${runId}::uuid
    from closed_revisions`;
}
