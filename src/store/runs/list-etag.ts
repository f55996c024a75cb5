import type { RunResult } from '../../model/run.ts';
import { type Database, Prisma } from '../postgres/pool.ts';

/**
 * Deletes the account's etag. Must happen before the first batch of a list is saved. Otherwise, if the run breaks off
 * and the API returns to the old list, a 304 would keep the saved part of the new list current for ever.
 */
export async function forgetEtag(database: Database, accountId: string): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts
    set etag = null, etag_request = null, etag_run_id = null
    where id = ${accountId} and etag is not null`;
}

/**
 * Assignments of cdd.accounts that save the etag at the end of a run. An etag that the API has refused is not saved: a
 * request without one costs less than one that is refused and repeated.
 */
export function etagColumns({ etag, refusedEtag }: RunResult): Prisma.Sql {
  const value = etag?.value ?? null;
  const request = etag?.request ?? null;
  const refused = Prisma.sql`coalesce(${refusedEtag ?? null}::text, accounts.refused_etag)`;
  return Prisma.sql`
    etag = case when ${value}::text is distinct from ${refused} then ${value}::text end,
    etag_request = case when ${value}::text is distinct from ${refused} then ${request}::text end,
    refused_etag = ${refused}`;
}
