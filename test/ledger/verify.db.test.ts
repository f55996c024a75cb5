import type pg from 'pg';
import { describe, expect } from 'vitest';
import type { VerifiedAccount } from '../../src/ledger/verify/verify.ts';
import { connectAdmin } from '../support/admin.ts';
import { OTHER } from '../support/cli-fixture.ts';
import { testFilledBy } from '../support/database.ts';
import { type ChainedCases, makeChainedHistory } from '../support/ledger/chained-history.ts';
import { runOutsideScript } from '../support/ledger/outside-script.ts';
import { type Tampering, tamperings } from '../support/ledger/tamperings.ts';
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
          chain: { links: 6, runs: 5, beganAt: null },
          receipts: { erased: 1, reduced: 0 },
        },
        { accountId: OTHER, cases: 12, chain: { links: 2, runs: 1, beganAt: expect.any(String) } },
      ]);
    });
  });

  test('names the account, table and row of each kind of change by hand, and so does the script', async ({
    db: { url },
  }) => {
    const all = tamperings(cases);
    const results = await withTransaction(url, async (client) => {
      const judged: Record<string, string> = {};
      for (const tampering of all) {
        await client.query('savepoint before');
        judged[tampering.name] = await judge(client, tampering).catch(String);
        await client.query('rollback to savepoint before');
      }
      return judged;
    });
    expect(results).toEqual(Object.fromEntries(all.map(({ name }) => [name, 'found'])));
  });
});

/** `found`, or what was said instead. */
async function judge(client: pg.Client, tampering: Tampering): Promise<string> {
  const { sql, account = ACCOUNT, table, row, caseId, problem, isInScript = true } = tampering;
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
    (caseId === undefined || first.caseId === caseId);
  if (!isNamed) return JSON.stringify(said.slice(0, 4));
  if (isInScript && findings.length === 0) return 'not found by the script';
  return 'found';
}
