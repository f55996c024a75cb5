import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { withAdmin } from './admin.ts';
import { test as base } from './database.ts';

/** SQL of migrations and definitions by name; gives the directory that `migrate` takes. */
type Write = (migrations: Record<string, string>, definitions?: Record<string, string>) => Promise<string>;

/** `test('…', async ({ empty, write }) => …)`: an empty database, and directories of migrations of the test's own. */
export const test = base.extend('write', async ({ task }, { onCleanup }): Promise<Write> => {
  const root = await mkdtemp(join(tmpdir(), `cdd-sync-${task.id}-`));
  onCleanup(() => rm(root, { recursive: true }));
  return async (migrations, definitions = {}) => {
    const directory = await mkdtemp(join(root, 'prisma-'));
    await mkdir(join(directory, 'migrations'));
    for (const [name, sql] of Object.entries(migrations)) {
      await writeInto(join(directory, 'migrations', name, 'migration.sql'), sql);
    }
    await writeDefinitions(directory, definitions);
    return directory;
  };
});

/** Writes definitions, by names such as `reporting.cases`, into a directory that `migrate` takes. */
export async function writeDefinitions(directory: string, definitions: Record<string, string>): Promise<void> {
  for (const [name, sql] of Object.entries(definitions)) {
    await writeInto(join(directory, 'definitions', `${name.replace('.', '/')}.sql`), sql);
  }
}

async function writeInto(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const PRISMA = join(import.meta.dirname, '../../prisma');

/** A copy of the project's migrations and definitions, to change some of them. */
export async function copyOfPrisma(write: Write): Promise<string> {
  const directory = await write({});
  for (const part of ['migrations', 'definitions']) {
    await cp(join(PRISMA, part), join(directory, part), { recursive: true });
  }
  return directory;
}

/**
 * The twelve migrations of version 0.1.0, which the baseline replaced. Made by
 * `git archive --format=tar.gz -o test/fixtures/migrations-0.1.0.tar.gz 57d9ef6 prisma/migrations`;
 * packed, because a search of the working copy would otherwise find definitions that no longer apply.
 */
export async function migrationsOfVersion010(write: Write): Promise<string> {
  const directory = await write({});
  const archive = join(import.meta.dirname, '../fixtures/migrations-0.1.0.tar.gz');
  await promisify(execFile)('tar', ['-xzf', archive, '-C', directory, '--strip-components=1']);
  return directory;
}

export async function rows<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  return withAdmin(url, async (client) => (await client.query<T>(sql)).rows);
}

/** The statements of a migration that fill its new columns and tables: those from the first with this beginning. */
export async function backfillOf(migration: string, beginning: string): Promise<string> {
  const text = await readFile(join(PRISMA, 'migrations', migration, 'migration.sql'), 'utf8');
  const start = text.indexOf(beginning);
  if (start < 0) throw new Error(`${migration} has no "${beginning}"`);
  return text.slice(start);
}
