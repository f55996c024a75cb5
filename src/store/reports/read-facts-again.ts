import { recordFacts } from '../cases/configured-facts.ts';
import type { Database, Transaction } from '../postgres/pool.ts';

const CASES_PER_BATCH = 500;

/**
 * Reads the facts of cases again after reports.facts changed, in transactions of 500 cases, until all are read or
 * `milliseconds` have passed; returns whether all are read. Interrupted, it goes on where it stopped. Of several
 * processes one does it, and the others return at once. Readers see a case's former facts until it is read.
 */
export async function readFactsAgain(database: Database, { milliseconds }: { milliseconds: number }): Promise<boolean> {
  const [reading] = await database.$queryRaw<{ isDone: boolean }[]>`
    select is_done as "isDone" from cdd.fact_reading`;
  if (reading?.isDone === true) return true;
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    const result = await database.transact(readBatch);
    if (result !== 'more') return result === 'done';
  }
  return false;
}

async function readBatch(tx: Transaction): Promise<'more' | 'done' | 'busy'> {
  const [reading] = await tx.$queryRaw<{ isDone: boolean; accountId: string | null; caseId: string | null }[]>`
    select is_done as "isDone", account_id as "accountId", case_id::text as "caseId"
    from cdd.fact_reading
    for update skip locked`;
  if (reading === undefined) return 'busy';
  if (reading.isDone) return 'done';
  const accountId = await nextAccount(tx, reading);
  if (accountId === null) {
    await tx.$executeRaw`update cdd.fact_reading set is_done = true, account_id = null, case_id = null`;
    return 'done';
  }
  // Waits for the batches of a run and keeps new ones waiting: they save the same cases in another order.
  await tx.$queryRaw`select id from cdd.sync_runs where account_id = ${accountId} and state = 'running' for update`;
  const after = reading.accountId === accountId ? reading.caseId : null;
  const cases = await tx.$queryRaw<{ id: string; now: string }[]>`
    select id::text as id, clock_timestamp()::text as now
    from cdd.cases
    where account_id = ${accountId} and (${after}::uuid is null or id > ${after}::uuid)
    order by id
    limit ${CASES_PER_BATCH}
    for no key update`;
  const last = cases.at(-1);
  if (last === undefined) throw new TypeError(`account ${accountId} has no more cases`);
  const ids = cases.map(({ id }) => id);
  await recordFacts(tx, ids, { accountId, recordedAt: last.now });
  await tx.$executeRaw`update cdd.fact_reading set account_id = ${accountId}, case_id = ${last.id}::uuid`;
  return 'more';
}

/** The account of the next case to read; null = there is none. */
async function nextAccount(
  tx: Transaction,
  { accountId, caseId }: { accountId: string | null; caseId: string | null },
): Promise<string | null> {
  const [next] = await tx.$queryRaw<{ id: string }[]>`
    select account_id as id
    from cdd.cases
    where ${accountId}::text is null or (account_id, id) > (${accountId}, ${caseId}::uuid)
    order by account_id, id
    limit 1`;
  return next?.id ?? null;
}
