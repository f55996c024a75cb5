import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import { SyncError } from '../../model/sync-error.ts';
import type { Script } from './transaction.ts';

const BASELINE = '20261129200000_baseline';
/** Number of migrations in version 0.1.0; the baseline makes the same tables. */
const REPLACED = 12;

/**
 * In a database that has all migrations of version 0.1.0, replaces their records with the baseline's, and returns true.
 * Any other database stays as it is.
 * @throws SyncError DATABASE when the database has only some of them, or when their files are there beside the baseline:
 * a version was copied over an older one, and Prisma would apply both.
 */
export async function adoptBaseline(engine: SchemaEngine, list: MigrationList, script: Script): Promise<boolean> {
  if (!list.migrationDirectories.some(({ path }) => path === BASELINE)) return false;
  const leftOver = list.migrationDirectories.find(({ path }) => path < BASELINE);
  if (leftOver !== undefined) {
    throw new SyncError(
      'DATABASE',
      `This folder of cdd-sync holds files of an older version, such as the migration ${leftOver.path}. ` +
        'Install this version in an empty folder.',
    );
  }
  if (!(await script.hasTable('cdd._prisma_migrations'))) return false;
  const older = `from cdd._prisma_migrations where migration_name < '${BASELINE}'`;
  const count = async () => {
    const [[begun = 0, finished = 0] = []] = await script.rows(
      `select count(*)::integer, count(distinct migration_name) filter (where finished_at is not null)::integer
       ${older} and rolled_back_at is null`,
    );
    return { begun, finished };
  };
  if ((await count()).begun === 0) return false;
  // Another migration may be replacing the records; when it has ended, there are none.
  await script.run('lock table cdd._prisma_migrations in share row exclusive mode');
  const { begun, finished } = await count();
  if (begun === 0) return false;
  if (finished !== REPLACED) {
    throw new SyncError(
      'DATABASE',
      `The database has ${finished} of the ${REPLACED} migrations of cdd-sync 0.1.0, and this version needs all of them. ` +
        'Run the command migrate of version 0.1.0 first, then this version.',
    );
  }
  await script.run(`delete ${older}`);
  await engine.markMigrationApplied({ migrationsList: list, migrationName: BASELINE });
  return true;
}

/** The baseline's comments on tables and columns; version 0.1.0 worded some of them differently. */
export function baselineComments(list: MigrationList): string {
  const baseline = list.migrationDirectories.find(({ path }) => path === BASELINE);
  const text = baseline?.migrationFile.content;
  return text?.tag === 'ok' ? (text.value.match(/^comment on .*;$/gm) ?? []).join('\n') : '';
}
