import type { CaseKey } from '../../../model/case-key.ts';
import { erasableColumns } from '../../cases/sql/case-columns.ts';
import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { onlyRow } from '../../postgres/query.ts';
import { addReceipts, type Receipt } from '../receipts.ts';
import { requireTimeAhead, takeTimeAhead } from '../time-ahead.ts';
import { eraseFacts } from './erase-facts.ts';
import { eraseItems } from './removed-values.ts';

/** `keptUntil` is a time as Postgres writes it; null = for ever. */
export type Erasure = CaseKey & {
  reason: string | null;
  isBeforeTime: boolean;
  keptUntil: string | null;
  /** Login name of the user. */
  by: string | null;
};

/**
 * Removes the personal data of a case from all tables, marks the case as erased and adds the receipt. In a transaction of
 * `betweenBatches`, with the case's row locked.
 */
export async function eraseCase(tx: Transaction, erasure: Erasure): Promise<Receipt> {
  const { accountId, caseId, by, ...reasons } = erasure;
  const kinds = await eraseItems(tx, erasure);
  await eraseHistory(tx, erasure);
  await eraseColumns(tx, erasure);
  await eraseFacts(tx, erasure);
  const { digest } = onlyRow(
    await tx.$queryRaw<{ digest: Buffer }[]>`
      select cdd.case_snapshot_digest(${accountId}, ${caseId}::uuid, 'infinity') as digest`,
  );
  const erasedAt = await takeTimeAhead(tx, accountId);
  await tx.$executeRaw`
    update cdd.cases
    set
      erased_at = ${erasedAt}::timestamptz,
      changed_at = greatest(changed_at, ${erasedAt}::timestamptz)
    where account_id = ${accountId} and id = ${caseId}::uuid`;
  const receipt = { caseId, kind: 'erased' as const, ...reasons, kinds, digest };
  const linkNumber = await addReceipts(tx, { accountId, erasedAt, by }, [receipt]);
  await requireTimeAhead(tx, accountId, erasedAt);
  return { ...receipt, erasedAt, linkNumber };
}

async function eraseHistory(tx: Transaction, { accountId, caseId }: CaseKey): Promise<void> {
  await tx.$executeRaw`
    update cdd.case_revisions
    set body = cdd.erased_document(body), readable = cdd.erased_document(readable) - 'events'
    where account_id = ${accountId} and case_id = ${caseId}::uuid and body is not null`;
  await tx.$executeRaw`
    update cdd.event_bodies as stored
    set bodies = (
      select coalesce(jsonb_agg(cdd.erased_event(event.body) order by event.position), '[]')
      from jsonb_array_elements(stored.bodies) with ordinality as event (body, position)
    )
    where stored.account_id = ${accountId} and stored.case_id = ${caseId}::uuid`;
  await tx.$executeRaw`
    update cdd.event_revisions
    set
      event = cdd.kept_word(to_jsonb(event)) #>> '{}',
      request_id = null,
      error = null,
      provider_case_id = null,
      contract_url = null
    where account_id = ${accountId} and case_id = ${caseId}::uuid`;
}

const columns = Prisma.raw(Object.keys(erasableColumns).join(', '));
const values = Prisma.raw(Object.values(erasableColumns).join(', '));

/** Sets the columns of the case to what its erased newest document gives. Sets none that a report counts. */
async function eraseColumns(tx: Transaction, { accountId, caseId }: CaseKey): Promise<void> {
  await tx.$executeRaw`
    update cdd.cases
    set
      last_error = null,
      last_error_at = null,
      (${columns}) = (
        select ${values}
        from (
          select revision.body as document, coalesce(revision.readable, revision.body) as fields
          from cdd.case_revisions as revision
          where revision.account_id = ${accountId} and revision.case_id = ${caseId}::uuid and revision.body is not null
          order by revision.revision desc
          limit 1
        ) as input
      )
    where account_id = ${accountId} and id = ${caseId}::uuid`;
}
