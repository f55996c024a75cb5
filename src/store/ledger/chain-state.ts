import type { Database } from '../postgres/pool.ts';

export type ChainState = {
  accountId: string;
  /** Number of the newest link. */
  newest: number;
  /** The last link that was made before today (UTC), else the first: it changes once a day at most. */
  number: number;
  /** Its digest, in hexadecimal. */
  digest: string;
};

/** The digest chain of each account that has one. */
export function chainStates(database: Database): Promise<ChainState[]> {
  return database.$queryRaw<ChainState[]>`
    select
      account.id as "accountId",
      newest_link.number as newest,
      kept_link.number,
      encode(kept_link.digest, 'hex') as digest
    from cdd.accounts as account
    cross join lateral (
      select number
      from cdd.digest_links
      where account_id = account.id
      order by number desc
      limit 1
    ) as newest_link
    cross join lateral (
      select number, digest
      from cdd.digest_links
      where account_id = account.id
        and (number = 1 or linked_at < date_trunc('day', now(), 'UTC'))
      order by number desc
      limit 1
    ) as kept_link
    order by account.id`;
}
