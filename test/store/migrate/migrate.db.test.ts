import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startEmbedded } from '../../../src/embedded-postgres/server.ts';
import { migrate, pendingMigrations } from '../../../src/store/migrate/migrate.ts';
import { temporaryName } from '../../support/admin.ts';
import { createEmptyDatabase } from '../../support/database.ts';
import { createHome, settings } from '../../support/embedded-postgres.ts';
import { rows, test } from '../../support/migrations.ts';
import { schemaDiff } from '../../support/schema-diff.ts';

const suite = inject('postgres');
const migrateModule = new URL('../../../src/store/migrate/migrate.ts', import.meta.url).href;

type Server = { url: string; stop: () => Promise<void> };

async function startOwn(): Promise<Server> {
  const { home, remove } = await createHome('migrations');
  const { url, stop } = await startEmbedded({ home, database: 'postgres', settings });
  return { url, stop: () => stop().then(remove) };
}

const servers: [name: string, start: () => Promise<Server>][] = [
  [`the suite's Postgres ${suite.version} (${suite.origin})`, async () => ({ url: suite.url, stop: async () => {} })],
];
// Another major than the suite's, where the suite's is not the embedded one itself.
if (suite.origin !== 'embedded') servers.push(['the embedded Postgres', startOwn]);

describe.each(servers)('the migrations on %s', (name, start) => {
  let server: Server;
  let empty: Awaited<ReturnType<typeof createEmptyDatabase>>;
  beforeAll(async () => {
    process.stderr.write(`the migrations are tried on ${name}\n`);
    server = await start();
    empty = await createEmptyDatabase(server.url);
  });
  afterAll(async () => {
    await empty.drop();
    await server.stop();
  });

  it('make the tables that schema.prisma describes, and the comparison would notice a difference', async () => {
    const pending = await pendingMigrations(empty.url);
    const { applied, definitions, current } = await migrate(empty.url);
    expect(applied.length).toBeGreaterThan(0);
    expect([...applied, ...definitions]).toEqual(pending);
    expect(current).toBe(applied.at(-1));
    expect(await schemaDiff(empty.url)).toBeNull();
    await rows(empty.url, 'alter table cdd.accounts alter column etag type integer using null');
    expect(await schemaDiff(empty.url)).toContain('"etag"');
  });

  it('are applied once', async () => {
    const again = await migrate(empty.url);
    expect(again).toMatchObject({ applied: [], definitions: [], edited: [] });
    expect(await pendingMigrations(empty.url)).toEqual([]);
  });
});

test('every table and view in cdd has a comment', async ({ db }) => {
  const tables = await rows<{ name: string; comment: string | null }>(
    db.url,
    `select relname as name, obj_description(oid) as comment from pg_class
     where relnamespace = 'cdd'::regnamespace and relkind in ('r', 'p', 'v') and relname <> '_prisma_migrations'`,
  );
  expect(tables.length).toBeGreaterThan(5);
  expect(tables.filter(({ comment }) => !comment)).toEqual([]);
});

describe('migrating', () => {
  const one = { '1_one': 'create table cdd.one (id integer primary key)' };

  test('four at once, one applies and the others wait and apply nothing', async ({ empty, write }) => {
    const folder = await write({ ...one, '2_slow': 'select pg_sleep(0.2); create table cdd.slow (id integer)' });
    const all = await Promise.all([1, 2, 3, 4].map(() => migrate(empty.url, folder)));
    expect(all.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 0, 2]);
    expect(new Set(all.map(({ current }) => current))).toEqual(new Set(['2_slow']));
  });

  test('keeps semicolons in strings, comments and function bodies where they are', async ({ empty, write }) => {
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

  test('lets the process end, without a timer to wait for', async ({ empty, write }) => {
    const code = `
      const [module, url, folder] = process.argv.slice(1);
      await (await import(module)).migrate(url, folder);
      process.stdout.write(process.getActiveResourcesInfo().join());`;
    const args = ['--input-type=module', '-e', code, migrateModule, empty.url, await write(one)];
    const { stdout: resources } = await promisify(execFile)(process.execPath, args);
    expect(resources).not.toContain('Timeout');
    expect(await rows(empty.url, 'select count(*)::integer as rows from cdd.one')).toEqual([{ rows: 0 }]);
  });

  test('a migration whose file was changed since is named', async ({ empty, write }) => {
    await migrate(empty.url, await write(one));
    const { applied, edited } = await migrate(empty.url, await write({ '1_one': `${one['1_one']} -- edited` }));
    expect({ applied, edited }).toEqual({ applied: [], edited: ['1_one'] });
  });

  test('another application of Prisma in public is neither in the way nor touched', async ({ empty, write }) => {
    await rows(
      empty.url,
      `create table _prisma_migrations (migration_name text); insert into _prisma_migrations values ('theirs')`,
    );
    expect((await migrate(empty.url, await write(one))).applied).toEqual(['1_one']);
    expect(await rows(empty.url, 'select * from public._prisma_migrations')).toEqual([{ migration_name: 'theirs' }]);
  });

  test('needs no right on public, and none to create schemas where cdd was made beforehand', async ({
    empty,
    write,
  }) => {
    const role = temporaryName('test');
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

  test('works where the server is in another time zone', async ({ empty, write }) => {
    const name = pg.escapeIdentifier(new URL(empty.url).pathname.slice(1));
    await rows(empty.url, `alter database ${name} set timezone to 'Asia/Tokyo'`);
    await migrate(empty.url, await write(one));
    const [late] = await rows<{ seconds: number }>(
      empty.url,
      'select abs(extract(epoch from now() - finished_at))::integer as seconds from cdd._prisma_migrations',
    );
    // Tokyo is nine hours ahead.
    expect(late?.seconds).toBeLessThan(3600);
  });

  test('works, also a second time, where the server writes dates in another style', async ({ empty, write }) => {
    const name = pg.escapeIdentifier(new URL(empty.url).pathname.slice(1));
    await rows(empty.url, `alter database ${name} set datestyle to 'SQL, DMY'`);
    const folder = await write(one);
    expect((await migrate(empty.url, folder)).applied).toEqual(['1_one']);
    expect(await migrate(empty.url, folder)).toMatchObject({ applied: [], edited: [] });
  });
});
