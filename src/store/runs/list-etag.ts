import type { OpenRun, RunResult } from '../../model/run.ts';
import { type Database, Prisma } from '../postgres/pool.ts';

/**
 * Deletes the account's etag. Must happen before the first batch of a list is saved. Otherwise, if the run breaks off
 * and the API returns to the old list, a 304 would keep the saved part of the new list current for ever. Does nothing
 * for a run that was declared abandoned: the etag may be that of the next run.
 */
export async function forgetEtag(database: Database, { accountId, id }: OpenRun): Promise<void> {
  await database.$executeRaw`
    with locked_run as (
      select account_id
      from cdd.sync_runs
      where account_id = ${accountId} and id = ${id}::uuid and state = 'running'
      for key share
    )
    update cdd.accounts
    set etag = null, etag_request = null, etag_run_id = null
    from locked_run
    where accounts.id = locked_run.account_id and etag is not null`;
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
