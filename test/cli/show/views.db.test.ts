import { describe, expect } from 'vitest';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { temporaryFolder } from '../../support/cli.ts';
import { OTHER } from '../../support/cli-fixture.ts';
import { test as emptyTest, testFilledBy } from '../../support/database.ts';
import { isSafeToShow } from '../../support/hostile-text.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';
import { runHere } from '../../support/program.ts';
import { fillWithHardCases } from '../../support/published-cases.ts';
import { ACCOUNT } from '../../support/rig.ts';

const test = testFilledBy(fillWithHardCases);

async function shower(url: string, env: Record<string, string> = {}) {
  const cwd = await temporaryFolder();
  const run = (...args: string[]) => runHere(['show', ...args], { cwd, env: { DATABASE_URL: url, ...env } });
  const rows = async (...args: string[]): Promise<Record<string, unknown>[]> => {
    const { stdout, stderr } = await run(...args, '--json');
    expect(stderr).toMatch(/^(no rows.*\n)?$/);
    return JSON.parse(stdout);
  };
  return { run, rows };
}

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('show', () => {
  test('lists views and functions, and fits any of them into 80 columns with the latest rows first', async ({
    db: { url },
  }) => {
    const { run } = await shower(url);
    const list = await run();
    expect(list.stdout).toMatch(/^cases +One row per case that was ever/m);
    expect(list.stdout).toMatch(/^cases_as_of AT/m);
    expect(widest(list.stdout)).toBeLessThanOrEqual(80);
    const { stdout, stderr } = await run('status_transitions', '--limit', '3');
    expect(stdout.split('\n')[0]).toMatch(/^case_id +to_status +occurred_at$/);
    const times = stdout.match(/\d{4}-\d\d-\d\d \d\d:\d\d/g) ?? [];
    expect(times).toEqual(times.toSorted().reverse());
    expect([times.length, widest(stdout)]).toEqual([3, expect.any(Number)]);
    expect(stderr).toMatch(/times are those of Europe\/Oslo\n3 of \d+ rows; more with --limit/);
    expect(stderr).toMatch(/no room for account_id, .* more columns; choose with --columns/);
    const some = await run('status_transitions', '--where', `account_id=${ACCOUNT}`, '--limit', '3');
    expect(some.stderr).toMatch(/more with --limit, all with --format csv$/m);
    const cases = await run('cases', '--account', ACCOUNT, '--limit', '20');
    expect([isSafeToShow(cases.stdout), widest(cases.stdout) <= 80]).toEqual([true, true]);
  });

  test('shows one row as lines with all columns, and the columns that are asked for', async ({ db: { url } }) => {
    const { run } = await shower(url);
    const one = await run('settings');
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(one.stdout).toMatch(/^timezone +Europe\/Oslo\nbusiness_country +NO$/m);
    const chosen = await run('accounts', '--columns', 'cases,account_id');
    expect(chosen.stdout).toBe(`cases  account_id\n   20  ${ACCOUNT}\n   20  ${OTHER}\n`);
  });

  test('chooses rows by values of every type, in the configured zone', async ({ db: { url, database } }) => {
    const { rows } = await shower(url);
    const transitions = (...where: string[]) =>
      rows('status_transitions', '--columns', 'sequence', ...where.flatMap((one) => ['--where', one]));
    const sequences = async (...where: string[]) =>
      new Set((await transitions(...where)).map(({ sequence }) => sequence));
    expect(await sequences('recorded_at=2026-11-01')).toEqual(new Set([1]));
    expect(await sequences('recorded_at=2026-11-02')).toEqual(new Set([2]));
    expect(await sequences('recorded_at=2026-11-01 23:59')).toEqual(new Set([1]));
    expect(await sequences('recorded_at=2026-11-01T23:00:00Z', 'sequence=2')).toEqual(new Set([2]));
    expect(await sequences('sequence=1', 'sequence=2')).toEqual(new Set([1, 2]));
    expect((await rows('cases', '--where', 'products=a,b', '--columns', 'case_id')).length).toBe(10);
    expect((await rows('cases', '--where', 'payout_destination_name==1+1')).length).toBe(1);
    expect((await rows('cases', '--where', 'is_open=no', '--where', 'deleted_at=null')).length).toBeGreaterThan(0);
    expect(await rows('cases', '--where', `payout_destination_name=x' or true --`)).toEqual([]);
    const [{ day } = { day: '' }] = await database.$queryRaw<
      { day: string }[]
    >`select max(day)::text as day from reporting.flow_daily`;
    expect(
      (await rows('flow_daily', '--where', `day=${day.slice(0, 7)}`, '--where', `account_id=${ACCOUNT}`))[0],
    ).toMatchObject({ day });
  });

  test('asks a function, for which a day means its end', async ({ db: { url, database } }) => {
    const { rows } = await shower(url);
    const [expected] = await database.$queryRaw<{ count: number }[]>`
      select count(*)::integer as count
      from reporting.cases_as_of(timestamptz '2026-11-01 23:00Z' - interval '1 microsecond')`;
    expect((await rows('cases_as_of', '2026-11-01')).length).toBe(expected?.count);
    expect(await rows('known_until')).toEqual([{ known_until: expect.stringMatching(/^20.*Z$/) }]);
  });

  test('refuses what is not there or does not fit, with the nearest name and an example', async ({ db: { url } }) => {
    const { run } = await shower(url);
    for (const [args, words] of [
      [['case_timelime'], 'did you mean case_timeline?'],
      [['reporting.cases', '--where', 'statu=ACTIVE'], 'cases has no column statu; did you mean status?'],
      [['cases', '--columns', 'case_id,label'], 'did you mean account_label?'],
      [['cases', '--where', 'hours_in_status>5'], 'only "=" is understood'],
      [['cases', '--where', 'opened_at=yesterday'], 'a day (2026-11-03)'],
      [['cases', '--where', 'case_id=0caeec5f'], 'cdd-sync case finds a case by the first 8'],
      [['cases', '--account', 'P1234567'], `did you mean ${ACCOUNT}?`],
      [['statuses', '--account', ACCOUNT], 'no column account_id'],
      [['cases_as_of'], 'write: cdd-sync show cases_as_of AT [KNOWN_AT]'],
      [['cases_as_of', '2999-01-01'], 'has not come yet'],
      [['cases', '--limit', '-1'], 'whole number'],
      [['cases', '--json', '--format', 'csv'], 'cannot be used with'],
    ] as const) {
      const { code, stdout, stderr } = await run(...args);
      expect([args, code, stdout, stderr]).toEqual([args, 2, '', expect.stringContaining(words)]);
    }
  });

  test('prints the rows of an export in its formats, to a reader of one account only its own', async ({
    db: { url, database },
  }) => {
    const role = await createLogin();
    await grantReader(database, { role, accountIds: [OTHER] });
    const cwd = await temporaryFolder();
    const options = { cwd, env: { DATABASE_URL: urlAs(url, role) } };
    for (const format of ['csv', 'ndjson']) {
      const lines = async (verb: string) => {
        const { code, stdout } = await runHere([verb, 'status_transitions', '--format', format], options);
        expect([code, stdout.includes(ACCOUNT)]).toEqual([0, false]);
        return stdout.split('\n').toSorted();
      };
      const shown = await lines('show');
      expect(shown.length).toBeGreaterThan(20);
      expect(shown).toEqual(await lines('export'));
    }
  });

  emptyTest('says on stderr that nothing has been read yet, and succeeds', async ({ db: { url }, empty }) => {
    const { run } = await shower(url);
    expect(await run('cases')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no rows: no account has been read yet; run: cdd-sync sync\n',
    });
    expect(await run('cases', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
    const { run: early } = await shower(empty.url);
    expect(await early('cases')).toMatchObject({ code: 1, stderr: expect.stringContaining('run: cdd-sync migrate') });
  });
});
