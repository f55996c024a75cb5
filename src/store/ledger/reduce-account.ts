// Brings the stored cases of an account to a setting of personalData, in small transactions. Done again, it finds nothing
// left, so an interrupted one is simply repeated.
import { SyncError } from '../../model/sync-error.ts';
import { type Database, Prisma, type Transaction } from '../postgres/pool.ts';
import { betweenBatches } from './between-batches.ts';
import { type ReducingSetting, reduceCases } from './reduce-cases.ts';
import { countReducedValues } from './reduced-values.ts';

/** Runs of the account wait for so many cases. */
const CASES_PER_BATCH = 50;
const ITEMS_PER_BATCH = 500;
const MAX_ATTEMPTS = 3;

type Work = {
  accountId: string;
  personalData: ReducingSetting;
  /** Login name of the user. */
  by: string | null;
  /** Whether to count only. */
  isDryRun: boolean;
  signal: AbortSignal;
  /** Called after each batch with the numbers of cases so far. */
  onProgress: (progress: { accountId: string; cases: number; of: number }) => void;
};

/**
 * Numbers of cases that were looked at, reduced, and left as they are under legal hold; and of rejected items of no such
 * case that lost their text.
 */
export type ReducedAccount = { accountId: string; cases: number; reduced: number; held: number; items: number };

/** Whether nothing of a case may be removed. The alias becomes part of the statement: never pass input. */
const isHeld = (alias: string) =>
  Prisma.raw(`exists (
        select
        from cdd.legal_holds as hold
        where hold.account_id = ${alias}.account_id and hold.case_id = ${alias}.case_id and hold.released_at is null
      )`);

/** The cases of an account that were not erased: of those nothing is left to reduce. */
const stored = (accountId: string) => Prisma.sql`(
      select account_id, id as case_id
      from cdd.cases
      where account_id = ${accountId} and erased_at is null
    ) as stored`;

/** @throws SyncError CANCELLED when the signal is aborted, DATABASE when an account stays locked. */
export async function reduceAccount(database: Database, work: Work): Promise<ReducedAccount> {
  const { accountId, isDryRun, onProgress } = work;
  const of = await countCases(database, accountId);
  const done = { accountId, cases: 0, reduced: 0, held: await countHeld(database, accountId), items: 0 };
  for (let after: string | null = null; ; ) {
    const caseIds: string[] = await nextCases(database, accountId, after);
    if (caseIds.length === 0) break;
    done.cases += caseIds.length;
    done.reduced += await reduceBatch(database, work, caseIds);
    onProgress({ accountId, cases: done.cases, of });
    after = caseIds.at(-1) ?? null;
  }
  done.items = isDryRun ? await countItems(database, accountId) : await reduceItems(database, work);
  return done;
}

async function reduceBatch(database: Database, work: Work, caseIds: string[]): Promise<number> {
  const { accountId, isDryRun } = work;
  // Before a lock is taken: where nothing is left to do, no run has to wait.
  const count = (tx: Transaction) => countReducedValues(tx, { ...work, caseIds });
  const removed = await database.transact(count, { isReadOnly: true, signal: work.signal });
  if (isDryRun || removed.size === 0) return removed.size;
  for (let attempt = 1; ; attempt += 1) {
    if (work.signal.aborted) throw new SyncError('CANCELLED', `${accountId}: stopped; cases that were done stay done`);
    try {
      return await betweenBatches(
        database,
        accountId,
        async (tx) => {
          const stored = await lockedCases(tx, accountId, [...removed.keys()]);
          return (await reduceCases(tx, { ...work, caseIds: stored })).length;
        },
        { caseIds: [...removed.keys()] },
      );
    } catch (error) {
      if (!(error instanceof SyncError) || !error.retryable || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function countCases(database: Database, accountId: string): Promise<number> {
  const [row] = await database.$queryRaw<{ cases: number }[]>`
    select count(*)::integer as cases
    from ${stored(accountId)}
    where not ${isHeld('stored')}`;
  return row?.cases ?? 0;
}

async function countHeld(database: Database, accountId: string): Promise<number> {
  const [row] = await database.$queryRaw<{ cases: number }[]>`
    select count(*)::integer as cases
    from ${stored(accountId)}
    where ${isHeld('stored')}`;
  return row?.cases ?? 0;
}

async function nextCases(database: Database, accountId: string, after: string | null): Promise<string[]> {
  const rows = await database.$queryRaw<{ id: string }[]>`
    select case_id::text as id
    from ${stored(accountId)}
    where not ${isHeld('stored')} and (${after}::uuid is null or case_id > ${after}::uuid)
    order by case_id
    limit ${CASES_PER_BATCH}`;
  return rows.map(({ id }) => id);
}

/** Locks the cases, and returns those that were neither erased nor held meanwhile: a hold locks its case too. */
async function lockedCases(tx: Transaction, accountId: string, caseIds: string[]): Promise<string[]> {
  await tx.$queryRaw`
    select
    from cdd.cases
    where account_id = ${accountId} and id = any(${caseIds}::uuid[])
    order by id
    for no key update`;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select case_id::text as id
    from ${stored(accountId)}
    where case_id = any(${caseIds}::uuid[]) and not ${isHeld('stored')}`;
  return rows.map(({ id }) => id);
}

/** Rejected items with a text, apart from those of held cases. */
const itemsToReduce = (accountId: string) => Prisma.sql`
    from cdd.rejected_items as item
    where item.account_id = ${accountId} and item.body is not null and not ${isHeld('item')}`;

/** Those of them that are of no stored case: the others are counted with their cases. */
async function countItems(database: Database, accountId: string): Promise<number> {
  const [row] = await database.$queryRaw<{ items: number }[]>`
    select count(*)::integer as items
    ${itemsToReduce(accountId)}
      and not exists (
        select
        from ${stored(accountId)}
        where stored.case_id = item.case_id
      )`;
  return row?.items ?? 0;
}

/** Removes the texts of the remaining rejected items, whose cases are not known; they have no receipt. */
async function reduceItems(database: Database, { accountId, signal }: Work): Promise<number> {
  let items = 0;
  while ((await countItems(database, accountId)) > 0) {
    if (signal.aborted) throw new SyncError('CANCELLED', `${accountId}: stopped; cases that were done stay done`);
    const reduced = await betweenBatches(
      database,
      accountId,
      (tx) => tx.$executeRaw`
        update cdd.rejected_items
        set body = null
        where account_id = ${accountId} and fingerprint in (
          select item.fingerprint
          ${itemsToReduce(accountId)}
          limit ${ITEMS_PER_BATCH}
        )`,
    );
    items += reduced;
  }
  return items;
}
