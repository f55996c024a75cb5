import { describe, expect, inject } from 'vitest';
import { PAGE_POOL } from '../../src/pages/viewer.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { withAdmin } from '../support/admin.ts';
import { testFilledBy } from '../support/database.ts';
import { startPages } from '../support/pages.ts';
import { ACCOUNT, syncedRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
}).extend('role', roleFixture);

const html = { accept: 'text/html' };

/** Statements that wait for a lock. Not asked within the transaction that holds it: it would see the first answer only. */
async function blockedStatements(database: Database): Promise<unknown> {
  const [row] = await database.$queryRaw<{ blocked: number }[]>`
    select count(*)::integer as blocked
    from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return row?.blocked;
}

/** Does the work while the database has another name: every connection is refused. */
async function whileAway<T>(url: string, work: () => Promise<T>): Promise<T> {
  const name = new URL(url).pathname.slice(1);
  const rename = (from: string, to: string) =>
    withAdmin(inject('postgres').url, async (admin) => {
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [from]);
      await admin.query(`alter database ${from} rename to ${to}`);
    });
  await rename(name, `${name}_away`);
  return work().finally(() => rename(`${name}_away`, name));
}

describe('without the database', () => {
  test('a page that was shown stands there as it was, and says since when; others say what to do', async ({
    db: { url },
  }) => {
    await using pages = await startPages(url);
    await pages.ask('/accounts', { headers: html });
    await whileAway(url, async () => {
      const known = await pages.ask('/accounts', { headers: html });
      expect(known.status).toBe(503);
      expect(known.body).toContain(ACCOUNT);
      const time = '<time[^>]*>\\d\\d:\\d\\d</time>';
      const words = `The database cannot be reached since ${time}\\. This is the state of ${time}\\.`;
      expect(known.body).toMatch(new RegExp(`<main [^>]*>\\s*<p class="notice act" id="outage" role="alert">${words}`));
      const unknown = await pages.ask('/cases', { headers: html });
      expect([unknown.status, unknown.type]).toEqual([503, 'text/html; charset=utf-8']);
      expect(unknown.body).toMatch(/<h1>The database cannot be reached since \d\d:\d\d<\/h1>/);
      expect(unknown.body).toContain('cdd-sync check');
      expect(unknown.body).not.toContain(new URL(url).pathname.slice(1));
    });
    const again = await pages.ask('/accounts', { headers: html });
    expect([again.status, again.body.includes('id="outage"')]).toEqual([200, false]);
    expect(pages.log()).not.toContain('"level":50');
  });
});

const viewers = (roles: Record<string, string>) =>
  Object.entries(roles).map(([name, role]) => ({ name, role, token: `the-token-of-${name}` }));
const as = (name: string) => ({ headers: { ...html, authorization: `Bearer the-token-of-${name}` } });

describe('without the database', () => {
  test('a page says since when the worker has noticed it, if the worker has', async ({ db: { url } }) => {
    // 14:05 in Oslo.
    await using pages = await startPages(url, { outageSince: () => new Date('2026-01-02T13:05:00Z') });
    await pages.ask('/accounts', { headers: html });
    await whileAway(url, async () => {
      for (const path of ['/accounts', '/cases']) {
        const { body } = await pages.ask(path, { headers: html });
        expect(body.replace(/<[^>]*>/g, '')).toMatch(/The database cannot be reached since 2 Jan( 2026| 14:05)/);
      }
    });
  });
});

describe('viewers, without the database', () => {
  test('each one sees only what was shown to it, even with the same role', async ({ db: { url, database }, role }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await using pages = await startPages(url, { viewers: viewers({ kari: role, ola: role }) });
    await pages.ask('/accounts', as('kari'));
    await whileAway(url, async () => {
      expect((await pages.ask('/accounts', as('kari'))).body).toContain(ACCOUNT);
      const other = await pages.ask('/accounts', as('ola'));
      expect([other.status, other.body.includes(ACCOUNT), other.body.includes('kari')]).toEqual([503, false, false]);
      expect((await pages.ask('/accounts', { headers: html })).status).toBe(401);
    });
  });

  test('nothing of a viewer is shown any more once its rights were taken', async ({ db: { url, database }, role }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await using pages = await startPages(url, { viewers: viewers({ kari: role }) });
    await pages.ask('/accounts', as('kari'));
    await database.$executeRawUnsafe(`revoke cdd_reader from ${role}`);
    expect((await pages.ask('/months', as('kari'))).status).toBe(403);
    await database.$executeRawUnsafe(`drop role ${role}`);
    expect((await pages.ask('/months', as('kari'))).status).toBe(403);
    await whileAway(url, async () => {
      expect((await pages.ask('/accounts', as('kari'))).body).not.toContain(ACCOUNT);
    });
  });
});

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

describe('while all connections of the pages are in use', () => {
  test('one page more says so, and neither it nor a later one takes that for an outage', async ({
    db: { url, database },
  }) => {
    await using pages = await startPages(url, { waitMs: 300 });
    await pages.ask('/months', { headers: html });
    const waiting = await withAdmin(url, async (admin) => {
      await admin.query('begin; lock table cdd.accounts in access exclusive mode');
      const asked = Array.from({ length: PAGE_POOL.connections }, () => pages.ask('/months', { headers: html }));
      await expect.poll(() => blockedStatements(database)).toBe(PAGE_POOL.connections);
      const more = await pages.ask('/months', { headers: html });
      expect([more.status, more.body.includes('Too many pages are being read')]).toEqual([503, true]);
      expect(pages.log()).toContain('all connections for pages were in use');
      await admin.query('commit');
      return asked;
    });
    for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
  });

  test('no more than two of them send long files, so that pages can be read', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    const file = () => pages.ask('/cases?format=csv', { headers: html });
    const waiting = await withAdmin(url, async (admin) => {
      await admin.query('begin; lock table cdd.status_targets in access exclusive mode');
      const asked = [file(), file()];
      await expect.poll(() => blockedStatements(database)).toBe(2);
      const more = await file();
      expect([more.status, more.body.includes('Two long files are being sent')]).toEqual([503, true]);
      expect((await pages.ask('/months', { headers: html })).status).toBe(200);
      await admin.query('commit');
      return asked;
    });
    for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
    expect((await file()).status).toBe(200);
  });
});

test('the statement of a reader who has gone ends, and is no outage', async ({ db: { url, database } }) => {
  await using pages = await startPages(url);
  await withAdmin(url, async (admin) => {
    await admin.query('begin; lock table cdd.status_targets in access exclusive mode');
    const gone = new AbortController();
    const asked = fetch(`${pages.url}/cases?format=csv`, { signal: gone.signal }).catch(() => null);
    await expect.poll(() => blockedStatements(database)).toBe(1);
    gone.abort();
    await asked;
    // Half of the minute that the statement may take.
    await expect.poll(() => blockedStatements(database), { timeout: 30_000 }).toBe(0);
  });
  expect((await pages.ask('/months', { headers: html })).status).toBe(200);
  expect(pages.log()).toBe('');
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
    await database.$executeRaw`alter view reporting.backlog_daily rename to hidden`;
    await database.$executeRaw`create view reporting.backlog_daily as select * from reporting.hidden where cdd.cancel()`;
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
