import { Writable } from 'node:stream';
import pino from 'pino';
import { describe, expect } from 'vitest';
import { syncParts } from '../../../src/app.ts';
import type { JsonObject } from '../../../src/sandbox/json.ts';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { mayTry, recordOutcome } from '../../../src/store/accounts/circuit-breaker.ts';
import { accountsWithRequestedRun, requestRun } from '../../../src/store/accounts/webhook-deliveries.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { freshnessOfAccounts } from '../../../src/store/runs/freshness.ts';
import { openRun } from '../../../src/store/runs/open-run.ts';
import { saveHeartbeat } from '../../../src/store/runs/runs.ts';
import { accountStatus } from '../../../src/store/runs/status.ts';
import { sync } from '../../../src/sync/run.ts';
import { makeClockHaveBeenAhead } from '../../support/clock-ahead.ts';
import { test } from '../../support/database.ts';
import { noProgress } from '../../support/progress.ts';
import { item } from '../../support/reporting/listed-history.ts';
import { ACCOUNT, createRig, documentsOf, type Rig } from '../../support/rig.ts';
import { apiSettings, sandboxAccount } from '../../support/sandbox-account.ts';
import { until } from '../../support/until.ts';

const LEASE = { accountId: ACCOUNT, trigger: 'manual', leaseMs: 30_000 } as const;

