import { describe, expect } from 'vitest';
import { syncParts } from '../../src/compose.ts';
import { heldFor, holdHost } from '../../src/store/holds.ts';
import { sync } from '../../src/sync.ts';
import { test } from '../support/database.ts';
import { ACCOUNT, createRig, sandboxAccount } from '../support/rig.ts';

describe('a hold of an API host', () => {
  test('is not shortened by a later, shorter one, and holds no other host', async ({ db: { database } }) => {
    await holdHost(database, 'one', 60_000);
    await holdHost(database, 'one', 1000);
    expect(await heldFor(database, 'one')).toBeGreaterThan(50_000);
    expect(await heldFor(database, 'other')).toBe(0);
  });

  test('is over when its time is', async ({ db: { database } }) => {
    await holdHost(database, 'one', 60_000);
    await database.$executeRaw`update cdd.api_holds set open_at = now() - interval '1 second'`;
    expect(await heldFor(database, 'one')).toBe(0);
  });

  test('that one worker was asked for is waited out by another on the same database', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const told = { kind: 'status', status: 429, retryAfter: 120 } as const;
    rig.sandbox.faults.add({ endpoint: 'list', fault: told });
    await rig.sync();
    const waits: number[] = [];
    const clock = {
      now: Date.now,
      random: () => 0,
      sleep: async (ms: number) => {
        waits.push(ms);
        await database.$executeRaw`delete from cdd.api_holds`;
        clock.now = () => Date.now() + ms;
      },
    };
    const config = {
      api: {
        baseUrl: rig.sandbox.url,
        audienceBase: `${rig.sandbox.url}/accounts`,
        timeoutSeconds: 10,
        maxItemMegabytes: 16,
      },
      personalData: 'keep' as const,
      missingGuard: { ratio: 0.2, atLeast: 10 },
    };
    const { dintero, ...parts } = syncParts(config, { database, clock });
    const signal = new AbortController().signal;
    const row = await sync(
      { account: sandboxAccount(ACCOUNT), trigger: 'manual', acceptMissing: false, signal },
      parts,
    );
    expect(row).toMatchObject({ state: 'succeeded', retries: 0 });
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(100_000);
    dintero.close();
    await rig.close();
  });
});
