import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import pLimit from 'p-limit';
import { describe, expect } from 'vitest';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { testFilledBy } from '../../support/database.ts';
import { addAccounts } from '../../support/other-accounts.ts';
import { startPages } from '../../support/pages.ts';
import { ACCOUNT, syncedRig } from '../../support/rig.ts';
import { roleFixture } from '../../support/role.ts';

const OTHER = 'P11111111';
const TOKEN = 'the-token-of-a-viewer';

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
  await addAccounts(database, [3]);
})
  .extend('role', roleFixture)
  .extend('otherRole', roleFixture);

const EVERY_PAGE = ['/', '/accounts', '/cases', '/cases?format=csv', '/months', '/views', '/views/cases'];

/** An address of this machine that is not loopback; null in a container without a network. */
const ownAddress =
  Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry !== undefined && !entry.internal && entry.family === 'IPv4')?.address ?? null;

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('without viewers', () => {
  test('every page is shown to this machine and kept by nobody', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    for (const path of EVERY_PAGE) {
      const { status, headers } = await fetch(pages.url + path);
      expect([path, status, headers.get('cache-control')]).toEqual([path, 200, 'no-store, private']);
      expect(headers.get('content-security-policy')).toContain(
        "default-src 'none'; script-src 'self'; style-src 'self'",
      );
    }
  });

  test('another Host, or a header of a proxy, gets one sentence and no page', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const refused = [
      { host: 'evil.example' },
      { host: 'localhost.evil.example:80' },
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1;host=localhost' },
      { host: 'cdd.example', 'x-forwarded-host': 'localhost' },
    ];
    for (const headers of refused) {
      for (const path of [...EVERY_PAGE, '/sign-in', '/static/x/style.css']) {
        const answer = await pages.ask(path, { headers: { accept: 'text/html', ...headers } });
        expect([path, answer.status, answer.type]).toEqual([path, 403, 'text/plain; charset=utf-8']);
        expect(answer.body).not.toContain('<');
      }
    }
  });

  test('a request without Host, with two, or by HTTP/1.0 as proxies send it, gets no page', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    for (const head of [
      'HTTP/1.0\r\n',
      'HTTP/1.0\r\nHost: localhost\r\n',
      'HTTP/1.1\r\n',
      'HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n',
      'HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n',
    ]) {
      const socket = connect(pages.port, '127.0.0.1');
      socket.write(`GET / ${head}Connection: close\r\n\r\n`);
      expect(await text(socket), head).toMatch(/^HTTP\/1\.1 40[03] /);
    }
  });

  test.skipIf(ownAddress === null)(
    'a worker that listens everywhere shows nothing beyond loopback',
    async ({ db: { url } }) => {
      await using pages = await startPages(url, { host: '0.0.0.0' });
      const asked = await fetch(`http://${ownAddress}:${pages.port}/`);
      expect(asked.status).toBe(403);
      // As a guest of a virtual machine could: another address, with the Host of this one.
      const socket = connect(pages.port, String(ownAddress));
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /);
      expect((await fetch(`http://localhost:${pages.port}/`)).status).toBe(200);
    },
  );

  test('health, metrics and webhooks answer everybody as before', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const headers = { host: 'worker:8080' };
    expect((await pages.ask('/healthz', { headers })).status).toBe(200);
    expect((await pages.ask('/metrics', { headers })).status).toBe(200);
    expect((await pages.deliver('{}', headers)).status).toBe(202);
    expect((await pages.ask('/nowhere', { headers })).type).toBe('application/json; charset=utf-8');
  });
});

describe('with viewers', () => {
  const viewer = (role: string) => [{ name: 'compliance', token: TOKEN, role }];

  test('nobody sees a page without a token, on this machine neither', async ({ db: { url }, role }) => {
    await using pages = await startPages(url, { viewers: viewer(role) });
    for (const path of EVERY_PAGE) {
      const answer = await pages.ask(path, { headers: { accept: 'text/html' } });
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.body).toContain('<form method="post" action="/sign-in"');
      expect(answer.body).not.toContain(ACCOUNT);
    }
  });

  test("a token shows the accounts of the viewer's role, with names or without", async ({
    db: { url, database },
    role,
  }) => {
    await using pages = await startPages(url, { viewers: viewer(role) });
    const read = async (path: string) =>
      (await pages.ask(path, { headers: { authorization: `Bearer ${TOKEN}` } })).body;
    const [named] = await database.$queryRaw<{ name: string }[]>`
      select payout_destination_name as name from reporting.cases
      where payout_destination_name is not null
      order by status_since desc limit 1`;

    await grantReader(database, { role, accountIds: [OTHER] });
    expect(await read('/')).toContain(OTHER);
    expect(await read('/')).not.toContain(ACCOUNT);
    expect(await read('/cases')).not.toContain(ACCOUNT);
    expect(await read(`/cases?account=${ACCOUNT}`)).toContain('No case fits');

    await grantReader(database, { role, accountIds: [ACCOUNT], withNames: false });
    expect(await read('/cases')).toContain(ACCOUNT);
    for (const path of EVERY_PAGE) expect(await read(path)).not.toContain(named?.name);

    await grantReader(database, { role, accountIds: [ACCOUNT], withNames: true });
    expect(await read('/cases')).toContain(named?.name);
  });

  test('viewers at the same time see their own accounts only, on the same connections', async ({
    db: { url, database },
    role,
    otherRole,
  }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await grantReader(database, { role: otherRole, accountIds: [OTHER] });
    const second = { name: 'second', token: 'the-token-of-another', role: otherRole };
    await using pages = await startPages(url, { viewers: [...viewer(role), second] });
    const seenBy = async (token: string) => {
      const { body } = await pages.ask('/accounts', { headers: { authorization: `Bearer ${token}` } });
      return [ACCOUNT, OTHER].filter((id) => body.includes(id));
    };
    const seen = await Promise.all(Array.from({ length: 30 }, (_, turn) => seenBy(turn % 2 ? TOKEN : second.token)));
    for (const [turn, accounts] of seen.entries()) expect(accounts).toEqual([turn % 2 ? ACCOUNT : OTHER]);
  });

  test('a role that may read nothing sees what to do, and no error of Postgres', async ({ db: { url }, role }) => {
    await using pages = await startPages(url, { viewers: viewer(role) });
    const answer = await pages.ask('/', { headers: { authorization: `Bearer ${TOKEN}` } });
    expect([answer.status, answer.body.includes('grant-reader')]).toEqual([403, true]);
    expect(answer.body).not.toMatch(/permission denied|42501|reporting\./);
  });

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
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10 * waves);
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
    const { headers } = await signOut({ 'sec-fetch-site': 'same-origin' });
    expect(headers.get('set-cookie')).toMatch(/^cdd_sync_viewer=; .*Max-Age=0/);
    expect((await pages.ask('/', { method: 'POST', headers: form, body: 'x=1' })).status).toBe(404);
  });
});
