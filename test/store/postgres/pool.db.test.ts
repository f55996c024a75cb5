import { describe, expect, inject } from 'vitest';
import { SyncError } from '../../../src/model/sync-error.ts';
import { checkServer, type Transaction } from '../../../src/store/postgres/pool.ts';
import { test, withDatabase } from '../../support/database.ts';
import { syncErrorOf } from '../../support/sync-error.ts';

describe('a statement that fails', () => {
  test('is DATABASE, with the name of the constraint and without values', async ({ db: { database } }) => {
    await database.$executeRaw`create table people (name text primary key, age integer check (age > 0))`;
    const insert = (name: string, age: number) => database.$executeRaw`insert into people values (${name}, ${age})`;
    await insert('Kari Nordmann', 40);
    const errors = [
      await syncErrorOf(insert('Kari Nordmann', 41)),
      await syncErrorOf(insert('Ola Nordmann', -1)),
      await syncErrorOf(database.$queryRaw`select name::integer from people`),
      await syncErrorOf(database.$executeRaw`do $$ begin raise 'Kari Nordmann'; end $$`),
      await syncErrorOf(database.account.create({ data: { id: 'Nordmann', environment: 'test' } })),
    ];
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('duplicate key value violates unique constraint "people_pkey" (23505)'),
      expect.stringContaining('relation "people" violates check constraint "people_age_check" (23514)'),
      expect.stringContaining('invalid input syntax for type integer: "…" (22P02); it refused a value.'),
      expect.stringContaining('a function or trigger raised an error; the log of the server has its text'),
      expect.stringContaining('(23514)'),
    ]);
    for (const { stack, cause } of errors) expect(`${stack} ${JSON.stringify(cause)}`).not.toContain('Nordmann');
  });

  test('inside a transaction undoes all of it, and an error of the work is thrown unchanged', async ({
    db: { database },
  }) => {
    await database.$executeRaw`create table counted (n integer)`;
    const own = new SyncError('ABANDONED', 'own');
    const thrown = await syncErrorOf(
      database.transact(async (tx) => {
        await tx.$executeRaw`insert into counted values (1)`;
        throw own;
      }),
    );
    expect(thrown).toBe(own);
    const error = await syncErrorOf(
      database.transact(async (tx) => {
        await tx.$executeRaw`insert into counted values (2)`;
        await tx.$executeRaw`select 1 / 0`;
      }),
    );
    expect(error.message).toContain('22012');
    expect(await database.$queryRaw`select n from counted`).toEqual([]);
  });

  test('because the connection was killed is retryable, and the next statement works', async ({ db: { database } }) => {
    const error = await syncErrorOf(
      database.transact((tx) => tx.$queryRaw`select pg_terminate_backend(pg_backend_pid())`),
    );
    expect(error).toMatchObject({ code: 'DATABASE', retryable: true });
    expect(await database.$queryRaw`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test('because the connection broke between two statements does not end the process', async ({ db: { database } }) => {
    const error = await syncErrorOf(
      database.transact(async (tx) => {
        const [session] = await tx.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`;
        await database.$queryRaw`select pg_terminate_backend(${session?.pid}, 300000)`;
        await tx.$queryRaw`select 1`;
      }),
    );
    expect(error).toMatchObject({ code: 'DATABASE', retryable: true });
    expect(await database.$queryRaw`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test('because of a deadlock is retryable', async ({ db: { database } }) => {
    await database.$executeRaw`create table locked as select n from generate_series(0, 1) as n`;
    const isLocked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const lock = (first: number, second: number) =>
      database.transact(async (tx) => {
        await tx.$queryRaw`select from locked where n = ${first} for update`;
        isLocked[first]?.resolve();
        await isLocked[second]?.promise;
        await tx.$queryRaw`select from locked where n = ${second} for update`;
      });
    const outcomes = await Promise.allSettled([lock(0, 1), lock(1, 0)]);
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
    expect(failed).toEqual([expect.objectContaining({ code: 'DATABASE', retryable: true })]);
  });
});

describe('a transaction', () => {
  test('runs without JIT, which stays on for the connection', async ({ db: { database } }) => {
    const setting = (on: Transaction) =>
      on.$queryRaw<
        { connection: number; jit: string }[]
      >`select pg_backend_pid() as connection, current_setting('jit') as jit`;
    const before = await setting(database);
    expect(before).toEqual([{ connection: expect.any(Number), jit: 'on' }]);
    const inside = await database.transact(setting);
    expect(inside).toEqual(before.map((row) => ({ ...row, jit: 'off' })));
    expect(await setting(database)).toEqual(before);
  });
});

describe('a session', () => {
  test('is in UTC when the database has another time zone, so times are the same in both directions', async ({
    db: { url, database },
  }) => {
    const name = new URL(url).pathname.slice(1);
    await database.$executeRawUnsafe(`alter database ${name} set timezone to 'Asia/Tokyo'`);
    const sent = new Date('2026-03-29T00:30:00.123Z');
    const [row] = await withDatabase(
      url,
      (fresh) => fresh.$queryRaw<{ same: Date; iso: string }[]>`
      select ${sent}::timestamptz as same, to_char(${sent}::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as iso`,
    );
    expect(row).toEqual({ same: sent, iso: sent.toISOString() });
  });

  test('carries the name of the program', async ({ db: { url } }) => {
    const [row] = await withDatabase(
      url,
      (database) => database.$queryRaw<unknown[]>`select current_setting('application_name') as name`,
    );
    expect(row).toEqual({ name: 'cdd-sync' });
  });
});

describe('checkServer', () => {
  test('gives the version of a suitable server', async ({ db: { database } }) => {
    expect(await checkServer(database)).toBe(inject('postgres').version);
  });

  // A real server; a function of the test hides the real current_setting.
  const unsuitable: [what: string, setting: string, value: string, says: RegExp][] = [
    ['older than 15', 'server_version_num', '140021', /too old: cdd-sync needs 15 or newer/],
    ['behind a pooler that forgets the time zone', 'timezone', 'Asia/Tokyo', /alter role .* set timezone to 'UTC'/],
  ];
  test.for(unsuitable)('rejects a server %s', async ([, setting, value, says], { db: { url, database } }) => {
    await database.$executeRaw`create schema fake`;
    await database.$executeRawUnsafe(
      `create function fake.current_setting(name text) returns text language sql return
         case name when '${setting}' then '${value}' else pg_catalog.current_setting(name) end`,
    );
    const error = await syncErrorOf(withDatabase(`${url}?options=-csearch_path%3Dfake,pg_catalog`, checkServer));
    expect(error.message).toMatch(says);
  });
});

test('a time is read rightly where the server writes dates in another style', async ({ db: { url } }) => {
  const name = new URL(url).pathname.slice(1);
  await withDatabase(url, (database) =>
    database.$executeRawUnsafe(`alter database ${name} set datestyle to 'SQL, DMY'`),
  );
  const times = await withDatabase(
    url,
    (database) => database.$queryRaw`select timestamptz '2026-03-04 05:06:07Z' as at`,
  );
  expect(times).toEqual([{ at: new Date('2026-03-04T05:06:07Z') }]);
});
