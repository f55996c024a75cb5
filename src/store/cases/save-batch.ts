import type { Batch, ReadCase, RenewedCase, Saved } from '../../sync/batcher.ts';
import type { Database, Transaction } from '../postgres/pool.ts';
import { beginBatch } from '../runs/run-lock.ts';
import { restore } from './missing.ts';
import { resolveRead, saveRejected } from './rejected-items.ts';
import type { Writing } from './sql/batch-input.ts';
import { type Recorded, saveCurrent } from './sql/save-cases.ts';

const NOTHING: Recorded = { events: 0, transitions: 0, touched: [], updated: [], revised: [] };

/**
 * Saves a batch or, on any error, nothing of it.
 * @throws SyncError ABANDONED when the run is no longer running; DATABASE comes from the client.
 */
export async function saveBatch(database: Database, batch: Batch, writing: Writing): Promise<Saved> {
  return database.transact(async (tx) => {
    const { recordedAt, newStatuses, hasRejected } = await beginBatch(tx, writing, statusesOf(batch.read));
    const recording = { ...writing, recordedAt };
    await addStatuses(tx, newStatuses);
    const [recorded = NOTHING] =
      batch.read.length > 0 ? await tx.$queryRaw<Recorded[]>(saveCurrent(batch.read, recording)) : [];
    const touched = new Set(recorded.touched);
    const revised = new Set(recorded.revised);
    const known = batch.read.filter((one) => one.known);
    const kept = known.filter(({ id }) => !revised.has(id)).map(({ id }) => id);
    await restore(tx, [...batch.returned, ...kept], recording);
    await renewMarks(tx, [...batch.renewed, ...known.filter(({ id }) => !touched.has(id))], writing);
    if (hasRejected) await resolveRead(tx, [...batch.read, ...batch.renewed], writing);
    await saveRejected(tx, batch.rejected, writing);
    return { updated: new Set(recorded.updated), events: recorded.events, transitions: recorded.transitions };
  });
}

/** Sorted, so that two batches that add the same ones cannot wait for each other in a circle. */
function statusesOf(cases: ReadCase[]): string[] {
  return [...new Set(cases.flatMap((one) => one.transitions.map((t) => t.toStatus)))].sort();
}

async function addStatuses(tx: Transaction, statuses: string[]): Promise<void> {
  if (statuses.length === 0) return;
  await tx.$executeRaw`
    insert into cdd.case_statuses (status, stage, rank, known)
    select status, 'unknown', null, false
    from unnest(${statuses}::text[]) as seen (status)
    on conflict (status) do nothing`;
}

/** Notes the bytes that say what is stored already. */
async function renewMarks(tx: Transaction, cases: RenewedCase[], { accountId }: Writing): Promise<void> {
  if (cases.length === 0) return;
  await tx.$executeRaw`
    update cdd.cases
    set fingerprint = given.fingerprint, content_hash = given.content_hash
    from unnest(
      ${cases.map((one) => one.id)}::uuid[],
      ${cases.map((one) => one.fingerprint)}::bytea[],
      ${cases.map((one) => one.contentHash)}::bytea[]
    ) as given (id, fingerprint, content_hash)
    where cases.account_id = ${accountId} and cases.id = given.id`;
}
