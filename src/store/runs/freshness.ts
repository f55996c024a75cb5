import type { Database } from '../postgres/pool.ts';

export type Freshness = { accountId: string; secondsSinceSuccess: number | null };

/** How long ago the last succeeded run of every configured account ended; null when there was none. */
export async function secondsSinceSuccess(database: Database): Promise<Freshness[]> {
  return database.$queryRaw<Freshness[]>`
    select
      id as "accountId",
      extract(epoch from now() - last_success_at)::double precision as "secondsSinceSuccess"
    from cdd.accounts
    where enabled
    order by id`;
}
