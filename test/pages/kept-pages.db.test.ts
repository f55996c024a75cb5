import { describe, expect, inject } from 'vitest';
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

describe('an open page', () => {
  test('gets the same answer for some seconds, until its rights are changed', async ({
    db: { url, database },
    role,
  }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await using pages = await startPages(url, { viewers: viewers({ kari: role, ola: role }) });
    const heading = async (name: string, headers: Record<string, string>) => {
      const { body } = await pages.ask('/accounts', { headers: { ...as(name).headers, ...headers } });
      return /First name|Second name/.exec(body)?.[0];
    };
    const rename = (label: string) =>
      database.$executeRaw`update cdd.accounts set label = ${label}, reported_label = ${label}`;
    await rename('First name');
    expect(await heading('kari', {})).toBe('First name');
    await rename('Second name');
    expect(await heading('kari', { 'x-refresh': '1' })).toBe('First name');
    expect(await heading('ola', { 'x-refresh': '1' })).toBe('Second name');
    expect(await heading('kari', {})).toBe('Second name');
    await rename('First name');
    await grantReader(database, { role, accountIds: [ACCOUNT], withNames: false });
    expect(await heading('kari', { 'x-refresh': '1' })).toBe('First name');
  });
});
