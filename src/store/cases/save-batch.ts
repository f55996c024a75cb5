import type { Batch, HashedCase, ReadCase, Saved } from '../../sync/batcher.ts';
import type { Database, Transaction } from '../postgres/pool.ts';
import { lockRun } from '../runs/run-lock.ts';
import { saveProblems } from './case-problems.ts';
import { recordFacts } from './configured-facts.ts';
import { setMissing } from './missing.ts';
import { resolveItemsOfReadCases, saveRejected } from './rejected-items.ts';
import type { BatchChanges } from './sql/batch-changes.ts';
import type { RunContext } from './sql/batch-input.ts';
import { saveCases } from './sql/save-cases.ts';

const NO_CHANGES: BatchChanges = { events: 0, transitions: 0, changed: [], updated: [], revised: [] };

/**
 * Saves a batch in one transaction.
 * @throws SyncError ABANDONED when the run is no longer running; DATABASE for any error of Postgres.
 */
export async function saveBatch(database: Database, batch: Batch, run: RunContext): Promise<Saved> {
  return database.transact(async (tx) => {
    const { recordedAt, hasRejected, hasProblems, hasFacts } = await lockRun(tx, run);
    const context = { ...run, recordedAt };
    await addStatuses(tx, batch.read);
    const [saved = NO_CHANGES] =
      batch.read.length > 0 ? await tx.$queryRaw<BatchChanges[]>(saveCases(batch.read, context)) : [];
    const changed = new Set(saved.changed);
    const revised = new Set(saved.revised);
    const known = batch.read.filter((one) => one.known);
    const sameIds = known.filter(({ id }) => !revised.has(id)).map(({ id }) => id);
    const problems = await saveProblems(tx, batch.read, { ...context, hasProblems });
    await setMissing(tx, [...batch.returned, ...sameIds], false, context);
    const updated = new Set(saved.updated);
    const newDocumentIds = batch.read.filter(({ id, known }) => !known || updated.has(id)).map(({ id }) => id);
    if (hasFacts) await recordFacts(tx, newDocumentIds, context);
    await saveFingerprints(tx, [...batch.reordered, ...known.filter(({ id }) => !changed.has(id))], run);
    if (hasRejected) await resolveItemsOfReadCases(tx, run.accountId, [...batch.read, ...batch.reordered]);
    await saveRejected(tx, batch.rejected, run);
    return { updated, events: saved.events, transitions: saved.transitions, problems };
  });
}

async function addStatuses(tx: Transaction, cases: ReadCase[]): Promise<void> {
  const statuses = new Set(cases.flatMap((one) => one.transitions.map((transition) => transition.toStatus)));
  if (statuses.size === 0) return;
  await tx.$executeRaw`
    insert into cdd.case_statuses (status, stage, rank, known)
    select status, 'unknown', null, false
    from unnest(${[...statuses]}::text[]) as batch_status (status)
    -- Two batches that add the same statuses in different order could deadlock.
    order by status
    on conflict (status) do nothing`;
}

/** Stores the new hashes of documents with other bytes and the same content. */
async function saveFingerprints(tx: Transaction, cases: HashedCase[], { accountId }: RunContext): Promise<void> {
  if (cases.length === 0) return;
  await tx.$executeRaw`
    update cdd.cases
    set fingerprint = reordered_case.fingerprint, content_hash = reordered_case.content_hash
    from unnest(
      ${cases.map((one) => one.id)}::uuid[],
      ${cases.map((one) => one.fingerprint)}::bytea[],
      ${cases.map((one) => one.contentHash)}::bytea[]
    ) as reordered_case (id, fingerprint, content_hash)
    where cases.account_id = ${accountId} and cases.id = reordered_case.id`;
}
