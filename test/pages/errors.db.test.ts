import { describe, expect, inject } from 'vitest';
import { withAdmin } from '../support/admin.ts';
import { testFilledBy } from '../support/database.ts';
import { startPages } from '../support/pages.ts';
import { ACCOUNT, syncedRig } from '../support/rig.ts';

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
});

const html = { accept: 'text/html' };

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
      expect(known.body).toMatch(
        /The database does not answer<\/span> since <time[^>]*>\d\d:\d\d .*The page below is of <time/s,
      );
      const unknown = await pages.ask('/cases', { headers: html });
      expect([unknown.status, unknown.type]).toEqual([503, 'text/html; charset=utf-8']);
      expect(unknown.body).toContain('cdd-sync check');
      expect(unknown.body).not.toContain(new URL(url).pathname.slice(1));
    });
    const again = await pages.ask('/accounts', { headers: html });
    expect([again.status, again.body.includes('id="outage"')]).toEqual([200, false]);
    expect(pages.log()).not.toContain('"level":50');
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

  test('in our own code tells the reader nothing of it, and the log all', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    await database.$executeRaw`alter view reporting.funnel_monthly rename to hidden`;
    const { status, body } = await pages.ask('/months', { headers: html });
    expect([status, body.includes('<h1>This page is broken</h1>')]).toEqual([500, true]);
    expect(body).not.toMatch(/funnel_monthly|42P01|Postgres/);
    expect(pages.log()).toContain('a page could not be shown');
  });

  test('in the middle of a page is one block, and the page ends well', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    await database.$executeRaw`alter view reporting.sync_freshness rename to hidden`;
    const { status, body } = await pages.ask('/', { headers: html });
    expect([status, body.match(/This page is broken/g)?.length]).toEqual([200, 1]);
    expect(body).toMatch(/<\/html>\s*$/);
  });
});
