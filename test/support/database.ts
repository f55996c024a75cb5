import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, test as base, inject } from 'vitest';
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

/** Copies a database without connections and opens the copy. File copy takes 15 ms, the default strategy 21. */
async function copyDatabase(template: string): Promise<TestDatabase & { database: Database }> {
  const { url, drop } = await createEmptyDatabase(inject('postgres').url, `template ${template} strategy file_copy`);
  return { url, drop, database: openDatabase(url, { connections: 4, applicationName: 'cdd-sync test' }) };
}

/** `db` of a test: a copy of a template. A failed test keeps its own and names it in its error. */
const fixtureOf =
  (template: () => string | Promise<string>) =>
  async ({ task }: Context, { onCleanup }: Hooks) => {
    const created = await copyDatabase(await template());
    onCleanup(async () => {
      await created.database.close();
      await dropUnlessFailed(task.result, created);
    });
    return created;
  };

/** Like `test`, but each `db` is a copy of one database that `fill` has filled: once, at the first test of the file. */
export function testFilledBy(fill: (database: Database) => Promise<void>) {
  let filled: Promise<TestDatabase> | null = null;
  const create = async () => {
    const { database, ...created } = await copyDatabase(inject('postgres').template);
    await fill(database).finally(() => database.close());
    return created;
  };
  afterAll(() => filled?.then(({ drop }) => drop()));
  return base.extend(
    'db',
    fixtureOf(async () => {
      filled ??= create();
      return nameOf((await filled).url);
    }),
  );
}

/** `test('…', async ({ db }) => …)`: a migrated, empty database for each test. `empty` is one without migrations. */
export const test = base
  .extend(
    'db',
    fixtureOf(() => inject('postgres').template),
  )
  .extend('empty', async ({ task }, { onCleanup }) => {
    const created = await createEmptyDatabase(inject('postgres').url);
    onCleanup(() => dropUnlessFailed(task.result, created));
    return created;
  });

/** Does the work with a connection pool of its own. */
export async function withDatabase<T>(
  url: string,
  work: (database: Database) => Promise<T>,
  { connections = 2 }: { connections?: number } = {},
): Promise<T> {
  const database = openDatabase(url, { connections });
  return work(database).finally(() => database.close());
}

type Context = { task: { result?: Result | undefined } };
type Hooks = { onCleanup: (cleanup: () => Promise<void>) => void };
type Result = { state: string; errors?: { message: string }[] | undefined };

async function dropUnlessFailed(result: Result | undefined, { url, drop }: TestDatabase): Promise<void> {
  if (result?.state !== 'fail') return drop();
  const isTemporary = /^(container|surroundings)/.test(inject('postgres').origin);
  const duration = isTemporary ? 'until the run ends (use --watch)' : 'for a day';
  for (const error of result.errors ?? []) error.message += `\nIts database ${nameOf(url)} is kept ${duration}.`;
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);
