import { describe, expect, inject, onTestFinished } from 'vitest';
import { migrate } from '../../../src/store/migrate/migrate.ts';
import { quoted } from '../../../src/store/postgres/identifier.ts';
import { openRun } from '../../../src/store/runs/open-run.ts';
import { RunQueue } from '../../../src/worker/queue.ts';
import { urlOf } from '../../support/admin.ts';
import { asAdmin, check, emptyDatabase, nameOf } from '../../support/check.ts';
import { test } from '../../support/database.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';
import { syncErrorOf } from '../../support/sync-error.ts';

describe('check of a database', () => {
  test('finds nothing wrong with a migrated one', async ({ db: { url } }) => {
    const findings = await check(url);
    // The tests' server may be on another machine, and busy.
    for (const dependsOnServer of ['encryption', 'connections']) findings.delete(dependsOnServer);
    expect([...findings.values()].filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(findings.get('schema')?.message).toBe('newest');
  });

  test('says of an empty one that it is not set up, and that is no problem', async ({ empty: { url } }) => {
    const findings = await check(url);
    expect([...findings.values()].filter(({ state }) => state === 'problem')).toEqual([]);
    expect(findings.get('schema')).toMatchObject({ state: 'ok', message: expect.stringMatching(/^not set up yet/) });
  });

  test('tries the migration of an empty one, and takes it back', async ({ empty: { url } }) => {
    await check(url);
    const left = await asAdmin(url, `select from pg_namespace where nspname in ('cdd', 'reporting', 'pgboss')`);
    expect(left.rowCount).toBe(0);
    await asAdmin(
      url,
      `create function refuse() returns event_trigger language plpgsql as $$ begin raise 'no'; end $$;
       create event trigger refuse on ddl_command_start when tag in ('CREATE VIEW') execute function refuse()`,
    );
    expect((await check(url)).get('schema')).toMatchObject({
      state: 'problem',
      message: expect.stringContaining('definition '),
    });
  });

  test('finds a schema cdd of another program, in which migrate would fail', async ({ empty: { url } }) => {
    await asAdmin(url, 'create schema cdd; create table cdd.of_another_program ()');
    const { message } = await syncErrorOf(migrate(url));
    expect((await check(url)).get('schema')).toMatchObject({ state: 'problem', message: `DATABASE: ${message}` });
  });

  test('says that a schema is older than the program', async ({ db: { url } }) => {
    await asAdmin(url, `update cdd.applied_definitions set checksum = '' where name = 'reporting.cases'`);
    expect((await check(url)).get('schema')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/^older/),
    });
  });

  test.for(['LATIN1', 'SQL_ASCII', 'WIN1252'])(
    'refuses the encoding %s, as migrate does, and its SQL creates one that works',
    async (encoding) => {
      const url = await emptyDatabase(`encoding '${encoding}' locale_provider libc locale 'C' template template0`);
      const findings = await check(url);
      const found = findings.get('encoding');
      expect(found).toMatchObject({ state: 'problem', message: expect.stringContaining(`is ${encoding}`) });
      expect(findings.has('rights: migrate')).toBe(false);
      const refused = await syncErrorOf(migrate(url));
      expect(refused.message).toContain(found?.sql[0]);
      const [create = '', grant = ''] = found?.sql ?? [];
      await asAdmin(url, create);
      await asAdmin(url, grant);
      const other = urlOf(url, `${nameOf(url)}_utf8`);
      onTestFinished(async () => void (await asAdmin(url, `drop database ${nameOf(other)} with (force)`)));
      expect((await check(other)).get('encoding')?.state).toBe('ok');
      await migrate(other);
    },
  );

  test('prints the SQL that lets a role connect', async () => {
    const role = await createLogin();
    const url = await emptyDatabase();
    await asAdmin(url, `revoke connect on database ${nameOf(url)} from public`);
    const found = (await check(urlAs(url, role))).get('database');
    expect(found).toMatchObject({
      state: 'problem',
      sql: [`grant connect on database "${nameOf(url)}" to "${role}";`],
    });
    await asAdmin(url, found?.sql.join('') ?? '');
    expect((await check(urlAs(url, role))).get('database')?.state).toBe('ok');
  });

  test('says of a wrong password no more than that, and contains no secret', async () => {
    const url = urlAs(inject('postgres').url, await createLogin()).replace(':p@', ':not-the-password@');
    const [found, ...others] = (await check(url)).values();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ check: 'database', state: 'problem', sql: [] });
    expect(found?.message).toMatch(/refused the user or password/);
    expect(JSON.stringify(found)).not.toContain('not-the-password');
  });

  test('compares the limit of connections with what a worker uses', async () => {
    const role = await createLogin('connection limit 9');
    const url = urlAs(await emptyDatabase(), role);
    expect((await check(url)).get('connections')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/uses up to 14, and the connection limit of the role allows 9/),
    });
    expect((await check(url, { connections: 9 })).get('connections')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/the connection limit of the role leaves [0-8] of 9 free now/),
    });
    expect((await check(url, { connections: 3 })).get('connections')?.state).toBe('ok');
  });

  test('knows the time zone, or says that Postgres does not', async ({ empty: { url } }) => {
    for (const timezone of ['Europe/Oslo', 'america/st_johns', 'Australia/Lord_Howe', 'UTC', 'Asia/Kathmandu'])
      expect((await check(url, { timezone })).get('time zone')).toMatchObject({ state: 'ok' });
    const unknown = (await check(url, { timezone: 'Moon/Tranquility' })).get('time zone');
    expect(unknown).toMatchObject({ state: 'problem', message: expect.stringContaining('Moon/Tranquility') });
  });

  test('names the workers that live and the runs under way', async ({ db: { url, database } }) => {
    expect((await check(url)).get('workers')?.message).toBe('no worker is running');
    await database.account.create({ data: { id: 'P12345678', environment: 'production' } });
    await openRun(database, { accountId: 'P12345678', trigger: 'manual', leaseMs: 30_000 });
    const worker = await RunQueue.start({ databaseUrl: url, schemaExists: false, onError: () => {} });
    const { message } = (await check(url)).get('workers') ?? { message: '' };
    expect(message).toMatch(new RegExp(`^worker on .+, process ${process.pid}, since ....-..-..T.+Z$`, 'm'));
    expect(message).toMatch(/^run of P12345678 since .+Z, last heartbeat \d s ago$/m);
    await worker.stop();
    expect((await check(url)).get('workers')?.message).not.toContain('worker on');
  });

  test('quotes names in its SQL', async () => {
    const role = await createLogin('', `"; drop table x; --`);
    const url = await emptyDatabase();
    const found = (await check(urlAs(url, role))).get('rights: migrate');
    expect(found?.sql).toEqual([`grant create on database "${nameOf(url)}" to ${quoted(role)};`]);
  });
});
