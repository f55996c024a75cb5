import { Writable } from 'node:stream';
import pino from 'pino';
import { afterEach, describe, expect, vi } from 'vitest';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { requestRun } from '../../src/store/accounts/webhook-deliveries.ts';
import { startWebhookSweep } from '../../src/worker/webhook-runs.ts';
import { test } from '../support/database.ts';
import { ACCOUNT } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

afterEach(() => {
  vi.useRealTimers();
});

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
    const stop = startWebhookSweep({ database, queue: { enqueue }, log: pino(sink) });
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
