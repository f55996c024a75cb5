// Runs that webhooks request. The database remembers each request, because the queue refuses a job while a run of the
// same account is under way, and that run may have read the list before the case changed.
import type { Log } from '../log.ts';
import {
  accountsWithRequestedRun,
  isKnownDelivery,
  requestRun,
  saveDelivery,
} from '../store/accounts/webhook-deliveries.ts';
import { outageKind } from '../store/postgres/outages.ts';
import type { Database } from '../store/postgres/pool.ts';
import type { RunQueue } from './queue.ts';

const SWEEP_INTERVAL_MS = 2_000;

type Dependencies = { database: Database; queue: Pick<RunQueue, 'enqueue'> };

/**
 * Requests a run for a delivery that was not handled before. The delivery is recorded last: if enqueueing fails, the
 * repeated delivery tries again.
 */
export async function requestRunForDelivery(
  { database, queue }: Dependencies,
  delivery: { accountId: string; deliveryId: string },
): Promise<void> {
  if (await isKnownDelivery(database, delivery)) return;
  await requestRun(database, delivery.accountId);
  await queue.enqueue({ accountId: delivery.accountId, trigger: 'webhook' }, delivery.deliveryId);
  await saveDelivery(database, delivery);
}

/**
 * Enqueues, every two seconds, the requested runs that the queue refused. Returns a function that stops this. Failures
 * are logged when they begin, when their reason changes, and when they end: a line every two seconds would hide others.
 */
export function startWebhookSweep({ database, queue, log }: Dependencies & { log: Log }): () => void {
  let isSweeping = false;
  let failure: string | null = null;
  const sweep = async (): Promise<void> => {
    if (isSweeping) return;
    isSweeping = true;
    try {
      for (const accountId of await accountsWithRequestedRun(database))
        await queue.enqueue({ accountId, trigger: 'webhook' });
      if (failure !== null) log.info('runs that webhooks requested are started again');
      failure = null;
    } catch (err) {
      // The watch of Postgres logs an outage, once for all parts of the worker.
      if (outageKind(err) !== null) return;
      const reason = err instanceof Error ? err.message : String(err);
      if (reason !== failure) log.warn({ err }, 'runs that webhooks requested cannot be started; tried again');
      failure = reason;
    } finally {
      isSweeping = false;
    }
  };
  const timer = setInterval(sweep, SWEEP_INTERVAL_MS);
  return () => clearInterval(timer);
}
