import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject } from 'vitest';
import { SyncError } from '../../../src/model/sync-error.ts';
import { migrate, pendingMigrations } from '../../../src/store/migrate/migrate.ts';
import type { Database, Transaction } from '../../../src/store/postgres/pool.ts';
import { checkServer } from '../../../src/store/postgres/server-check.ts';
import { RunQueue } from '../../../src/worker/queue.ts';
import { test, withDatabase } from '../../support/database.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';
import { syncErrorOf } from '../../support/sync-error.ts';
import { until } from '../../support/until.ts';

describe('a statement that fails', () => {
  test('is DATABASE, with the name of the constraint and without values', async ({ db: { database } }) => {
    await database.$executeRaw`create table public.people (name text primary key, age integer check (age > 0))`;
    const insert = (name: string, age: number) =>
      database.$executeRaw`insert into public.people values (${name}, ${age})`;
    await insert('Kari Nordmann', 40);
    const errors = [
      await syncErrorOf(insert('Kari Nordmann', 41)),
      await syncErrorOf(insert('Ola Nordmann', -1)),
      await syncErrorOf(database.$queryRaw`select name::integer from public.people`),
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
    await database.$executeRaw`create table public.counted (n integer)`;
    const own = new SyncError('ABANDONED', 'own');
    const thrown = await syncErrorOf(
      database.transact(async (tx) => {
        await tx.$executeRaw`insert into public.counted values (1)`;
        throw own;
      }),
    );
    expect(thrown).toBe(own);
    const error = await syncErrorOf(
      database.transact(async (tx) => {
        await tx.$executeRaw`insert into public.counted values (2)`;
        await tx.$executeRaw`select 1 / 0`;
      }),
    );
    expect(error.message).toContain('22012');
    expect(await database.$queryRaw`select n from public.counted`).toEqual([]);
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
    await database.$executeRaw`create table public.locked as select n from generate_series(0, 1) as n`;
    const isLocked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const lock = (first: number, second: number) =>
      database.transact(async (tx) => {
        await tx.$queryRaw`select from public.locked where n = ${first} for update`;
        isLocked[first]?.resolve();
        await isLocked[second]?.promise;
        await tx.$queryRaw`select from public.locked where n = ${second} for update`;
      });
    const outcomes = await Promise.allSettled([lock(0, 1), lock(1, 0)]);
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
    expect(failed).toEqual([expect.objectContaining({ code: 'DATABASE', retryable: true })]);
  });
});

describe('a transaction', () => {
  test('runs without JIT, which stays on for the connection', async ({ db: { url, database } }) => {
    await database.$executeRawUnsafe(`alter database ${new URL(url).pathname.slice(1)} set jit = on`);
    const setting = (on: Transaction) =>
      on.$queryRaw<
        { connection: number; jit: string }[]
      >`select pg_backend_pid() as connection, current_setting('jit') as jit`;
    const [before, inside, after] = await withDatabase(
      url,
      async (fresh) => [await setting(fresh), await fresh.transact(setting), await setting(fresh)] as const,
      { connections: 1 },
    );
    expect(before).toEqual([{ connection: expect.any(Number), jit: 'on' }]);
    expect(inside).toEqual(before.map((row) => ({ ...row, jit: 'off' })));
    expect(after).toEqual(before);
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
    const check = async (fresh: Database) => {
      await fresh.$executeRaw`set search_path to fake, pg_catalog`;
      return checkServer(fresh);
    };
    const error = await syncErrorOf(withDatabase(url, check, { connections: 1 }));
    expect(error.message).toMatch(says);
  });
});

/** Defaults of a database that would change the meaning or the life of statements. */
const ODD_DEFAULTS = {
  datestyle: 'SQL, DMY',
  intervalstyle: 'iso_8601',
  standard_conforming_strings: 'off',
  array_nulls: 'off',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  quote_all_identifiers: 'on',
  default_transaction_isolation: 'serializable',
  statement_timeout: '1s',
  lock_timeout: '1s',
  idle_session_timeout: '1s',
  idle_in_transaction_session_timeout: '0',
  session_replication_role: 'replica',
};

async function setOddDefaults(database: Database, url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  for (const [setting, value] of Object.entries(ODD_DEFAULTS))
    await database.$executeRawUnsafe(`alter database ${name} set ${setting} to '${value}'`);
}

describe('a database with other defaults', () => {
  test('changes neither values nor limits of a statement or a transaction', async ({ db: { url, database } }) => {
    await setOddDefaults(database, url);
    const read = (on: Transaction) =>
      on.$queryRaw<unknown[]>`
        select
          timestamptz '2026-03-04 05:06:07Z' as at,
          '\\x00ff'::bytea as bytes,
          '{NULL}'::text[] as texts,
          length('\\n') as length,
          1 / 3::double precision as third,
          interval '1 day'::text as day,
          'cdd.accounts'::regclass::text as name,
          current_setting('transaction_isolation') as isolation,
          current_setting('statement_timeout') as statement,
          current_setting('lock_timeout') as lock,
          current_setting('idle_session_timeout') as idle,
          current_setting('idle_in_transaction_session_timeout') as standing,
          current_setting('session_replication_role') as triggers`;
    const expected = {
      at: new Date('2026-03-04T05:06:07Z'),
      bytes: Buffer.from([0, 255]),
      texts: [null],
      length: 2,
      third: 1 / 3,
      day: '1 day',
      name: 'cdd.accounts',
      isolation: 'read committed',
      statement: '10min',
      lock: '0',
      idle: '0',
      standing: '20s',
      triggers: 'origin',
    };
    await withDatabase(url, async (fresh) => {
      expect(await read(fresh)).toEqual([expected]);
      expect(await fresh.transact(read)).toEqual([expected]);
    });
  });

  test('is refused if no trigger would run and the role may not change that', async ({ db: { url, database } }) => {
    const name = new URL(url).pathname.slice(1);
    await database.$executeRawUnsafe(`alter database ${name} set session_replication_role to 'replica'`);
    const error = await syncErrorOf(withDatabase(urlAs(url, await createLogin()), checkServer));
    expect(error.message).toMatch(/No trigger runs .* set session_replication_role to 'origin'/);
  });

  test('does not stop a migration', async ({ empty: { url } }) => {
    await withDatabase(url, (database) => setOddDefaults(database, url));
    await migrate(url);
    expect(await pendingMigrations(url)).toEqual([]);
  });

  test('does not end the idle sessions of the queue', async ({ db: { url, database } }) => {
    await database.$executeRawUnsafe(
      `alter database ${new URL(url).pathname.slice(1)} set idle_session_timeout to '100ms'`,
    );
    const errors: Error[] = [];
    const onError = (error: Error) => void errors.push(error);
    const queue = await RunQueue.start({ databaseUrl: url, schemaExists: false, onError });
    await sleep(1_000);
    await queue.stop();
    expect(errors).toEqual([]);
  });

  test('is no obstacle where a pooler loses the settings of the session: transactions set them again', async ({
    db: { url, database },
  }) => {
    await withDatabase(
      url,
      async (fresh) => {
        await fresh.$executeRaw`discard all`;
        await fresh.$executeRawUnsafe(
          `set bytea_output to 'escape'; set default_transaction_isolation to 'serializable'`,
        );
        const [row] = await fresh.transact(
          (tx) => tx.$queryRaw<unknown[]>`
            select
              current_setting('bytea_output') as bytes,
              current_setting('transaction_isolation') as isolation,
              current_setting('idle_in_transaction_session_timeout') as standing`,
        );
        expect(row).toEqual({ bytes: 'hex', isolation: 'read committed', standing: '20s' });
        const error = await syncErrorOf(checkServer(fresh));
        expect(error.message).toContain(`set default_transaction_isolation to 'read committed';`);
      },
      { connections: 1 },
    );
    expect(await checkServer(database)).toBeTruthy();
  });
});

const POOL = new URL('../../../src/store/postgres/pool.ts', import.meta.url).href;

test('a statement ends within seconds after its process was killed', async ({ db: { url, database } }) => {
  const code = `
    const [module, url] = process.argv.slice(1);
    await (await import(module)).openDatabase(url).$queryRaw\`select pg_sleep(600)\`;`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, POOL, url], { stdio: 'inherit' });
  const sleepers = async () => {
    const rows = await database.$queryRaw<unknown[]>`
      select 1 from pg_stat_activity where datname = current_database() and query like '%pg_sleep(600)' and state = 'active'`;
    return rows.length;
  };
  await until(async () => (await sleepers()) > 0);
  child.kill('SIGKILL');
  const killedAt = performance.now();
  await until(async () => (await sleepers()) === 0);
  expect(performance.now() - killedAt).toBeLessThan(10_000);
});
