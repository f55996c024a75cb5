// Runs in the queue: one job a run of an account.
import { hash } from 'node:crypto';
import type { Job, PgBoss } from 'pg-boss';
import { derivedUuid } from '../model/derived-uuid.ts';
import type { RunTrigger } from '../model/run.ts';

/** A job of the queue: one run of one account. */
export type RunRequest = { accountId: string; trigger: RunTrigger };

export type RunHandler = (request: RunRequest, signal: AbortSignal) => Promise<void>;

export const SYNC_QUEUE = 'sync';
const DEAD_LETTER = 'sync-dead-letter';

/** pg-boss's minimum. A webhook's run must start within a second. */
const POLL_SECONDS = 0.5;
/**
 * Without a heartbeat for this long, a job goes to another replica. Detection included, about as long as a run's lease.
 */
const HEARTBEAT_TIMEOUT_SECONDS = 20;
const HEARTBEAT_INTERVAL_SECONDS = 5;
const HOUR_SECONDS = 3600;

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

/** Creates the queue, or gives an existing one today's options. */
export async function createSyncQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(DEAD_LETTER);
  await boss.updateQueue(DEAD_LETTER, { retentionSeconds: 24 * HOUR_SECONDS });
  await boss.createQueue(SYNC_QUEUE, { policy: 'exclusive', ...JOB_OPTIONS });
  await boss.updateQueue(SYNC_QUEUE, JOB_OPTIONS);
}

/** Adds a job. Returns false if the account has one that waits or runs, or had one with this key. */
export async function addRun(boss: PgBoss, request: RunRequest, dedupeKey: string | undefined): Promise<boolean> {
  const { accountId } = request;
  // pg-boss refuses a second job with the same id, also after the first is done.
  const id = dedupeKey === undefined ? {} : { id: derivedUuid(hash('sha256', `${accountId} ${dedupeKey}`)) };
  return (await boss.send(SYNC_QUEUE, { ...request, dedupeKey }, { singletonKey: accountId, ...id })) !== null;
}

/** Starts a consumer, which runs one job at a time. */
export async function startRunConsumer(boss: PgBoss, handler: RunHandler): Promise<void> {
  const options = {
    batchSize: 1,
    pollingIntervalSeconds: POLL_SECONDS,
    heartbeatRefreshSeconds: HEARTBEAT_INTERVAL_SECONDS,
  };
  const consumer = await boss.work<RunRequest>(SYNC_QUEUE, options, async (jobs: Job<RunRequest>[]) => {
    for (const { data, signal } of jobs) await handler({ accountId: data.accountId, trigger: data.trigger }, signal);
    // Fetches the next job at once instead of after the polling interval.
    boss.notifyWorker(consumer);
  });
}
