import type pg from 'pg';
import { describe, expect } from 'vitest';
import { SyncError } from '../../src/model/sync-error.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { openRun } from '../../src/store/runs/open-run.ts';
import { lockRun } from '../../src/store/runs/run-lock.ts';
import { failRun, saveHeartbeat } from '../../src/store/runs/runs.ts';
import { connectAdmin, connectReader } from '../support/admin.ts';
import { test, withDatabase } from '../support/database.ts';
import { expireHeartbeats } from '../support/dead-worker.ts';
import { noProgress } from '../support/progress.ts';
import { item } from '../support/reporting/listed-history.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const OTHER = 'T12345678';
const open = (database: Database, accountId = ACCOUNT) =>
  openRun(database, { accountId, trigger: 'manual', leaseMs: 30_000 });

/** A list of some cases: each is corrected in every round, and some are missing. */
function listOf(round: number): string {
  const numbers = Array.from({ length: 12 }, (_, index) => index + 1).filter((number) => (number + round) % 4 !== 0);
  const created_at = new Date(Date.UTC(2026, 0, 1, 0, round)).toISOString();
  return JSON.stringify(
    numbers.map((number) => item(number, { events: [{ id: 1, case_status: 'ACTIVE', created_at }] })),
  );
}

type Answer = { at: string; knownAt: string; statuses: string; documents: string };

const ANSWER = (statuses: string, documents: string) => `
  (select md5(coalesce(string_agg(known::text, ',' order by account_id, case_id), '')) from ${statuses} as known) as statuses,
  (
    select md5(coalesce(string_agg(${documents}::text, ',' order by account_id, case_id), ''))
    from (select distinct account_id, case_id from cdd.case_revisions) as known_case
  ) as documents`;

