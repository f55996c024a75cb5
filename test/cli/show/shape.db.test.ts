import { describe, expect } from 'vitest';
import { newestCases, providerObjects } from '../../../src/store/cases/provider-objects.ts';
import { runCli, temporaryFolder } from '../../support/cli.ts';
import { OTHER, startFixture } from '../../support/cli-fixture.ts';
import { test } from '../../support/database.ts';
import { HOSTILE_TEXTS, isSafeToShow } from '../../support/hostile-text.ts';
import { createRig } from '../../support/rig.ts';

const ACCOUNT = 'P12345678';

const caseId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A case with an event for each of these objects, and one without. */
const item = (number: number, objects: unknown[], account = ACCOUNT) =>
  JSON.stringify({
    id: caseId(number),
    account_id: account,
    events: [
      ...objects.map((content, index) => ({ id: index + 1, event: 'a', case_status: 'ACTIVE', case: content })),
      { id: 100, event: 'b' },
    ],
  });

/** Texts and numbers of a document, without the short ones that any output has. */
function valuesOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(valuesOf);
  const text = String(value);
  return text.length > 3 && !['true', 'false', 'null'].includes(text) ? [text] : [];
}

const linesOf = (stdout: string) => stdout.trimEnd().split('\n');

describe('show shape', () => {
  test('prints paths, types and counts of two accounts, and no value, as a table of 80 columns', async ({
    db: { url, database },
  }) => {
    const { sandbox, options } = await startFixture(url);
    const people = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`Kari${index} Nordmann`, { level: 3 }]),
    );
    const objects: Record<string, unknown>[] = [
      {
        own_level: 'secretly high',
        checks: [{ status: 'checked by nobody', score: 4711.25 }, { status: null }],
        a_long_name_of_an_object: { another_long_name_of_an_object: { the_last_long_name: 'value at the end' } },
      },
      {
        own_level: 815_815,
        people,
        odd: Object.fromEntries(Object.values(HOSTILE_TEXTS).map((text) => [text, text])),
      },
    ];
    sandbox.world.appendItem(ACCOUNT, item(1, objects));
    sandbox.world.appendItem(OTHER, item(2, objects.slice(0, 1), OTHER));
    await runCli(['sync'], options);

    const { code, stdout, stderr } = await runCli(['show', 'shape'], options);
    expect(code, stderr).toBe(0);
    expect(isSafeToShow(stdout)).toBe(true);
    expect(linesOf(stdout).filter((line) => line.length > 80)).toEqual([]);
    expect(linesOf(stdout)[0]).toBe('looked at 62 cases, those with the newest status');
    expect(stdout).toMatch(/^\$\.events\[\*\]\.case\.checks\[\*\]\.status +text +2$/m);

    const json = await runCli(['show', 'shape', '--json'], options);
    const [shape]: [{ paths: { path: string; types: string[]; cases: number }[] }] = JSON.parse(json.stdout);
    const byPath = new Map(shape.paths.map(({ path, ...row }) => [path.replace('$.events[*].case', '$'), row]));
    expect(byPath.get('$.own_level')).toEqual({ types: ['text', 'number'], cases: 2, events: 3 });
    expect(byPath.get('$.checks[*].status')).toEqual({ types: ['text', 'null'], cases: 2, events: 2 });
    expect(byPath.get('$.people.*.level')).toEqual({ types: ['number'], cases: 1, events: 1 });

    const bodies = await database.$queryRaw<{ content: unknown }[]>`
      select body -> 'case' as content from cdd.case_events where body ? 'case'`;
    const values = valuesOf([...bodies.map(({ content }) => content), Object.keys(people), Object.keys(HOSTILE_TEXTS)]);
    expect(values.length).toBeGreaterThan(100);
    expect(values.filter((value) => `${stdout}${json.stdout}`.includes(value))).toEqual([]);

    const [only] = JSON.parse((await runCli(['show', 'shape', '--json', '--account', OTHER], options)).stdout);
    expect(only).toMatchObject({ cases_looked_at: 31, too_large: 0, is_cut: false, is_out_of_time: false });
    expect(only.paths.map(({ path }: { path: string }) => path)).not.toContain('$.events[*].case.people');
    const unknown = await runCli(['show', 'shape', '--account', OTHER, '--account', 'P99999999'], options);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('NOT_FOUND: not among the accounts in the database: P99999999;');
    await sandbox.close();
  });

  test('prints jsonpaths that Postgres accepts and that find as many cases, also when a line of the table is broken', async ({
    db: { url, database },
  }) => {
    const words = [
      'true',
      'null',
      'last',
      'to',
      'is',
      'strict',
      'exists',
      'size',
      'type',
      'with',
      'flag',
      'like_regex',
    ];
    const long = 'x'.repeat(50);
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    rig.sandbox.world.appendItem(ACCOUNT, item(1, [Object.fromEntries(words.map((word) => [word, [{ [word]: 1 }]]))]));
    rig.sandbox.world.appendItem(ACCOUNT, item(2, [{ last: [2], [long]: { [long]: { 'a b': 1 } } }, { last: 3 }]));
    await rig.sync();
    await rig.close();
    const { stdout } = await runShape(url);
    const printed: string[] = [];
    let begun = '';
    for (const line of linesOf(stdout).filter((text) => /^[$.](?!\*)/.test(text) || /^\.\*\S/.test(text))) {
      const [path = '', ...others] = line.split(/ {2,}/);
      const cases = others.at(-1) ?? '';
      if (cases !== '') printed.push(`${begun}${path}`);
      begun = cases === '' ? `${begun}${path}\n` : '';
    }
    const [{ paths }]: [{ paths: { path: string; cases: number }[] }] = JSON.parse(
      (await runShape(url, '--json')).stdout,
    );
    expect(printed.map((path) => path.replaceAll('\n', ''))).toEqual(paths.map(({ path }) => path));
    expect(printed.some((path) => path.includes('\n'))).toBe(true);
    for (const [index, path] of printed.entries()) {
      const [found] = await database.$queryRaw<{ cases: number }[]>`
        select count(*) filter (where cdd.case_document(account_id, id) @? ${path}::text::jsonpath)::integer as cases
        from cdd.cases`;
      expect(found?.cases, path).toBe(paths[index]?.cases);
    }
  });

  test('says that there is nothing: no cases yet, or none with events[].case', async ({ db: { url, database } }) => {
    expect(await runShape(url)).toMatchObject({ code: 0, stdout: 'no cases yet\n' });
    const rig = await createRig(database, { sandbox: { casesPerAccount: 3 }, personalData: 'drop' });
    await rig.sync();
    await rig.close();
    const { code, stdout } = await runShape(url);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual([
      'looked at 3 cases, those with the newest status',
      'No events[].case is stored: the API gave none, or personalData left it out.',
    ]);
    expect(JSON.parse((await runShape(url, '--json')).stdout)[0]).toMatchObject({
      cases_looked_at: 3,
      cases: 0,
      paths: [],
    });
  });

  test('leaves an event out whose case is too large, and says so', async ({ db: { url, database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    rig.sandbox.world.appendItem(ACCOUNT, item(1, [{ a: 'x'.repeat(4 * 1024 * 1024) }]));
    await rig.sync();
    await rig.close();
    expect(linesOf((await runShape(url)).stdout)).toEqual([
      'looked at 1 case, those with the newest status',
      'Left out, because they are too large: 1 event.',
    ]);
  });
});

