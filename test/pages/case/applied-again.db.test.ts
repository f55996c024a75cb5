import { describe, expect } from 'vitest';
import type { JsonObject } from '../../../src/sandbox/json.ts';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { testFilledBy } from '../../support/database.ts';
import { listedCases } from '../../support/listed-cases.ts';
import { startPages } from '../../support/pages.ts';
import { item } from '../../support/reporting/listed-history.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';
import { roleFixture } from '../../support/role.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const OTHER = 'P11200001';
const NUMBER = '912345678';
const headers = { authorization: 'Bearer the-token-of-a-viewer' };

/** An application that is decided a day after it was opened. */
function application(
  number: number,
  fields: { name: string; organization: string; day: string; status: string },
): JsonObject {
  const { name, organization, day, status } = fields;
  const opened = `2026-01-${day}T10:00:00Z`;
  const decided = new Date(Date.parse(opened) + 86_400_000).toISOString();
  return item(number, {
    created_at: opened,
    case_for: { payout_destination_name: name },
    case_request: { countryCode: 'NO', organizationNumber: organization },
    events: [
      { id: 1, event: 'created', case_status: 'WAITING_FOR_DETAILS', created_at: opened },
      { id: 2, event: 'decided', case_status: status, created_at: decided },
    ],
  });
}

const DECLINED = application(1, { name: 'Refused <AS>', organization: NUMBER, day: '05', status: 'DECLINED' });
const AGAIN = application(2, { name: 'Again AS', organization: NUMBER, day: '20', status: 'ACTIVE' });
const EARLIER = application(3, { name: 'Earlier AS', organization: NUMBER, day: '02', status: 'ACTIVE' });
const STRANGER = application(4, { name: 'Stranger AS', organization: '987654321', day: '20', status: 'ACTIVE' });

const keyOf = (account: string, { id }: JsonObject) => `${account}/${id}`;
const REFUSED = `/cases/${keyOf(OTHER, DECLINED)}`;
const LIST = '/cases?declined_before=yes';

const test = testFilledBy(async (database) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  for (const [id, items] of [
    [OTHER, [DECLINED]],
    [ACCOUNT, [AGAIN, EARLIER, STRANGER]],
  ] as const) {
    rig.sandbox.world.serve(id, JSON.stringify(items));
    await rig.sync({ account: sandboxAccount(id) });
  }
  await database.$executeRaw`update cdd.accounts set enabled = true`;
  await rig.close();
}).extend('role', roleFixture);

const viewers = (role: string) => [{ name: 'officer', token: 'the-token-of-a-viewer', role }];

/** The warning under the heading; empty = none. */
const warningOf = (page: string) => /<div id="declined-before">(.*?)<\/div>/s.exec(page)?.[1]?.trim();
const blockOf = (page: string) => page.slice(page.indexOf('id="linked"'));

describe('a case of an organization that was declined before', () => {
  test('is in the list, and says under its heading which case was declined', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    expect(await listedCases(pages, LIST)).toEqual([keyOf(ACCOUNT, AGAIN)]);
    const { body } = await pages.ask(`/cases/${keyOf(ACCOUNT, AGAIN)}`);
    expect(warningOf(body)).toContain(`<a href="${REFUSED}">Refused &lt;AS&gt;</a>`);
    expect(body.indexOf('id="declined-before"')).toBeLessThan(body.indexOf('id="timeline"'));
    expect(blockOf(body)).toContain(`<a href="${REFUSED}">Refused &lt;AS&gt;</a>`);
    for (const item of [EARLIER, STRANGER]) {
      expect(warningOf((await pages.ask(`/cases/${keyOf(ACCOUNT, item)}`)).body)).toBe('');
    }
  });

  test('names no other case to a reader without names', async ({ db: { database, url }, role }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT, OTHER], withNames: false });
    await using pages = await startPages(url, { viewers: viewers(role) });
    expect(await listedCases(pages, LIST, headers)).toEqual([keyOf(ACCOUNT, AGAIN)]);
    const { body } = await pages.ask(`/cases/${keyOf(ACCOUNT, AGAIN)}`, { headers });
    expect(warningOf(body)).toContain(`<a href="${REFUSED}">another case</a>`);
    expect(blockOf(body)).toContain(`<a href="${REFUSED}">${DECLINED.id}</a>`);
    expect(body).not.toContain('Refused');
  });

  test('is like any other to a reader who does not see the declined case', async ({ db: { database, url }, role }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await using pages = await startPages(url, { viewers: viewers(role) });
    expect(await listedCases(pages, LIST, headers)).toEqual([]);
    const { body } = await pages.ask(`/cases/${keyOf(ACCOUNT, AGAIN)}`, { headers });
    expect([warningOf(body), body.includes(String(DECLINED.id)), body.includes('Refused')]).toEqual(['', false, false]);
  });
});
