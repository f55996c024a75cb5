import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startEmbedded } from '../../src/store/embedded.ts';
import { migrate, pendingMigrations } from '../../src/store/migrate.ts';
import { databaseName, withAdmin } from '../support/admin.ts';
import { emptyDatabase, test } from '../support/database.ts';
import { schemaDiff } from '../support/schema-diff.ts';
import { HASTE } from '../support/server.ts';

const suite = inject('postgres');

async function rows<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  return withAdmin(url, async (client) => (await client.query<T>(sql)).rows);
}

type Server = { url: string; stop: () => Promise<void> };

async function startOwn(): Promise<Server> {
  const home = await mkdtemp(join(tmpdir(), 'cdd-sync-'));
  const { url, stop } = await startEmbedded({ home, database: 'postgres', settings: HASTE });
  return { url, stop: () => stop().then(() => rm(home, { recursive: true })) };
}

const servers: [name: string, start: () => Promise<Server>][] = [
  [`the suite's Postgres ${suite.version} (${suite.origin})`, async () => ({ url: suite.url, stop: async () => {} })],
];
// Another major than the suite's, where the suite's is not the embedded one itself.
if (suite.origin !== 'embedded') servers.push(['the embedded Postgres', startOwn]);

describe.each(servers)('the migrations on %s', (_, start) => {
  let server: Server;
  let empty: Awaited<ReturnType<typeof emptyDatabase>>;
  beforeAll(async () => {
    server = await start();
    empty = await emptyDatabase(server.url);
  });
  afterAll(async () => {
    await empty.drop();
    await server.stop();
  });

  it('make the tables that schema.prisma describes, and the comparison would notice a difference', async () => {
    const pending = await pendingMigrations(empty.url);
    const { applied, current } = await migrate(empty.url);
    expect(applied.length).toBeGreaterThan(0);
    expect(applied).toEqual(pending);
    expect(current).toBe(applied.at(-1));
    expect(await schemaDiff(empty.url)).toBeNull();
    await rows(empty.url, 'alter table cdd.accounts alter column label type integer using null');
    expect(await schemaDiff(empty.url)).toContain('"label"');
  });

  it('are applied once', async () => {
    const again = await migrate(empty.url);
    expect(again.applied).toEqual([]);
    expect(again.edited).toEqual([]);
    expect(await pendingMigrations(empty.url)).toEqual([]);
  });
});

test('every table in cdd says what it is for', async ({ db }) => {
  const tables = await rows<{ name: string; comment: string | null }>(
    db.url,
    `select relname as name, obj_description(oid) as comment from pg_class
     where relnamespace = 'cdd'::regnamespace and relkind in ('r', 'p') and relname <> '_prisma_migrations'`,
  );
  expect(tables.length).toBeGreaterThan(5);
  expect(tables.filter(({ comment }) => !comment)).toEqual([]);
});

