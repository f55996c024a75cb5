import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { between, type Random, seeded } from '../../src/sandbox/random.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { connectAdmin, connectReader } from '../support/admin.ts';
import { test as base, withDatabase } from '../support/database.ts';
import { IncrementalReader } from '../support/reporting/incremental-reader.ts';
import { item } from '../support/reporting/listed-history.ts';
import { makeRandomHistory } from '../support/reporting/random-history.ts';
import { createRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const test = base.extend('role', roleFixture);

const PARTNER = 'P11200000';
const MERCHANT = 'P11200001';
const TEST_ACCOUNT = 'T12345678';
/** A run saves them in at least two batches if most of them have changed. */
const CASES = 400;

/** A reader that sees these accounts, and one that sees all; both read until `stop`, which reads once more. */
async function startReaders(
  { url, database }: { url: string; database: Database },
  { role, accountIds }: { role: string; accountIds: string[] },
) {
  await saveAccounts(
    database,
    [PARTNER, MERCHANT, TEST_ACCOUNT].map((id) => sandboxAccount(id)),
  );
  await grantReader(database, { role, accountIds });
  const clients = [await connectReader(url), await connectReader(url)];
  await clients[0]?.query(`set role ${role}`);
  for (const client of clients) await client.query('set jit = off');
  const readers = clients.map((client) => new IncrementalReader(client));
  let isStopped = false;
  const readings = readers.map(async (reader) => {
    while (!isStopped) {
      await reader.read();
      await delay(20);
    }
  });
  return {
    hasReadEnoughInRuns: () => readers.every(({ readingsInRuns }) => readingsInRuns > 4),
    async stop(): Promise<string[]> {
      isStopped = true;
      await Promise.all(readings);
      const differences: string[] = [];
      for (const reader of readers) {
        await reader.read();
        differences.push(...(await reader.differences()));
      }
      for (const client of clients) await client.end();
      return differences;
    },
  };
}

/** A list with most of the cases, in an order of its own; nearly all of them change from list to list. */
function randomList(random: Random, round: number): string {
  const numbers = Array.from({ length: CASES }, (_, index) => index).filter(() => random() < 0.9);
  const created_at = new Date(Date.UTC(2026, 0, 1, 0, round)).toISOString();
  const cases = numbers.map((number) => {
    const case_status = random() < 0.5 ? 'ACTIVE' : 'UNDER_MANUAL_REVIEW';
    const event = { id: between(random, 1, 3), case_status, created_at };
    return { place: random(), listed: item(number, { package: `package ${between(random, 1, 3)}`, events: [event] }) };
  });
  return JSON.stringify(cases.sort((one, other) => one.place - other.place).map(({ listed }) => listed));
}

describe('an incremental reader of cases', () => {
  for (const seed of [41, 42, 43]) {
    test(`ends with the rows of the view after a random history: seed ${seed}`, async ({ db, role }) => {
      const readers = await startReaders(db, { role, accountIds: [PARTNER, MERCHANT] });
      const settings = { seed, steps: 5, cases: 30, changes: 30, backdated: false, oddTimes: true };
      const { rig } = await makeRandomHistory(db, settings);
      expect(await readers.stop()).toEqual([]);
      await rig.close();
    });
  }

  test('ends with the rows of the view although it reads while three runs are between their batches', async ({
    db: { url, database },
    role,
  }) => {
    const readers = await startReaders({ url, database }, { role, accountIds: [MERCHANT, TEST_ACCOUNT] });
    const foreign = await connectAdmin(url);
    await withDatabase(
      url,
      async (pool) => {
        const rigs = [];
        for (const accountId of [PARTNER, MERCHANT, TEST_ACCOUNT]) {
          const settings = { sandbox: { casesPerAccount: 0 }, missingGuard: { ratio: 1, atLeast: CASES } };
          rigs.push({ accountId, rig: await createRig(pool, { ...settings, heartbeatMs: 20 }) });
        }
        const runs = rigs.map(async ({ accountId, rig }, index) => {
          const random = seeded(50 + index);
          // Fewer readings within runs would prove nothing.
          for (let round = 1; round <= 4 || !readers.hasReadEnoughInRuns(); round += 1) {
            rig.sandbox.world.serve(accountId, randomList(random, round));
            const account = sandboxAccount(accountId, { label: `label ${between(random, 1, 2)}` });
            expect(await rig.sync({ account })).toMatchObject({ state: 'succeeded' });
          }
        });
        let isRunning = true;
        const done = Promise.all(runs).finally(() => {
          isRunning = false;
        });
        // Holds up batches again and again, as a foreign session does that locks a table.
        while (isRunning) {
          await foreign.query('begin; lock table cdd.status_transitions in share mode; select pg_sleep(0.2); commit');
          await foreign.query('select pg_sleep(0.1)');
        }
        await done;
        for (const { rig } of rigs) await rig.close();
      },
      { connections: 8 },
    );
    await foreign.end();
    expect(await readers.stop()).toEqual([]);
  });
});