async function ask(client: pg.Client): Promise<Answer> {
  const { rows } = await client.query<Answer>(`
    select
      now()::text as at,
      reporting.known_until()::text as "knownAt",
      ${ANSWER('reporting.cases_as_of(now())', 'cdd.case_document(account_id, case_id)')}`);
  const [answer] = rows;
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

async function askAgain(client: pg.Client, { at, knownAt }: Answer): Promise<Answer> {
  const { rows } = await client.query<Answer>(
    `select
       $1::text as at,
       $2::text as "knownAt",
       ${ANSWER('reporting.cases_as_of($1::timestamptz, $2::timestamptz)', 'cdd.case_document(account_id, case_id, $2::timestamptz)')}`,
    [at, knownAt],
  );
  const [answer] = rows;
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

/** Holds up batches again and again, as a foreign session does that locks a table, until `work` is done. */
async function whileBatchesAreHeldUp(url: string, work: Promise<unknown>): Promise<void> {
  const foreign = await connectAdmin(url);
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await foreign.query('begin; lock table cdd.status_transitions in share mode; select pg_sleep(0.2); commit');
    await foreign.query('select pg_sleep(0.05)');
  }
  await foreign.end();
  await done;
}

describe('an answer as of known_until()', () => {
  test('is given again later, also if batches of two replicas were open when it was asked for', async ({
    db: { url, database },
  }) => {
    const asker = await connectReader(url);
    const answers: Answer[] = [];
    await withDatabase(url, async (second) => {
      const replicas = [await createRig(database, { missingGuard: { ratio: 1, atLeast: 99 }, heartbeatMs: 20 })];
      replicas.push(await createRig(second, { missingGuard: { ratio: 1, atLeast: 99 }, heartbeatMs: 20 }));
      const runs = replicas.map(async (rig, index) => {
        const account = sandboxAccount(index === 0 ? ACCOUNT : OTHER);
        for (let round = 1; round <= 8; round += 1) {
          rig.sandbox.world.serve(account.id, listOf(round));
          await rig.sync({ account });
        }
      });
      let isRunning = true;
      const asking = (async () => {
        while (isRunning) answers.push(await ask(asker));
      })();
      await whileBatchesAreHeldUp(url, Promise.all(runs));
      isRunning = false;
      await asking;
      for (const rig of replicas) await rig.close();
    });
    const changed: Answer[] = [];
    for (const answer of answers) {
      const again = await askAgain(asker, answer);
      if (again.statuses !== answer.statuses || again.documents !== answer.documents) changed.push(answer);
    }
    await asker.end();
    expect(changed).toEqual([]);
    // Else the test would prove nothing.
    expect(new Set(answers.map(({ documents }) => documents)).size).toBeGreaterThan(5);
  });
});

const knownUntil = async (database: Database) => {
  const [row] = await database.$queryRaw<{ text: string; isNow: boolean }[]>`
    select reporting.known_until()::text as text, reporting.known_until() = now() as "isNow"`;
  return row ?? { text: '', isNow: false };
};

describe('known_until()', () => {
  test('is now when no run is open, and does not go back when one opens', async ({ db: { database } }) => {
    expect(await knownUntil(database)).toMatchObject({ isNow: true });
    const rig = await createRig(database);
    await rig.sync();
    const before = await knownUntil(database);
    expect(before.isNow).toBe(true);
    await open(database);
    const during = await knownUntil(database);
    expect(during.isNow).toBe(false);
    expect(during.text > before.text).toBe(true);
    await rig.close();
  });

  test('stays before every open batch, and goes on with heartbeats while a run saves nothing', async ({
    db: { database },
  }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    const run = await open(database);
    if (run === null) throw new Error('locked');
    const opened = await knownUntil(database);
    await saveHeartbeat(database, run, noProgress);
    const beaten = await knownUntil(database);
    expect(beaten.text > opened.text).toBe(true);
    const key = { accountId: ACCOUNT, runId: run.id };
    const times: string[] = [];
    await database.transact(async (one) => {
      times.push((await lockRun(one, key)).recordedAt);
      await database.transact(async (two) => {
        times.push((await lockRun(two, key)).recordedAt);
        await saveHeartbeat(database, run, noProgress);
        expect(await knownUntil(database)).toEqual(beaten);
      });
      // The second batch is committed, the first is not.
      await saveHeartbeat(database, run, noProgress);
      expect(await knownUntil(database)).toEqual(beaten);
    });
    expect(times.filter((time) => time > beaten.text)).toEqual(times);
    expect((await knownUntil(database)).text > beaten.text).toBe(true);
  });

  test('waits for a batch of a dead worker, but not for a dead run: another account takes care of that', async ({
    db: { database },
  }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT), sandboxAccount(OTHER)]);
    const dead = await open(database);
    if (dead === null) throw new Error('locked');
    await expireHeartbeats(database);
    const runOther = async () => {
      const run = await open(database, OTHER);
      if (run === null) throw new Error('locked');
      await failRun(database, run, { error: new SyncError('CANCELLED', 'a test'), progress: noProgress });
    };
    await database.transact(async (tx) => {
      const { recordedAt } = await lockRun(tx, { accountId: ACCOUNT, runId: dead.id });
      await runOther();
      expect((await knownUntil(database)).text < recordedAt).toBe(true);
    });
    await runOther();
    expect(await knownUntil(database)).toMatchObject({ isNow: true });
    expect(await database.syncRun.findFirst({ where: { accountId: ACCOUNT } })).toMatchObject({ state: 'abandoned' });
  });

  test('is computed once in a question, not for every row', async ({ db: { url } }) => {
    const client = await connectAdmin(url);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain select * from reporting.cases_as_of(now()) where account_id = '${ACCOUNT}'`,
    );
    await client.end();
    const lines = rows.map((row) => row['QUERY PLAN']);
    // Without "Function Scan" the function was inlined, so that the caller's filter can use an index.
    expect(lines.filter((line) => /Function Scan|(Filter|Cond): .*known_until/.test(line))).toEqual([]);
    expect(lines.join()).toContain(ACCOUNT);
  });

  test('is the default of every known_at, but for that of a series, which asks for each day as known then', async ({
    db: { database },
  }) => {
    const functions = await database.$queryRaw<{ name: string; arguments: string }[]>`
      select oid::regproc::text as name, pg_get_function_arguments(oid) as arguments
      from pg_proc
      where pronamespace in ('cdd'::regnamespace, 'reporting'::regnamespace) and 'known_at' = any(proargnames)
        and proname <> 'backlog_series'`;
    expect(functions.length).toBeGreaterThanOrEqual(3);
    for (const one of functions) {
      expect(one.arguments, one.name).toContain('known_at timestamp with time zone DEFAULT reporting.known_until()');
    }
  });
});
