import { describe, expect } from 'vitest';
import { recordFacts } from '../../src/store/cases/configured-facts.ts';
import { checkFacts } from '../../src/store/check/facts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { invalidPaths } from '../../src/store/reports/fact-settings.ts';
import { readFactsAgain } from '../../src/store/reports/read-facts-again.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { countLockWaits } from '../support/lock-waits.ts';
import { createRig } from '../support/rig.ts';

const ACCOUNT = 'P12345678';
const CASE = '00000000-0000-4000-8000-000000000001';

const configure = (database: Database, facts: Record<string, string>) =>
  applyReportSettings(database, { timezone: 'Europe/Oslo', statusTargets: {}, reports: { facts } });

const rowsOf = (url: string, sql: string) => withAdmin(url, async (client) => (await client.query(sql)).rows);

/** Values and problems of the current facts of one case, by name. */
async function currentFacts(url: string, id = CASE): Promise<Record<string, string | null>> {
  const rows = await rowsOf(
    url,
    `select fact, coalesce(value, '! ' || problem) as found from reporting.case_facts
     where is_current and case_id = '${id}' order by fact`,
  );
  return Object.fromEntries(rows.map(({ fact, found }) => [fact, found]));
}

const item = (last: string) =>
  `{"id":"${CASE}","account_id":"${ACCOUNT}","events":[{"id":1,"event":"a","case":{"old":1}},{"id":2,"event":"b","case":${last}}]}`;

describe('a fact is', () => {
  test('a text, number or boolean; anything else is a problem', async ({ db }) => {
    const value = `{"text":"HØY","digits":1234567890.12345678901234567890,"flag":false,"nil":null,"list":[1],"map":{"a":1},
      "many":[{"v":1},{"v":2}],"day":"2026-01-01","long":"${'x'.repeat(1001)}"}`;
    const paths: Record<string, [path: string, found: string]> = {
      text: ['$.events[last].case.text', 'HØY'],
      digits: ['$.events[last].case.digits', '1234567890.12345678901234567890'],
      flag: ['strict $.events[last].case.flag', 'false'],
      of_document: ['$.id', CASE],
      counted: ['$.events.size()', '2'],
      computed: ['$.events[last].case.digits > 5', 'true'],
      nil: ['$.events[last].case.nil', '! it finds null'],
      list: ['$.events[last].case.list', '! it finds an array'],
      map: ['$.events[last].case.map', '! it finds an object'],
      many: ['$.events[last].case.many.v', '! it finds several values'],
      missing: ['$.events[last].case.old', '! it finds nothing'],
      strictly_missing: ['strict $.events[last].case.old', '! it finds nothing'],
      divided: ['$.events[last].case.digits / 0', '! it finds nothing'],
      // Postgres fails here in spite of "silent".
      zoned: ['$.events[last].case.day.datetime() < "2026-01-01T00:00:00+00".datetime()', '! it fails: 0A000'],
      long: ['$.events[last].case.long', '! it finds a value of more than 1000 bytes'],
    };
    await configure(db.database, Object.fromEntries(Object.entries(paths).map(([fact, [path]]) => [fact, path])));
    const rig = await createRig(db.database, { sandbox: { casesPerAccount: 0 } });
    rig.sandbox.world.appendItem(ACCOUNT, item(value));
    expect(await rig.sync()).toMatchObject({ state: 'succeeded' });
    await rig.close();
    expect(await currentFacts(db.url)).toEqual(
      Object.fromEntries(Object.entries(paths).map(([fact, [, found]]) => [fact, found])),
    );
    const problems = Object.values(paths).filter(([, found]) => found.startsWith('!')).length;
    expect(
      await rowsOf(db.url, `select items from reporting.data_quality where check_name = 'unreadable_facts'`),
    ).toEqual([{ items: problems }]);
  });

  test('not read, and costs no row, where none is configured', async ({ db }) => {
    const rig = await createRig(db.database, { sandbox: { casesPerAccount: 5 } });
    await rig.sync();
    await rig.close();
    expect(await rowsOf(db.url, 'select * from cdd.case_facts')).toEqual([]);
    expect(await checkFacts(db.database, { facts: {}, personalData: 'keep' })).toEqual([]);
  });
});

test('a path that Postgres does not accept is named, and check says so', async ({ db }) => {
  const facts = {
    good: '$.events[last].case.a',
    bad: '$.events[last',
    worse: '$..a',
    regular: '$ ? (@ like_regex "(")',
  };
  expect((await invalidPaths(db.database, facts)).map(({ fact }) => fact)).toEqual(['bad', 'worse', 'regular']);
  const findings = await checkFacts(db.database, { facts, personalData: 'drop' });
  expect(findings.map(({ state, message }) => `${state} ${message.split(' ')[0]}`)).toEqual([
    'problem reports.facts.bad',
    'problem reports.facts.worse',
    'problem reports.facts.regular',
    'warning reports.facts.good',
    'ok every',
  ]);
});

