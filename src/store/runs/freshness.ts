import type { Database } from '../postgres/pool.ts';

export type Freshness = { accountId: string; secondsSinceSuccess: number | null; isStale: boolean };

/**
 * The seconds since the last successful run of each enabled account ended, null when there was none; and whether the
 * account is late by its schedule (cdd.account_lateness).
 */
export async function freshnessOfAccounts(database: Database): Promise<Freshness[]> {
  return database.$queryRaw<Freshness[]>`
    select
      account.id as "accountId",
      extract(epoch from now() - account.last_success_at)::double precision as "secondsSinceSuccess",
      lateness.is_stale as "isStale"
    from cdd.accounts as account
    join cdd.account_lateness as lateness on lateness.account_id = account.id
    order by account.id`;
}
