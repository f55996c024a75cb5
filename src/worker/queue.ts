import { createHash } from 'node:crypto';
import { type Job, PgBoss } from 'pg-boss';
import type { Log } from '../log.ts';
import type { RunTrigger } from '../model/run.ts';
import { databaseError, describeServer } from '../store/postgres/errors.ts';

/** A run that was asked for. */
export type RunRequest = { accountId: string; trigger: RunTrigger };

export type Queue = {
  /**
   * Asks for a run; without effect while one of that account waits or is under way. What has the same `occasion`, a
   * tick of the schedule or a webhook's delivery, is done once, however many replicas ask for it.
   */
  ask: (request: RunRequest, occasion?: string) => Promise<void>;
  /** Takes jobs, as many at once as `concurrency`; one whose `run` rejects is tried again, by any replica. */
  work: (concurrency: number, run: (request: RunRequest, signal: AbortSignal) => Promise<void>) => Promise<void>;
  counts: () => Promise<{ waiting: number; active: number }>;
  /** Takes no more jobs, and waits until those under way have ended. */
  stop: () => Promise<void>;
};

export const QUEUE_SCHEMA = 'pgboss';
const SYNC = 'sync';
const DEAD_LETTER = 'sync-dead-letter';

/** Half a second is pg-boss's shortest; a webhook's run must begin within one. */
const POLL_SECONDS = 0.5;
/**
 * A job whose replica gives no sign of life for so long is given to another. With the time until that is noticed it is
 * about as long as a run's own lease, which the other one then finds expired.
 */
const HEARTBEAT_SECONDS = 20;
const SUPERVISE_SECONDS = 5;
const HOUR_SECONDS = 3600;

const RULES = {
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // The first load of a large account may take hours; the heartbeat finds the dead much sooner.
  expireInSeconds: 23 * HOUR_SECONDS,
  retryLimit: 5,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 300,
  // A job nobody took in an hour is out of date: the next tick asks again.
  retentionSeconds: HOUR_SECONDS,
  // So long an occasion is remembered: longer than clocks of replicas differ, or a delivery is repeated.
  deleteAfterSeconds: 24 * HOUR_SECONDS,
  deadLetter: DEAD_LETTER,
};

type QueueOptions = { databaseUrl: string /** Whether there is a schema `pgboss`. */; schemaExists: boolean; log: Log };

/**
 * The queue that all replicas share, in schema `pgboss` of the same Postgres.
 * @throws SyncError DATABASE when Postgres cannot be reached at the start; later it waits for it to come back.
 */
export async function startQueue({ databaseUrl, schemaExists, log }: QueueOptions): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    // Where somebody has made the schema for us, we may not have the right to make one.
    createSchema: !schemaExists,
    schema: QUEUE_SCHEMA,
    application_name: 'cdd-sync queue',
    max: 4,
    connectionTimeoutMillis: 10_000,
    schedule: false,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    queueCacheIntervalSeconds: 10,
  });
  const explain = (error: unknown) => databaseError(error, describeServer(databaseUrl));
  boss.on('error', (error) => log.warn({ reason: explain(error).message }, 'the queue has trouble, and goes on'));
  try {
    await boss.start();
    await boss.createQueue(DEAD_LETTER);
    await boss.updateQueue(DEAD_LETTER, { retentionSeconds: 24 * HOUR_SECONDS });
    await boss.createQueue(SYNC, { policy: 'exclusive', ...RULES });
    await boss.updateQueue(SYNC, RULES);
  } catch (error) {
    throw explain(error);
  }
  return {
    async ask(request, occasion) {
      const { accountId } = request;
      const id = occasion === undefined ? {} : { id: idOf(`${accountId} ${occasion}`) };
      await boss.send(SYNC, { ...request, occasion }, { singletonKey: accountId, ...id }).catch((error: unknown) => {
        throw explain(error);
      });
    },
    async work(concurrency, run) {
      for (let count = 0; count < concurrency; count += 1) await startWorker(boss, run);
    },
    async counts() {
      const stats = await boss.getQueueStats(SYNC);
      return { waiting: stats[0]?.queuedCount ?? 0, active: stats[0]?.activeCount ?? 0 };
    },
    stop: () => boss.stop({ graceful: true, timeout: 8000 }),
  };
}

async function startWorker(boss: PgBoss, run: (request: RunRequest, signal: AbortSignal) => Promise<void>) {
  const options = { batchSize: 1, pollingIntervalSeconds: POLL_SECONDS, heartbeatRefreshSeconds: 5 };
  const worker = await boss.work<RunRequest>(SYNC, options, async (jobs: Job<RunRequest>[]) => {
    for (const { data, signal } of jobs) await run({ accountId: data.accountId, trigger: data.trigger }, signal);
    // There may be more: the next look at the queue need not wait for the poll.
    boss.notifyWorker(worker);
  });
}

/** A uuid that says which occasion it was: the queue refuses a second job with it, also after the first is done. */
function idOf(occasion: string): string {
  const hex = createHash('sha256').update(occasion).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