describe('the documents that are looked at', () => {
  test('are of the newest cases, accounts in turn, and of the newest events that are current', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    for (const number of [1, 2, 3]) {
      rig.sandbox.world.appendItem(ACCOUNT, item(number, [{ old: number }, { new: number }]));
    }
    const withoutStatus = { id: caseId(9), account_id: ACCOUNT, events: [{ id: 1, event: 'a', case: {} }] };
    rig.sandbox.world.appendItem(ACCOUNT, JSON.stringify(withoutStatus));
    await rig.sync();
    await rig.close();
    await database.$executeRaw`insert into cdd.accounts (id, environment) values (${OTHER}, 'test')`;
    await database.$executeRaw`
      insert into cdd.cases
      select (jsonb_populate_record(cases, jsonb_build_object('account_id', ${OTHER}::text))).*
      from cdd.cases
      where id = ${caseId(1)}::uuid`;
    await database.$executeRaw`
      update cdd.cases set status_since = '2026-01-01T00:00Z'::timestamptz + right(id::text, 1)::integer * interval '1 day'
      where status_since is not null`;
    const found = await newestCases(database, { accountIds: [], limit: 3 });
    expect(found.map(({ accountId, id }) => `${accountId} ${id.slice(-1)}`)).toEqual([
      `${ACCOUNT} 3`,
      `${OTHER} 1`,
      `${ACCOUNT} 2`,
    ]);
    expect(await newestCases(database, { accountIds: [OTHER], limit: 3 })).toHaveLength(1);
    const all = await newestCases(database, { accountIds: [ACCOUNT], limit: 9 });
    expect(all.map(({ id }) => id.slice(-1))).toEqual(['3', '2', '1', '9']);
    const objects = (limit: number, maxBytes = 100) =>
      providerObjects(database, { accountId: ACCOUNT, id: caseId(1) }, { limit, maxBytes });
    expect(await objects(2)).toEqual(['{"new": 1}']);
    expect(await objects(3)).toEqual(['{"new": 1}', '{"old": 1}']);
    expect(await objects(3, 9)).toEqual([null, null]);
    await database.$executeRaw`update cdd.event_revisions set superseded_at = now() where id = 1`;
    expect(await objects(3)).toEqual(['{"new": 1}']);
  });
});

async function runShape(url: string, ...args: string[]) {
  return runCli(['show', 'shape', ...args], { cwd: await temporaryFolder(), env: { DATABASE_URL: url } });
}
