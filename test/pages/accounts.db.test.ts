import { describe, expect } from 'vitest';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { testFilledBy } from '../support/database.ts';
import { addManyAccounts, manyId } from '../support/many-accounts.ts';
import { startPages, textOf } from '../support/pages.ts';
import { ACCOUNT, syncedRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';

const MERCHANTS = 1000;
const REFUSED = 300;
const TOKEN = 'the-token-of-a-viewer';

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
  await addManyAccounts(database, { accounts: MERCHANTS, refused: REFUSED });
}).extend('role', roleFixture);

type Pages = Awaited<ReturnType<typeof startPages>>;

/** A page without its markup. */
async function pageText(pages: Pages, path: string): Promise<string> {
  const { status, body } = await pages.ask(path);
  expect([path, status]).toEqual([path, 200]);
  return textOf(body);
}

/** The lines of a CSV without its headings. */
async function csvOf(pages: Pages, path: string): Promise<string[]> {
  const { body } = await pages.ask(path);
  return body.trim().split('\r\n').slice(1);
}

describe('the list of accounts', () => {
  test('accounts with the same problem are one notice, with its reason and what to do', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const text = await pageText(pages, '/accounts');
    expect(text).toContain('300 of 1,001 accounts need a person.');
    expect(text).toContain('300 accounts are refused: Dintero refuses the client id or secret (AUTH).');
    expect(text).toContain('then run &quot;cdd-sync check&quot;.');
    const { body } = await pages.ask('/accounts');
    expect(body.match(/class="notice/g)).toHaveLength(1);
    expect(body).toContain('href="/accounts?state=refused&amp;error=AUTH"');
    // Runs go on at their times, so of an account that fails it is a success that is due. After midnight its time has a day.
    expect(text).toMatch(/Success due.*since (\d+ \w+ )?\d\d:\d\d/s);
    expect(await pageText(pages, '/accounts?state=ok')).toContain('in 55 min');
    expect(await pageText(pages, `/accounts/${manyId(1)}`)).toMatch(/Next success due\s*since (\d+ \w+ )?\d\d:\d\d/);
    expect((await pages.ask('/accounts?q=merchant+900')).body).not.toContain('class="notice');
  });

  test('each link of a notice and each filter leads to a list of as many accounts', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const lists = {
      '/accounts?state=refused&error=AUTH': REFUSED,
      '/accounts?state=ok': MERCHANTS + 1 - REFUSED,
      '/accounts?q=merchant+99': 11,
      [`/accounts?q=${ACCOUNT.toLowerCase()}`]: 1,
      '/accounts?state=paused': 0,
      '/accounts?state=refused&q=P20000300': 1,
    };
    for (const [path, accounts] of Object.entries(lists)) {
      expect(await csvOf(pages, `${path}&format=csv`)).toHaveLength(accounts);
      expect(await pageText(pages, path)).toContain(`${accounts} account${accounts === 1 ? '' : 's'} found`);
    }
  });

  test('a page has 100 accounts, and together the pages have each account once', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const shown: string[] = [];
    for (let page = 1; page <= 11; page += 1) {
      const { body } = await pages.ask(`/accounts?page=${page}`);
      const rows = [...body.matchAll(/<th scope="row"[^>]*><a href="\/accounts\/(\w+)"/g)].map(([, id]) => id);
      expect(rows).toHaveLength(page === 11 ? 1 : 100);
      shown.push(...rows.map(String));
    }
    expect(new Set(shown).size).toBe(MERCHANTS + 1);
    expect(shown.slice(0, REFUSED)).toEqual(Array.from({ length: REFUSED }, (_, index) => manyId(index + 1)));
  });

  test('the figures of an account are those of the views', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    const [line = ''] = await csvOf(pages, `/accounts?q=${ACCOUNT}&format=csv`);
    const [views] = await database.$queryRaw<{ cases: number; open: number }[]>`
      select sum(cases)::integer as cases, (sum(cases) filter (where is_open))::integer as open
      from reporting.backlog_daily
      where account_id = ${ACCOUNT} and day = (now() at time zone 'Europe/Oslo')::date`;
    expect(line.split(',').slice(4, 7)).toEqual([String(views?.cases), String(views?.open), '1']);
  });

  test('the head of a page finds an account by a part of its label, without a list of a thousand', async ({
    db: { url },
  }) => {
    await using pages = await startPages(url);
    const leadsTo = async (typed: string) => {
      const answer = await fetch(`${pages.url}/months?days=30&account=${encodeURIComponent(typed)}`, {
        redirect: 'manual',
      });
      return [answer.status, answer.headers.get('location')];
    };
    expect(await leadsTo('merchant 777')).toEqual([303, `/months?days=30&account=${manyId(777)}`]);
    expect(await leadsTo(' p20000777')).toEqual([303, `/months?days=30&account=${manyId(777)}`]);
    expect(await leadsTo('Merchant 77')).toEqual([303, '/accounts?q=Merchant+77']);
    expect(await leadsTo('"><b>//evil.example')).toEqual([303, '/accounts?q=%22%3E%3Cb%3E%2F%2Fevil.example']);
    expect(await leadsTo(manyId(777))).toEqual([200, null]);
    const { body } = await pages.ask(`/months?account=${manyId(777)}`);
    expect(body).toContain(`<input type="search" name="account" value="${manyId(777)}"`);
    expect(body.length).toBeLessThan(20_000);
  });

  test('the page of a thousand accounts stays small enough for a phone', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    for (const path of ['/', '/accounts', '/accounts?state=refused', `/accounts/${manyId(1)}`, '/cases', '/months']) {
      const { body } = await pages.ask(path);
      expect([path, body.length < 300_000]).toEqual([path, true]);
    }
  });
});

