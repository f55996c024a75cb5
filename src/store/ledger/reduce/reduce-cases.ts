import type { PersonalData } from '../../../model/personal-data.ts';
import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { addReceipts } from '../receipts.ts';
import { requireTimeAhead, takeTimeAhead } from '../time-ahead.ts';
import { reduceFacts } from './reduce-facts.ts';
import { countReducedValues, keptBodies, keptBody, keptReadable } from './reduced-values.ts';

/** A setting under which something is left out. */
export type ReducingSetting = Exclude<PersonalData, 'keep'>;

export type Reduction = {
  accountId: string;
  caseIds: readonly string[];
  personalData: ReducingSetting;
  /** Login name of the user. */
  by: string | null;
};

/**
 * Removes the values of these cases that the setting does not store from all tables, and adds a receipt for each case that
 * had such values. Returns these cases. Erased cases must not be among them. In a transaction of `betweenBatches`.
 */
export async function reduceCases(tx: Transaction, reduction: Reduction): Promise<string[]> {
  const { accountId, by } = reduction;
  const removed = await countReducedValues(tx, reduction);
  if (removed.size === 0) return [];
  const caseIds = [...removed.keys()];
  const changed = { ...reduction, caseIds };
  await reduceHistory(tx, changed);
  await reduceFacts(tx, changed);
  await reduceItems(tx, changed);
  const digests = await tx.$queryRaw<{ caseId: string; digest: Buffer }[]>`
    select case_id::text as "caseId", cdd.case_snapshot_digest(${accountId}, case_id, 'infinity') as digest
    from unnest(${caseIds}::uuid[]) as reduced_case (case_id)`;
  const erasedAt = await takeTimeAhead(tx, accountId);
  await reduceColumns(tx, changed, erasedAt);
  await tx.$executeRaw`update cdd.accounts set etag = null, etag_request = null where id = ${accountId}`;
  const receipts = digests.map(({ caseId, digest }) => ({
    caseId,
    kind: 'reduced' as const,
    reason: null,
    isBeforeTime: false,
    keptUntil: null,
    kinds: removed.get(caseId) ?? {},
    digest,
  }));
  await addReceipts(tx, { accountId, erasedAt, by }, receipts);
  await requireTimeAhead(tx, accountId, erasedAt);
  return caseIds;
}

async function reduceHistory(tx: Transaction, { accountId, caseIds, personalData }: Reduction): Promise<void> {
  await tx.$executeRaw`
    update cdd.case_revisions as revision
    set body = kept.body, readable = kept.readable
    from cdd.case_revisions as stored
    cross join lateral (
      select ${keptBody('stored', personalData)} as body, ${keptReadable('stored', personalData)} as readable
      offset 0
    ) as kept
    where stored.account_id = ${accountId}
      and stored.case_id = any(${caseIds}::uuid[])
      and revision.account_id = stored.account_id
      and revision.case_id = stored.case_id
      and revision.revision = stored.revision
      and (stored.body, stored.readable) is distinct from (kept.body, kept.readable)`;
  await tx.$executeRaw`
    update cdd.event_bodies as event_bodies
    set bodies = kept.bodies
    from cdd.event_bodies as stored
    cross join lateral (select ${keptBodies('stored', personalData)} as bodies offset 0) as kept
    where stored.account_id = ${accountId}
      and stored.case_id = any(${caseIds}::uuid[])
      and event_bodies.account_id = stored.account_id
      and event_bodies.case_id = stored.case_id
      and event_bodies.revision = stored.revision
      and stored.bodies <> kept.bodies`;
  await tx.$executeRaw`
    update cdd.event_revisions
    set contract_url = null, error = ${keptError('error', personalData)}
    where account_id = ${accountId}
      and case_id = any(${caseIds}::uuid[])
      and (contract_url is not null or error is distinct from ${keptError('error', personalData)})`;
}

/** The text of a column that has an error. The name becomes part of the statement: never pass input. */
function keptError(column: string, personalData: ReducingSetting): Prisma.Sql {
  return Prisma.raw(personalData === 'minimal' ? `cdd.scrubbed_text(${column})` : column);
}

/** Reduces the columns that are no documented field, or only in part; reports publish them, so the case has changed. */
async function reduceColumns(
  tx: Transaction,
  { accountId, caseIds, personalData }: Reduction,
  erasedAt: string,
): Promise<void> {
  await tx.$executeRaw`
    update cdd.cases as reduced_case
    set
      last_error = ${keptError('last_error', personalData)},
      payment_options = kept.payment_options,
      -- A run reads the case again, also if the setting goes back to what it was.
      fingerprint = sha256(fingerprint),
      content_hash = null,
      changed_at = greatest(changed_at, ${erasedAt}::timestamptz)
    from (
      select
        id,
        cdd.kept_document(jsonb_build_object('payment_options', payment_options, 'events', '[]'::jsonb), ${personalData})
          -> 'payment_options' as payment_options
      from cdd.cases
      where account_id = ${accountId} and id = any(${caseIds}::uuid[]) and payment_options is not null
      union all
      select id, null
      from cdd.cases
      where account_id = ${accountId} and id = any(${caseIds}::uuid[]) and payment_options is null
    ) as kept
    where reduced_case.account_id = ${accountId} and reduced_case.id = kept.id`;
}

async function reduceItems(tx: Transaction, { accountId, caseIds }: Reduction): Promise<void> {
  await tx.$executeRaw`
    update cdd.rejected_items
    set body = null
    where account_id = ${accountId} and case_id = any(${caseIds}::uuid[]) and body is not null`;
}
