import type { Database } from '../postgres/pool.ts';

type Delivery = { accountId: string; deliveryId: string };

/** Whether this webhook delivery was noted before: then it asks for nothing. */
export async function isNoted(database: Database, { accountId, deliveryId }: Delivery): Promise<boolean> {
  return (await database.webhookDelivery.count({ where: { accountId, deliveryId } })) > 0;
}

/** Notes a webhook's delivery. */
export async function noteDelivery(database: Database, { accountId, deliveryId }: Delivery): Promise<void> {
  await database.$executeRaw`
    insert into cdd.webhook_deliveries (account_id, delivery_id)
    values (${accountId}, ${deliveryId})
    on conflict (account_id, delivery_id) do nothing`;
}

/** Notes that a webhook asks for a run of the account. */
export async function noteNudge(database: Database, accountId: string): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts
    set nudged_at = now()
    where id = ${accountId}`;
}

/**
 * The accounts that a webhook has asked for since their last run began: what it told of may not have been in the list
 * that was read. Those that must not be tried now are not among them.
 */
export async function nudgedAccounts(database: Database): Promise<string[]> {
  const rows = await database.$queryRaw<{ id: string }[]>`
    select account.id
    from cdd.accounts as account
    where account.nudged_at is not null
      and account.enabled
      and coalesce(account.next_try_at <= now(), true)
      and not exists (
        select
        from cdd.sync_runs as run
        where run.account_id = account.id and run.started_at >= account.nudged_at
      )
    order by account.id`;
  return rows.map(({ id }) => id);
}