test('a path that takes too long leaves all facts of the statement unread, and the transaction goes on', async ({
  db,
}) => {
  const rig = await createRig(db.database, { sandbox: { casesPerAccount: 0 } });
  const events = Array.from({ length: 300 }, (_, index) => ({ id: index + 1, event: 'a' }));
  rig.sandbox.world.appendItem(ACCOUNT, JSON.stringify({ id: CASE, account_id: ACCOUNT, events }));
  await rig.sync();
  await rig.close();
  // Compares each event with all combinations of three others, and never finds an equal one.
  const slow = '$.events ? (exists(@ ? (exists($.events ? (exists($.events ? (exists($.events ? (@.id < 0))))))))).id';
  await configure(db.database, { id: '$.id', slow });
  const timeouts = await db.database.transact(async (tx) => {
    const source = { accountId: ACCOUNT, recordedAt: new Date().toISOString() };
    await recordFacts(tx, [CASE], { ...source, timeoutMs: 200 });
    return tx.$queryRaw`show statement_timeout`;
  });
  expect(timeouts).toEqual([{ statement_timeout: '10min' }]);
  const problem = '! reading it took too long';
  expect(await currentFacts(db.url)).toEqual({ id: problem, slow: problem });
});

test('a value that changes is closed; a missing case keeps it; a removed fact is closed', async ({ db }) => {
  await configure(db.database, { level: '$.events[last].case.risk_level', id: '$.id' });
  const rig = await createRig(db.database, {
    sandbox: { casesPerAccount: 3 },
    missingGuard: { ratio: 1, atLeast: 10 },
  });
  const { world } = rig.sandbox;
  const id = String(world.documents(ACCOUNT)[0]?.id);
  const setLevel = (risk_level: string) =>
    world.edit({ account: ACCOUNT, case: id }, (document) => {
      document.events = [
        { id: 1, event: 'a', case_status: 'ACTIVE', created_at: '2026-11-01T00:00:00Z', case: { risk_level } },
      ];
    });
  const history = () =>
    rowsOf(
      db.url,
      `select value, superseded_at is null as current, is_current,
         superseded_at = lead(recorded_at) over (order by recorded_at) as follows
       from reporting.case_facts where case_id = '${id}' and fact = 'level' order by recorded_at`,
    );
  setLevel('LOW');
  await rig.sync();
  await rig.sync();
  setLevel('HIGH');
  await rig.sync();
  world.vanish({ account: ACCOUNT, case: id });
  await rig.sync();
  expect(await history()).toEqual([
    { value: 'LOW', current: false, is_current: false, follows: true },
    { value: 'HIGH', current: true, is_current: true, follows: null },
  ]);
  await configure(db.database, { id: '$.id' });
  expect(await readFactsAgain(db.database, { milliseconds: 60_000 })).toBe(true);
  expect((await history()).map(({ is_current }) => is_current)).toEqual([false, false]);
  expect(await rowsOf(db.url, `select facts from cdd.cases where id = '${id}'`)).toEqual([{ facts: { id } }]);
  await configure(db.database, {});
  expect(await readFactsAgain(db.database, { milliseconds: 60_000 })).toBe(true);
  expect(await rowsOf(db.url, 'select from cdd.case_facts where superseded_at is null')).toEqual([]);
  expect(await rowsOf(db.url, 'select from cdd.cases where facts is not null')).toEqual([]);
  await rig.close();
});

describe('after a change of the configuration', () => {
  test('all cases are read again, in parts, by one of several workers', async ({ db }) => {
    const rig = await createRig(db.database, { sandbox: { casesPerAccount: 1200 } });
    await rig.sync();
    await configure(db.database, { country: '$.case_request.countryCode', level: '$.events[last].case.risk_level' });
    const states = await checkFacts(db.database, { facts: { country: '$' }, personalData: 'keep' });
    expect(states.map(({ message }) => message)).toEqual([expect.stringContaining('not all cases were read')]);
    expect(await readFactsAgain(db.database, { milliseconds: 1 })).toBe(false);
    expect(await rowsOf(db.url, 'select count(distinct case_id)::integer as cases from cdd.case_facts')).toEqual([
      { cases: 500 },
    ]);
    const both = await Promise.all([1, 2].map(() => readFactsAgain(db.database, { milliseconds: 60_000 })));
    expect(both).toContain(true);
    const documents = rig.sandbox.world.documents(ACCOUNT);
    const expected = documents.map((document) => {
      const { case_request, events } = JSON.parse(JSON.stringify(document));
      return `${document.id} ${case_request.countryCode} ${events.at(-1)?.case?.risk_level ?? '-'}`;
    });
    const found = await rowsOf(
      db.url,
      `select case_id || ' ' || string_agg(coalesce(value, '-'), ' ' order by fact) as found
       from reporting.case_facts where is_current group by case_id`,
    );
    expect(found.map((row) => row.found).sort()).toEqual(expected.sort());
    await rig.close();
  });

  test('a batch that read the former facts is waited for', async ({ db }) => {
    await withAdmin(db.url, async (batch) => {
      await batch.query('begin');
      // As lockRun does.
      await batch.query('select (select true from cdd.configured_facts limit 1 for key share) is not null');
      const changed = configure(db.database, { id: '$.id' });
      await expect.poll(() => countLockWaits(db.database)).toBe(1);
      await batch.query('commit');
      await changed;
    });
    expect(await rowsOf(db.url, 'select fact from cdd.configured_facts')).toEqual([{ fact: 'id' }]);
  });
});
