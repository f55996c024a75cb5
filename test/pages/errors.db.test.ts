import { describe, expect } from 'vitest';
import { testFilledBy } from '../support/database.ts';
import { startPages } from '../support/pages.ts';
import { ACCOUNT, syncedRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
}).extend('role', roleFixture);

const html = { accept: 'text/html' };

describe('figures that are older than their cases', () => {
  test('are said so at the top of a page', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    const words = `the daily and monthly figures of <a href="/accounts/${ACCOUNT}#findings">`;
    const ask = async (path: string) => (await pages.ask(path)).body;
    expect(await ask('/accounts')).not.toContain(words);
    await database.$executeRaw`
      insert into cdd.report_changes (account_id, month, noted_at)
      values (${ACCOUNT}, '2026-03-01', now() - interval '4 hours')`;
    for (const path of ['/accounts', `/accounts/${ACCOUNT}`]) {
      expect(await ask(path)).toContain(words);
    }
  });
});

describe('an error', () => {
  test('of a page that does not exist is a page for people and JSON for programs', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    for (const path of ['/nowhere', '/views/nothing', '/views/%3Cscript%3E']) {
      const { status, body } = await pages.ask(path, { headers: html });
      expect([path, status]).toEqual([path, 404]);
      expect(body).toContain('<h1>Not found</h1>');
      expect(body).not.toContain('<script>');
    }
    expect((await pages.ask('/nowhere')).body).toBe('{"error":"Not Found"}');
    for (const path of ['/', '/cases', '/views']) {
      expect((await pages.ask(path, { method: 'DELETE' })).status).toBe(404);
    }
  });

  test('in our own code tells the reader nothing of it, and the log all, once', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    await database.$executeRaw`alter view reporting.funnel_monthly rename to hidden`;
    await database.$executeRaw`
      create view reporting.funnel_monthly as select * from reporting.hidden where 1 / (length(account_id) - 9) = 0`;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const { status, body } = await pages.ask('/months', { headers: html });
      expect([status, body.includes('<h1>This page is broken</h1>')]).toEqual([500, true]);
      expect(body).not.toMatch(/funnel_monthly|22012|Postgres/);
    }
    expect(pages.log().match(/a page could not be shown/g)).toHaveLength(1);
  });

  test('of an older database says so and what to do, and is one line in the log', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    await database.$executeRaw`alter view reporting.funnel_monthly rename to hidden`;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const { status, body } = await pages.ask('/months', { headers: html });
      expect([status, body.includes('The operator of cdd-sync runs: cdd-sync migrate')]).toEqual([503, true]);
      expect(body).not.toMatch(/funnel_monthly|42P01|Postgres/);
    }
    expect(pages.log().match(/"level":[45]0/g)).toHaveLength(1);
  });

  test('of a block that takes too long leaves the other blocks', async ({ db: { url, database } }) => {
    await database.$executeRaw`
      create function cdd.cancel() returns boolean language plpgsql as $$ begin raise query_canceled; end $$`;
    await database.$executeRaw`alter view reporting.backlog_spans rename to hidden`;
    await database.$executeRaw`create view reporting.backlog_spans as select * from reporting.hidden where cdd.cancel()`;
    await using pages = await startPages(url);
    const { status, body } = await pages.ask(`/accounts/${ACCOUNT}`, { headers: html });
    expect(status).toBe(200);
    expect(body.match(/this part took too long/g)).toHaveLength(2);
    expect(body).toContain('Choose one account or a shorter period');
    for (const id of ['runs', 'statuses', 'backlog', 'findings'])
      expect(body).toContain(`<section class="block" id="${id}"`);
    expect(body).toContain('<th scope="col" role="columnheader">Finding</th>');
  });

  test('about an account that does not exist is no page of zeros, and no empty file', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    for (const path of [
      '/months',
      '/months/2026-10',
      '/?format=csv&block=funnel',
      '/accounts?format=csv',
      '/cases?format=csv',
    ]) {
      const of = (account: string) => `${path}${path.includes('?') ? '&' : '?'}account=${account}`;
      const { status, body } = await pages.ask(of('P99999999'), { headers: html });
      expect([path, status, body.includes('There is no such account, or you may not see it.')]).toEqual([
        path,
        404,
        true,
      ]);
      expect([path, (await fetch(pages.url + of(ACCOUNT))).status]).toEqual([path, 200]);
    }
    expect((await pages.ask(`/cases?format=csv&account=${ACCOUNT}&account=P99999999`)).status).toBe(400);
  });

  test('before the first row of a file is a page with words, not a file', async ({ db: { url, database } }) => {
    await database.$executeRaw`
      create function cdd.cancel() returns boolean language plpgsql as $$ begin raise query_canceled; end $$`;
    await database.$executeRaw`alter view reporting.cases rename to hidden`;
    await database.$executeRaw`create view reporting.cases as select * from reporting.hidden where cdd.cancel()`;
    await using pages = await startPages(url);
    const { status, type, body } = await pages.ask('/cases?format=csv', { headers: html });
    expect([status, type]).toEqual([503, 'text/html; charset=utf-8']);
    expect(body).toContain('This page took too long');
  });

  test('in the middle of a page is one block, and the page ends well', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    await database.$executeRaw`alter view reporting.sync_freshness rename to hidden`;
    const { status, body } = await pages.ask('/', { headers: html });
    expect([status, body.match(/The database is not of this version/g)?.length]).toEqual([200, 1]);
    expect(body).toMatch(/<\/html>\s*$/);
  });
});
