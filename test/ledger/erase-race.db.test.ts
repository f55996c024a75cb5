import { expect } from 'vitest';
import { erase } from '../../src/ledger/erase/erase.ts';
import { betweenBatches } from '../../src/store/ledger/between-batches.ts';
import { requireTimeAhead, takeTimeAhead } from '../../src/store/ledger/time-ahead.ts';
import { lockRun } from '../../src/store/runs/run-lock.ts';
import { test } from '../support/database.ts';
import { searchEverywhere } from '../support/ledger/search-everywhere.ts';
import { countLockWaits } from '../support/lock-waits.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';
import { until } from '../support/until.ts';

const OTHER = 'T12345678';
const idOf = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
const REASON = { mayBeBeforeTime: true, reason: 'asked for', by: null };

/** A case with a person's name, other with each version, and so many events. */
function item(number: number, version: number, events = 3) {
  return {
    id: idOf(number),
    case_for: { payout_destination_name: `Zq${number}name${version}` },
    events: Array.from({ length: events }, (_, index) => ({
      id: index + 1,
      created_at: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
      case_status: index % 2 === 0 ? 'WAITING_FOR_DETAILS' : 'UNDER_MANUAL_REVIEW',
      case: { person: `Zq${number}person${index}x${version}` },
    })),
  };
}

test('an erasure and a run never overlap, whichever comes first; of two erasures one erases', async ({
  db: { url, database },
}) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 }, heartbeatMs: 60_000 });
  const serve = (...items: unknown[]) => rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
  const waits = () => countLockWaits(database);
  const key = (number: number) => ({ accountId: ACCOUNT, caseId: idOf(number), ...REASON });
  serve(item(1, 1), item(2, 1), item(3, 1, 10_000));
  await rig.sync();

  // In the middle of a run, while one of its batches is open. The run then saves a newer document.
  serve(item(1, 2, 4), item(2, 1), item(3, 1, 10_000));
  const { source } = rig.parts;
  const during = await rig.sync({
    source: {
      ...source,
      readList: async (account, options) => {
        const [run = { id: '' }] = await database.syncRun.findMany({
          where: { state: 'running' },
          select: { id: true },
        });
        let erasing: ReturnType<typeof erase> | null = null;
        await database.transact(async (tx) => {
          await lockRun(tx, { accountId: ACCOUNT, runId: run.id });
          erasing = erase(database, key(1));
          await until(async () => (await waits()) === 1);
        });
        expect(await erasing).toMatchObject({ kind: 'erased' });
        return source.readList(account, options);
      },
    },
  });
  expect(during).toMatchObject({ state: 'succeeded', cases_updated: 1, events_recorded: 1, transitions_recorded: 1 });
  expect(await searchEverywhere(url, ['zq1name', 'zq1person'])).toEqual([]);

  // A run that begins meanwhile waits, and then knows of the erasure.
  serve(item(1, 2, 4), item(2, 2), item(3, 1, 10_000));
  let running: ReturnType<typeof rig.sync> | null = null;
  await betweenBatches(database, ACCOUNT, async () => {
    running = rig.sync();
    await until(async () => (await waits()) === 1);
  });
  expect(await running).toMatchObject({ state: 'succeeded', cases_updated: 1 });

  // Ten thousand events, by two commands at once.
  const began = performance.now();
  const outcomes = await Promise.all([erase(database, key(3)), erase(database, key(3))]);
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['alreadyErased', 'erased']);
  expect(await database.erasure.count()).toBe(2);
  expect(await searchEverywhere(url, ['zq3name', 'zq3person'])).toEqual([]);
  expect(await rig.sync()).toMatchObject({ cases_updated: 0 });

  // An incremental reader that reads now cannot have passed the time of an erasure that is not committed.
  await betweenBatches(database, ACCOUNT, async (tx) => {
    const erasedAt = await takeTimeAhead(tx, ACCOUNT);
    const [{ isPassed } = {}] = await database.$queryRaw<{ isPassed: boolean }[]>`
      select reporting.known_until() >= ${erasedAt}::timestamptz as "isPassed"`;
    expect(isPassed).toBe(false);
    await requireTimeAhead(tx, ACCOUNT, erasedAt);
    await tx.$queryRaw`select pg_sleep_until(${erasedAt}::timestamptz)`;
    await expect(requireTimeAhead(tx, ACCOUNT, erasedAt)).rejects.toThrow('too slow');
  });

  // An erasure in another account waits for the commit of this one, so neither overtakes the other.
  rig.sandbox.world.serve(OTHER, JSON.stringify([item(4, 1)]));
  await rig.sync({ account: sandboxAccount(OTHER) });
  let inOther: ReturnType<typeof erase> | null = null;
  await betweenBatches(database, ACCOUNT, async (tx) => {
    const erasedAt = await takeTimeAhead(tx, ACCOUNT);
    inOther = erase(database, { ...key(4), accountId: OTHER });
    await Promise.race([inOther, until(async () => (await waits()) === 1)]);
    await requireTimeAhead(tx, ACCOUNT, erasedAt);
  });
  expect(await inOther).toMatchObject({ kind: 'erased' });

  expect(await erase(database, key(2))).toMatchObject({ kind: 'erased' });
  const [{ changedAt, after } = {}] = await database.$queryRaw<{ changedAt: Date; after: Date }[]>`
    select changed_at as "changedAt", reporting.known_until() as after
    from reporting.cases
    where case_id = ${idOf(2)}::uuid`;
  expect(after?.getTime()).toBeGreaterThanOrEqual(changedAt?.getTime() ?? Number.NaN);
  await rig.close();
});
