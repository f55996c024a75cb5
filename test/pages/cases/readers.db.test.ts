import { describe, expect } from 'vitest';
import { EVERY_ACCOUNT, grantReader } from '../../../src/store/reports/reader-grants.ts';
import { testFilledBy } from '../../support/database.ts';
import { listedCases, totalOf } from '../../support/listed-cases.ts';
import { startPages } from '../../support/pages.ts';
import { item } from '../../support/reporting/listed-history.ts';
import { fillNames, MERCHANT, NAMES } from '../../support/reporting/names.ts';
import { ACCOUNT } from '../../support/rig.ts';
import { roleFixture } from '../../support/role.ts';

const test = testFilledBy(fillNames).extend('role', roleFixture);

const TOKEN = 'the-token-of-a-viewer';
const headers = { authorization: `Bearer ${TOKEN}` };
const viewers = (role: string) => [{ name: 'compliance', token: TOKEN, role }];

/** What a reader who looks for a case by its name or number could type. */
const SEARCHED = Object.values(NAMES).flatMap((name) => [name.toUpperCase(), name.slice(2, 7)]);

describe('a reader without names', () => {
  test('sees none in the list or its file, and cannot tell by a search or an order which case has one', async ({
    db: { database, url },
    role,
  }) => {
    await using pages = await startPages(url, { viewers: viewers(role) });
    const total = async (q: string) =>
      totalOf((await pages.ask(`/cases?state=all&q=${encodeURIComponent(q)}`, { headers })).body);
    await grantReader(database, { role, accountIds: [EVERY_ACCOUNT] });
    expect(await total(NAMES.later)).toBe(1);
    expect(await total('987 654 321')).toBe(0);
    expect(await total('912 345 678')).toBe(2);

    await grantReader(database, { role, accountIds: [EVERY_ACCOUNT], withNames: false });
    const shown: string[] = [];
    for (const query of ['', '&sort=name', '&sort=-name', '&format=csv']) {
      shown.push((await pages.ask(`/cases?state=all${query}`, { headers })).body);
    }
    expect(Object.values(NAMES).filter((name) => shown.join('').includes(name))).toEqual([]);
    for (const q of SEARCHED) expect([q, await total(q)]).toEqual([q, 0]);
    const byName = await listedCases(pages, '/cases?state=all&sort=name', headers);
    expect(byName).toEqual(byName.toSorted());
    expect(await listedCases(pages, '/cases?state=all&sort=-name', headers)).toEqual(byName);
  });
});

describe('a reader of one account', () => {
  test('finds no case of another account, whatever the filter, and hears the same as of an unknown one', async ({
    db: { database, url },
    role,
  }) => {
    await using pages = await startPages(url, { viewers: viewers(role) });
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    expect((await listedCases(pages, '/cases?state=all', headers)).map((key) => key.split('/')[0])).toEqual(
      Array(2).fill(ACCOUNT),
    );
    const other = String(item(3, {}).id);
    for (const query of [`ids=${other}`, `q=${other}`, `q=${NAMES.otherNumber}`]) {
      expect([query, await listedCases(pages, `/cases?state=all&${query}`, headers)]).toEqual([query, []]);
    }
    const answers = [];
    for (const account of [MERCHANT, 'P99999999']) {
      const { body } = await pages.ask(`/cases?account=${account}`, { headers });
      expect(body).toContain(`There is no account “${account}”, or you may not see it.`);
      answers.push(body.slice(body.indexOf('<main')).replaceAll(account, 'X'));
      expect((await pages.ask(`/cases?format=csv&account=${account}`, { headers })).status).toBe(404);
    }
    expect(answers[0]).toBe(answers[1]);
  });
});
