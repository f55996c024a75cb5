import { exactTime } from '../../postgres/exact-time.ts';
import type { Transaction } from '../../postgres/pool.ts';
import { type Found, foundOf } from './history-tables.ts';

export type NewestLink = { number: number; digest: string; linkedAt: string };

export type Chain = {
  links: number;
  runs: number;
  newest: NewestLink | null;
  /** Rows recorded up to then are older than the chain; null = it is as old as the account. */
  beganAt: string | null;
  /** Whether link 1 is there. */
  hasFirst: boolean;
  /** The instant before its first batch; null = it has none. */
  beforeFirstBatch: string | null;
  /**
   * Whether a run has ended, or rows without a batch were recorded, since the database got the tables of the chain: then the
   * account must have one. Runs are kept for a limited time.
   */
  isExpected: boolean;
};

/** The chain of an account; it may have none. */
export async function readChain(tx: Transaction, accountId: string): Promise<Chain> {
  const [row] = await tx.$queryRaw<[Omit<Chain, 'newest'> & NewestLink]>`
    select
      count(number)::integer as links,
      (count(*) filter (where kind = 'run'))::integer as runs,
      coalesce(min(number) = 1, false) as "hasFirst",
      max(${exactTime('linked_at')}) filter (where kind = 'begin' and number = 1) as "beganAt",
      max(number) as number,
      (array_agg(encode(digest, 'hex') order by number desc))[1] as digest,
      (array_agg(${exactTime('linked_at')} order by number desc))[1] as "linkedAt",
      (
        select ${exactTime("(min(recorded_at) - interval '1 microsecond')")}
        from cdd.batch_digests
        where account_id = ${accountId}
      ) as "beforeFirstBatch",
      exists (
        select
        from cdd.sync_runs as run
        where run.account_id = ${accountId} and run.state <> 'running' and run.started_at > has_chain.since
      )
      or not exists (select from cdd.batch_digests where account_id = ${accountId})
      and exists (
        select
        from cdd.case_revisions
        where account_id = ${accountId} and recorded_at > has_chain.since
      ) as "isExpected"
    from (
      -- A record that is gone makes nothing older than the chain.
      select coalesce(max(finished_at), '-infinity') as since
      from cdd._prisma_migrations
      where migration_name ~ '_ledger$'
    ) as has_chain
    left join cdd.digest_links on account_id = ${accountId}
    group by has_chain.since`;
  const { number, digest, linkedAt, ...chain } = row;
  return { ...chain, newest: chain.links === 0 ? null : { number, digest, linkedAt } };
}

/** The digests of these links, in hexadecimal by number. */
export async function digestsOf(
  tx: Transaction,
  accountId: string,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await tx.$queryRaw<{ number: number; digest: string }[]>`
    select number, encode(digest, 'hex') as digest
    from cdd.digest_links
    where account_id = ${accountId} and number = any(${[...numbers]}::integer[])`;
  return new Map(rows.map(({ number, digest }) => [number, digest]));
}

export type BrokenLink = {
  /** `gap`: links before this one are missing. `previous`: it continues another link than the one before. */
  problem: 'gap' | 'digest' | 'previous' | 'order';
  number: number;
  kind: string;
  linkedAt: string;
  runId: string | null;
  /** The number of the link before; 0 = this is the first. */
  before: number;
};

/** Links of an account that are not as they were made, or do not continue the one before. */
export async function brokenLinks(tx: Transaction, accountId: string, limit: number): Promise<Found<BrokenLink>> {
  const rows = await tx.$queryRaw<(BrokenLink & { total: number })[]>`
    with chained_link as (
      select
        existing_link.*,
        cdd.link_digest(existing_link) as own_digest,
        coalesce(lag(number) over (order by number), 0) as before,
        lag(digest) over (order by number) as digest_before,
        lag(linked_at) over (order by number) as linked_before
      from cdd.digest_links as existing_link
      where account_id = ${accountId}
    ),
    judged_link as (
      select
        *,
        case
          when digest <> own_digest then 'digest'
          when number <> before + 1 then 'gap'
          when previous is distinct from digest_before then 'previous'
          when linked_at <= linked_before then 'order'
        end as problem
      from chained_link
    )
    select
      problem,
      number,
      kind,
      ${exactTime('linked_at')} as "linkedAt",
      run_id::text as "runId",
      before,
      (count(*) over ())::integer as total
    from judged_link
    where problem is not null
    order by number
    limit ${limit}`;
  return foundOf(rows);
}
