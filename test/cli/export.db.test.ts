import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect } from 'vitest';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { startCli, temporaryFolder } from '../support/cli.ts';
import { OTHER } from '../support/cli-fixture.ts';
import { testFilledBy } from '../support/database.ts';
import { createLogin, urlAs } from '../support/login-role.ts';
import { runHere } from '../support/program.ts';
import { fillWithHardCases, HARD_NAMES } from '../support/published-cases.ts';
import { ACCOUNT } from '../support/rig.ts';
import { until } from '../support/until.ts';

const test = testFilledBy(fillWithHardCases);

/** A view that gives rows for a while, and then none. */
const STALLING = `create view reporting.stalling as
  select number, case when number > 1500 then pg_sleep(600)::text end as wait from generate_series(1, 2000) as number`;

async function exporter(url: string) {
  const cwd = await temporaryFolder();
  const options = { cwd, env: { DATABASE_URL: url } };
  return {
    cwd,
    start: (...args: string[]) => startCli(['export', ...args], options),
    run: (...args: string[]) => runHere(['export', ...args], options),
    read: (name: string) => readFile(join(cwd, name), 'utf8'),
    list: async () => (await readdir(cwd)).sort(),
  };
}

/** The fields of a CSV as RFC 4180 has them. */
function fieldsOf(csv: string): string[][] {
  return [...csv.matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*)\r\n/g)].map(
    ([, line = '']) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
      ),
  );
}

