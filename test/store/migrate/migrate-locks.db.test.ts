import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { describe, expect } from 'vitest';
import { migrate, pendingMigrations } from '../../../src/store/migrate/migrate.ts';
import { connectAdmin, temporaryName } from '../../support/admin.ts';
import { copyOfPrisma, rows, test } from '../../support/migrations.ts';

const one = { '1_one': 'create table cdd.one (id integer primary key)' };

/** A session of a new login without any grant, and its role. */
async function connectAsStranger(url: string): Promise<{ client: pg.Client; role: string }> {
  const role = temporaryName('test');
  await rows(url, `create role ${role} login password 'for this test'`);
  const login = new URL(url);
  login.username = role;
  login.password = 'for this test';
  const client = await connectAdmin(login.href, { application_name: 'a BI tool' });
  return { client, role };
}

async function drop(url: string, { client, role }: { client: pg.Client; role: string }): Promise<void> {
  await client.end();
  await rows(url, `drop owned by ${role}; drop role ${role}`);
}

describe('migrations at once', () => {
  test('in a schema that an administrator made beforehand: one applies and the others apply nothing', async ({
    empty,
    write,
  }) => {
    await rows(empty.url, 'create schema cdd');
    const folder = await write({ ...one, '2_slow': 'select pg_sleep(0.5)' });
    const all = await Promise.all([1, 2, 3, 4].map(() => migrate(empty.url, folder)));
    expect(all.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 0, 2]);
  });

  test('do not disturb a process that looks for what is pending', async ({ empty, write }) => {
    const folder = await write(one);
    const other = await connectAdmin(empty.url);
    await other.query('begin; create schema cdd');
    expect(await pendingMigrations(empty.url, folder)).toEqual(['1_one']);
    await other.end();
  });

  test('go on when the session of the one that works is killed', async ({ empty, write }) => {
    const first = migrate(empty.url, await write({ ...one, '2_endless': 'select pg_sleep(3600)' })).catch(
      (error: unknown) => error,
    );
    const sleeping = `query like '%pg_sleep%' and datname = current_database() and pid <> pg_backend_pid()`;
    await expect
      .poll(() => rows(empty.url, `select pid from pg_stat_activity where ${sleeping}`), { timeout: 10_000 })
      .toHaveLength(1);
    const second = migrate(empty.url, await write(one));
    await delay(300);
    await rows(empty.url, `select pg_terminate_backend(pid) from pg_stat_activity where ${sleeping}`);
    expect(await first).toMatchObject({ code: 'DATABASE', retryable: true });
    expect((await second).applied).toEqual(['1_one']);
  });

  test('are not delayed by a login without any grant that holds advisory locks', async ({ empty, write }) => {
    const stranger = await connectAsStranger(empty.url);
    await stranger.client.query('select pg_advisory_lock(72707369)');
    const waits: string[] = [];
    const folder = await write(one);
    await migrate(empty.url, folder, { onWait: (text) => waits.push(text) });
    // A login can ask for the lock that a migration takes, and is refused without keeping it.
    await stranger.client.query('begin; savepoint before');
    await expect(stranger.client.query(`comment on schema cdd is 'mine'`)).rejects.toMatchObject({ code: '42501' });
    await stranger.client.query('rollback to savepoint before');
    await expect(stranger.client.query('lock table cdd.one in access share mode')).rejects.toMatchObject({
      code: '42501',
    });
    expect(await migrate(empty.url, folder, { onWait: (text) => waits.push(text) })).toMatchObject({ applied: [] });
    expect(waits).toEqual([]);
    await drop(empty.url, stranger);
  });
});

describe('a reader that leaves its transaction open', () => {
  /** A reader with an open transaction on a view, and a folder with another definition of that view. */
  async function startReading(url: string, write: Parameters<typeof copyOfPrisma>[0]) {
    const reader = await connectAsStranger(url);
    const grants = `grant usage on schema reporting to ${reader.role}; grant select on reporting.settings to ${reader.role}`;
    await rows(url, grants);
    const folder = await copyOfPrisma(write);
    const file = join(folder, 'definitions/reporting/settings.sql');
    await writeFile(file, `${await readFile(file, 'utf8')}-- Changed.\n`);
    await reader.client.query('begin; select * from reporting.settings');
    return { reader, folder };
  }

  test('is named by the migration that waits for it, with what to do; readers wait for one try, and nothing is changed', async ({
    db: { url },
    write,
  }) => {
    const { reader, folder } = await startReading(url, write);
    const [{ pid } = { pid: 0 }] = (await reader.client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
    const waits: string[] = [];
    const started = performance.now();
    const failed = migrate(url, folder, { patienceMs: 1, onWait: (text) => waits.push(text) });
    const session = `session ${pid} of role ${reader.role} (a BI tool), idle in transaction, in a transaction for 0 min`;
    const advice = `holds it; wait for its end, or end it with: select pg_terminate_backend(${pid})`;
    await expect(failed).rejects.toMatchObject({
      ...{ code: 'DATABASE', retryable: true },
      message: expect.stringContaining(`${session} ${advice}`),
    });
    expect(waits).toEqual([expect.stringContaining(session)]);
    expect(performance.now() - started).toBeLessThan(20_000);
    await reader.client.query('commit');
    expect((await migrate(url, folder)).definitions).toEqual(['reporting.settings']);
    await drop(url, reader);
  });

  test('delays a migration until it ends', async ({ db: { url }, write }) => {
    const { reader, folder } = await startReading(url, write);
    const migrating = migrate(url, folder);
    await delay(6_000);
    await reader.client.query('commit');
    expect((await migrating).definitions).toEqual(['reporting.settings']);
    await drop(url, reader);
  });
});
