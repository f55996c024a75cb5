import type { App } from '../app.ts';
import type { Config } from '../config/config.ts';
import { type Log, lostLogLines } from '../log.ts';
import type { RunRow } from '../model/run.ts';
import type { SyncError } from '../model/sync-error.ts';
import { warnOfViewerRoles } from '../pages/access/viewer-roles.ts';
import { addPages } from '../pages/server.ts';
import { PAGE_POOL } from '../pages/viewer.ts';
import { mayTry, recordOutcome } from '../store/accounts/circuit-breaker.ts';
import { isAccountHeld } from '../store/accounts/rate-limit-holds.ts';
import { chainStates } from '../store/ledger/chain-state.ts';
import { countDueByAccount } from '../store/ledger/erase/due-cases.ts';
import { channelsHealth } from '../store/notices/channels.ts';
import { outageKind } from '../store/postgres/outages.ts';
import { type Database, hasSchema, openDatabase } from '../store/postgres/pool.ts';
import { reportsHealth } from '../store/reports/failures.ts';
import { freshnessOfAccounts } from '../store/runs/freshness.ts';
import { AccountDirectory } from './account-directory.ts';
import { discoverRepeatedly, knownAccounts } from './account-discovery.ts';
import { scheduleCalendar, scheduleRetention } from './daily-work.ts';
import { startHourlyReport } from './hourly-report.ts';
import { Metrics } from './metrics.ts';
import { Notifier } from './notifier.ts';
import { startPauseWatch } from './pause-watch.ts';
import { QUEUE_SCHEMA, RunQueue } from './queue.ts';
import { Readiness } from './readiness.ts';
import { type Server, startServer } from './server.ts';
import { createWatches, reportQueueError, startWatching, type Watches } from './watches.ts';
import { requestRunForDelivery, startWebhookSweep } from './webhook-runs.ts';
import { Worker } from './worker.ts';

export type ServiceOptions = {
  config: Config;
  app: App;
  log: Log;
  /** Stops the service; its reason is a SyncError. */
  signal: AbortSignal;
  onRun?: (row: RunRow) => void;
  /** Called with the address of the HTTP server when it answers. */
  onListening?: (url: string) => void;
};

/** Runs the whole worker until the signal aborts: queue, schedule, HTTP server, discovery and daily retention. */
export async function runService(options: ServiceOptions): Promise<void> {
  const { config, app, log, signal } = options;
  const { url, database, dintero } = app;
  // The saved accounts first, because discovery may have to wait for the API.
  const accounts = new AccountDirectory(config, database, await knownAccounts({ config, database }));
  // Disposed in reverse order, also when a later part cannot start.
  await using resources = new AsyncDisposableStack();
  const watches = createWatches({ config, app, log }, () => accounts.current.length);
  resources.defer(startWatching(watches));
  const schemaExists = await hasSchema(database, QUEUE_SCHEMA);
  const onError = (error: SyncError) => reportQueueError(watches, error);
  const queue = await RunQueue.start({ databaseUrl: url, schemaExists, onError });
  resources.defer(() => queue.stop());
  const metrics = new Metrics({
    freshness: () => freshnessOfAccounts(database),
    queue: () => queue.counts(),
    reports: () => reportsHealth(database),
    channels: () => channelsHealth(database),
    digests: () => chainStates(database),
    dueCases: () => countDueByAccount(database),
    onUncounted: (err) => {
      const level = outageKind(err) === null ? 'warn' : 'debug';
      log[level]({ err }, 'due cases cannot be counted; cdd_sync_cases_due_to_erase is left out until they can');
    },
    lostLogLines,
  });
  const pages = openDatabase(url, PAGE_POOL);
  resources.defer(() => pages.close());
  await warnOfViewerRoles(database, config.server.viewers, log);
  const notifier = new Notifier({ config, database, queue, log });
  const parts = { accounts, queue, metrics, watches, pages, notifier };
  const server = await startHttpServer(options, parts);
  resources.defer(() => server.close());
  options.onListening?.(server.url);
  // Before the first runs are queued, so that the log says first which ones are left out.
  resources.defer(await startPauseWatch({ database, queue, log }));
  const worker = await startWorker(options, parts);
  await notifier.start();
  resources.defer(() => notifier.stop());
  resources.defer(scheduleRetention(config, { database, log }));
  resources.defer(scheduleCalendar(config, { database, log }));
  resources.defer(startHourlyReport({ database, log, timezone: config.timezone }));
  resources.defer(startWebhookSweep({ database, queue, host: apiHost(config), log }));
  log.info({ accounts: accounts.current.length, server: server.url }, 'worker started');
  await discoverRepeatedly({ config, dintero, database, log, signal }, async (found) => {
    accounts.current = found;
    await worker.reschedule();
  });
  await worker.stopped();
  await resources.disposeAsync();
  log.info('worker stopped');
}

type Parts = {
  accounts: AccountDirectory;
  queue: RunQueue;
  metrics: Metrics;
  watches: Watches;
  /** The pages' own connections. */
  pages: Database;
  notifier: Notifier;
};

function startHttpServer(
  { config, app, log, signal }: ServiceOptions,
  { accounts, queue, metrics, watches, pages }: Parts,
): Promise<Server> {
  const { database } = app;
  const { viewers, url: _, ...place } = config.server;
  const readiness = new Readiness(app, {
    signal,
    databaseProblem: () => watches.database.reason,
    jobsProblem: () => watches.queue.reason ?? watches.runLog.jobsProblem,
  });
  const outageSince = () => watches.database.since;
  return startServer({
    ...place,
    log,
    checkReadiness: () => readiness.check(),
    metrics,
    addPages: (server) => addPages(server, { database: pages, timezone: config.timezone, viewers, log, outageSince }),
    webhook: {
      secretFor: (accountId) => accounts.get(accountId)?.webhookSecret ?? null,
      requestRun: (accountId, deliveryId, bodyHash) =>
        requestRunForDelivery({ database, queue, host: apiHost(config) }, { accountId, deliveryId, bodyHash }),
    },
  });
}

function startWorker(
  { config, app: { database, parts }, log, signal, onRun }: ServiceOptions,
  { accounts, queue, metrics, notifier, watches: { runLog } }: Parts,
): Promise<Worker> {
  return Worker.start({
    timezone: config.timezone,
    concurrency: config.concurrency,
    accounts,
    queue,
    parts,
    mayTry: async (accountId) =>
      (await mayTry(database, accountId)) && !(await isAccountHeld(database, { host: apiHost(config), accountId })),
    onRun: async (row) => {
      metrics.recordRun(row);
      await recordOutcome(database, row);
      notifier.runEnded();
      onRun?.(row);
    },
    onJobEnd: (code) => metrics.recordJob(code),
    log,
    runLog,
    signal,
  });
}

function apiHost({ api }: Pick<Config, 'api'>): string {
  return new URL(api.baseUrl).host;
}
