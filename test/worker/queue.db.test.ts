import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { RunQueue } from '../../src/worker/queue.ts';
import type { RunRequest } from '../../src/worker/sync-queue.ts';
import { test } from '../support/database.ts';

/** A job handler that records its requests, and ends each job when the test says so. */
function controlledHandler() {
  const started: RunRequest[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const waiting: (() => void)[] = [];
  return {
    started,
    handler: (request: RunRequest) => {
      started.push(request);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      for (const resolve of waiting.splice(0)) resolve();
      return end.promise;
    },
    /** Resolves when this many jobs have started in total. */
    async untilStarted(count: number) {
      while (started.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    end: (index: number) => ends[index]?.resolve(),
    fail: (index: number) => ends[index]?.reject(new Error('failed by the test')),
  };
}

describe('the queue', () => {
  test('keeps one job per account, waiting or active, whichever replica enqueues more', async ({ db: { url } }) => {
    const [one, other] = [
      await RunQueue.start({ databaseUrl: url, schemaExists: false, onError: () => {} }),
      await RunQueue.start({ databaseUrl: url, schemaExists: false, onError: () => {} }),
    ];
    for (const queue of [one, other, one]) await queue.enqueue({ accountId: 'P12345678', trigger: 'schedule' });
    await other.enqueue({ accountId: 'T12345678', trigger: 'schedule' });
    const jobs = controlledHandler();
    await one.work(3, jobs.handler);
    await jobs.untilStarted(2);
    // Active now: another job of the account is still refused.
    await other.enqueue({ accountId: 'P12345678', trigger: 'schedule' });
    expect(jobs.started.map(({ accountId }) => accountId).sort()).toEqual(['P12345678', 'T12345678']);
    for (const index of [0, 1]) jobs.end(index);
    await Promise.all([one.stop(), other.stop()]);
    expect(jobs.started).toHaveLength(2);
  });

  test('runs a deduplication key once, also when it is enqueued again after the job is done', async ({
    db: { url },
  }) => {
    const queue = await RunQueue.start({ databaseUrl: url, schemaExists: false, onError: () => {} });
    const jobs = controlledHandler();
    await queue.work(1, jobs.handler);
    await queue.enqueue({ accountId: 'P12345678', trigger: 'schedule' }, '12:00');
    await jobs.untilStarted(1);
    jobs.end(0);
    // With one consumer, the next job starts after the first one is completed.
    await queue.enqueue({ accountId: 'T12345678', trigger: 'schedule' }, '12:00');
    await jobs.untilStarted(2);
    jobs.end(1);
    await queue.enqueue({ accountId: 'P12345678', trigger: 'schedule' }, '12:00');
    await queue.enqueue({ accountId: 'P12345678', trigger: 'schedule' }, '12:05');
    await jobs.untilStarted(3);
    jobs.end(2);
    await queue.enqueue({ accountId: 'Z', trigger: 'schedule' });
    await jobs.untilStarted(4);
    jobs.end(3);
    await queue.stop();
    expect(jobs.started.map(({ accountId }) => accountId)).toEqual(['P12345678', 'T12345678', 'P12345678', 'Z']);
  });

  test('runs a failed job again', async ({ db: { url, database } }) => {
    const queue = await RunQueue.start({ databaseUrl: url, schemaExists: false, onError: () => {} });
    const jobs = controlledHandler();
    await queue.work(1, jobs.handler);
    await queue.enqueue({ accountId: 'P12345678', trigger: 'webhook' });
    await jobs.untilStarted(1);
    jobs.fail(0);
    for (;;) {
      const retried = await database.$executeRaw`update pgboss.job set start_after = now() where state = 'retry'`;
      if (retried > 0) break;
    }
    await jobs.untilStarted(2);
    jobs.end(1);
    await queue.stop();
    expect(jobs.started).toEqual([1, 2].map(() => ({ accountId: 'P12345678', trigger: 'webhook' })));
  });

  test.for([
    ['waits for another try', `state = 'retry', start_after = now() + interval '1 hour'`],
    [
      'belongs to a replica that died',
      `state = 'active', started_on = now() + interval '1 hour', heartbeat_on = now() + interval '1 hour', heartbeat_seconds = 1`,
    ],
  ] as const)(
    'after a clock that was ahead, runs a job that %s when the account is due again',
    async ([, ahead], { db: { url, database } }) => {
      const queue = await RunQueue.start({ databaseUrl: url, schemaExists: false, onError: () => {} });
      await queue.enqueue({ accountId: 'P12345678', trigger: 'schedule' });
      await database.$executeRawUnsafe(`update pgboss.job set ${ahead}`);
      await database.$executeRaw`
      update pgboss.queue
      set monitor_claim_on = now() + interval '1 hour', maintain_on = now() + interval '1 hour'`;
      const jobs = controlledHandler();
      await queue.work(1, jobs.handler);
      await queue.enqueue({ accountId: 'P12345678', trigger: 'schedule' });
      await jobs.untilStarted(1);
      jobs.end(0);
      await queue.stop();
    },
  );

  test('counts waiting and active jobs', async ({ db: { url } }) => {
    const queue = await RunQueue.start({ databaseUrl: url, schemaExists: false, onError: () => {} });
    await queue.enqueue({ accountId: 'P12345678', trigger: 'schedule' });
    expect(await queue.counts()).toEqual({ waiting: 1, active: 0 });
    await queue.stop();
  });
  test('reports errors in the background without the ids of its consumers, so that equal ones are equal', async ({
    db: { url, database },
  }) => {
    const messages = new Set<string>();
    const onError = ({ message }: Error) => void messages.add(message);
    const queue = await RunQueue.start({ databaseUrl: url, schemaExists: false, onError });
    await queue.work(3, async () => {});
    await database.$executeRaw`alter table pgboss.job_common rename to renamed`;
    await expect.poll(() => messages.size).toBeGreaterThan(0);
    await sleep(2_000);
    expect([...messages].filter((message) => /Queue:|Worker:/.test(message))).toEqual([]);
    await database.$executeRaw`alter table pgboss.renamed rename to job_common`;
    await queue.stop();
  });
});
