import type { RejectedItem, RenewedCase } from '../../sync/batcher.ts';
import type { Database, Transaction } from '../postgres/pool.ts';
import type { RunContext } from './sql/batch-input.ts';

/** Records the items that could not be read; one that was met before is counted once more per run. */
export async function saveRejected(tx: Transaction, items: RejectedItem[], run: RunContext): Promise<void> {
  if (items.length === 0) return;
  const { accountId, runId, keepPersonalData } = run;
  // One statement cannot touch a row twice, and sorted rows keep two batches from waiting for each other in a circle.
  const byFingerprint = new Map(items.map((item) => [item.fingerprint.toString('hex'), item]));
  const rows = [...byFingerprint].sort(([a], [b]) => (a < b ? -1 : 1));
  await tx.$executeRaw`
    insert into cdd.rejected_items as held (
      account_id, fingerprint, case_id, path, reason, body, first_seen_at, last_seen_at
    )
    select ${accountId}, decode(fingerprint, 'hex'), case_id, path, reason, body, now(), now()
    from unnest(
      ${rows.map(([fingerprint]) => fingerprint)}::text[],
      ${rows.map(([, { rejection }]) => rejection.caseId)}::uuid[],
      ${rows.map(([, { rejection }]) => rejection.path)}::text[],
      ${rows.map(([, { rejection }]) => rejection.reason)}::text[],
      ${rows.map(([, { body }]) => (keepPersonalData ? body : null))}::text[]
    ) as item (fingerprint, case_id, path, reason, body)
    on conflict (account_id, fingerprint) do update
    set
      -- A list that is read again after a broken connection is the same run, and counts once.
      times_seen = held.times_seen + case
        when held.last_seen_at < (
          select started_at
          from cdd.sync_runs
          where account_id = ${accountId} and id = ${runId}::uuid
        ) then 1
        else 0
      end,
      last_seen_at = greatest(held.last_seen_at, now()),
      resolved_at = null`;
}

/** Notes that what could not be read of these cases can be read now. */
export async function resolveRead(
  tx: Transaction,
  cases: RenewedCase[],
  { accountId }: Pick<RunContext, 'accountId'>,
): Promise<void> {
  if (cases.length === 0) return;
  await tx.$executeRaw`
    update cdd.rejected_items
    set resolved_at = greatest(now(), last_seen_at)
    where account_id = ${accountId}
      and resolved_at is null
      and case_id = any(${cases.map(({ id }) => id)}::uuid[])`;
}

/** Notes that every other item is no longer in the list. Only right after a complete list that nothing filtered. */
export async function resolveRejected(tx: Transaction, accountId: string, stillThere: Buffer[]): Promise<void> {
  await tx.$executeRaw`
    update cdd.rejected_items
    set resolved_at = greatest(now(), last_seen_at)
    where account_id = ${accountId}
      and resolved_at is null
      and encode(fingerprint, 'hex') <> all(${stillThere.map((fingerprint) => fingerprint.toString('hex'))}::text[])`;
}

export type ListedRejection = {
  account_id: string;
  case_id: string | null;
  path: string;
  reason: string;
  first_seen_at: Date;
  last_seen_at: Date;
  times_seen: number;
};

/** The items that are still in their lists, newest first. */
export async function listRejected(database: Database): Promise<ListedRejection[]> {
  return database.$queryRaw<ListedRejection[]>`
    select account_id, case_id::text, path, reason, first_seen_at, last_seen_at, times_seen
    from cdd.rejected_items
    where resolved_at is null
    order by last_seen_at desc, account_id, case_id`;
}
