import { describe, expect } from 'vitest';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { testFilledBy } from '../../support/database.ts';
import { ALL_HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { startPages } from '../../support/pages.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';
import { roleFixture } from '../../support/role.ts';

const TOKEN = 'the-token-of-a-viewer';

const test = testFilledBy(async (database) => {
  const rig = await createRig(database);
  await rig.sync();
  const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
  rig.sandbox.world.addLateEvent({ account: ACCOUNT, case: id }, { hours: 100 });
  await rig.sync();
  const texts = ALL_HOSTILE_TEXTS.filter((text) => text.length < 200 && text !== '').slice(0, 60);
  rig.sandbox.world.edit({ account: ACCOUNT, case: id }, (document) => {
    for (const [index, text] of texts.entries()) {
      const event = { id: 5000 + index, event: text, created_at: rig.sandbox.world.now(), error: text };
      document.events = [...(document.events as object[]), { ...event, ...(index % 2 === 0 && { case_status: text }) }];
    }
    document.package = '"><script>alert(1)</script>';
  });
  await rig.sync();
  await rig.close();
}).extend('role', roleFixture);

/** The case with a late event and hostile texts, and when each run recorded something of it. */
async function readCase(database: Database) {
  const [found] = await database.$queryRaw<{ id: string; name: string; number: string; moments: Date[] }[]>`
    select
      case_id::text as id,
      payout_destination_name as name,
      organization_number as number,
      (
        select array_agg(distinct recorded_at order by recorded_at)
        from reporting.case_timeline
        where case_timeline.case_key = cases.case_key
      ) as moments
    from reporting.cases
    order by transitions desc
    limit 1`;
  if (found === undefined) throw new Error('there is no case');
  return { ...found, path: `/cases/${ACCOUNT}/${found.id}` };
}

describe('the time "known at"', () => {
  test('is an instant in the address, and a local time in the form', async ({ db: { url, database } }) => {
    const { path } = await readCase(database);
    await using pages = await startPages(url);
    const redirect = await fetch(`${pages.url}${path}?order=oldest&known_at=2026-07-01T14:00`, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([
      303,
      `${path}?order=oldest&known_at=2026-07-01T12%3A00%3A00.000000Z`,
    ]);
    const page = await (await fetch(`${pages.url}${path}?known_at=2024-07-01T12:00:00Z`)).text();
    expect(page).toContain('name="known_at" step="1" value="2024-07-01T14:00:00"');
    expect(page).toContain('Not known yet: cdd-sync learned of this case on');
    const command = `cdd-sync evidence --account ${ACCOUNT} --case ${path.slice(-36)} --known-at 2024-07-01T12:00:00.000000Z -o`;
    expect(page).toContain(command);
  });

  test('that came twice says which one it is, and leads to the other', async ({ db: { url, database } }) => {
    const { path } = await readCase(database);
    await using pages = await startPages(url);
    const ask = async (knownAt: string) => (await fetch(`${pages.url}${path}?known_at=${knownAt}`)).text();
    const second = await ask('2025-10-26T02:30');
    expect(second).toContain('This is the second, 26 Oct 2025, 02:30:00 CET.');
    expect(second).toContain('known_at=2025-10-26T00%3A30%3A00.000Z');
    expect(await ask('2025-10-26T00:30:00.000Z')).toContain('This is the first, 26 Oct 2025, 02:30:00 CEST.');
    expect(await ask('2025-10-26T03:30')).not.toContain('came twice');
    // The clocks jump over this time.
    expect(await ask('2026-03-29T02:30')).toContain('value="2026-03-29T03:30:00"');
  });

  test('that cannot be read, or has not come, shows the present and says so', async ({ db: { url, database } }) => {
    const { path } = await readCase(database);
    await using pages = await startPages(url);
    for (const text of [
      'x',
      '2026-02-30T00:00:00Z',
      '2026-01-01',
      'infinity',
      '2026-01-01T25:00:00Z',
      '1e9',
      '2026-01-01T00:00-16:00',
    ]) {
      const answer = await fetch(`${pages.url}${path}?known_at=${text}`);
      expect([text, answer.status]).toEqual([text, 200]);
      expect(await answer.text()).toContain('cannot be read');
    }
    expect(await (await fetch(`${pages.url}${path}?known_at=2999-01-01T00:00:00Z`)).text()).toContain(
      'has not come yet',
    );
    const csv = await fetch(`${pages.url}${path}?known_at=x&format=csv&block=timeline`);
    expect(csv.status).toBe(400);
  });

  test('of each run shows as much as was known, and marks the rest', async ({ db: { url, database } }) => {
    const { path, moments } = await readCase(database);
    await using pages = await startPages(url);
    const rows = async (knownAt: string) => {
      const answer = await fetch(`${pages.url}${path}?format=csv&block=timeline&known_at=${knownAt}`);
      const lines = (await answer.text()).split('\r\n').slice(1);
      return lines.filter((line) => line.endsWith(',true')).length;
    };
    // Dates have milliseconds, and times of recording microseconds.
    const justAfter = (at: Date) => new Date(at.getTime() + 1).toISOString();
    const known: number[] = [];
    for (const at of moments) known.push(await rows(justAfter(at)));
    expect(known).toHaveLength(3);
    expect(known).toEqual(known.toSorted((a, b) => a - b));
    expect(new Set(known).size).toBe(3);
    const [first = new Date()] = moments;
    const page = await (await fetch(`${pages.url}${path}?known_at=${justAfter(first)}`)).text();
    expect(page).toContain('version 1 of 3');
    expect(page).toContain('<em>not known yet:</em>');
  });
});

describe('a case', () => {
  test('that cannot be there is not found, and its id may be in capitals', async ({ db: { url, database } }) => {
    const { id } = await readCase(database);
    await using pages = await startPages(url);
    const statusOf = async (path: string) => (await fetch(`${pages.url}/cases/${path}`)).status;
    expect(await statusOf(`${ACCOUNT}/${id.toUpperCase()}`)).toBe(200);
    for (const wrong of [
      `${ACCOUNT}/x`,
      `P0/${id}`,
      `${ACCOUNT}/${id}x`,
      `${ACCOUNT}/{${id}}`,
      `%00/${id}`,
      `/${id}`,
    ]) {
      expect([wrong, await statusOf(wrong)]).toEqual([wrong, 404]);
    }
    expect(await statusOf(`${ACCOUNT}/${id}?format=csv&block=x`)).toBe(404);
  });

  test('with hostile texts shows them as texts', async ({ db: { url, database } }) => {
    const { path } = await readCase(database);
    await using pages = await startPages(url);
    for (const page of ['', '?page=2', '?page=99', '?page=x', '?order=oldest']) {
      const text = await (await fetch(pages.url + path + page)).text();
      expect(text.match(/<script/g)).toHaveLength(1);
      expect(text).not.toMatch(/<(img|svg on|iframe|a href="javascript)/i);
    }
    for (const block of ['timeline', 'stays', 'changes', 'facts', 'problems', 'linked']) {
      const csv = await (await fetch(`${pages.url}${path}?format=csv&block=${block}`)).text();
      expect(csv).not.toMatch(/(^|,|\r\n)[=+@]/);
    }
  });

  test('shows no name to a viewer who may see none', async ({ db: { url, database }, role }) => {
    const { path, name, number } = await readCase(database);
    await grantReader(database, { role, accountIds: [ACCOUNT], withNames: false });
    await using pages = await startPages(url, { viewers: [{ name: 'v', token: TOKEN, role }] });
    for (const parameters of ['', '?known_at=2999-01-01T00:00:00Z', '?format=csv&block=changes']) {
      const answer = await fetch(pages.url + path + parameters, { headers: { authorization: `Bearer ${TOKEN}` } });
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect([text.includes(name), text.includes(number)]).toEqual([false, false]);
      // The documents are in schema cdd, which this role may not read.
      expect(text).not.toContain('cdd-sync evidence');
    }
  });
});
