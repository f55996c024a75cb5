// Deliveries of messages in the queue. A job names a channel; its content stands in cdd.notice_items.
import { fromPrisma, type Job, type PgBoss } from 'pg-boss';
import type { Transaction } from '../store/postgres/pool.ts';

const DELIVERY = 'notify';
const HOUR_SECONDS = 3600;

const JOB_OPTIONS = {
  // A replica that dies while it sends: another sends the same message again, with the same id.
  heartbeatSeconds: 20,
  expireInSeconds: 300,
  // About two days. When a job is given up, the next judgement adds another, because its items still wait.
  retryLimit: 200,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 900,
  retentionSeconds: 72 * HOUR_SECONDS,
  deleteAfterSeconds: HOUR_SECONDS,
};

/** Creates the queue, or gives an existing one today's options. */
export async function createDeliveryQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(DELIVERY, { policy: 'exclusive', ...JOB_OPTIONS });
  await boss.updateQueue(DELIVERY, JOB_OPTIONS);
}

/** Adds a job for each channel that has none, when the transaction commits. Returns whether one of them had a job already. */
export async function addDeliveries(boss: PgBoss, tx: Transaction, channels: readonly string[]): Promise<boolean> {
  const db = fromPrisma(tx);
  let hasJob = false;
  for (const channel of channels) {
    const added = await boss.send(DELIVERY, { channel }, { singletonKey: channel, db });
    hasJob ||= added === null;
  }
  return hasJob;
}

/** Runs deliveries, one at a time for each channel. If `handler` rejects, the job is tried again later, by any replica. */
export async function workDeliveries(boss: PgBoss, handler: (channel: string) => Promise<void>): Promise<void> {
  // A channel that does not answer must not hold up the others.
  const options = { batchSize: 1, localConcurrency: 4, pollingIntervalSeconds: 1, heartbeatRefreshSeconds: 5 };
  await boss.work<{ channel: string }>(DELIVERY, options, async (jobs: Job<{ channel: string }>[]) => {
    for (const { data } of jobs) await handler(data.channel);
  });
}
