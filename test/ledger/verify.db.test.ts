import type pg from 'pg';
import { describe, expect } from 'vitest';
import type { Finding } from '../../src/ledger/verify/finding.ts';
import type { VerifiedAccount } from '../../src/ledger/verify/verify.ts';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { readFactsAgain } from '../../src/store/reports/read-facts-again.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { applyRetention } from '../../src/store/runs/retention.ts';
import { connectAdmin, withAdmin } from '../support/admin.ts';
import { OTHER } from '../support/cli-fixture.ts';
import { testFilledBy } from '../support/database.ts';
import { type ChainedCases, makeChainedHistory } from '../support/ledger/chained-history.ts';
import { runOutsideScript } from '../support/ledger/outside-script.ts';
import { everyTampering } from '../support/ledger/tamperings/every.ts';
import type { Tampering } from '../support/ledger/tamperings/tampering.ts';
import { verifyInTransaction } from '../support/ledger/verify-in-transaction.ts';
import { ACCOUNT } from '../support/rig.ts';

let cases: ChainedCases;
const test = testFilledBy(async (database) => {
  cases = await makeChainedHistory(database);
});

async function withTransaction<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectAdmin(url);
  try {
    await client.query('begin; set local jit = off');
    return await work(client);
  } finally {
    await client.end();
  }
}

const findingsOf = (verified: readonly VerifiedAccount[]) =>
  verified.flatMap(({ accountId, findings }) => findings.kept.map((one) => ({ account: accountId, ...one })));

describe('verify', () => {
  test('and a script that shares no code recompute the same chain of a history', async ({ db: { url } }) => {
    await withTransaction(url, async (client) => {
      const verified = await verifyInTransaction(client);
      const { findings, newest } = await runOutsideScript(client);
      expect(findingsOf(verified)).toEqual([]);
      expect(findings).toEqual([]);
      expect(verified.map(({ accountId, chain }) => ({ account_id: accountId, ...chain.newest }))).toMatchObject(
        newest.map(({ account_id, link, digest }) => ({ account_id, number: link, digest })),
      );
      expect(verified).toMatchObject([
        {
          accountId: ACCOUNT,
          cases: 12,
          chain: { links: 9, runs: 5, beganAt: null },
          receipts: { erased: 1, reduced: 0 },
        },
        { accountId: OTHER, cases: 12, chain: { links: 2, runs: 1, beganAt: expect.any(String) } },
      ]);
    });
  });

  test('names the account, table and row of each kind of change by hand, and so does the script', async ({
    db: { url },
  }) => {
    const all = everyTampering(cases);
    const results = await withTransaction(url, async (client) => {
      const judged: Record<string, string> = {};
      const runs = await runsByTime(client);
      for (const tampering of all) {
        await client.query('savepoint before');
        judged[tampering.name] = await judge(client, tampering, runs).catch(String);
        await client.query('rollback to savepoint before');
      }
      return judged;
    });
    expect(results).toEqual(Object.fromEntries(all.map(({ name }) => [name, 'found'])));
  });

  test('finds a chain that was cut off or written anew by a digest that was published earlier, and by nothing else', async ({
    db: { url },
  }) => {
    await withTransaction(url, async (client) => {
      const published = (await verifyInTransaction(client)).flatMap(({ accountId, chain: { newest } }) =>
        newest === null ? [] : [{ accountId, ...newest }],
      );
      for (const [sql, problem] of [
        [cutOffRun(OTHER, 2), /^was published, and the chain ends with link 1: its end was removed/],
        [writtenAnew(OTHER, 2), /^was published with another digest: the chain was written anew/],
      ] as const) {
        await client.query('savepoint before');
        await client.query(sql);
        expect(findingsOf(await verifyInTransaction(client))).toEqual([]);
        expect((await runOutsideScript(client)).findings).toEqual([]);
        expect(findingsOf(await verifyInTransaction(client, published))).toMatchObject([
          { account: OTHER, table: 'digest_links', linkNumber: 2, problem: expect.stringMatching(problem) },
        ]);
        await client.query('rollback to savepoint before');
      }
    });
  });

  test('has nothing to say of a run that is not over, pruned runs, other reports, an upgrade, a rewritten or reloaded table', async ({
    db: { url, database },
  }) => {
    await applyRetention(database, { rejectedDays: 0, runDays: 0 });
    await applyReportSettings(database, {
      timezone: 'Asia/Kathmandu',
      statusTargets: {},
      reports: { facts: { package: '$.package' } },
    });
    expect(await readFactsAgain(database, { milliseconds: 60_000 })).toBe(true);
    await database.$executeRaw`delete from cdd.applied_definitions`;
    await migrate(url);
    await withAdmin(url, (client) => client.query('vacuum full'));
    await withTransaction(url, async (client) => {
      for (const table of CHAINED_TABLES) await client.query(reloaded(table));
      await client.query(`
        delete from cdd.digest_links where account_id = '${ACCOUNT}' and number = 9;
        insert into cdd.sync_runs (account_id, id, trigger)
        select account_id, run_id, 'manual' from cdd.batch_digests
        where account_id = '${ACCOUNT}' and recorded_at = (select max(recorded_at) from cdd.batch_digests where account_id = '${ACCOUNT}')
        on conflict (account_id, id) do update set state = 'running', finished_at = null`);
      const verified = await verifyInTransaction(client);
      expect(findingsOf(verified)).toEqual([]);
      expect((await runOutsideScript(client)).findings).toEqual([]);
      expect(verified.map(({ unlinkedBatches }) => unlinkedBatches)).toEqual([1, 0]);
    });
  });
});

