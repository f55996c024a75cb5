import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
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

  test('an address in the first line is judged too: it overrules the Host', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const ask = async (target: string) => {
      const socket = connect(pages.port, '127.0.0.1');
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      return (await text(socket)).slice(9, 12);
    };
    for (const evil of ['http://evil.example/', 'HTTP://evil.example:8080/', 'https://localhost@evil.example/'])
      expect(await ask(evil), evil).toBe('403');
    expect(await ask(`http://localhost:${pages.port}/`)).toBe('200');
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
});
