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
import { outageKind } from '../store/postgres/outages.ts';
import type { Database } from '../store/postgres/pool.ts';
import type { RunQueue } from './queue.ts';

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
 * stops this. Failures are logged when they begin, when their reason changes, and when they end: a line every two
 * seconds would hide others.
 */
export function startWebhookSweep({ database, queue, host, log }: Dependencies & { log: Log }): () => void {
  let isSweeping = false;
  let failure: string | null = null;
  const sweep = async (): Promise<void> => {
    if (isSweeping) return;
    isSweeping = true;
    try {
      for (const accountId of await accountsWithRequestedRun(database, { host }))
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
