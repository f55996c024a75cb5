import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import pino from 'pino';
import { describe, expect, vi } from 'vitest';
import { bodyHashOf } from '../../src/dintero/webhook-signature.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { requestRun } from '../../src/store/accounts/webhook-deliveries.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import type { RunRequest } from '../../src/worker/sync-queue.ts';
import { requestRunForDelivery, startWebhookSweep } from '../../src/worker/webhook-runs.ts';
import { test } from '../support/database.ts';
import { ACCOUNT } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

describe('a run that a webhook requested and that cannot be started', () => {
  test('is logged when that begins, when its reason changes and when it ends, and not in between', async ({
    db: { database },
  }) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    await requestRun(database, ACCOUNT);
    const lines: { level: number; err?: { message: string } }[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    });
    const reasons = ['away', 'away', 'no right', null, null];
    let tries = 0;
    const enqueue = async () => {
      tries += 1;
      const reason = reasons[tries - 1];
      if (typeof reason === 'string') throw new Error(reason);
    };
    const stop = startWebhookSweep({ database, queue: { enqueue }, host: 'api', log: pino(sink) });
    for (let count = 1; count <= reasons.length; count += 1) {
      // A tick does nothing while the one before is under way.
      await expect.poll(() => vi.advanceTimersByTime(2_000) && tries).toBeGreaterThanOrEqual(count);
    }
    await expect
      .poll(() => lines.map(({ level, err }) => [level, err?.message]))
      .toEqual([
        [40, 'away'],
        [40, 'no right'],
        [30, undefined],
      ]);
    stop();
  });
});

describe('many deliveries', () => {
  const active = new Set<string[]>();

  /** A replica. Jobs of the queue become runs at once; like the queue, it takes no second job before the first has ended. */
  function replica(database: Database, runs: string[]) {
    const enqueue = async ({ accountId, trigger }: RunRequest) => {
      if (active.has(runs)) return;
      active.add(runs);
      runs.push(accountId);
      await database.$executeRaw`
        insert into cdd.sync_runs (account_id, id, trigger, state, complete, finished_at)
        values (${accountId}, gen_random_uuid(), ${trigger}, 'succeeded', true, now())`;
    };
    return { database, queue: { enqueue }, host: 'api', log: pino({ level: 'silent' }) };
  }

  const deliveryOf = (body: string) => ({
    accountId: ACCOUNT,
    deliveryId: randomUUID(),
    bodyHash: bodyHashOf(Buffer.from(body)),
  });

  /** Ends the jobs, and lets the pause after the last run pass. */
  const passPause = async (database: Database) => {
    active.clear();
    await database.$executeRaw`
      update cdd.sync_runs
      set
        started_at = started_at - interval '16 seconds',
        heartbeat_at = heartbeat_at - interval '16 seconds',
        finished_at = finished_at - interval '16 seconds'`;
  };

  test('of one body with fresh ids leave one row and start one run, with two replicas too', async ({
    db: { database },
  }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    const runs: string[] = [];
    const replicas = [replica(database, runs), replica(database, runs)];
    for (let count = 0; count < 100; count += 1) {
      for (const each of replicas) await requestRunForDelivery(each, deliveryOf('captured'));
    }
    expect(runs).toEqual([ACCOUNT]);
    expect(await database.webhookDelivery.count()).toBe(1);
  });

  test('of different bodies start one run, and one more after the pause', async ({ db: { database } }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    const runs: string[] = [];
    const replicas = [replica(database, runs), replica(database, runs)];
    for (let count = 0; count < 50; count += 1) {
      for (const [index, each] of replicas.entries()) {
        await requestRunForDelivery(each, deliveryOf(`change ${count} to ${index}`));
      }
    }
    expect(runs).toHaveLength(1);
    active.clear();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const stops = replicas.map((each) => startWebhookSweep(each));
    vi.advanceTimersByTime(2_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(runs).toHaveLength(1);
    await database.$executeRaw`update cdd.accounts set nudged_at = nudged_at - interval '1 second'`;
    await passPause(database);
    await expect.poll(() => vi.advanceTimersByTime(2_000) && runs.length).toBe(2);
    active.clear();
    vi.advanceTimersByTime(2_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(runs).toHaveLength(2);
    for (const stop of stops) stop();
  });

  test('of an equal body an hour later are a second change', async ({ db: { database } }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    const runs: string[] = [];
    const worker = replica(database, runs);
    await requestRunForDelivery(worker, deliveryOf('no id inside'));
    await database.$executeRaw`update cdd.webhook_deliveries set received_at = now() - interval '61 minutes'`;
    await passPause(database);
    await requestRunForDelivery(worker, deliveryOf('no id inside'));
    expect(runs).toHaveLength(2);
  });
});
