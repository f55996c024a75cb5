import { Prisma } from '../postgres/pool.ts';

/** The part of a case's history that a leaf covers; cdd.case_digests explains each. */
type Part = 'document' | 'presence' | 'problems';

/** A batch's instant (`recordedAt`, as Postgres writes it), and the run that writes then. */
export type Instant = { accountId: string; runId: string; recordedAt: string };

/**
 * CTEs that save the leaves of the digest chain (docs/verifying.md): one per case of which the statement adds or closes
 * rows, and one digest over them. They are in the statement that writes the rows, so none is written without a leaf.
 * Each of `sources` is a CTE with a `case_id` and a `digest` for each such row. The names become part of the statement:
 * never pass input.
 */
export function saveLeaves(part: Part, sources: readonly string[], { accountId, runId, recordedAt }: Instant) {
  const rows = sources.map((source) => `select case_id, digest from ${source}`).join(' union all ');
  return Prisma.sql`
    saved_leaves as (
      insert into cdd.case_digests as leaf (account_id, case_id, recorded_at, part, digest, rows)
      select
        ${accountId},
        case_id,
        ${recordedAt}::timestamptz,
        ${part},
        sha256(string_agg(digest, '' order by digest)),
        string_agg(substr(digest, 1, 4), '' order by digest)
      from (${Prisma.raw(rows)}) as written_row
      group by case_id
      returning leaf.case_id, leaf.digest
    ),
    saved_batch_digest as (
      insert into cdd.batch_digests (account_id, run_id, recorded_at, part, cases, digest)
      select
        ${accountId},
        ${runId}::uuid,
        ${recordedAt}::timestamptz,
        ${part},
        count(*),
        sha256(string_agg(uuid_send(case_id) || digest, '' order by case_id))
      from saved_leaves
      having count(*) > 0
    )`;
}
