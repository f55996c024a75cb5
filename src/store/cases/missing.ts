import { type Instant, saveLeaves } from '../ledger/leaves.ts';
import type { Transaction } from '../postgres/pool.ts';
import { onlyRow } from '../postgres/query.ts';

/**
 * Marks cases as missing from a complete list, or ends their absence: then their last document becomes current again.
 * Cases that are in that state already stay as they are. Returns how many changed.
 */
export async function setMissing(
  tx: Transaction,
  ids: string[],
  isMissing: boolean,
  context: Instant,
): Promise<number> {
  if (ids.length === 0) return 0;
  const { accountId, runId, recordedAt } = context;
  const rows = await tx.$queryRaw<{ cases: number }[]>`
    with changed_cases as (
      update cdd.cases
      set
        missing_since = case when ${isMissing} then ${recordedAt}::timestamptz end,
        changed_at = greatest(changed_at, ${recordedAt}::timestamptz)
      where account_id = ${accountId} and id = any(${ids}::uuid[]) and (missing_since is null) = ${isMissing}
      returning id
    ),
    closed_revisions as (
      update cdd.case_revisions as existing_revision
      set superseded_at = greatest(${recordedAt}::timestamptz, existing_revision.recorded_at)
      from changed_cases
      where existing_revision.account_id = ${accountId}
        and existing_revision.case_id = changed_cases.id
        and existing_revision.superseded_at is null
      returning
        existing_revision.case_id,
        existing_revision.revision,
        existing_revision.deleted_at,
        cdd.closed_revision_digest(existing_revision) as digest
    ),
    added_revisions as (
      insert into cdd.case_revisions as stored (
        account_id, case_id, revision, body, readable, deleted_at, recorded_at, run_id
      )
      select
        ${accountId},
        closed_revision.case_id,
        closed_revision.revision + 1,
        last_document.body,
        last_document.readable,
        closed_revision.deleted_at,
        ${recordedAt}::timestamptz,
        ${runId}::uuid
      from closed_revisions as closed_revision
      left join lateral (
        select earlier_revision.body, earlier_revision.readable
        from cdd.case_revisions as earlier_revision
        where not ${isMissing}
          and earlier_revision.account_id = ${accountId}
          and earlier_revision.case_id = closed_revision.case_id
          and earlier_revision.body is not null
        order by earlier_revision.revision desc
        limit 1
      ) as last_document on true
      returning stored.case_id, cdd.revision_digest(stored) as digest
    ),
    ${saveLeaves('presence', ['closed_revisions', 'added_revisions'], context)}
    select count(*)::integer as cases
    from added_revisions`;
  return onlyRow(rows).cases;
}
