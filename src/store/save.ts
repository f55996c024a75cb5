import type { Batch, ReadCase, RenewedCase, Saved } from '../batches.ts';
import { SyncError } from '../case.ts';
import { restore } from './absence.ts';
import { type Recorded, saveCurrent } from './current.ts';
import { type Database, Prisma, type Transaction } from './database.ts';
import type { Writing } from './given.ts';
import { resolveRead, saveRejected } from './rejected.ts';

const NOTHING: Recorded = { events: 0, transitions: 0, touched: [], updated: [], revised: [] };

/**
 * Saves a batch or, on any error, nothing of it.
 * @throws SyncError ABANDONED when the run is no longer running; DATABASE comes from the client.
 */
export async function saveBatch(database: Database, batch: Batch, writing: Writing): Promise<Saved> {
  return database.transact(async (tx) => {
    await tx.$queryRaw(forBatches);
    const recording = { ...writing, recordedAt: await fence(tx, writing) };
    await addStatuses(tx, batch.read);
    const [recorded = NOTHING] =
      batch.read.length > 0 ? await tx.$queryRaw<Recorded[]>(saveCurrent(batch.read, recording)) : [];
    const touched = new Set(recorded.touched);
    const revised = new Set(recorded.revised);
    const known = batch.read.filter((one) => one.known);
    const kept = known.filter(({ id }) => !revised.has(id)).map(({ id }) => id);
    await restore(tx, [...batch.returned, ...kept], recording);
    await renewMarks(tx, [...batch.renewed, ...known.filter(({ id }) => !touched.has(id))], writing);
    await resolveRead(tx, [...batch.read, ...batch.renewed], writing);
    await saveRejected(tx, batch.rejected, writing);
    return { updated: new Set(recorded.updated), events: recorded.events, transitions: recorded.transitions };
  });
}

/**
 * Postgres prices these statements by rows it cannot know: it would compile them for a second, to run for a tenth, sort
 * whole documents to join them, or read a whole table for a few cases of it. The documents are a few megabytes, too many
 * for the memory that it takes by default.
 */
const forBatches = Prisma.sql`
  select
    set_config('jit', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    set_config('enable_seqscan', 'off', true),
    set_config('work_mem', '32MB', true)`;

/**
 * Holds the run's row until the transaction ends, so that nobody can declare the run abandoned between this check and
 * the commit. Batches side by side and the heartbeat do not wait for each other: see docs/decisions.md, 6.
 * Gives the instant to record facts with: now, but not before the runs of before, should the clock have stepped back;
 * history would overlap.
 */
export async function fence(
  tx: Transaction,
  { accountId, runId }: Pick<Writing, 'accountId' | 'runId'>,
): Promise<string> {
  const [running] = await tx.$queryRaw<{ recorded_at: string }[]>`
    select
      greatest(
        now(),
        (
          select max(greatest(earlier.heartbeat_at, earlier.finished_at))
          from (
            select heartbeat_at, finished_at
            from cdd.sync_runs
            where account_id = ${accountId}
            order by started_at desc
            limit 20
          ) as earlier
        )
      )::text as recorded_at
    from cdd.sync_runs
    where account_id = ${accountId} and id = ${runId}::uuid and state = 'running'
    for key share`;
  if (running !== undefined) return running.recorded_at;
  throw new SyncError(
    'ABANDONED',
    `${accountId}: another worker declared this run abandoned, because its heartbeat stood still; nothing more is written. The next run completes it.`,
  );
}

/** Adds statuses nobody has seen before, sorted, so that two batches cannot wait for each other in a circle. */
async function addStatuses(tx: Transaction, cases: ReadCase[]): Promise<void> {
  const statuses = [...new Set(cases.flatMap((one) => one.transitions.map((t) => t.toStatus)))].sort();
  if (statuses.length === 0) return;
  await tx.$executeRaw`
    insert into cdd.case_statuses (status, stage, rank, known)
    select seen.status, 'unknown', null, false
    from unnest(${statuses}::text[]) as seen (status)
    where not exists (select from cdd.case_statuses as held where held.status = seen.status)
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
