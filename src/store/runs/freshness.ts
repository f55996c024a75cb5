import type { Database } from '../postgres/pool.ts';

export type Freshness = { accountId: string; secondsSinceSuccess: number | null };

/** Seconds since the last successful run of each enabled account ended; null when there was none. */
export async function secondsSinceSuccess(database: Database): Promise<Freshness[]> {
  return database.$queryRaw<Freshness[]>`
    select
      id as "accountId",
      extract(epoch from now() - last_success_at)::double precision as "secondsSinceSuccess"
    from cdd.accounts
    where enabled
    order by id`;
}
