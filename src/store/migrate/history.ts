// The migrations of the code, and those that `_prisma_migrations` of a database records.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import { SyncError } from '../../model/sync-error.ts';

/** Not `public`: that may not be ours to write to, or hold another Prisma application's tables. */
export const SCHEMA = 'cdd';
/** As in the baseline, for SQL: each migration sets it again (migrate.ts). */
export const SCHEMA_COMMENT = "Copy and history of Dintero''s customer due diligence cases. Private to the worker.";
/** No table or type of the schema is managed by another tool. */
export const FILTERS = { externalTables: [], externalEnums: [] };

/** The migrations of a directory, in their order. */
export async function readMigrations(directory: string): Promise<MigrationList> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const read = async (name: string) => {
    const value = await readFile(join(directory, name, 'migration.sql'), 'utf8');
    return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } as const } };
  };
  return {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.sort().map(read)),
  };
}

/** `pending`: migrations to be applied. `edited`: applied ones with a file that was changed afterwards. */
export type History = { pending: string[]; edited: string[] };

/**
 * Compares the migrations of the code with those of the database.
 * @throws SyncError DATABASE when the database has a migration that the code has not, or an unfinished one.
 */
export async function checkHistory(engine: SchemaEngine, list: MigrationList): Promise<History> {
  const input = { migrationsList: list, optInToShadowDatabase: false, filters: FILTERS };
  const { history, failedMigrationNames, editedMigrationNames } = await engine.diagnoseMigrationHistory(input);
  const unknown = history !== null && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : [];
  if (unknown.length > 0) {
    throw new SyncError(
      'DATABASE',
      `The database is newer than this cdd-sync: it has the migration ${unknown.join(', ')}, which is unknown here. ` +
        'Run the version that made it, or a newer one.',
    );
  }
  const [failed] = failedMigrationNames;
  if (failed !== undefined) {
    throw new SyncError(
      'DATABASE',
      `The migration ${failed} was begun with another tool and did not finish. See the column logs in ` +
        `${SCHEMA}._prisma_migrations, undo by hand what it left, and then set its rolled_back_at to now().`,
    );
  }
  const pending = history !== null && 'unappliedMigrationNames' in history ? history.unappliedMigrationNames : [];
  return { pending, edited: editedMigrationNames };
}
