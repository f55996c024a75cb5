import { hash } from 'node:crypto';
import { fromPrisma, type Job, PgBoss } from 'pg-boss';
import bossPackage from 'pg-boss/package.json' with { type: 'json' };
import { derivedUuid } from '../model/derived-uuid.ts';
import type { RunTrigger } from '../model/run.ts';
import type { SyncError } from '../model/sync-error.ts';
import { databaseError, describeServer } from '../store/postgres/errors.ts';
import type { Transaction } from '../store/postgres/pool.ts';
import { poolOptions } from '../store/postgres/session.ts';
import { addDeliveries, createDeliveryQueue, workDeliveries } from './delivery-queue.ts';
import { endFutureWaits } from './queue-clock.ts';

/** A job of the queue: one run of one account. */
export type RunRequest = { accountId: string; trigger: RunTrigger };

type RunHandler = (request: RunRequest, signal: AbortSignal) => Promise<void>;

/** The Postgres schema of pg-boss. */
export const QUEUE_SCHEMA = 'pgboss';
/** The version of pg-boss's tables that this program needs. */
export const QUEUE_VERSION = bossPackage.pgboss.schema;
/** Connections of the queue's own pool. */
export const QUEUE_CONNECTIONS = 4;
const SYNC = 'sync';
const DEAD_LETTER = 'sync-dead-letter';

/** pg-boss's minimum. A webhook's run must start within a second. */
const POLL_SECONDS = 0.5;
/**
 * Without a heartbeat for this long, a job goes to another replica. Detection included, about as long as a run's lease.
 */
const HEARTBEAT_TIMEOUT_SECONDS = 20;
const HEARTBEAT_INTERVAL_SECONDS = 5;
const SUPERVISE_SECONDS = 5;
const HOUR_SECONDS = 3600;
/** Runs that are still under way after this are cut off; the process must exit within 10 s of a signal. */
const STOP_TIMEOUT_MS = 8000;

const JOB_OPTIONS = {
  heartbeatSeconds: HEARTBEAT_TIMEOUT_SECONDS,
  // The first load of a large account may take hours; a dead replica is found by its heartbeat, not by this limit.
  expireInSeconds: 23 * HOUR_SECONDS,
  retryLimit: 5,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 300,
  // A job that nobody took within an hour is out of date; the schedule enqueues the next one.
  retentionSeconds: HOUR_SECONDS,
  // How long a deduplication key is remembered: longer than replicas' clocks differ and Dintero repeats a delivery.
  deleteAfterSeconds: 24 * HOUR_SECONDS,
  deadLetter: DEAD_LETTER,
};

type QueueOptions = {
  databaseUrl: string;
  /**
   * Whether schema `pgboss` exists. If an administrator created it, our role may not have the right to create schemas.
   */
  schemaExists: boolean;
  /** Called with every error of the queue's statements, also of those in the background. */
  onError: (error: SyncError) => void;
};

/** The queue that all replicas share, in schema `pgboss` of the same Postgres. */
export class RunQueue {
  readonly #boss: PgBoss;
  readonly #toDatabaseError: (error: unknown) => SyncError;

