import { describe, expect, inject } from 'vitest';
import { migrate, pendingMigrations } from '../../../src/store/migrate/migrate.ts';
import { withAdmin } from '../../support/admin.ts';
import { rows, test } from '../../support/migrations.ts';

const one = { '1_one': 'create table cdd.one (id integer primary key)' };

describe('a migration that fails', () => {
  test('leaves nothing behind, also nothing of the migrations before it, and works once corrected', async ({
    empty,
    write,
  }) => {
    const broken = await write({ ...one, '2_two': `insert into cdd.one values (1); insert into cdd.one values (1)` });
    await expect(migrate(empty.url, broken)).rejects.toThrow(
      /migration 2_two failed, nothing was changed: .*"one_pkey" \(23505\)/,
    );
    expect(await rows(empty.url, `select to_regnamespace('cdd')::text as cdd`)).toEqual([{ cdd: null }]);
    const whole = await write({ ...one, '2_two': 'insert into cdd.one values (1)' });
    expect((await migrate(empty.url, whole)).applied).toEqual(['1_one', '2_two']);
  });

  test('because a view of somebody else depends on what it drops says so', async ({ empty, write }) => {
    await migrate(empty.url, await write(one));
    await rows(empty.url, 'create view public.theirs as select id from cdd.one');
    const folder = await write({ ...one, '2_drop': 'drop table cdd.one' });
    await expect(migrate(empty.url, folder)).rejects.toThrow(
      /2_drop failed, nothing was changed: cannot drop table one because other objects depend on it \(2BP01\)/,
    );
  });

  test('does not quote data in its error', async ({ empty, write }) => {
    const folder = await write({
      '1_check': `create table cdd.people (name text check (name = '')); insert into cdd.people values ('Kari Nordmann')`,
    });
    const error: unknown = await migrate(empty.url, folder).catch((raised: unknown) => raised);
    expect(error).toMatchObject({ name: 'SyncError', code: 'DATABASE' });
    expect(error instanceof Error && `${error.stack}${error.cause}`).not.toContain('Nordmann');
  });

  test('because its connection is killed leaves nothing behind', async ({ empty, write }) => {
    const folder = await write({ ...one, '2_endless': 'select pg_sleep(3600)' });
    const migrating = migrate(empty.url, folder).catch((raised: unknown) => raised);
    await withAdmin(inject('postgres').url, async (admin) => {
      const kill = `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and query like '%pg_sleep%'`;
      await expect.poll(async () => (await admin.query(kill, [new URL(empty.url).pathname.slice(1)])).rowCount).toBe(1);
    });
    expect(await migrating).toMatchObject({ code: 'DATABASE', retryable: true });
    expect(await pendingMigrations(empty.url, folder)).toEqual(['1_one', '2_endless']);
    expect((await migrate(empty.url, await write(one))).applied).toEqual(['1_one']);
  });
});

describe('migrating stops, and says what to do, at', () => {
  test('a database that is newer than the code; listing what is pending stops too', async ({ empty, write }) => {
    await migrate(empty.url, await write({ ...one, '2_later': 'create table cdd.later (id integer)' }));
    const older = await write(one);
    await expect(migrate(empty.url, older)).rejects.toThrow(/newer than this cdd-sync: .*2_later.*Run the version/);
    await expect(pendingMigrations(empty.url, older)).rejects.toThrow(/2_later/);
    const branched = await write({ ...one, '3_other': 'create table cdd.other (id integer)' });
    await expect(migrate(empty.url, branched)).rejects.toThrow(/2_later/);
  });

  test('a migration that another tool left unfinished', async ({ empty, write }) => {
    const folder = await write(one);
    await migrate(empty.url, folder);
    await rows(empty.url, 'update cdd._prisma_migrations set finished_at = null');
    await expect(migrate(empty.url, folder)).rejects.toThrow(/1_one was begun with another tool/);
    await rows(empty.url, 'update cdd._prisma_migrations set rolled_back_at = now()');
    await rows(empty.url, 'drop table cdd.one');
    expect((await migrate(empty.url, folder)).applied).toEqual(['1_one']);
  });

  test('a schema cdd with tables of another program, which it leaves alone', async ({ empty, write }) => {
    await rows(empty.url, 'create schema cdd; create table cdd.theirs (id integer)');
    await expect(migrate(empty.url, await write(one))).rejects.toThrow(/not made by cdd-sync/);
    expect(await rows(empty.url, `select to_regclass('cdd.one')::text as one`)).toEqual([{ one: null }]);
  });

  test('files of an older version that were left in the folder', async ({ empty, write }) => {
    const folder = await write({ '20261123120000_tables': 'select 1', '20261129200000_baseline': 'select 1' });
    const leftOver = /older version, such as the migration 20261123120000_tables.*empty folder/;
    await expect(migrate(empty.url, folder)).rejects.toThrow(leftOver);
    await expect(pendingMigrations(empty.url, folder)).rejects.toThrow(leftOver);
    expect(await rows(empty.url, `select to_regnamespace('cdd')::text as cdd`)).toEqual([{ cdd: null }]);
  });
});
