import { expect } from 'vitest';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { test as base } from '../../support/database.ts';
import { startPages } from '../../support/pages.ts';
import { formatInstant } from '../../support/reference/instant.ts';
import { makeRandomHistory } from '../../support/reporting/random-history.ts';
import { roleFixture } from '../../support/role.ts';

const test = base.extend('role', roleFixture);

const TOKEN = 'the-token-of-a-viewer';
const ACCOUNT = 'P11200001';
/** The sandbox's history runs from 10 October to the middle of November 2026, and its runs have those times. */
const MONTH = '2026-10';

/** The page of the month that is not over in the zone of the pages. */
const runningMonth = () =>
  `/months/${new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' }).format(new Date()).slice(0, 7)}`;

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

const report = (rows: Map<string, Record<string, string>>, column: 'was' | 'is') => {
  const { p50_hours, p90_hours, ...counts } = numbers(rows, column);
  return { counts, hours: [p50_hours ?? null, p90_hours ?? null] };
};

/** Hours within which half, and nine in ten, of October's first decisions were made, from reporting.cases. */
async function expectedHours(database: Database, accountId: string | null): Promise<(number | null)[]> {
  const [row] = await database.$queryRawUnsafe<{ p50: number | null; p90: number | null }[]>(`
    select
      percentile_cont(0.5) within group (order by hours_to_decision)::float8 as p50,
      percentile_cont(0.9) within group (order by hours_to_decision)::float8 as p90
    from reporting.cases
    where first_decided_at >= '2026-10-01 00:00 Europe/Oslo'
      and first_decided_at < '2026-11-01 00:00 Europe/Oslo'
      and ${condition(accountId)}`);
  return [row?.p50 ?? null, row?.p90 ?? null];
}

test('a month says what was reported, and what is known now', { timeout: 120_000 }, async ({ db, role }) => {
  const { url, database } = db;
  await using pages = await startPages(url);
  const csv = (block: string, parameters = '') => `${pages.url}/months/${MONTH}?format=csv&block=${block}${parameters}`;
  const kept: { knownAt: string; shown: ReturnType<typeof report> }[] = [];
  const { rig } = await makeRandomHistory(db, {
    seed: 22,
    steps: 5,
    cases: 20,
    changes: 60,
    backdated: true,
    afterStep: async ({ snapshots, last }) => {
      // The last step but one is after the month.
      if (snapshots.length !== 4) return;
      kept.push({ knownAt: formatInstant(last.knownAt), shown: report(await csvOf(csv('report')), 'is') });
    },
  });
  await rig.close();

  const reportedAt = '2026-11-01 00:00 Europe/Oslo';
  for (const accountId of [null, ACCOUNT, 'T12345678']) {
    const parameters = accountId === null ? '' : `&account=${accountId}`;
    const rows = await csvOf(csv('report', parameters));
    const is = report(rows, 'is');
    expect([accountId, is.counts]).toEqual([accountId, await expectedFigures(database, { accountId, knownAt: null })]);
    const hours = await expectedHours(database, accountId);
    expect([accountId, is.hours]).toEqual([accountId, hours.map((value) => value && expect.closeTo(value, 5))]);
    const was = await expectedFigures(database, { accountId, knownAt: reportedAt });
    expect([accountId, report(rows, 'was').counts]).toEqual([accountId, was]);
  }

  // What the page said on 7 November is what it says today of that time; the second time from memory.
  expect(kept).toHaveLength(1);
  for (const { knownAt, shown } of [...kept, ...kept]) {
    const then = report(await csvOf(csv('report', `&known_at=${knownAt}`)), 'was');
    expect(then).toEqual({
      counts: shown.counts,
      hours: shown.hours.map((value) => value && expect.closeTo(value, 5)),
    });
  }

  // A viewer gets the figures of its accounts, also after one was taken away and although they are kept.
  await grantReader(database, { role, accountIds: [ACCOUNT, 'P11200000'] });
  await using limited = await startPages(url, { viewers: [{ name: 'v', token: TOKEN, role }] });
  const ask = async (parameters = '') => {
    const { pathname, search } = new URL(csv('report', parameters));
    const answer = await fetch(limited.url + pathname + search, { headers: { authorization: `Bearer ${TOKEN}` } });
    return answer.text();
  };
  const both = await ask();
  await grantReader(database, { role, accountIds: [ACCOUNT] });
  expect(await ask()).not.toBe(both);
  expect(await ask()).toBe(await ask(`&account=${ACCOUNT}`));

  // The list of months, and the months with other figures now, are those of the views.
  const months = await csvOf(`${pages.url}/months?format=csv`);
  expect(months.get(MONTH)?.opened).toBe(String(report(await csvOf(csv('report')), 'is').counts.opened));
  const restated = await csvOf(`${pages.url}/months?format=csv&block=restated`);
  for (const month of months.keys()) {
    const found = restated.get(month);
    const { month: _, accounts, accounts_first_read_later: unread, ...differences } = found ?? {};
    const shown = Object.fromEntries(Object.entries(differences).map(([name, value]) => [name, Number(value)]));
    expect([month, shown]).toEqual([month, await expectedDifferences(database, month)]);
  }
  expect(restated.size).toBeGreaterThan(0);
  await expectFirstRead(database, { months: `${pages.url}/months`, restated });

  // The numbers are links to as many cases.
  let followed = 0;
  for (const path of [`/months/${MONTH}`, `/months/${MONTH}?account=${ACCOUNT}`, runningMonth(), '/months']) {
    const page = await (await fetch(pages.url + path)).text();
    for (const [, href = '', cases = ''] of page.matchAll(/<a href="(\/cases\?[^"]*)">([\d,]+)<\/a>/g)) {
      const list = await (await fetch(pages.url + href.replaceAll('&amp;', '&'))).text();
      expect([path, href, /<data value="(\d+)">/.exec(list)?.[1]]).toEqual([path, href, cases.replaceAll(',', '')]);
      followed += 1;
    }
  }
  expect(followed).toBeGreaterThan(20);

  // Each difference that is explained has its cases.
  const why = await fetch(csv('why'));
  const [headings, ...lines] = (await why.text()).trim().split('\r\n');
  expect(headings).toBe('account_id,figure,was,is,difference,case_ids');
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(/^P\d+,\w+,\d+,\d+,-?\d+,[-0-9a-f ]{36,}$/);
});