const HISTORY_TABLES = ['case_revisions', 'event_revisions', 'status_transitions', 'case_problems'];
const CHAINED_TABLES = [...HISTORY_TABLES, 'event_bodies', 'case_digests', 'batch_digests'];

/** The effect of a dump and its restore: the rows become text and are read again. */
function reloaded(table: string): string {
  return `
    create temp table dumped on commit drop as select stored::text as row_text from cdd.${table} as stored;
    delete from cdd.${table};
    insert into cdd.${table} select (row_text::cdd.${table}).* from dumped;
    drop table dumped`;
}

/** Removes all traces of the account's last run, which only changed documents. */
function cutOffRun(account: string, link: number): string {
  const since = `(select min(recorded_at) from cdd.batch_digests where account_id = '${account}' and run_id = (
    select run_id from cdd.digest_links where account_id = '${account}' and number = ${link}))`;
  return `
    create temp table cut on commit drop as select ${since} as since;
    ${HISTORY_TABLES.map(
      (table) => `
      delete from cdd.${table} where account_id = '${account}' and recorded_at >= (select since from cut);
      update cdd.${table} set superseded_at = null
      where account_id = '${account}' and superseded_at >= (select since from cut);`,
    ).join('')}
    delete from cdd.case_digests where account_id = '${account}' and recorded_at >= (select since from cut);
    delete from cdd.batch_digests where account_id = '${account}' and recorded_at >= (select since from cut);
    delete from cdd.digest_links where account_id = '${account}' and number = ${link};
    update cdd.cases as case_row set (package, updated_at) = (
      select body ->> 'package', (body ->> 'updated_at')::timestamptz from cdd.case_revisions as revision
      where revision.account_id = case_row.account_id and revision.case_id = case_row.id and superseded_at is null
    ) where account_id = '${account}';
    drop table cut`;
}

/** Changes a document of the account's last run, and computes everything after it again. */
function writtenAnew(account: string, link: number): string {
  const newest = `account_id = '${account}' and recorded_at = (
    select max(recorded_at) from cdd.batch_digests where account_id = '${account}')`;
  return `
    update cdd.case_revisions set body = body || '{"package": "none"}' where ${newest};
    update cdd.cases set package = 'none'
    where account_id = '${account}' and id in (select case_id from cdd.case_revisions where ${newest});
    update cdd.case_digests as leaf set (digest, rows) = (
      select sha256(string_agg(digest, '' order by digest)), string_agg(substr(digest, 1, 4), '' order by digest) from cdd.row_digests as history
      where history.account_id = leaf.account_id and history.case_id = leaf.case_id and history.at = leaf.recorded_at
    ) where ${newest};
    update cdd.batch_digests set digest = (
      select sha256(string_agg(uuid_send(case_id) || digest, '' order by case_id)) from cdd.case_digests where ${newest}
    ) where ${newest};
    update cdd.digest_links set content = (
      select run_contents.content from cdd.run_contents
      where (run_contents.account_id, run_contents.run_id) = (digest_links.account_id, digest_links.run_id)
    )
    where account_id = '${account}' and number = ${link};
    update cdd.digest_links as link set digest = cdd.link_digest(link)
    where account_id = '${account}' and number = ${link}`;
}

/** The run of each batch, by its time as findings have it. */
async function runsByTime(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ at: string; run: string }>(
    `select to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, run_id::text as run
     from cdd.batch_digests`,
  );
  return new Map(rows.map(({ at, run }) => [at, run]));
}

function isRunOf({ recordedAt, runId }: Finding, runs: ReadonlyMap<string, string>): boolean {
  const expected = runs.get(recordedAt ?? '');
  return runId !== null && (expected === undefined || expected === runId);
}

/** `found`, or the findings that verify gave instead. */
async function judge(client: pg.Client, tampering: Tampering, runs: ReadonlyMap<string, string>): Promise<string> {
  const { sql, account = ACCOUNT, table, row, caseId, problem, hasRun = true, isInScript = true } = tampering;
  const results: unknown = await client.query(sql);
  const changes = [results].flat().reduce((sum: number, one) => sum + Number(Object(one).rowCount ?? 0), 0);
  if (changes === 0) return 'changed nothing';
  const said = findingsOf(await verifyInTransaction(client));
  const { findings } = await runOutsideScript(client);
  const [first] = said.filter((one) => one.account === account);
  const isNamed =
    first !== undefined &&
    said[0]?.account === account &&
    first.table === table &&
    problem.test(first.problem) &&
    (row === undefined || row.test(first.row ?? '')) &&
    (caseId === undefined || first.caseId === caseId) &&
    // Of a row that was added at another time, the run that it names itself is told.
    (!hasRun || !HISTORY_TABLES.includes(table) || first.recordedAt === null || isRunOf(first, runs));
  if (!isNamed) return JSON.stringify(said.slice(0, 4));
  if (isInScript && findings.length === 0) return 'not found by the script';
  return 'found';
}