describe('an account', () => {
  test('a paused and a disabled account say so', async ({ db: { url, database } }) => {
    await database.$executeRaw`
      update cdd.accounts set paused_since = now() - interval '3 days', pause_reason = 'moved to <b>another</b> system'
      where id = ${manyId(900)}`;
    await database.$executeRaw`update cdd.accounts set enabled = false where id = ${manyId(901)}`;
    await using pages = await startPages(url);
    expect(await pageText(pages, `/accounts/${manyId(900)}`)).toContain(
      'Paused: moved to &lt;b&gt;another&lt;/b&gt; system.',
    );
    expect(await pageText(pages, `/accounts/${manyId(901)}`)).toContain('No longer read.');
    const text = await pageText(pages, '/accounts');
    expect(text).toContain('300 of 1,000 accounts need a person. 1 account should be looked at.');
    expect(await csvOf(pages, '/accounts?state=disabled&format=csv')).toHaveLength(1);
  });

  test('its runs are filtered and paged in the address, and lead to the page of each', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const path = `/accounts/${manyId(1)}`;
    expect(await csvOf(pages, `${path}?format=csv&block=runs`)).toHaveLength(24);
    expect(await csvOf(pages, `${path}?format=csv&block=runs&state=failed`)).toHaveLength(3);
    expect(await csvOf(pages, `${path}?format=csv&block=runs&hours=2`)).toHaveLength(2);
    const list = (await pages.ask('/accounts?q=P20000001')).body;
    expect(list).toContain(`href="${path}?hours=24#runs">24</a>`);
    expect(list).toContain(`href="${path}?hours=24&amp;state=failed#runs">3 failed</a>`);
    const { body } = await pages.ask(`${path}?state=failed`);
    const [run = ''] = body.match(/\/accounts\/P20000001\/runs\/[0-9a-f-]{36}/) ?? [];
    const text = await pageText(pages, run);
    expect(text).toContain('Failed. It ended before any case was read.');
    expect(text).toContain('AUTH: Dintero refuses the client id or secret.');
    expect(text).toContain('The message of the run: Dintero refused the client.');
  });

  test('another account chosen in the head leads to its page', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const path = `/accounts/${manyId(1)}?days=30&account=${manyId(2)}`;
    const { status, headers } = await fetch(pages.url + path, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([303, `/accounts/${manyId(2)}?days=30`]);
    expect((await pages.ask(`/accounts/${manyId(1)}?format=csv&block=nothing`)).status).toBe(404);
  });

  test('its statuses add up to the cases behind its links', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    const statuses = await csvOf(pages, `/accounts/${ACCOUNT}?format=csv&block=statuses`);
    const found = await database.$queryRaw<{ status: string; cases: number }[]>`
      select status, count(*)::integer as cases
      from reporting.cases
      where account_id = ${ACCOUNT} and status is not null and gone_at is null
      group by status`;
    expect(
      new Map(statuses.map((line) => line.split(',')).map(([status, , , cases]) => [status, Number(cases)])),
    ).toEqual(new Map(found.map(({ status, cases }) => [status, cases])));
  });

  test('the run that read the list first has learned its changes of status', async ({ db: { url, database } }) => {
    const [run] = await database.$queryRaw<{ id: string; transitions: number }[]>`
      select id::text, transitions_recorded as transitions
      from reporting.sync_runs
      where account_id = ${ACCOUNT}
      order by started_at
      limit 1`;
    await using pages = await startPages(url);
    const lines = await csvOf(pages, `/accounts/${ACCOUNT}/runs/${run?.id}?format=csv`);
    expect(lines).toHaveLength(Math.min(run?.transitions ?? 0, 200));
    expect(lines.length).toBeGreaterThan(40);
  });

  test('hostile labels and errors are shown as text, and no formula is in a CSV', async ({ db: { url, database } }) => {
    const text = '=<img src=x onerror=alert(1)>"\u202e\'\u0007';
    await database.$executeRaw`update cdd.accounts set label = ${text} where id = ${manyId(1)}`;
    await database.$executeRaw`
      update cdd.sync_runs set error_message = ${text} where account_id = ${manyId(1)} and state = 'failed'`;
    await using pages = await startPages(url);
    for (const path of ['/accounts', `/accounts/${manyId(1)}`, `/accounts?q=${encodeURIComponent(text)}`]) {
      const { body } = await pages.ask(path);
      expect(body).toContain('=&lt;img src=x onerror=alert(1)&gt;&quot;\\u202e&#39;\\u0007');
      expect(body).not.toContain('<img');
    }
    for (const path of ['/accounts?format=csv', `/accounts/${manyId(1)}?format=csv&block=runs`]) {
      expect((await pages.ask(path)).body).not.toMatch(/(^|,)"?=/m);
    }
  });
});

