import { describe, expect } from 'vitest';
import { syncParts } from '../../../src/app.ts';
import { holdHost, remainingHoldMs } from '../../../src/store/accounts/rate-limit-holds.ts';
import { sync } from '../../../src/sync/run.ts';
import { test } from '../../support/database.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';
import { apiSettings, sandboxAccount } from '../../support/sandbox-account.ts';

describe('a hold of an API host', () => {
  test('is not shortened by a later, shorter one, and does not hold other hosts', async ({ db: { database } }) => {
    await holdHost(database, 'one', 3_600_000);
    await holdHost(database, 'one', 1000);
    expect(await remainingHoldMs(database, 'one')).toBeGreaterThan(1000);
    expect(await remainingHoldMs(database, 'other')).toBe(0);
  });

  test('ends when its time is over', async ({ db: { database } }) => {
    await holdHost(database, 'one', 60_000);
    await database.$executeRaw`update cdd.api_holds set open_at = now() - interval '1 second'`;
    expect(await remainingHoldMs(database, 'one')).toBe(0);
  });

  test('that one worker received stops requests of another worker on the same database', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    // Longer than a run waits: both runs fail at once, the second one without a request.
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 429, retryAfter: 3600 } });
    expect(await rig.sync()).toMatchObject({ state: 'failed', error_code: 'RATE_LIMITED' });
    const requestsBefore = rig.sandbox.requests.length;
    const config = {
      api: apiSettings(rig.sandbox.url),
      personalData: 'keep' as const,
      concurrency: 4,
      missingGuard: { ratio: 0.2, atLeast: 10 },
    };
    const { dintero, ...parts } = syncParts(config, { database });
    const signal = new AbortController().signal;
    const row = await sync(
      { account: sandboxAccount(ACCOUNT), trigger: 'manual', acceptMissing: false, signal },
      parts,
    );
    expect(row).toMatchObject({ state: 'failed', error_code: 'RATE_LIMITED', requests: 0 });
    expect(rig.sandbox.requests.length).toBe(requestsBefore);
    dintero.close();
    await rig.close();
  });
});
