import { describe, expect } from 'vitest';
import { syncParts } from '../../../src/app.ts';
import {
  currentHolds,
  endHold,
  holdRequests,
  isAccountHeld,
  remainingHold,
} from '../../../src/store/accounts/rate-limit-holds.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { sync } from '../../../src/sync/run.ts';
import { test } from '../../support/database.ts';
import { ACCOUNT, createRig, type Rig } from '../../support/rig.ts';
import { apiSettings, sandboxAccount } from '../../support/sandbox-account.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OTHER = 'T12345678';
const P1 = { host: 'one', accountId: 'P1' };
const P2 = { host: 'one', accountId: 'P2' };

const free = { hostMs: 0, accountMs: 0 };

/** The parts of another process on the same database and API. */
function otherProcess(database: Database, rig: Rig) {
  const config = {
    api: apiSettings(rig.sandbox.url),
    personalData: 'keep' as const,
    concurrency: 4,
    missingGuard: { ratio: 0.2, atLeast: 10 },
  };
  return syncParts(config, { database });
}

async function syncElsewhere(database: Database, rig: Rig, accountId: string) {
  const { dintero, ...parts } = otherProcess(database, rig);
  const account = sandboxAccount(accountId);
  const signal = new AbortController().signal;
  const row = await sync({ account, trigger: 'manual', acceptMissing: false, signal }, parts);
  dintero.close();
  return row;
}

describe('a stored hold', () => {
  test('of a host holds every account there, and no other host', async ({ db: { database } }) => {
    await holdRequests(database, P1, { hostMs: HOUR, accountMs: 0 });
    expect(await remainingHold(database, P2)).toEqual({ hostMs: expect.closeTo(HOUR, -4), accountMs: 0 });
    expect(await remainingHold(database, { ...P1, host: 'other' })).toEqual(free);
  });

  test('of an account holds no other account', async ({ db: { database } }) => {
    await holdRequests(database, P1, { hostMs: 0, accountMs: 24 * HOUR });
    expect(await remainingHold(database, P1)).toEqual({ hostMs: 0, accountMs: expect.closeTo(24 * HOUR, -4) });
    expect(await remainingHold(database, P2)).toEqual(free);
    expect(await Promise.all([P1, P2].map((client) => isAccountHeld(database, client)))).toEqual([true, false]);
  });

  test('is not shortened by a later, shorter one', async ({ db: { database } }) => {
    await holdRequests(database, P1, { hostMs: HOUR, accountMs: 24 * HOUR });
    await holdRequests(database, P1, { hostMs: 1000, accountMs: 0 });
    await holdRequests(database, P1, { hostMs: 1000, accountMs: 1000 });
    const { hostMs, accountMs } = await remainingHold(database, P1);
    expect([hostMs > HOUR / 2, accountMs > 12 * HOUR]).toEqual([true, true]);
  });

  test('is over when its time is over', async ({ db: { database } }) => {
    await holdRequests(database, P1, { hostMs: MINUTE, accountMs: MINUTE });
    await database.$executeRaw`update cdd.api_holds set open_at = now() - interval '1 second'`;
    await database.$executeRaw`update cdd.account_holds set open_at = now() - interval '1 second'`;
    expect(await remainingHold(database, P1)).toEqual(free);
    expect(await currentHolds(database)).toEqual([]);
  });

  test('that began while the clock was ahead is void, and a new one replaces it', async ({ db: { database } }) => {
    await holdRequests(database, P1, { hostMs: 2000, accountMs: 2000 });
    for (const table of ['api_holds', 'account_holds']) {
      await database.$executeRawUnsafe(
        `update cdd.${table} set started_at = started_at + interval '1 hour', open_at = open_at + interval '1 hour'`,
      );
    }
    expect(await remainingHold(database, P1)).toEqual(free);
    expect(await currentHolds(database)).toEqual([]);
    await holdRequests(database, P1, { hostMs: MINUTE, accountMs: MINUTE });
    const { hostMs, accountMs } = await remainingHold(database, P1);
    expect([hostMs <= MINUTE, accountMs <= MINUTE]).toEqual([true, true]);
  });

  test('is listed until it is ended, for its host and one account', async ({ db: { database } }) => {
    await holdRequests(database, P1, { hostMs: HOUR, accountMs: 24 * HOUR });
    await holdRequests(database, P2, { hostMs: HOUR, accountMs: 24 * HOUR });
    const until = expect.any(Date);
    expect(await currentHolds(database)).toEqual([
      { host: 'one', accountId: null, until },
      { host: 'one', accountId: 'P1', until },
      { host: 'one', accountId: 'P2', until },
    ]);
    await endHold(database, P1);
    expect(await currentHolds(database)).toEqual([{ host: 'one', accountId: 'P2', until }]);
  });
});

describe('Retry-After of a day', () => {
  const aDay = { kind: 'status', status: 429, retryAfter: 86_400 } as const;

  test('holds its account in every worker, and another account for an hour', async ({ db: { database } }) => {
    const rig = await createRig(database);
    rig.sandbox.faults.add({ endpoint: 'list', fault: aDay });
    expect(await rig.sync()).toMatchObject({ state: 'failed', error_code: 'RATE_LIMITED' });
    const requestsBefore = rig.sandbox.requests.length;
    expect(await syncElsewhere(database, rig, ACCOUNT)).toMatchObject({
      ...{ state: 'failed', error_code: 'RATE_LIMITED', requests: 0 },
      error_message: expect.stringMatching(/before \d{4}-\d\d-\d\dT/),
    });
    expect(rig.sandbox.requests.length).toBe(requestsBefore);

    expect(await rig.sync({ account: sandboxAccount(OTHER) })).toMatchObject({ state: 'succeeded' });
    const waited = rig.waits.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(HOUR - MINUTE);
    expect(waited).toBeLessThan(HOUR + MINUTE);
    expect(await syncElsewhere(database, rig, OTHER)).toMatchObject({ state: 'succeeded' });
    expect(await rig.sync()).toMatchObject({ state: 'failed', error_code: 'RATE_LIMITED', requests: 0 });
    await rig.close();
  });

  test('is tried by a check, whose success can end it for all workers', async ({ db: { database } }) => {
    const rig = await createRig(database);
    rig.sandbox.faults.add({ endpoint: 'list', fault: aDay });
    await rig.sync();
    const { dintero } = otherProcess(database, rig);
    await dintero.checkAccess(sandboxAccount(ACCOUNT), new AbortController().signal);
    dintero.close();
    await endHold(database, { host: new URL(rig.sandbox.url).host, accountId: ACCOUNT });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded' });
    expect(await syncElsewhere(database, rig, ACCOUNT)).toMatchObject({ state: 'succeeded' });
    expect(rig.waits).toEqual([]);
    await rig.close();
  });

  test('from the token endpoint holds as well', async ({ db: { database } }) => {
    const rig = await createRig(database);
    rig.sandbox.faults.add({ endpoint: 'token', fault: { ...aDay, status: 503 } });
    expect(await rig.sync()).toMatchObject({ state: 'failed', error_code: 'RATE_LIMITED', requests: 1 });
    expect(await syncElsewhere(database, rig, ACCOUNT)).toMatchObject({ error_code: 'RATE_LIMITED', requests: 0 });
    await rig.close();
  });
});