describe('a viewer of one account', () => {
  test('sees it alone, and every other address is one and the same 404', async ({ db: { url, database }, role }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await using pages = await startPages(url, { viewers: [{ name: 'one', token: TOKEN, role }] });
    const ask = (path: string) => pages.ask(path, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect((await ask(`/accounts/${ACCOUNT}`)).status).toBe(200);
    const list = (await ask('/accounts')).body;
    expect(list).toContain('The account is fresh.');
    expect(list).not.toMatch(/P2\d{7}|Merchant/);
    const { body } = await ask('/accounts/P98765432');
    const [run] = await database.$queryRaw<{ id: string }[]>`
      select id::text from cdd.sync_runs where account_id = ${manyId(1)} limit 1`;
    for (const path of [`/accounts/${manyId(1)}`, '/accounts/x', "/accounts/'%22"]) {
      const answer = await ask(path);
      expect([path, answer.status, mainOf(answer.body)]).toEqual([path, 404, mainOf(body)]);
    }
    expect((await ask('/accounts?account=P98765432')).body).toContain(
      'There is no such account, or you may not see it.',
    );
    const missingRun = await ask(`/accounts/${ACCOUNT}/runs/00000000-0000-4000-8000-000000000000`);
    for (const path of [`/accounts/${manyId(1)}/runs/${run?.id}`, `/accounts/${ACCOUNT}/runs/x`]) {
      const answer = await ask(path);
      expect([path, answer.status, mainOf(answer.body)]).toEqual([path, 404, mainOf(missingRun.body)]);
    }
  });
});

function mainOf(body: string): string {
  return body.slice(body.indexOf('<main'));
}
