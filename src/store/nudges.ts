import type { RunRow } from '../run.ts';
import type { Database } from './database.ts';

type Delivery = { accountId: string; deliveryId: string };

/** Whether this webhook delivery was noted before: then it asks for nothing. */
export async function isNoted(database: Database, { accountId, deliveryId }: Delivery): Promise<boolean> {
  return (await database.webhookDelivery.count({ where: { accountId, deliveryId } })) > 0;
}

/** Notes a webhook's delivery, and when the account was last nudged. */
export async function noteDelivery(database: Database, { accountId, deliveryId }: Delivery): Promise<void> {
  await database.$executeRaw`
    with added as (
      insert into cdd.webhook_deliveries (account_id, delivery_id)
      values (${accountId}, ${deliveryId})
      on conflict (account_id, delivery_id) do nothing
      returning account_id
    )
    update cdd.accounts
    set nudged_at = now()
    from added
    where accounts.id = added.account_id`;
}

/** Whether a webhook came after the run had begun: what it told of may not have been in the list that was read. */
export async function nudgedSince(
  database: Database,
  { account_id, id }: Pick<RunRow, 'account_id' | 'id'>,
): Promise<boolean> {
  const [row] = await database.$queryRaw<{ nudged: boolean | null }[]>`
    select account.nudged_at > run.started_at as nudged
    from cdd.sync_runs as run
    join cdd.accounts as account on account.id = run.account_id
    where run.account_id = ${account_id} and run.id = ${id}::uuid`;
  return row?.nudged === true;
}
