import { describe, expect } from 'vitest';
import { SyncError } from '../../../src/model/sync-error.ts';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { saveBatch } from '../../../src/store/cases/save-batch.ts';
import { type Database, Prisma } from '../../../src/store/postgres/pool.ts';
import { openRun } from '../../../src/store/runs/open-run.ts';
import { applyRetention } from '../../../src/store/runs/retention.ts';
import { failRun } from '../../../src/store/runs/runs.ts';
import { test } from '../../support/database.ts';
import { expireHeartbeats } from '../../support/dead-worker.ts';
import { CHAIN_VIOLATIONS } from '../../support/ledger/chain-violations.ts';
import { noProgress } from '../../support/progress.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const OTHER_ACCOUNT = 'T12345678';
const DAY_MS = 24 * 3_600_000;
const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const [A, B, C] = [idOf(1), idOf(2), idOf(3)] as const;

type Listed = { id: string; events: object[]; [field: string]: unknown };

/** An event of a day of March; the status changes every day. */
const eventOf = (day: number, status = `STATUS_${day}`) => ({
  id: day,
  created_at: `2026-03-${String(day).padStart(2, '0')}T10:00:00Z`,
  case_status: status,
});
const eventsOf = (...days: number[]) => days.map((day) => eventOf(day));

async function listRig(database: Database) {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const sync = async (...items: Listed[]) => {
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    return rig.sync();
  };
  return { rig, sync };
}

async function violations(database: Database): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(CHAIN_VIOLATIONS).map(async ([claim, query]) => {
      const rows = await database.$queryRaw<unknown[]>(Prisma.raw(query));
      return rows.length === 0 ? [] : `${claim}: ${JSON.stringify(rows)}`;
    }),
  );
  return found.flat();
}

/** The parts of the leaves of a run, for example `1 document, 2 presence`; null without a link. */
async function partsOf(database: Database, { id }: { id: string }): Promise<string | null> {
  const link = await database.digestLink.findFirst({ where: { runId: id } });
  if (link === null) return null;
  const batches = await database.batchDigest.findMany({ where: { runId: id }, orderBy: { part: 'asc' } });
  return batches.map(({ cases, part }) => `${cases} ${part}`).join(', ');
}

async function openedRun(database: Database, accountId: string) {
  const run = await openRun(database, { accountId, trigger: 'manual', leaseMs: DAY_MS / 2 });
  if (run === null) throw new Error('locked');
  return run;
}

/** Opens a run and saves one new case in it. */
async function openedWithCase(database: Database, accountId: string, id: string) {
  const run = await openedRun(database, accountId);
  const read = [
    {
      ...{
        id,
        document: Buffer.from(JSON.stringify({ id, events: [] })),
        hasErrors: false,
        problems: [],
        readable: null,
      },
      ...{ fingerprint: Buffer.alloc(32), contentHash: null, transitions: [], known: false },
    },
  ];
  await saveBatch(
    database,
    { read, reordered: [], returned: [], rejected: [] },
    {
      accountId,
      runId: run.id,
      personalData: 'keep',
    },
  );
  return run;
}

describe('each row of the history', () => {
  test('is in the leaf of its case and instant, whichever way it was written, and each run in one link', async ({
    db: { database },
  }) => {
    const { rig, sync } = await listRig(database);
    const many = Array.from({ length: 20 }, (_, day) => day + 1);
    const odd = { id: C, events: eventsOf(3), package: 7 };
    const steps: [what: string, items: Listed[], parts: string | null][] = [
      [
        'a first load',
        [{ id: A, events: eventsOf(2, 4) }, { id: B, events: eventsOf(...many) }, odd],
        '3 document, 1 problems',
      ],
      ['the same list', [{ id: A, events: eventsOf(2, 4) }, { id: B, events: eventsOf(...many) }, odd], null],
      [
        'a later event, an event that is gone, a problem that is gone',
        [
          { id: A, events: eventsOf(2, 4, 5) },
          { id: B, events: eventsOf(...many.slice(1)) },
          { ...odd, package: 'large' },
        ],
        '3 document, 1 problems',
      ],
      [
        'a late event, which closes transitions',
        [
          { id: A, events: eventsOf(2, 4, 5, 3) },
          { id: B, events: eventsOf(...many.slice(1)) },
          { ...odd, package: 'large' },
        ],
        '1 document',
      ],
      ['two cases gone', [{ id: B, events: eventsOf(...many.slice(1)) }], '2 presence'],
      [
        'one back as it was, one with an event that changed, one changed',
        [
          { id: A, events: [...eventsOf(2, 4, 5), eventOf(3, 'ACTIVE')] },
          { id: B, events: eventsOf(...many.slice(1)), package: 'large' },
          { ...odd, package: 'large' },
        ],
        '2 document, 2 presence',
      ],
    ];
    for (const [what, items, parts] of steps) {
      const run = await sync(...items);
      expect([what, run.state, await partsOf(database, run)]).toEqual([what, 'succeeded', parts]);
      expect([what, await violations(database)]).toEqual([what, []]);
    }
    expect(await database.digestLink.count()).toBe(5);

    // The check would see it.
    await database.$executeRaw`update cdd.event_bodies set bodies = jsonb_set(bodies, '{0,case_status}', '"X"') where case_id = ${A}::uuid and revision = 1`;
    expect(await violations(database)).toEqual([expect.stringMatching(/^rows do not fit their leaf.*document/)]);
    await rig.close();
  });
});

