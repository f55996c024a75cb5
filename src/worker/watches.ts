import type { App } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { SyncError } from '../model/sync-error.ts';
import { outageKind, probeServer } from '../store/postgres/outages.ts';
import { DatabaseWatch } from './database-watch.ts';
import { QueueWatch } from './queue-watch.ts';
import { RunLog } from './run-log.ts';

/** As often as the queue looks for jobs. While Postgres is away, each time is a new connection. */
const WATCH_MS = 500;

/** The parts that log failures of all accounts at once: of Postgres, of the queue, of the API, of recording runs. */
export type Watches = { database: DatabaseWatch; queue: QueueWatch; runLog: RunLog };

/** Creates the watches. All errors of the app's database reach them from now on. */
export function createWatches(
  { config, app, log }: { config: Pick<Config, 'api'>; app: App; log: Log },
  accountCount: () => number,
): Watches {
  const { url, explainOutage } = app;
  const watch = new DatabaseWatch({ probe: () => probeServer(url), explain: explainOutage, log });
  app.watchDatabase(watch);
  const runLog = new RunLog({
    log,
    apiHost: new URL(config.api.baseUrl).host,
    accountCount,
    isDatabaseAway: () => watch.reason !== null,
  });
  return { database: watch, queue: new QueueWatch({ log }), runLog };
}

/** Reports an error of the queue: to the watch of Postgres, or to that of the queue if it is no outage. */
export function reportQueueError({ database, queue }: Watches, error: SyncError): void {
  if (outageKind(error) !== null) database.failed(error);
  else if (database.reason === null) queue.failed(error);
}

/** Tests Postgres and logs reminders of outages at intervals. Returns a function that stops this. */
export function startWatching({ database, queue, runLog }: Watches): () => void {
  const timer = setInterval(() => {
    void database.tick();
    queue.tick();
    runLog.remind();
  }, WATCH_MS);
  return () => clearInterval(timer);
}
