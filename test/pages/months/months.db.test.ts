import { expect } from 'vitest';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { test } from '../../support/database.ts';
import { startPages } from '../../support/pages.ts';
import { makeRandomHistory } from '../../support/reporting/random-history.ts';

const ACCOUNT = 'P11200001';
/** The sandbox's history runs from 10 October to the middle of November 2026, and its runs have those times. */
const MONTH = '2026-10';

/** The rows of a table as CSV, by their first field. */
async function csvOf(url: string): Promise<Map<string, Record<string, string>>> {
  const answer = await fetch(url);
  expect([url, answer.status, answer.headers.get('content-type')]).toEqual([url, 200, 'text/csv; charset=utf-8']);
  const [headings = [], ...rows] = (await answer.text())
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  return new Map(
    rows.map((row) => [
      row[0] ?? '',
      Object.fromEntries(headings.map((heading, index) => [heading, row[index] ?? ''])),
    ]),
  );
}

const numbers = (rows: Map<string, Record<string, string>>, column: string) =>
  Object.fromEntries([...rows].map(([name, row]) => [name, row[column] === '' ? null : Number(row[column])]));

/** The figures of a month by the functions that answer as known at an instant, or by the views now. */
async function expectedFigures(
  database: Database,
  { accountId, knownAt }: { accountId: string | null; knownAt: string | null },
) {
  const [row] = await database.$queryRawUnsafe<Record<string, number>[]>(`
    select
      coalesce(sum(opened), 0)::integer as opened,
      coalesce(sum(decided), 0)::integer as decided,
      coalesce(sum(approved), 0)::integer as approved,
      coalesce(sum(declined), 0)::integer as declined,
      coalesce(sum(reopened), 0)::integer as reopened,
      (
        select coalesce(sum(cases), 0)::integer
        from ${knownAt === null ? `reporting.backlog_daily` : `reporting.backlog_series('2026-10-31', '2026-10-31', 'day', '${knownAt}')`}
        where day = '2026-10-31' and is_open and ${condition(accountId)}
      ) as backlog
    from ${knownAt === null ? 'reporting.flow_daily' : `reporting.flow_as_known('${knownAt}')`} as flow
    where day between '2026-10-01' and '2026-10-31' and ${condition(accountId)}`);
  return row;
}

/** Production accounts, unless one is chosen. */
const condition = (accountId: string | null) =>
  accountId === null ? `account_id like 'P%'` : `account_id = '${accountId}'`;

test('a month says what was reported, and what is known now', { timeout: 120_000 }, async ({ db }) => {
  const { url, database } = db;
  await using pages = await startPages(url);
  const { rig } = await makeRandomHistory(db, { seed: 22, steps: 5, cases: 30, changes: 60, backdated: true });
  await rig.close();
  const reportedAt = '2026-11-01 00:00 Europe/Oslo';
  for (const accountId of [null, ACCOUNT, 'T12345678']) {
    const parameters = accountId === null ? '' : `account=${accountId}&`;
    const page = `${pages.url}/months/${MONTH}?${parameters}format=csv`;
    const report = await csvOf(`${page}&block=report`);
    const { p50_hours: _, p90_hours: __, ...is } = numbers(report, 'is');
    const { p50_hours: ___, p90_hours: ____, ...was } = numbers(report, 'was');
    expect([accountId, is]).toEqual([accountId, await expectedFigures(database, { accountId, knownAt: null })]);
    expect([accountId, was]).toEqual([accountId, await expectedFigures(database, { accountId, knownAt: reportedAt })]);
  }
});