/** A month that ended before its accounts were read says when they were, in place of differences. */
async function expectFirstRead(
  database: Database,
  { months, restated }: { months: string; restated: Map<string, Record<string, string>> },
): Promise<void> {
  const page = await (await fetch(months)).text();
  const rows = page.slice(page.indexOf('id="restated"')).split('<tr role="row">').slice(2);
  const expected: [month: string, accounts: string, unread: string][] = [];
  for (const month of restated.keys()) {
    const [row] = await database.$queryRawUnsafe<{ accounts: string; unread: string }[]>(`
      select
        count(distinct account_id)::text as accounts,
        (count(distinct account_id) filter (where first_read_at > ends_at))::text as unread
      from (values (('${month}-01'::timestamp + interval '1 month') at time zone 'Europe/Oslo')) as month (ends_at)
      cross join lateral reporting.restatements(ends_at) as restatement
      join reporting.accounts using (account_id)
      where restatement.month = '${month}-01' and account_id like 'P%'
        and figure in ('opened', 'decided', 'approved', 'declined')`);
    expected.push([month, row?.accounts ?? '', row?.unread ?? '']);
  }
  const found = [...restated].map(([month, row]) => [month, row.accounts, row.accounts_first_read_later]);
  expect(found).toEqual(expected);
  const isUnread = expected.map(([, accounts, unread]) => accounts === unread);
  expect(new Set(isUnread).size).toBe(2);
  expect(rows.map((row) => row.includes('first read on 10 Oct 2026'))).toEqual(isUnread);
  expect(rows.map((row) => !/>[+−-]\d/.test(row))).toEqual(isUnread);
}

/** The differences of a month since its end by restatements; nothing if no account differs. */
async function expectedDifferences(database: Database, month: string): Promise<Record<string, number>> {
  const rows = await database.$queryRawUnsafe<{ figure: string; difference: number }[]>(`
    select figure, sum(difference)::integer as difference
    from reporting.restatements(('${month}-01'::timestamp + interval '1 month') at time zone 'Europe/Oslo')
    where month = '${month}-01' and account_id like 'P%' and figure in ('opened', 'decided', 'approved', 'declined')
      and ('${month}-01'::timestamp + interval '1 month') at time zone 'Europe/Oslo' <= now()
    group by figure`);
  if (rows.length === 0) return {};
  const none = { opened_difference: 0, decided_difference: 0, approved_difference: 0, declined_difference: 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ figure, difference }) => [`${figure}_difference`, difference])) };
}

test('a month that cannot be shown says why', async ({ db: { url } }) => {
  await using pages = await startPages(url);
  const statusOf = async (path: string) => (await fetch(pages.url + path)).status;
  for (const wrong of ['2026-13', '2026-1', 'x', '2026-10-01', '1999-12', '9999-12', '%00', '2026-10%0a']) {
    expect([wrong, await statusOf(`/months/${wrong}`)]).toEqual([wrong, 404]);
  }
  const running = await fetch(`${pages.url}${runningMonth()}`);
  expect(await running.text()).toContain('This month is not over');
  expect(await (await fetch(`${pages.url}/months/2020-02`)).text()).toContain('No case was read yet.');
  expect(await (await fetch(`${pages.url}/months`)).text()).toContain('No case was opened yet.');
  expect(await statusOf('/months/2020-02?known_at=x')).toBe(200);
  expect(await statusOf('/months/2020-02?known_at=x&format=csv&block=report')).toBe(400);
  expect(await statusOf('/months/2020-02?format=csv&block=x')).toBe(404);
});
