import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { expect } from 'vitest';
import { readCatalog } from '../../docs/reporting/catalog.ts';
import { reportingPage } from '../../docs/reporting/generate.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { withAdmin } from '../support/admin.ts';
import { test as base } from '../support/database.ts';
import { roleFixture } from '../support/role.ts';

const PAGE = new URL('../../docs/reporting.md', import.meta.url);
const ACCOUNT = 'P12345678';

const test = base.extend('role', roleFixture);

const queriesOf = (page: string) => [...page.matchAll(/^```sql\n([\s\S]*?)\n```$/gm)].map(([, sql = '']) => sql);

/** Runs each query as a role, in a session with default settings. */
function runQueries(url: string, role: string, queries: readonly string[]): Promise<pg.QueryResult[]> {
  return withAdmin(url, async (client) => {
    await client.query(`begin read only; set local role ${role}`);
    const results: pg.QueryResult[] = [];
    for (const sql of queries) {
      results.push(
        await client.query(sql).catch((error: Error) => {
          throw new Error(`${error.message} in\n${sql}`);
        }),
      );
    }
    return results;
  });
}

test('docs/reporting.md is current (`npm run docs:reporting` writes it), and a reader of one account can run its queries', async ({
  db: { url, database },
  role,
}) => {
  const page = await readFile(PAGE, 'utf8');
  expect(await reportingPage(url)).toBe(page);

  const queries = queriesOf(page);
  expect(queries.length).toBeGreaterThan(30);
  // The grants of cdd_reader hold for all its members, so it must have none.
  await grantReader(database, { role: 'cdd_reader', accountIds: [] });
  await grantReader(database, { role, accountIds: [ACCOUNT] });
  const rows = (await runQueries(url, role, queries)).flatMap((result) => result.rows);
  expect(rows.length).toBeGreaterThan(100);
  expect(new Set(rows.flatMap((row) => row.account_id ?? []))).toEqual(new Set([ACCOUNT]));
});

test('docs/reporting.md has every view and function of schema reporting, and every column has a comment', async ({
  db: { url },
}) => {
  const { views, functions } = await withAdmin(url, readCatalog);
  const page = await readFile(PAGE, 'utf8');
  const headings = [...page.matchAll(/^### reporting\.(\w+)$/gm)].map(([, name]) => name);
  expect(headings.sort()).toEqual([...views, ...functions].map(({ name }) => name).sort());
  const uncommented = [
    ...[...views, ...functions].filter(({ comment }) => !comment).map(({ name }) => name),
    ...views.flatMap((view) =>
      view.columns.filter(({ meaning }) => !meaning).map(({ name }) => `${view.name}.${name}`),
    ),
  ];
  expect(uncommented).toEqual([]);
});

test('the comment of every view says how fresh it is', async ({ db: { url } }) => {
  const { views } = await withAdmin(url, readCatalog);
  expect(views.filter(({ comment }) => !comment?.includes(' Fresh: ')).map(({ name }) => name)).toEqual([]);
});