describe('an export', () => {
  test('has the same rows in each format, exact to the microsecond and the digit', async ({
    db: { url, database },
  }) => {
    const { cwd, run, read } = await exporter(url);
    for (const format of ['csv', 'ndjson', 'parquet']) {
      const { code, stdout, stderr } = await run('cases', 'status_transitions', '--format', format, '-o', 'out');
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toContain(`cases: 40 rows in out/cases.${format}`);
    }
    const parquet = await asyncBufferFromFile(join(cwd, 'out/cases.parquet'));
    const parsers = { timestampFromMicroseconds: (micros: bigint) => micros };
    const binary = await parquetReadObjects({ file: parquet, parsers: { ...parsers } as never });
    const json = (await read('out/cases.ndjson'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [headings = [], ...lines] = fieldsOf((await read('out/cases.csv')).replace(/^\ufeff/, ''));
    const stored = await database.$queryRaw<Record<string, unknown>[]>`
      select
        case_key, payout_destination_name, products, payment_options::text, is_open, transitions,
        hours_to_decision::text, first_seen_at::text,
        (extract(epoch from first_seen_at) * 1000000)::bigint::text as micros
      from reporting.cases`;
    expect([json.length, lines.length, binary.length]).toEqual([40, 40, 40]);
    for (const row of stored) {
      const isSame = (one: Record<string, unknown>) => one.case_key === row.case_key;
      const fields = lines.find((line) => line[headings.indexOf('case_key')] === row.case_key) ?? [];
      const field = (name: string) => fields[headings.indexOf(name)];
      const time = String(row.first_seen_at).replace(' ', 'T').replace('+00', 'Z');
      const name = String(row.payout_destination_name ?? '');
      expect(json.find(isSame)).toMatchObject({
        payout_destination_name: row.payout_destination_name,
        products: row.products,
        is_open: row.is_open,
        transitions: row.transitions,
        hours_to_decision: row.hours_to_decision === null ? null : Number(row.hours_to_decision),
        first_seen_at: time,
      });
      expect(binary.find(isSame)).toMatchObject({
        payout_destination_name: row.payout_destination_name,
        products: row.products,
        payment_options: row.payment_options,
        is_open: row.is_open,
        transitions: row.transitions,
        hours_to_decision: row.hours_to_decision === null ? null : Number(row.hours_to_decision),
        first_seen_at: BigInt(String(row.micros)),
      });
      expect([field('first_seen_at'), field('hours_to_decision'), field('payout_destination_name')]).toEqual([
        time,
        row.hours_to_decision ?? '',
        /^[=+\-@\t\r]/.test(name) ? `'${name}` : name,
      ]);
      expect(field('payment_options')).toBe(row.payment_options ?? '');
    }
    expect(stored.map((row) => row.payout_destination_name)).toEqual(expect.arrayContaining(HARD_NAMES));
    const { schema } = await parquetMetadataAsync(parquet);
    expect(schema.find(({ name }) => name === 'first_seen_at')?.logical_type).toEqual({
      type: 'TIMESTAMP',
      isAdjustedToUTC: true,
      unit: 'MICROS',
    });
  });

  test('of several views is of one moment, and a run in between is in none of the files', async ({
    db: { url, database },
  }) => {
    await database.$executeRaw`create view reporting.a_lock as select pg_advisory_xact_lock_shared(7)::text as waited`;
    const { start, read } = await exporter(url);
    await database.transact(async (tx) => {
      await tx.$executeRaw`select pg_advisory_xact_lock(7)`;
      const cli = start('statuses', 'a_lock', 'statuses', 'sync_runs', '-o', 'out/');
      await until(async () => {
        const waiting = await database.$queryRaw<
          unknown[]
        >`select from pg_locks where locktype = 'advisory' and not granted`;
        return waiting.length > 0;
      });
      await database.$executeRaw`delete from cdd.sync_runs`;
      return cli;
    });
    await until(async () => (await read('out/sync_runs.csv').catch(() => '')) !== '');
    expect((await read('out/sync_runs.csv')).split('\r\n').length).toBe(4);
  });

  test('that breaks off leaves the older file and nothing beside it', async ({ db: { url, database } }) => {
    await database.$executeRawUnsafe(STALLING);
    const { start, list, read, cwd } = await exporter(url);
    await writeFile(join(cwd, 'stalling.csv'), 'the older file');
    const isStalled = () => until(async () => (await list()).some((name) => name.includes('partial')));
    const lost = start('stalling', '-o', 'stalling.csv');
    await isStalled();
    await until(async () => {
      const ended = await database.$queryRaw<unknown[]>`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'fetch %' and state = 'active'`;
      return ended.length > 0;
    });
    expect(await lost.exit).toBe(1);
    expect(lost.stderr()).toMatch(/^DATABASE: Postgres at .*\n$/);
    const stopped = start('stalling', '-o', 'stalling.csv');
    await isStalled();
    stopped.kill('SIGINT');
    expect(await stopped.exit).toBe(1);
    expect(stopped.stderr()).toBe('CANCELLED: Stopped; no file was written.\n');
    expect([await list(), await read('stalling.csv')]).toEqual([['stalling.csv'], 'the older file']);
  });

  test('replaces an older file behind a link with its rights, and writes into devices and folders', async ({
    db: { url },
  }) => {
    const { run, cwd } = await exporter(url);
    await mkdir(join(cwd, 'folder'));
    await writeFile(join(cwd, 'real.csv'), 'older');
    await chmod(join(cwd, 'real.csv'), 0o600);
    await symlink('real.csv', join(cwd, 'link.csv'));
    expect((await run('statuses', '-o', 'link.csv')).stderr).toBe(
      'statuses: 11 rows in link.csv, in place of the older file\n',
    );
    expect(await readlink(join(cwd, 'link.csv'))).toBe('real.csv');
    expect((await stat(join(cwd, 'real.csv'))).mode & 0o777).toBe(0o600);
    expect((await run('statuses', '-o', 'folder', '--format', 'ndjson')).stderr).toContain('folder/statuses.ndjson');
    expect((await run('statuses', '-o', '/dev/null')).code).toBe(0);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  test('to stdout has no byte order mark, and ends quietly when its reader does', async ({ db: { url, database } }) => {
    await database.$executeRawUnsafe(STALLING);
    const { start, run } = await exporter(url);
    const { stdout } = await run('statuses');
    expect(stdout).toMatch(/^status,stage,/);
    const cli = start('stalling', '--format', 'ndjson');
    await cli.waitForOutput('{"number":1,"wait":null}\n');
    cli.closeStdout();
    expect([await cli.exit, cli.stderr()]).toEqual([0, '']);
  });

  test.skipIf(!existsSync('/dev/full'))('to stdout says that the disk is full', async ({ db: { url } }) => {
    const { cwd } = await exporter(url);
    const main = join(import.meta.dirname, '../../src/main.ts');
    await using full = await open('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [main, 'export', 'statuses'], {
      cwd,
      env: { ...process.env, DATABASE_URL: url },
      stdio: ['ignore', full.fd, 'pipe'],
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('could not be written: the disk is full')]);
  });

  test('since a day begins at midnight in the configured zone, and is refused where no column tells', async ({
    db: { url },
  }) => {
    const { run } = await exporter(url);
    const sequences = async (day: string) => {
      const { stdout } = await run('status_transitions', '--format', 'ndjson', '--since', day, '--account', ACCOUNT);
      const rows: { sequence: number; account_id: string }[] = stdout
        .split('\n')
        .flatMap((line) => (line ? [JSON.parse(line)] : []));
      expect(new Set(rows.map(({ account_id }) => account_id))).toEqual(new Set([ACCOUNT]));
      return new Set(rows.map(({ sequence }) => sequence));
    };
    expect(await sequences('2026-11-01')).toContain(1);
    expect(await sequences('2026-11-02')).not.toContain(1);
    expect(await sequences('2026-11-02')).toContain(2);
    const refused = await run('statuses', '--since', '2026-11-01');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('statuses shows the present');
  });

  test('of something that is not there, or does not fit, is wrong usage and says what would', async ({
    db: { url },
  }) => {
    const { run, list } = await exporter(url);
    for (const [args, words] of [
      [['casess'], 'There is no view casess; did you mean cases?'],
      [['cases', 'decisions'], 'add -o FOLDER'],
      [['cases', 'decisions', '-o', 'all.csv'], 'all.csv looks like a file'],
      [['cases', '--since', '2026-02-30'], '--since needs a day such as 2026-11-03, and not 2026-02-30'],
      [['cases', '--account', 'P12345679'], `There is no account P12345679; did you mean ${ACCOUNT}?`],
      [['flow_as_known'], 'cdd-sync show flow_as_known'],
      [['cases', '-o', 'none/cases.csv'], 'its folder does not exist'],
    ] as const) {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(words)]);
      expect(await list()).toEqual([]);
    }
  });

  test('by a login that may only read, in read-only transactions, has its accounts alone', async ({
    db: { url, database },
  }) => {
    const role = await createLogin();
    const name = new URL(url).pathname.slice(1);
    await database.$executeRawUnsafe(
      `alter role "${role}" in database "${name}" set default_transaction_read_only = on`,
    );
    const { run: early } = await exporter(urlAs(url, role));
    expect(await early('cases')).toMatchObject({ code: 1, stderr: expect.stringContaining('cdd-sync grant-reader') });
    await grantReader(database, { role, accountIds: [OTHER] });
    const { run } = await exporter(urlAs(url, role));
    const { code, stdout } = await run('cases', '--format', 'ndjson');
    expect(code).toBe(0);
    expect(new Set(stdout.match(/"account_id":"[^"]*"/g))).toEqual(new Set([`"account_id":"${OTHER}"`]));
  });
});
