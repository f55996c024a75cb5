import type { Hold } from '../../model/hold.ts';
import type { Database, Transaction } from '../postgres/pool.ts';

/** An account (or a partner) at an API host. */
export type HeldClient = { host: string; accountId: string };

/** How long no request may be sent, in milliseconds; 0 = not held. */
export type HoldTimes = {
  /** For every account. */
  hostMs: number;
  /** For the one account. */
  accountMs: number;
};

/** Records that a host asked for no requests, from every account and from one. Longer holds stay. */
export async function holdRequests(
  database: Database,
  { host, accountId }: HeldClient,
  { hostMs, accountMs }: HoldTimes,
): Promise<void> {
  await database.$executeRaw`
    with held_host as (
      insert into cdd.api_holds as existing_hold (host, open_at)
      select ${host}, now() + ${hostMs} * interval '1 millisecond'
      where ${hostMs}::double precision > 0
      on conflict (host) do update
      set
        open_at = greatest(
          case when existing_hold.started_at <= now() then existing_hold.open_at end,
          excluded.open_at
        ),
        started_at = now()
    )
    insert into cdd.account_holds as existing_hold (account_id, host, open_at)
    select ${accountId}, ${host}, now() + ${accountMs} * interval '1 millisecond'
    where ${accountMs}::double precision > 0
    on conflict (account_id, host) do update
    set
      open_at = greatest(
        case when existing_hold.started_at <= now() then existing_hold.open_at end,
        excluded.open_at
      ),
      started_at = now()`;
}

/** The time that the account must wait before its next request, by the holds of all replicas. */
export async function remainingHold(database: Database, { host, accountId }: HeldClient): Promise<HoldTimes> {
  const [remaining] = await database.$queryRaw<HoldTimes[]>`
    select
      coalesce(
        (
          select greatest(extract(epoch from open_at - now()) * 1000, 0)
          from cdd.api_holds
          where host = ${host} and started_at <= now()
        ),
        0
      )::double precision as "hostMs",
      coalesce(
        (
          select greatest(extract(epoch from open_at - now()) * 1000, 0)
          from cdd.account_holds
          where account_id = ${accountId} and host = ${host} and started_at <= now()
        ),
        0
      )::double precision as "accountMs"`;
  return remaining ?? { hostMs: 0, accountMs: 0 };
}

/**
 * Ends the holds of the host and of the account. Call it after the host has answered a request of the account, which
 * shows that they are over. Holds that began at `startedBefore` (the database's clock) or later stay: another account
 * was told them meanwhile. Workers that wait notice it within 15 seconds.
 */
export async function endHold(
  database: Database,
  { host, accountId }: HeldClient,
  startedBefore: Date | null = null,
): Promise<void> {
  await database.$executeRaw`
    with ended_host_hold as (
      delete from cdd.api_holds
      where host = ${host} and started_at < coalesce(${startedBefore}::timestamptz, 'infinity')
    )
    delete from cdd.account_holds
    where account_id = ${accountId} and host = ${host} and started_at < coalesce(${startedBefore}::timestamptz, 'infinity')`;
}

/** The holds that are not over: those of hosts first. */
export async function currentHolds(tx: Transaction): Promise<Hold[]> {
  return tx.$queryRaw<Hold[]>`
    select host, null as "accountId", open_at as until
    from cdd.api_holds
    where started_at <= now() and open_at > now()
    union all
    select host, account_id, open_at
    from cdd.account_holds
    where started_at <= now() and open_at > now()
    order by "accountId" nulls first, host`;
}

/** Whether the account must wait on its own; the hold of a host does not count, because runs wait for its end. */
export async function isAccountHeld(database: Database, client: HeldClient): Promise<boolean> {
  return (await remainingHold(database, client)).accountMs > 0;
}
