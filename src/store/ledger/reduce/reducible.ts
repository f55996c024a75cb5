// The reducible rows of an account: its stored cases that are neither erased nor held, and its rejected items.
import { type Database, Prisma, type Transaction } from '../../postgres/pool.ts';

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

/** Number of the cases. */
export async function countCases(database: Database, accountId: string): Promise<number> {
  const [row] = await database.$queryRaw<{ cases: number }[]>`
    select count(*)::integer as cases
    from ${stored(accountId)}
    where not ${isHeld('stored')}`;
  return row?.cases ?? 0;
}

/** Number of the stored cases under legal hold. */
export async function countHeld(database: Database, accountId: string): Promise<number> {
  const [row] = await database.$queryRaw<{ cases: number }[]>`
    select count(*)::integer as cases
    from ${stored(accountId)}
    where ${isHeld('stored')}`;
  return row?.cases ?? 0;
}

/** Ids of the next cases. */
export async function nextCases(
  database: Database,
  { accountId, after, limit }: { accountId: string; after: string | null; limit: number },
): Promise<string[]> {
  const rows = await database.$queryRaw<{ id: string }[]>`
    select case_id::text as id
    from ${stored(accountId)}
    where not ${isHeld('stored')} and (${after}::uuid is null or case_id > ${after}::uuid)
    order by case_id
    limit ${limit}`;
  return rows.map(({ id }) => id);
}

/** Locks the cases, and returns those that were neither erased nor held meanwhile: a hold locks its case too. */
export async function lockedCases(tx: Transaction, accountId: string, caseIds: string[]): Promise<string[]> {
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
const reducibleItems = (accountId: string) => Prisma.sql`
    from cdd.rejected_items as item
    where item.account_id = ${accountId} and item.body is not null and not ${isHeld('item')}`;

/** Those of them that are of no stored case: the others are counted with their cases. */
export async function countItems(database: Database, accountId: string): Promise<number> {
  const [row] = await database.$queryRaw<{ items: number }[]>`
    select count(*)::integer as items
    ${reducibleItems(accountId)}
      and not exists (
        select
        from ${stored(accountId)}
        where stored.case_id = item.case_id
      )`;
  return row?.items ?? 0;
}

/** Removes the texts of some of these items; returns of how many. */
export async function removeItemTexts(tx: Transaction, accountId: string, limit: number): Promise<number> {
  return tx.$executeRaw`
    update cdd.rejected_items
    set body = null
    where account_id = ${accountId} and fingerprint in (
      select item.fingerprint
      ${reducibleItems(accountId)}
      limit ${limit}
    )`;
}