describe('the link of a run', () => {
  test('is made by the run that fails, or by the one that takes over, and covers exactly the saved batches', async ({
    db: { database },
  }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT), sandboxAccount(OTHER_ACCOUNT)]);
    const failed = await openedWithCase(database, ACCOUNT, A);
    await failRun(database, failed, { error: new SyncError('NETWORK', 'gone'), progress: noProgress });
    expect(await partsOf(database, failed)).toBe('1 document');

    const dead = await openedWithCase(database, ACCOUNT, B);
    const otherDead = await openedWithCase(database, OTHER_ACCOUNT, A);
    await expireHeartbeats(database);
    expect(await partsOf(database, dead)).toBeNull();
    const next = await openedRun(database, ACCOUNT);
    expect([await partsOf(database, dead), await partsOf(database, otherDead)]).toEqual(['1 document', '1 document']);
    expect(await violations(database)).toEqual([]);
    const links = await database.digestLink.findMany({ where: { accountId: ACCOUNT }, orderBy: { number: 'asc' } });
    expect(links.map(({ number, kind, runId }) => [number, kind, runId])).toEqual([
      [1, 'run', failed.id],
      [2, 'run', dead.id],
    ]);

    // It outlives the run.
    await failRun(database, next, { error: new SyncError('NETWORK', 'gone'), progress: noProgress });
    await database.$executeRaw`
      update cdd.sync_runs
      set
        started_at = started_at - interval '60 days',
        heartbeat_at = heartbeat_at - interval '60 days',
        finished_at = finished_at - interval '60 days'`;
    const days = { rejectedDays: 30, runDays: 30 };
    expect(await applyRetention(database, days)).toMatchObject({ runs: 2 });
    expect(await database.digestLink.count()).toBe(3);
    expect(await violations(database)).toEqual([]);
  });

  test('waits for another link of its account, and the chain has no fork', async ({ db: { database } }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT), sandboxAccount(OTHER_ACCOUNT)]);
    const run = await openedWithCase(database, ACCOUNT, A);
    const isHeld = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const held = database.transact(async (tx) => {
      await tx.$executeRaw`select cdd.add_link(${ACCOUNT}, 'hold', null, sha256('held'))`;
      isHeld.resolve();
      await mayEnd.promise;
    });
    await isHeld.promise;
    // A run of another account does not wait for the lock, and leaves this run alone.
    await expireHeartbeats(database);
    await openedRun(database, OTHER_ACCOUNT);
    const failing = failRun(database, run, { error: new SyncError('NETWORK', 'gone'), progress: noProgress });
    mayEnd.resolve();
    await Promise.all([held, failing]);
    const links = await database.digestLink.findMany({ orderBy: { number: 'asc' } });
    expect(links.map(({ number, kind }) => [number, kind])).toEqual([
      [1, 'hold'],
      [2, 'run'],
    ]);
    expect(await violations(database)).toEqual([]);
  });
});

test('an account with rows from before the chain gets a first link before its first batch', async ({
  db: { database },
}) => {
  const { rig, sync } = await listRig(database);
  await sync({ id: A, events: eventsOf(2, 4) }, { id: B, events: eventsOf(3) });
  await sync({ id: A, events: eventsOf(2, 4, 5) }, { id: B, events: eventsOf(3) });
  await database.$executeRaw`truncate cdd.case_digests, cdd.batch_digests, cdd.digest_links cascade`;
  const run = await sync({ id: A, events: eventsOf(2, 4, 5, 6) });
  expect(await partsOf(database, run)).toBe('1 document, 1 presence');
  const links = await database.digestLink.findMany({ orderBy: { number: 'asc' } });
  expect(links.map(({ kind }) => kind)).toEqual(['begin', 'run']);
  expect(await violations(database)).toEqual([]);

  await database.$executeRaw`delete from cdd.event_revisions where case_id = ${B}::uuid`;
  expect(await violations(database)).toEqual([expect.stringMatching(/^a first link does not fit/)]);
  await rig.close();
});
