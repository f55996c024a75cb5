import { setTimeout as sleep } from 'node:timers/promises';
import { test as base, inject } from 'vitest';
import { type Database, openDatabase } from '../../src/store/postgres/pool.ts';
import { temporaryName, urlOf, withAdmin } from './admin.ts';

type TestDatabase = { url: string; drop: () => Promise<void> };

/** Postgres' code for a template that has connections, of autovacuum for instance. */
const TEMPLATE_IN_USE = '55006';
const MAX_COPY_ATTEMPTS = 100;

/** Creates an empty database, as a user would before the first migration. */
export async function createEmptyDatabase(server: string, options = ''): Promise<TestDatabase> {
  const name = temporaryName('test');
  await withAdmin(server, async (admin) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await admin.query(`create database ${name} ${options}`);
      } catch (error) {
        const isInUse = error instanceof Error && 'code' in error && error.code === TEMPLATE_IN_USE;
        if (!isInUse || attempt === MAX_COPY_ATTEMPTS) throw error;
        await sleep(50);
      }
    }
  });
  const drop = () => withAdmin(server, async (admin) => void (await admin.query(`drop database ${name} with (force)`)));
  return { url: urlOf(server, name), drop };
}

/** Creates a migrated, empty database: a copy of the run's template. File copy takes 15 ms, the default strategy 21. */
async function createMigratedDatabase(): Promise<TestDatabase & { database: Database }> {
  const { url: server, template } = inject('postgres');
  const { url, drop } = await createEmptyDatabase(server, `template ${template} strategy file_copy`);
  return { url, drop, database: openDatabase(url, { connections: 4, applicationName: 'cdd-sync test' }) };
}

/** `test('…', async ({ db }) => …)`: a database for each test. A failed test keeps its own and names it in its error. */
export const test = base
  .extend('db', async ({ task }, { onCleanup }) => {
    const created = await createMigratedDatabase();
    onCleanup(async () => {
      await created.database.close();
      await dropUnlessFailed(task.result, created);
    });
    return created;
  })
  .extend('empty', async ({ task }, { onCleanup }) => {
    const created = await createEmptyDatabase(inject('postgres').url);
    onCleanup(() => dropUnlessFailed(task.result, created));
    return created;
  });

type Result = { state: string; errors?: { message: string }[] | undefined };

async function dropUnlessFailed(result: Result | undefined, { url, drop }: TestDatabase): Promise<void> {
  if (result?.state !== 'fail') return drop();
  const name = new URL(url).pathname.slice(1);
  const duration = inject('postgres').origin.startsWith('container') ? 'until the run ends (use --watch)' : 'for a day';
  for (const error of result.errors ?? []) error.message += `\nIts database ${name} is kept ${duration}.`;
}
