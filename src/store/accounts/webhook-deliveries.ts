import type { Database } from '../postgres/pool.ts';
import { isBreakerClosed } from './circuit-breaker.ts';

type Delivery = { accountId: string; deliveryId: string };

/** Whether this delivery was saved before, so that Dintero has sent it twice. */
export async function isKnownDelivery(database: Database, { accountId, deliveryId }: Delivery): Promise<boolean> {
  return (await database.webhookDelivery.count({ where: { accountId, deliveryId } })) > 0;
}

/** Raw SQL, because the client's `createMany` would fill in `received_at` from the worker's clock. */
export async function saveDelivery(database: Database, { accountId, deliveryId }: Delivery): Promise<void> {
  await database.$executeRaw`
    insert into cdd.webhook_deliveries (account_id, delivery_id)
    values (${accountId}, ${deliveryId})
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
 * change. Leaves out accounts that are disabled or must wait. Times in the future are void, because the clock was ahead
 * then: a webhook would request runs, or a run would hide webhooks, until the clock gets there.
 */
export async function accountsWithRequestedRun(database: Database): Promise<string[]> {
  const rows = await database.$queryRaw<{ id: string }[]>`
    select account.id
    from cdd.accounts as account
    where account.nudged_at <= now()
      and account.enabled
      and ${isBreakerClosed}
      and not exists (
        select
        from cdd.sync_runs as run
        where run.account_id = account.id and run.started_at between account.nudged_at and now()
      )
    order by account.id`;
  return rows.map(({ id }) => id);
}