/** A case whose only status is corrected with the number: its first transition is superseded and recorded again. */
const corrected = (id: number, minute: number): JsonObject =>
  item(id, {
    updated_at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
    ...(minute % 2 === 0 && { products: 'none' }),
    events: [{ id: 1, case_status: 'ACTIVE', created_at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z` }],
  });

function serve(rig: Rig, items: readonly JsonObject[]): void {
  rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
}

/** Facts of all history tables: of which key, recorded by which run, and from when to when they were current. */
const FACTS = `
  select 'document ' || case_id as key, run_id, recorded_at, superseded_at from cdd.case_revisions
  union all
  select 'event ' || case_id || ' ' || id, run_id, recorded_at, superseded_at from cdd.event_revisions
  union all
  select 'transition ' || case_id || ' ' || sequence, run_id, recorded_at, superseded_at from cdd.status_transitions
  union all
  select 'problem ' || case_id || ' ' || path, run_id, recorded_at, superseded_at from cdd.case_problems`;

/** Keys with a fact that was superseded when it was recorded, or with two facts that were current at the same time. */
const overlaps = (database: Database) =>
  database.$queryRawUnsafe<{ key: string }[]>(
    `select key
     from (
       select *, lag(superseded_at, 1, '-infinity') over (partition by key order by recorded_at) as superseded_before
       from (${FACTS}) as fact
     ) as ordered
     where superseded_at <= recorded_at or superseded_before is null or recorded_at < superseded_before`,
  );

/** Pairs of runs that recorded in another order than they ran. */
const unorderedRuns = (database: Database, ids: readonly string[]) =>
  database.$queryRawUnsafe<{ id: string }[]>(
    `select id
     from (
       select id, min(recorded_at) as first_at, lag(max(recorded_at)) over (order by number) as before
       from (${FACTS}) as fact
       join unnest('{${ids.join(',')}}'::uuid[]) with ordinality as run (id, number) on run.id = fact.run_id
       group by id, number
     ) as recorded
     where first_at <= before`,
  );

const statusesNow = (database: Database) =>
  database.$queryRaw<{ id: string; since: Date }[]>`
    select case_id::text as id, status_since as since from reporting.cases_as_of(now()) order by case_id`;

describe('after the clock of the database was an hour ahead', () => {
  test('runs correct, lose and find cases, and no fact is recorded before an earlier one', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { missingGuard: { ratio: 1, atLeast: 10 } });
    const lists = [
      [corrected(1, 1), corrected(2, 1)],
      [corrected(1, 2), corrected(2, 1)],
      [corrected(1, 3)],
      [corrected(1, 4), corrected(2, 1)],
      [corrected(1, 5)],
      [corrected(1, 6), corrected(2, 2)],
    ];
    const runs: string[] = [];
    for (const [index, list] of lists.entries()) {
      serve(rig, list);
      const row = await rig.sync();
      expect(row).toMatchObject({ state: 'succeeded' });
      runs.push(row.id);
      if (index === 0) await makeClockHaveBeenAhead(database);
    }
    expect(await overlaps(database)).toEqual([]);
    expect(await unorderedRuns(database, runs)).toEqual([]);
    expect(await statusesNow(database)).toMatchObject([
      { since: new Date('2026-01-01T00:06:00Z') },
      { since: new Date('2026-01-01T00:02:00Z') },
    ]);
    await rig.close();
  });

  test('cases_as_of(now()) and case_document answer with the present', async ({ db: { database } }) => {
    const rig = await createRig(database);
    serve(rig, [corrected(1, 1)]);
    await rig.sync();
    await makeClockHaveBeenAhead(database);
    expect(await statusesNow(database)).toHaveLength(1);
    serve(rig, [corrected(1, 2)]);
    await rig.sync();
    expect(await statusesNow(database)).toMatchObject([{ since: new Date('2026-01-01T00:02:00Z') }]);
    const [row] = await database.$queryRaw<{ document: unknown; isAhead: boolean }[]>`
      select cdd.case_document(account_id, id) as document, reporting.known_until() > now() as "isAhead" from cdd.cases`;
    expect(row).toMatchObject({ document: corrected(1, 2), isAhead: true });
    await rig.close();
  });

  test('a run that was killed meanwhile is taken over at once, a live one goes on', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    const killed = await openRun(database, LEASE);
    await makeClockHaveBeenAhead(database);
    const live = await openRun(database, LEASE);
    expect(live).not.toBeNull();
    expect(await database.syncRun.findFirst({ where: { id: killed?.id ?? '' } })).toMatchObject({ state: 'abandoned' });

    await makeClockHaveBeenAhead(database);
    if (live === null) throw new Error('locked');
    expect(await saveHeartbeat(database, live, noProgress)).toBe(true);
    expect(await openRun(database, LEASE)).toBeNull();
    const [row] = await database.$queryRaw<{ isSound: boolean }[]>`
      select started_at <= heartbeat_at and heartbeat_at <= now() as "isSound" from cdd.sync_runs where state = 'running'`;
    expect(row).toEqual({ isSound: true });
    await rig.close();
  });

  test('a small difference of clocks makes no run dead', async ({ db: { database } }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    await openRun(database, LEASE);
    await database.$executeRaw`update cdd.sync_runs set heartbeat_at = now() + interval '5 s'`;
    expect(await openRun(database, LEASE)).toBeNull();
  });

  test('a circuit breaker waits no longer than its wait', async ({ db: { database } }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    const refused = { account_id: ACCOUNT, state: 'failed', error_code: 'AUTH' } as const;
    for (let count = 0; count < 4; count += 1) await recordOutcome(database, refused);
    expect(await mayTry(database, ACCOUNT)).toBe(false);
    await makeClockHaveBeenAhead(database);
    expect(await mayTry(database, ACCOUNT)).toBe(true);
  });

  test('a webhook requests one run, not one after the other, and none is lost', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    await requestRun(database, ACCOUNT);
    await makeClockHaveBeenAhead(database);
    await rig.sync();
    expect(await accountsWithRequestedRun(database)).toEqual([]);
    await requestRun(database, ACCOUNT);
    expect(await accountsWithRequestedRun(database)).toEqual([ACCOUNT]);
    await rig.sync();
    expect(await accountsWithRequestedRun(database)).toEqual([]);
    await rig.close();
  });

  test('the last run is the one that ran last, and only a new success makes the account fresh', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    await rig.sync();
    await makeClockHaveBeenAhead(database);
    expect(await freshnessOfAccounts(database)).toMatchObject([{ secondsSinceSuccess: null, isStale: true }]);
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 404 } });
    await rig.sync();
    expect(await accountStatus(database)).toMatchObject([{ last_state: 'failed' }]);
    expect(
      await database.$queryRaw`
      select last_state, consecutive_failures from reporting.sync_freshness`,
    ).toEqual([{ last_state: 'failed', consecutive_failures: 1 }]);
    await rig.sync();
    expect(await accountStatus(database)).toMatchObject([{ last_state: 'succeeded' }]);
    expect(await freshnessOfAccounts(database)).toMatchObject([
      { secondsSinceSuccess: expect.any(Number), isStale: false },
    ]);
    await rig.close();
  });

  test('a rejected item is counted once in each run', async ({ db: { database } }) => {
    const rig = await createRig(database);
    for (const run of [1, 2, 3]) {
      // Another list each time: an unchanged one is not read.
      serve(rig, [item(1, { events: 'none' }), corrected(2, run)]);
      await rig.sync();
      if (run === 1) await makeClockHaveBeenAhead(database);
    }
    expect(await database.rejectedItem.findMany()).toMatchObject([{ timesSeen: 3 }]);
    await rig.close();
  });

  test('a case that went missing meanwhile leaves the backlog when the clock gets there', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    serve(rig, [corrected(1, 1), corrected(2, 1)]);
    await rig.sync();
    await database.$executeRaw`update cdd.batch_slots set recorded_at = now() + interval '2 seconds'`;
    serve(rig, [corrected(1, 1)]);
    await rig.sync();
    const backlog = (source: string) =>
      database.$queryRawUnsafe<{ cases: number }[]>(`select cases::integer from ${source} where status = 'ACTIVE'`);
    const now = 'reporting.backlog_as_of(now())';
    expect(await backlog(now)).toEqual([{ cases: 2 }]);
    await until(async () => (await backlog(now))[0]?.cases === 1);
    await rig.sync();
    const today = `(select * from reporting.backlog_daily order by day desc limit 1) as today`;
    expect(await backlog(today)).toEqual([{ cases: 1 }]);
    expect(await database.reportChange.count()).toBe(0);
    await rig.close();
  });

  test('data_quality says until when it matters, and the log says it once', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    const { dintero, ...parts } = syncParts(
      {
        api: apiSettings(rig.sandbox.url),
        concurrency: 4,
        personalData: 'keep',
        missingGuard: { ratio: 0.2, atLeast: 10 },
      },
      { database, log: pino(sink) },
    );
    const account = sandboxAccount(ACCOUNT);
    const run = () =>
      sync({ account, trigger: 'manual', acceptMissing: false, signal: new AbortController().signal }, parts);
    const clockCheck = () => database.$queryRaw`
      select items > 0 as "isAhead", example from reporting.data_quality where check_name = 'clock_ahead'`;
    await saveAccounts(database, [account]);
    await run();
    expect(await clockCheck()).toEqual([{ isAhead: false, example: null }]);
    await makeClockHaveBeenAhead(database);
    const [{ until } = { until: '' }] = await database.$queryRaw<{ until: string }[]>`
      select to_char(now() + interval '1 hour', 'YYYY-MM-DD HH24') as until`;
    expect(await clockCheck()).toEqual([{ isAhead: true, example: expect.stringMatching(`^until ${until}.* UTC$`) }]);
    await run();
    await run();
    expect(lines.filter((line) => line.includes("the database's clock was ahead: until"))).toHaveLength(1);
    dintero.close();
    await rig.close();
  });

  test.for([
    ['the tables of version 0.1.0', ['sync_runs', 'case_revisions', 'event_revisions', 'status_transitions']],
    ['only its runs', ['sync_runs']],
  ] as const)('the next run is recorded after everything before: %s', async ([, tables], { db: { database } }) => {
    const rig = await createRig(database);
    serve(rig, [corrected(1, 1)]);
    await rig.sync();
    await makeClockHaveBeenAhead(database, [...tables]);
    serve(rig, [corrected(1, 2)]);
    await rig.sync();
    expect(await overlaps(database)).toEqual([]);
    expect([...(await documentsOf(database)).values()]).toEqual([corrected(1, 2)]);
    await rig.close();
  });
});
