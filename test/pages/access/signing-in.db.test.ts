import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import pLimit from 'p-limit';
import { describe, expect } from 'vitest';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { testFilledBy } from '../../support/database.ts';
import { addAccounts } from '../../support/other-accounts.ts';
import { startPages } from '../../support/pages.ts';
import { ACCOUNT, syncedRig } from '../../support/rig.ts';
import { roleFixture } from '../../support/role.ts';

const TOKEN = 'the-token-of-a-viewer';

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
  await addAccounts(database, [3]);
})
  .extend('role', roleFixture)
  .extend('otherRole', roleFixture);

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('signing in', () => {
  const viewer = (role: string) => [{ name: 'compliance', token: TOKEN, role }];

  test('the form gives a cookie that no script and no other site can use, and leads back', async ({
    db: { url },
    role,
  }) => {
    await using pages = await startPages(url, { viewers: viewer(role) });
    const signIn = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(`${pages.url}/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        headers: { ...form, ...headers },
        body: new URLSearchParams(fields),
      });
    const done = await signIn({ token: ` ${TOKEN} `, to: '/cases?open=yes' });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/sign-in?to=%2Fcases%3Fopen%3Dyes&kept=1']);
    const cookie = done.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^cdd_sync_viewer=[\w-]+\.\d+\.[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(cookie).not.toContain(TOKEN);
    const back = await fetch(`${pages.url}${done.headers.get('location')}`, {
      headers: { cookie },
      redirect: 'manual',
    });
    expect([back.status, back.headers.get('location')]).toEqual([303, '/cases?open=yes']);

    for (const to of ['https://evil.example/', '//evil.example/', '/\\evil.example/', 'javascript:alert(1)']) {
      expect((await signIn({ token: TOKEN, to })).headers.get('location')).toBe('/sign-in?to=%2F&kept=1');
    }
    expect((await signIn({ token: TOKEN }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const wrong = await signIn({ token: 'not-the-token-of-any', to: '/cases' });
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
    expect((await signIn({ token: 'x'.repeat(5_000) })).status).toBe(413);
  });

  test('the cookie is only sent by https where the Host is another one', async ({ db: { url }, role }) => {
    await using pages = await startPages(url, { viewers: viewer(role) });
    const { port } = pages;
    const body = `token=${TOKEN}`;
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /sign-in HTTP/1.1\r\nHost: cdd.example\r\nX-Forwarded-Proto: http\r\nContent-Type: ${form['content-type']}\r\n` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    expect(await text(socket)).toMatch(/set-cookie: [^\r]+; Secure\r/i);
  });

  test('another token in the configuration ends the session, also a copied one', async ({
    db: { url, database },
    role,
  }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    const askWith = async (token: string, cookie: string) => {
      await using pages = await startPages(url, { viewers: [{ name: 'compliance', token, role }] });
      return (await pages.ask('/', { headers: { cookie } })).status;
    };
    await using pages = await startPages(url, { viewers: viewer(role) });
    const signedIn = await fetch(`${pages.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: form,
      body: `token=${TOKEN}`,
    });
    const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
    expect(await askWith(TOKEN, cookie)).toBe(200);
    expect(await askWith('a-token-that-is-new', cookie)).toBe(401);
    expect(
      await askWith(
        TOKEN,
        cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      ),
    ).toBe(401);
  });

  test('a thousand wrong tokens are refused, are one line in the log, and leave the worker answering', async ({
    db: { url, database },
    role,
  }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await using pages = await startPages(url, { viewers: viewer(role), wrongTokenDelayMs: 300 });
    const guess = async (number: number) => {
      const headers = { authorization: `Bearer wrong-token-number-${number}` };
      return (await fetch(pages.url, { headers })).status;
    };
    const begun = performance.now();
    // The server closes connections beyond 500.
    const limit = pLimit(300);
    const guesses = Promise.all(Array.from({ length: 1_000 }, (_, number) => limit(guess, number)));
    expect((await fetch(`${pages.url}/healthz`)).status).toBe(200);
    const statuses = await guesses;
    const waves = Math.ceil((performance.now() - begun) / 300);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5 * waves);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(pages.log().match(/a wrong token was given/g)).toHaveLength(1);
    expect(pages.log()).not.toContain('wrong-token-number');
    const { status } = await pages.ask('/', { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(status).toBe(200);
  });

  test('signing out takes the cookie away, and only a form of these pages can do it', async ({ db: { url }, role }) => {
    await using pages = await startPages(url, { viewers: viewer(role) });
    const signOut = (headers: Record<string, string>) =>
      fetch(`${pages.url}/sign-out`, {
        method: 'POST',
        redirect: 'manual',
        headers: { ...form, ...headers },
        body: '',
      });
    expect((await signOut({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    // Over http, browsers send the Origin only.
    for (const origin of ['http://evil.example', 'null']) expect((await signOut({ origin })).status, origin).toBe(403);
    expect((await signOut({ origin: pages.url })).status).toBe(303);
    expect((await signOut({ origin: 'http://127.0.0.1:9' })).status).toBe(303);
    const { headers } = await signOut({ 'sec-fetch-site': 'same-origin' });
    expect(headers.get('set-cookie')).toMatch(/^cdd_sync_viewer=; .*Max-Age=0/);
    expect((await pages.ask('/', { method: 'POST', headers: form, body: 'x=1' })).status).toBe(404);
  });
});
