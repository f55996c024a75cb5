import pino from 'pino';
import { describe, expect } from 'vitest';
import { type RunRequest, startQueue } from '../../src/worker/queue.ts';
import { test } from '../support/database.ts';

const log = pino({ level: 'silent' });

/** A job's handler that waits until it is let go, and tells what it was given. */
function controlled() {
  const started: RunRequest[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const waiting: (() => void)[] = [];
  return {
    started,
    run: (request: RunRequest) => {
      started.push(request);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      for (const told of waiting.splice(0)) told();
      return end.promise;
    },
    /** Resolves when so many jobs have started in all. */
    async count(count: number) {
      while (started.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    end: (index: number) => ends[index]?.resolve(),
    fail: (index: number) => ends[index]?.reject(new Error('as the test asked for')),
  };
}

describe('the queue', () => {
  test('has one job of an account waiting or under way, whoever asks for more', async ({ db: { url } }) => {
    const [one, other] = [
      await startQueue({ databaseUrl: url, schemaExists: false, log }),
      await startQueue({ databaseUrl: url, schemaExists: false, log }),
    ];
    for (const queue of [one, other, one]) await queue.ask({ accountId: 'P12345678', trigger: 'schedule' });
    await other.ask({ accountId: 'T12345678', trigger: 'schedule' });
    const jobs = controlled();
    await one.work(3, jobs.run);
    await jobs.count(2);
    // Under way now: asking again is still without effect.
    await other.ask({ accountId: 'P12345678', trigger: 'schedule' });
    expect(jobs.started.map(({ accountId }) => accountId).sort()).toEqual(['P12345678', 'T12345678']);
    for (const index of [0, 1]) jobs.end(index);
    await Promise.all([one.stop(), other.stop()]);
    expect(jobs.started).toHaveLength(2);
  });

  test('does an occasion once, also when it is asked for again after it was done', async ({ db: { url } }) => {
    const queue = await startQueue({ databaseUrl: url, schemaExists: false, log });
    const jobs = controlled();
    await queue.work(1, jobs.run);
    await queue.ask({ accountId: 'P12345678', trigger: 'schedule' }, '12:00');
    await jobs.count(1);
    jobs.end(0);
    // The next job starts only after the first is settled.
    await queue.ask({ accountId: 'T12345678', trigger: 'schedule' }, '12:00');
    await jobs.count(2);
    jobs.end(1);
    await queue.ask({ accountId: 'P12345678', trigger: 'schedule' }, '12:00');
    await queue.ask({ accountId: 'P12345678', trigger: 'schedule' }, '12:05');
    await jobs.count(3);
    jobs.end(2);
    await queue.ask({ accountId: 'Z', trigger: 'schedule' });
    await jobs.count(4);
    jobs.end(3);
    await queue.stop();
    expect(jobs.started.map(({ accountId }) => accountId)).toEqual(['P12345678', 'T12345678', 'P12345678', 'Z']);
  });

  test('gives a job that failed out again', async ({ db: { url, database } }) => {
    const queue = await startQueue({ databaseUrl: url, schemaExists: false, log });
    const jobs = controlled();
    await queue.work(1, jobs.run);
    await queue.ask({ accountId: 'P12345678', trigger: 'webhook' });
    await jobs.count(1);
    jobs.fail(0);
    for (;;) {
      const waiting = await database.$executeRaw`update pgboss.job set start_after = now() where state = 'retry'`;
      if (waiting > 0) break;
    }
    await jobs.count(2);
    jobs.end(1);
    await queue.stop();
    expect(jobs.started).toEqual([1, 2].map(() => ({ accountId: 'P12345678', trigger: 'webhook' })));
  });

  test('counts what waits and what is under way', async ({ db: { url } }) => {
    const queue = await startQueue({ databaseUrl: url, schemaExists: false, log });
    await queue.ask({ accountId: 'P12345678', trigger: 'schedule' });
    expect(await queue.counts()).toEqual({ waiting: 1, active: 0 });
    await queue.stop();
  });
});
