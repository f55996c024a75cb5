import type { Database } from '../postgres/pool.ts';
import { isBreakerClosed } from './circuit-breaker.ts';

export type Delivery = {
  accountId: string;
  /** From a header that is not signed. */
  deliveryId: string;
  /** SHA-256 of the signed body. */
  bodyHash: Buffer;
};

/**
 * Whether this delivery was saved before: its id, or within the last hour its body. A captured body with new headers
 * looks genuine, so it must not count again and again. After an hour an equal body may be a second change.
 */
export async function isKnownDelivery(
  database: Database,
  { accountId, deliveryId, bodyHash }: Delivery,
): Promise<boolean> {
  const [answer] = await database.$queryRaw<{ isKnown: boolean }[]>`
    select exists (
      select
      from cdd.webhook_deliveries
      where account_id = ${accountId} and delivery_id = ${deliveryId}
    ) or exists (
      select
      from cdd.webhook_deliveries
      where account_id = ${accountId}
        and body_hash = ${bodyHash}
        and received_at between now() - interval '1 hour' and now()
    ) as "isKnown"`;
  return answer?.isKnown ?? false;
}

/** Raw SQL, because the client's `createMany` would fill in `received_at` from the worker's clock. */
export async function saveDelivery(database: Database, { accountId, deliveryId, bodyHash }: Delivery): Promise<void> {
  await database.$executeRaw`
    insert into cdd.webhook_deliveries (account_id, delivery_id, body_hash)
    values (${accountId}, ${deliveryId}, ${bodyHash})
    on conflict (account_id, delivery_id) do nothing`;
}

/** Records that a webhook requests a run of the account. */
export async function requestRun(database: Database, accountId: string): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts
    set nudged_at = now()
    where id = ${accountId}`;
}

/**
 * The accounts for which a webhook arrived after their last run began: that run may have read a list without the
 * change. Leaves out accounts that are disabled, paused or must wait: by the circuit breaker, by the hold of an API host, or
 * because the last run that a webhook started ended less than 15 s ago, or less than it took. So even many webhooks for
 * a large list leave time for other accounts. Times in the future are void, because the clock was ahead then: a webhook
 * would request runs, or a run would hide webhooks, until the clock gets there.
 */
export async function accountsWithRequestedRun(
  database: Database,
  { host = null, accountId = null }: { host?: string | null; accountId?: string | null } = {},
): Promise<string[]> {
  const rows = await database.$queryRaw<{ id: string }[]>`
    select account.id
    from cdd.accounts as account
    where account.nudged_at <= now()
      and (account.id = ${accountId} or ${accountId}::text is null)
      and account.enabled
      and account.paused_since is null
      and ${isBreakerClosed}
      and not exists (
        select
        from cdd.account_holds as hold
        where hold.account_id = account.id and hold.host = ${host} and now() between hold.started_at and hold.open_at
      )
      and not exists (
        select
        from cdd.sync_runs as run
        where run.account_id = account.id and run.started_at between account.nudged_at and now()
      )
      and not exists (
        select
        from (
          select started_at, finished_at, trigger
          from cdd.sync_runs as run
          where run.account_id = account.id and run.finished_at <= now()
          order by run.started_at desc
          limit 100
        ) as recent_run
        where trigger = 'webhook' and now() < finished_at + greatest(interval '15 seconds', finished_at - started_at)
      )
    order by account.id`;
  return rows.map(({ id }) => id);
}
