import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { withAdmin } from './admin.ts';
import { test as base } from './database.ts';

/** Writes migrations, SQL by name, and gives their directory. */
type Write = (migrations: Record<string, string>) => Promise<string>;

/** `test('…', async ({ empty, write }) => …)`: an empty database, and directories of migrations of the test's own. */
export const test = base.extend('write', async ({ task }, { onCleanup }): Promise<Write> => {
  const root = await mkdtemp(join(tmpdir(), `cdd-sync-${task.id}-`));
  onCleanup(() => rm(root, { recursive: true }));
  return async (migrations) => {
    const directory = await mkdtemp(join(root, 'migrations-'));
    for (const [name, sql] of Object.entries(migrations)) {
      await mkdir(join(directory, name));
      await writeFile(join(directory, name, 'migration.sql'), sql);
    }
    return directory;
  };
});

const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');

/** A directory with the migrations that were there before the one of this name. */
export async function migrationsBefore(first: string, write: Write): Promise<string> {
  const directory = await write({});
  for (const name of (await readdir(MIGRATIONS)).filter((name) => name < first)) {
    await cp(join(MIGRATIONS, name), join(directory, name), { recursive: true });
  }
  return directory;
}

export async function rows<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  return withAdmin(url, async (client) => (await client.query<T>(sql)).rows);
}
