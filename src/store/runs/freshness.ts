import type { Database } from '../postgres/pool.ts';

export type Freshness = { accountId: string; secondsSinceSuccess: number | null; isStale: boolean };

/**
 * The seconds since the last successful run of each enabled account ended; and whether the account is late by its
 * schedule (cdd.account_lateness). Null seconds: there was none, or its time lies in the future because the clock was
 * ahead; the account must not look fresh until the clock gets there.
 */
export async function freshnessOfAccounts(database: Database): Promise<Freshness[]> {
  return database.$queryRaw<Freshness[]>`
    select
      account.id as "accountId",
      case
        when account.last_success_at <= now() + interval '1 minute'
        then greatest(extract(epoch from now() - account.last_success_at), 0)::double precision
      end as "secondsSinceSuccess",
      lateness.is_stale as "isStale"
    from cdd.accounts as account
    join cdd.account_lateness as lateness on lateness.account_id = account.id
    order by account.id`;
}
