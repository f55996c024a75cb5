import { fromPrisma, PgBoss } from 'pg-boss';
import bossPackage from 'pg-boss/package.json' with { type: 'json' };
import type { SyncError } from '../model/sync-error.ts';
import { databaseError, describeServer } from '../store/postgres/errors.ts';
import type { Transaction } from '../store/postgres/pool.ts';
import { poolOptions } from '../store/postgres/session.ts';
import { addDeliveries, createDeliveryQueue, workDeliveries } from './delivery-queue.ts';
import { endFutureWaits } from './queue-clock.ts';
import {
  addRun,
  createSyncQueue,
  type RunHandler,
  type RunRequest,
  SYNC_QUEUE,
  startRunConsumer,
} from './sync-queue.ts';

/** The Postgres schema of pg-boss. */
export const QUEUE_SCHEMA = 'pgboss';
/** The version of pg-boss's tables that this program needs. */
export const QUEUE_VERSION = bossPackage.pgboss.schema;
/** Connections of the queue's own pool. */
export const QUEUE_CONNECTIONS = 4;
const SUPERVISE_SECONDS = 5;
/** Runs that are still under way after this are cut off; the process must exit within 10 s of a signal. */
const STOP_TIMEOUT_MS = 8000;

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
      await createSyncQueue(boss);
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
    try {
      // The job in the way may be one that waits for a time in the future.
      if (!(await addRun(this.#boss, request, dedupeKey))) await endFutureWaits(this.#boss.getDb(), QUEUE_SCHEMA);
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
      for (let count = 0; count < concurrency; count += 1) await startRunConsumer(this.#boss, handler);
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
    const [stats] = await this.#boss.getQueueStats(SYNC_QUEUE);
    return { waiting: stats?.queuedCount ?? 0, active: stats?.activeCount ?? 0 };
  }

  /** Takes no more jobs, and waits for those under way. */
  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
  }
}

/** pg-boss adds the consumer's id to messages, which makes equal errors differ; its errors may be plain objects. */
function withoutConsumer(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    error.message = String(error.message).replace(/ \(Queue: [^()]*\)$/, '');
  }
  return error;
}
