import { setTimeout as delay } from 'node:timers/promises';
import { schedule } from 'node-cron';
import type { openParts } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { Account } from '../model/account.ts';
import type { RunRow } from '../model/run.ts';
import { mayTry, noteOutcome } from '../store/accounts/circuit-breaker.ts';
import { isNoted, noteDelivery, noteNudge, nudgedAccounts } from '../store/accounts/webhook-deliveries.ts';
import { type Database, hasSchema } from '../store/postgres/pool.ts';
import { secondsSinceSuccess } from '../store/runs/freshness.ts';
import { applyRetention } from '../store/runs/retention.ts';
import {
  type Discovering,
  discoveringPartners,
  findMerchant,
  knownAccounts,
  tryDiscovery,
} from './account-discovery.ts';
import { createMetrics } from './metrics.ts';
import { QUEUE_SCHEMA, type Queue, startQueue } from './queue.ts';
import { createReadiness } from './readiness.ts';
import { startServer } from './server.ts';
import type { Webhook } from './webhook-route.ts';
import { startWorker } from './worker.ts';

const DAILY = '17 3 * * *';
const SWEEP_MS = 2_000;
const DISCOVER_MS = 24 * 3_600_000;
const DISCOVER_AGAIN_MS = 10 * 60_000;

export type ServiceOptions = {
  config: Config;
  opened: Awaited<ReturnType<typeof openParts>>;
  log: Log;
  /** Ends the service; its reason is a SyncError. */
  signal: AbortSignal;
  onRun?: (row: RunRow) => void;
};

/** The whole worker: queue, schedule, HTTP server and what is to be done daily, until the signal aborts. */
export async function runService({ config, opened, log, signal, onRun }: ServiceOptions): Promise<void> {
  const { url, database, parts, dintero } = opened;
  // Discovery may have to wait for the API; what is known can be synced meanwhile.
  let accounts = await knownAccounts(config, database);
  const accountFor = async (id: string): Promise<Account | undefined> => {
    return accounts.find((account) => account.id === id) ?? (await findMerchant(config, database, id));
  };
  // Ended in reverse order, also when a later one cannot start.
  await using ending = new AsyncDisposableStack();
  const schemaExists = await hasSchema(database, QUEUE_SCHEMA);
  const queue = ending.adopt(await startQueue({ databaseUrl: url, schemaExists, log }), (one) => one.stop());
  const metrics = createMetrics({ freshness: () => secondsSinceSuccess(database), queue: () => queue.counts() });
  const webhook: Webhook = {
    secretOf: (accountId) => accounts.find(({ id }) => id === accountId)?.webhookSecret ?? null,
    nudge: (accountId, deliveryId) => nudge({ database, queue }, { accountId, deliveryId }),
  };
  const ready = createReadiness(opened, signal);
  const server = await startServer({ ...config.server, log, ready, metrics, webhook });
  ending.adopt(server, (one) => one.close());
  const worker = await startWorker({
    timezone: config.timezone,
    concurrency: config.concurrency,
    accounts: () => accounts,
    accountFor,
    queue,
    parts,
    mayTry: (accountId) => mayTry(database, accountId),
    onRun: async (row) => {
      metrics.runEnded(row);
      await noteOutcome(database, row);
      onRun?.(row);
    },
    log,
    signal,
  });
  const clean = async () => {
    const deleted = await applyRetention(database, config.retention);
    if (deleted.rejectedItems + deleted.runs > 0) log.info(deleted, 'deleted what was past its retention');
  };
  const task = schedule(DAILY, () => clean().catch((err: unknown) => log.error({ err }, 'retention failed')), {
    timezone: config.timezone,
  });
  ending.adopt(task, (one) => one.destroy());
  ending.defer(startSweep({ database, queue, log }));
  log.info({ accounts: accounts.length, server: server.url }, 'worker started');
  await discoverRepeatedly({ config, dintero, database, log, signal }, async (found) => {
    accounts = found;
    await worker.reschedule();
  });
  await worker.ended;
  await ending.disposeAsync();
  log.info('worker stopped');
}

/** Looks for partners' merchants at once and daily, sooner where it failed, until the signal aborts. */
async function discoverRepeatedly(
  discovering: Discovering,
  onFound: (accounts: readonly Account[]) => Promise<void>,
): Promise<void> {
  const { config, log, signal } = discovering;
  if (discoveringPartners(config).length === 0) return;
  while (!signal.aborted) {
    let failed = true;
    try {
      const discovered = await tryDiscovery(discovering);
      failed = discovered.failed.length > 0;
      await onFound(discovered.accounts);
    } catch (err) {
      if (!signal.aborted) log.error({ err }, 'discovery failed; known merchants are synced as before');
    }
    await delay(failed ? DISCOVER_AGAIN_MS : DISCOVER_MS, undefined, { signal }).catch(() => {});
  }
}

/**
 * Asks for the run that a webhook is a nudge for. A delivery is noted last: one that could not be asked for is refused,
 * and asks again when it is repeated.
 */
async function nudge(
  { database, queue }: { database: Database; queue: Queue },
  delivery: { accountId: string; deliveryId: string },
): Promise<void> {
  if (await isNoted(database, delivery)) return;
  await noteNudge(database, delivery.accountId);
  await queue.ask({ accountId: delivery.accountId, trigger: 'webhook' }, delivery.deliveryId);
  await noteDelivery(database, delivery);
}

/** A nudge that met a run under way was refused by the queue; it is asked for again when that run has ended. */
function startSweep({ database, queue, log }: { database: Database; queue: Queue; log: Log }): () => void {
  let sweeping = false;
  const sweep = async (): Promise<void> => {
    if (sweeping) return;
    sweeping = true;
    try {
      for (const accountId of await nudgedAccounts(database)) await queue.ask({ accountId, trigger: 'webhook' });
    } catch (err) {
      log.debug({ err }, 'could not look for nudges');
    } finally {
      sweeping = false;
    }
  };
  const timer = setInterval(sweep, SWEEP_MS);
  return () => clearInterval(timer);
}