  private constructor({ databaseUrl, schemaExists, onError }: QueueOptions) {
    this.#toDatabaseError = (error) => {
      const known = databaseError(withoutConsumer(error), describeServer(databaseUrl));
      onError(known);
      return known;
    };
    this.#boss = new PgBoss({
      // pg-boss hands these to its pool as they are.
      ...poolOptions(databaseUrl, { connections: QUEUE_CONNECTIONS, applicationName: 'cdd-sync queue' }),
      connectionTimeoutMillis: 10_000,
      createSchema: !schemaExists,
      schema: QUEUE_SCHEMA,
      schedule: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      queueCacheIntervalSeconds: 10,
    });
    this.#boss.on('error', this.#toDatabaseError);
  }

  /**
   * Connects and creates the queue. If the database goes away later, the queue waits until it is back.
   * @throws SyncError DATABASE when Postgres cannot be reached.
   */
  static async start(options: QueueOptions): Promise<RunQueue> {
    const queue = new RunQueue(options);
    const boss = queue.#boss;
    try {
      await boss.start();
      await boss.createQueue(DEAD_LETTER);
      await boss.updateQueue(DEAD_LETTER, { retentionSeconds: 24 * HOUR_SECONDS });
      await boss.createQueue(SYNC, { policy: 'exclusive', ...JOB_OPTIONS });
      await boss.updateQueue(SYNC, JOB_OPTIONS);
      await createDeliveryQueue(boss);
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => {});
      throw databaseError(error, describeServer(options.databaseUrl));
    }
    return queue;
  }

  /**
   * Adds a job, unless the account already has one that waits or runs. A job with the same `dedupeKey` (the time of a
   * schedule's tick, or a webhook's delivery id) is added once a day, however many replicas try.
   */
  async enqueue(request: RunRequest, dedupeKey?: string): Promise<void> {
    const { accountId } = request;
    // pg-boss refuses a second job with the same id, also after the first is done.
    const id = dedupeKey === undefined ? {} : { id: derivedUuid(hash('sha256', `${accountId} ${dedupeKey}`)) };
    try {
      const added = await this.#boss.send(SYNC, { ...request, dedupeKey }, { singletonKey: accountId, ...id });
      // The job in the way may be one that waits for a time in the future.
      if (added === null) await endFutureWaits(this.#boss.getDb(), QUEUE_SCHEMA);
    } catch (error) {
      throw this.#toDatabaseError(error);
    }
  }

  /**
   * Runs jobs, at most `concurrency` at once. If `handler` rejects, the job is tried again, by any replica.
   * @throws SyncError DATABASE when the queue cannot be read.
   */
  async work(concurrency: number, handler: RunHandler): Promise<void> {
    try {
      for (let count = 0; count < concurrency; count += 1) await startConsumer(this.#boss, handler);
    } catch (error) {
      throw this.#toDatabaseError(error);
    }
  }

  /**
   * Queues the delivery of the items that wait for these channels, in this transaction.
   * @throws SyncError DATABASE, which undoes the transaction.
   */
  async addDeliveries(tx: Transaction, channels: readonly string[]): Promise<void> {
    // The job in the way may be one that waits for a time in the future.
    if (await addDeliveries(this.#boss, tx, channels)) await endFutureWaits(fromPrisma(tx), QUEUE_SCHEMA);
  }

  /**
   * Runs deliveries, one at a time for each channel. If `handler` rejects, the job is tried again, by any replica.
   * @throws SyncError DATABASE when the queue cannot be read.
   */
  async workDeliveries(handler: (channel: string) => Promise<void>): Promise<void> {
    await workDeliveries(this.#boss, handler).catch((error: unknown) => {
      throw this.#toDatabaseError(error);
    });
  }

  /** How many jobs of all replicas wait and run. */
  async counts(): Promise<{ waiting: number; active: number }> {
    const [stats] = await this.#boss.getQueueStats(SYNC);
    return { waiting: stats?.queuedCount ?? 0, active: stats?.activeCount ?? 0 };
  }

  /** Takes no more jobs, and waits for those under way. */
  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
  }
}

async function startConsumer(boss: PgBoss, handler: RunHandler): Promise<void> {
  const options = {
    batchSize: 1,
    pollingIntervalSeconds: POLL_SECONDS,
    heartbeatRefreshSeconds: HEARTBEAT_INTERVAL_SECONDS,
  };
  const consumer = await boss.work<RunRequest>(SYNC, options, async (jobs: Job<RunRequest>[]) => {
    for (const { data, signal } of jobs) await handler({ accountId: data.accountId, trigger: data.trigger }, signal);
    // Fetches the next job at once instead of after the polling interval.
    boss.notifyWorker(consumer);
  });
}

/** pg-boss adds the consumer's id to messages, which makes equal errors differ; its errors may be plain objects. */
function withoutConsumer(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    error.message = String(error.message).replace(/ \(Queue: [^()]*\)$/, '');
  }
  return error;
}