describe('migrating', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cdd-sync-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function write(scripts: Record<string, string>): Promise<string> {
    const folder = await mkdtemp(join(directory, 'migrations-'));
    for (const [name, sql] of Object.entries(scripts)) {
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(join(folder, name, 'migration.sql'), sql);
    }
    return folder;
  }

  const one = { '1_one': 'create table cdd.one (id integer primary key)' };

  test('four at once, one applies and the others wait and apply nothing', async ({ empty }) => {
    const folder = await write({ ...one, '2_slow': 'select pg_sleep(0.2); create table cdd.slow (id integer)' });
    const all = await Promise.all([1, 2, 3, 4].map(() => migrate(empty.url, folder)));
    expect(all.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 0, 2]);
    expect(new Set(all.map(({ current }) => current))).toEqual(new Set(['2_slow']));
  });

  test('keeps semicolons in strings, comments and function bodies where they are', async ({ empty }) => {
    const folder = await write({
      '1_semicolons': `
        create table cdd.said (words text); -- a comment; with a semicolon
        /* another; one */
        insert into cdd.said values ('one; two'), ($$three; four$$);
        create function cdd.twice() returns integer language plpgsql as $body$
        begin
          perform 1; -- here; too
          return 2;
        end;
        $body$;`,
    });
    await migrate(empty.url, folder);
    const said = await rows(empty.url, 'select words, cdd.twice() from cdd.said order by words');
    expect(said).toEqual([
      { words: 'one; two', twice: 2 },
      { words: 'three; four', twice: 2 },
    ]);
  });

  test('leaves nothing behind when the second of two migrations fails, and goes on once it is corrected', async ({
    empty,
  }) => {
    const broken = await write({ ...one, '2_two': `insert into cdd.one values (1); insert into cdd.one values (1)` });
    await expect(migrate(empty.url, broken)).rejects.toThrow(
      /migration 2_two failed, nothing was changed: .*"one_pkey" \(23505\)/,
    );
    expect(await rows(empty.url, `select to_regnamespace('cdd')::text as cdd`)).toEqual([{ cdd: null }]);
    const whole = await write({ ...one, '2_two': 'insert into cdd.one values (1)' });
    expect((await migrate(empty.url, whole)).applied).toEqual(['1_one', '2_two']);
  });

  test('says of a failed migration nothing that stands in the data', async ({ empty }) => {
    const folder = await write({
      '1_check': `create table cdd.people (name text check (name = '')); insert into cdd.people values ('Kari Nordmann')`,
    });
    const error: unknown = await migrate(empty.url, folder).catch((raised: unknown) => raised);
    expect(error).toMatchObject({ name: 'SyncError', code: 'DATABASE' });
    expect(error instanceof Error && `${error.stack}${error.cause}`).not.toContain('Nordmann');
  });

  test('when its connection is killed in the middle leaves nothing behind', async ({ empty }) => {
    const folder = await write({ ...one, '2_endless': 'select pg_sleep(60)' });
    const migrating = migrate(empty.url, folder).catch((raised: unknown) => raised);
    await withAdmin(suite.url, async (admin) => {
      const kill = `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and query like '%pg_sleep%'`;
      await expect.poll(async () => (await admin.query(kill, [new URL(empty.url).pathname.slice(1)])).rowCount).toBe(1);
    });
    expect(await migrating).toMatchObject({ code: 'DATABASE', retryable: true });
    expect(await pendingMigrations(empty.url, folder)).toEqual(['1_one', '2_endless']);
    expect((await migrate(empty.url, await write(one))).applied).toEqual(['1_one']);
  });

  test('a database that is newer than the code stops with what to do, and looking at it does as well', async ({
    empty,
  }) => {
    await migrate(empty.url, await write({ ...one, '2_later': 'create table cdd.later (id integer)' }));
    const older = await write(one);
    await expect(migrate(empty.url, older)).rejects.toThrow(/newer than this cdd-sync: .*2_later.*Run the version/);
    await expect(pendingMigrations(empty.url, older)).rejects.toThrow(/2_later/);
    const branched = await write({ ...one, '3_other': 'create table cdd.other (id integer)' });
    await expect(migrate(empty.url, branched)).rejects.toThrow(/2_later/);
  });

  test('a migration that another tool left unfinished stops with what to do', async ({ empty }) => {
    const folder = await write(one);
    await migrate(empty.url, folder);
    await rows(empty.url, 'update cdd._prisma_migrations set finished_at = null');
    await expect(migrate(empty.url, folder)).rejects.toThrow(/1_one was begun with another tool/);
    await rows(empty.url, 'update cdd._prisma_migrations set rolled_back_at = now()');
    await rows(empty.url, 'drop table cdd.one');
    expect((await migrate(empty.url, folder)).applied).toEqual(['1_one']);
  });

  test('a migration whose file was changed since is named', async ({ empty }) => {
    await migrate(empty.url, await write(one));
    const { applied, edited } = await migrate(empty.url, await write({ '1_one': `${one['1_one']} -- edited` }));
    expect({ applied, edited }).toEqual({ applied: [], edited: ['1_one'] });
  });

  test('a schema cdd with tables of somebody else is left alone', async ({ empty }) => {
    await rows(empty.url, 'create schema cdd; create table cdd.theirs (id integer)');
    await expect(migrate(empty.url, await write(one))).rejects.toThrow(/not made by cdd-sync/);
    expect(await rows(empty.url, `select to_regclass('cdd.one')::text as one`)).toEqual([{ one: null }]);
  });

  test('another application of Prisma in public is neither in the way nor touched', async ({ empty }) => {
    await rows(
      empty.url,
      `create table _prisma_migrations (migration_name text); insert into _prisma_migrations values ('theirs')`,
    );
    expect((await migrate(empty.url, await write(one))).applied).toEqual(['1_one']);
    expect(await rows(empty.url, 'select * from public._prisma_migrations')).toEqual([{ migration_name: 'theirs' }]);
  });

  test('needs no right on public, and none to create schemas where cdd was made beforehand', async ({ empty }) => {
    const role = databaseName('test');
    await rows(
      empty.url,
      `create role ${role} login password 'for this test'; revoke all on schema public from public;
       create schema cdd authorization ${role}`,
    );
    const url = new URL(empty.url);
    url.username = role;
    url.password = 'for this test';
    expect((await migrate(url.href, await write(one))).applied).toEqual(['1_one']);
    await rows(empty.url, `drop owned by ${role} cascade; drop role ${role}`);
  });

  test('works where the server is in another time zone', async ({ empty }) => {
    const name = pg.escapeIdentifier(new URL(empty.url).pathname.slice(1));
    await rows(empty.url, `alter database ${name} set timezone to 'Asia/Tokyo'`);
    await migrate(empty.url, await write(one));
    const [late] = await rows<{ seconds: number }>(
      empty.url,
      'select abs(extract(epoch from now() - finished_at))::integer as seconds from cdd._prisma_migrations',
    );
    expect(late?.seconds).toBeLessThan(60);
  });
});
