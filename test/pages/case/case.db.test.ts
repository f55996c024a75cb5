import { expect } from 'vitest';
import { routesOf, targetState } from '../../../src/pages/case/entries.ts';
import { readStays } from '../../../src/pages/case/queries.ts';
import { readAs } from '../../../src/pages/viewer.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { test as base } from '../../support/database.ts';
import { startPages } from '../../support/pages.ts';
import { makeRandomHistory } from '../../support/reporting/random-history.ts';
import { roleFixture } from '../../support/role.ts';

const test = base.extend('role', roleFixture);

const ACCOUNT = 'P11200001';
const OTHER = 'T12345678';
const TIMEZONE = 'Europe/Oslo';

type CaseKey = { accountId: string; caseId: string };

/** The texts of a page's parts that depend on knowledge, without what was not known yet. */
function knownParts(page: string): Record<string, string> {
  const known = page
    .replace(/<tr role="row" class="not-known">.*?<\/tr>/gs, '')
    .replace(/<br><span class="not-known">.*?<\/span>/gs, '')
    .replace(/<p>Also in the list of.*?<\/p>/gs, '');
  const part = (id: string) =>
    known.split(`id="${id}"`)[1]?.split(/<\/section>|<\/div>\n<div id="declined-before"/)[0] ?? '';
  const rows = (id: string) => /<tbody.*?<\/tbody>/s.exec(part(id))?.[0] ?? '';
  const texts = {
    case: part('case'),
    timeline: rows('timeline'),
    stays: rows('stays'),
    problems: rows('problems'),
    facts: rows('facts'),
    changes: rows('changes'),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text.replace(/(<[^>]*>|\s)+/g, ' ').trim()]),
  );
}

/** The page's own present, from its head. */
const presentOf = (page: string) => /id="as-of">as of <time datetime="([^"]+)"/.exec(page)?.[1] ?? '';

/** The cases that changed last. */
const casesOf = (database: Database, accountId: string) => database.$queryRaw<CaseKey[]>`
  select account_id as "accountId", case_id::text as "caseId"
  from reporting.cases
  where account_id = ${accountId}
  order by changed_at desc, case_id
  limit 10`;

test('a page says of an earlier time what it said then, and equals the views now', async ({ db, role }) => {
  const { url, database } = db;
  await applyReportSettings(database, {
    timezone: TIMEZONE,
    statusTargets: { WAITING_FOR_DETAILS: 20, UNDER_MANUAL_REVIEW: { businessHours: 10 } },
    reports: {
      calendar: { country: 'NO', weekdays: [1, 2, 3, 4, 5], hours: '08:00-16:00', closed: [] },
      facts: { package: '$.package' },
    },
  });
  await using pages = await startPages(url);
  const ask = async (path: string) => {
    const answer = await fetch(pages.url + path);
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.text();
  };
  const kept: { path: string; present: string; parts: Record<string, string> }[] = [];
  const { rig } = await makeRandomHistory(db, {
    seed: 21,
    steps: 3,
    cases: 12,
    changes: 150,
    backdated: false,
    oddTimes: true,
    afterStep: async () => {
      for (const { accountId, caseId } of await casesOf(database, ACCOUNT)) {
        const path = `/cases/${accountId}/${caseId}`;
        const page = await ask(path);
        kept.push({ path, present: presentOf(page), parts: knownParts(page) });
      }
    },
  });
  await rig.close();
  let differing = 0;
  for (const { path, present, parts } of kept) {
    const page = await ask(`${path}?known_at=${present}`);
    expect({ path, present, ...knownParts(page) }).toEqual({ path, present, ...parts });
    if (page.includes('not known yet')) differing += 1;
  }
  // Without changes since, the test would show nothing.
  expect(kept.length).toBe(30);
  expect(differing).toBeGreaterThan(8);

  for (const key of await casesOf(database, ACCOUNT)) await expectViews(database, key);

  // A reader of another account gets the same answer as for a case that does not exist.
  await grantReader(database, { role, accountIds: [OTHER] });
  await using limited = await startPages(url, { viewers: [{ name: 'v', token: 'the-token-of-a-viewer', role }] });
  const headers = { authorization: 'Bearer the-token-of-a-viewer', accept: 'text/html' };
  const missing = await limited.ask(`/cases/${ACCOUNT}/00000000-0000-4000-8000-0000000000ff`, { headers });
  const path = kept[0]?.path ?? '';
  const hidden = await limited.ask(path, { headers });
  expect([hidden.status, knownParts(hidden.body)]).toEqual([404, knownParts(missing.body)]);
});

/** Stays, targets and decisions that the page computes for any knowledge are those of the views now. */
async function expectViews(database: Database, { accountId, caseId }: CaseKey): Promise<void> {
  await readAs(database, { role: null, timezone: TIMEZONE }, async (tx) => {
    const stays = await readStays(tx, { accountId, caseId, known: null });
    const periods = await tx.$queryRaw<{ hours: number; business_hours: number | null }[]>`
      select sequence, status, stage, entered_at, ended_at, hours::float8, business_hours::float8, is_current
      from reporting.status_periods
      where account_id = ${accountId} and case_id = ${caseId}::uuid
      order by sequence`;
    const close = (hours: number | null) => (hours === null ? null : expect.closeTo(hours, 5));
    expect(stays.map(({ event_id, target_hours, target_business_hours, ...stay }) => stay)).toEqual(
      periods.map((stay) => ({ ...stay, hours: close(stay.hours), business_hours: close(stay.business_hours) })),
    );
    const targets = await tx.$queryRaw<{ state: string | null }[]>`
      select state
      from reporting.status_targets
      where account_id = ${accountId} and case_id = ${caseId}::uuid
      order by entered_at, status`;
    const judged = stays.filter((stay) => stay.target_hours !== null || stay.target_business_hours !== null);
    expect(judged.map(targetState).toSorted()).toEqual(targets.map(({ state }) => state).toSorted());
    const decisions = await tx.$queryRaw<{ route: string }[]>`
      select route
      from reporting.decisions
      where account_id = ${accountId} and case_id = ${caseId}::uuid
      order by number`;
    const decided = stays.filter(
      ({ event_id, entered_at }) => routesOf(stays).has(event_id) && entered_at <= new Date(),
    );
    expect(decided.map(({ event_id }) => routesOf(stays).get(event_id))).toEqual(decisions.map(({ route }) => route));
  });
}
