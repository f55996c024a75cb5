import { describe, expect } from 'vitest';
import { PAGE_POOL } from '../../src/pages/viewer.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { withAdmin } from '../support/admin.ts';
import { testFilledBy } from '../support/database.ts';
import { startPages } from '../support/pages.ts';
import { syncedRig } from '../support/rig.ts';
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
