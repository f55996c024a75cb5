// Runs that webhooks request. The database remembers each request, because the queue refuses a job while a run of the
// same account is under way, and that run may have read the list before the case changed. Any number of requests leads
// to one run.
import type { Log } from '../log.ts';
import {
  accountsWithRequestedRun,
  type Delivery,
  isKnownDelivery,
  requestRun,
  saveDelivery,
} from '../store/accounts/webhook-deliveries.ts';
import type { Database } from '../store/postgres/pool.ts';
import type { RunQueue } from './queue.ts';
import { startSweep } from './sweep.ts';

const SWEEP_INTERVAL_MS = 2_000;

type Dependencies = {
  database: Database;
  queue: Pick<RunQueue, 'enqueue'>;
  /** Host and port of api.baseUrl. */
  host: string;
};

/**
 * Requests a run for a delivery that was not handled before. If the account may not run yet, the sweep enqueues the run
 * when it may. The delivery is recorded last: if enqueueing fails, the repeated delivery tries again.
 */
export async function requestRunForDelivery(
  { database, queue, host }: Dependencies,
  delivery: Delivery,
): Promise<void> {
  const { accountId, deliveryId } = delivery;
  if (await isKnownDelivery(database, delivery)) return;
  await requestRun(database, accountId);
  const [mayRun] = await accountsWithRequestedRun(database, { host, accountId });
  if (mayRun !== undefined) await queue.enqueue({ accountId, trigger: 'webhook' }, deliveryId);
  await saveDelivery(database, delivery);
}

/**
 * Enqueues, every two seconds, the requested runs that the queue refused or that had to wait. Returns a function that
 * stops this.
 */
export function startWebhookSweep({ database, queue, host, log }: Dependencies & { log: Log }): () => void {
  const texts = {
    failing: 'runs that webhooks requested cannot be started',
    again: 'runs that webhooks requested are started again',
  };
  const work = async (): Promise<void> => {
    for (const accountId of await accountsWithRequestedRun(database, { host }))
      await queue.enqueue({ accountId, trigger: 'webhook' });
  };
  return startSweep({ intervalMs: SWEEP_INTERVAL_MS, log, texts, work });
}
