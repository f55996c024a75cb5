import { setTimeout as sleep } from 'node:timers/promises';
import { test as base, inject } from 'vitest';
import { type Database, openDatabase } from '../../src/store/postgres/pool.ts';
import { databaseName, urlOf, withAdmin } from './admin.ts';

type TestDatabase = { url: string; database: Database; drop: () => Promise<void> };

/**
 * A migrated, empty database of its own: a copy of the run's template, made in about 15 ms (by WAL_LOG it was 21; both
 * on Postgres 18 in memory), and ready for use in 30.
 */
async function testDatabase(): Promise<TestDatabase> {
  const { url: server, template } = inject('postgres');
  const { url, drop: dropEmpty } = await emptyDatabase(server, `template ${template} strategy file_copy`);
  const database = openDatabase(url, { connections: 4, applicationName: 'cdd-sync test' });
  const drop = async () => {
    await database.close();
    await dropEmpty();
  };
  return { url, database, drop };
}

/** A database as a user would make it before the first migration. */
export async function emptyDatabase(server: string, options = '') {
  const name = databaseName('test');
  await withAdmin(server, async (admin) => {
    for (let tries = 1; ; tries++) {
      try {
        await admin.query(`create database ${name} ${options}`);
        return;
      } catch (error) {
        // 55006: somebody is connected to the template, autovacuum for instance.
        if (tries === 20 || !(error instanceof Error && 'code' in error && error.code === '55006')) throw error;
        await sleep(50);
      }
    }
  });
  const drop = async () => {
    await withAdmin(server, (admin) => admin.query(`drop database if exists ${name} with (force)`));
  };
  return { url: urlOf(server, name), drop };
}

/** `test('…', async ({ db }) => …)`: a database per test. A failed test keeps its own and says where it is. */
export const test = base
  .extend('db', async ({ task }, { onCleanup }) => {
    const db = await testDatabase();
    onCleanup(() => dropUnlessFailed(task, db));
    return db;
  })
  .extend('empty', async ({ task }, { onCleanup }) => {
    const empty = await emptyDatabase(inject('postgres').url);
    onCleanup(() => dropUnlessFailed(task, empty));
    return empty;
  });

type Task = { name: string; result?: { state: string } | undefined };

async function dropUnlessFailed(task: Task, { url, drop }: Pick<TestDatabase, 'url' | 'drop'>): Promise<void> {
  if (task.result?.state !== 'fail') return drop();
  const name = new URL(url).pathname.slice(1);
  process.stderr.write(`kept while the server runs (use --watch or TEST_DATABASE_URL): ${name} of "${task.name}"\n`);
}
