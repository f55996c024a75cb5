// Migrations have an order, definitions have none: to tell an older program from a newer one, the database remembers the
// sets of both that it had. Without that, replicas of two versions would replace each other's views at every restart.
import { createHash } from 'node:crypto';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { SyncError } from '../../model/sync-error.ts';
import type { Definition } from './definitions.ts';
import type { Script } from './transaction.ts';

/** A hash of all migrations' names and all definitions of a program. */
export function schemaChecksum(list: MigrationList, definitions: Definition[]): string {
  const parts = [list.migrationDirectories.map(({ path }) => path), definitions.map((one) => [one.name, one.checksum])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Checks that no other program brought the database to its own schema after this one had.
 * @throws SyncError DATABASE otherwise.
 */
export async function checkSchemaVersion(checksum: string, script: Script): Promise<void> {
  if (!(await script.hasTable('cdd.schema_versions'))) return;
  const [[replacedAt] = []] = await script.rows(
    `select to_char(min(later_version.applied_at), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
     from cdd.schema_versions as own_version
     join cdd.schema_versions as later_version on later_version.number > own_version.number
     where own_version.checksum = '${checksum}'`,
  );
  if (typeof replacedAt !== 'string') return;
  throw new SyncError(
    'DATABASE',
    `Another version of cdd-sync migrated this database after this one, at ${replacedAt}. ` +
      'Run that version, or a newer one. To go back to this one, stop all others and run: cdd-sync migrate',
  );
}

/** Whether the program's schema is the last one that was recorded; true also where no table records them. */
export async function isLastVersion(checksum: string, script: Script): Promise<boolean> {
  if (!(await script.hasTable('cdd.schema_versions'))) return true;
  const [[last] = []] = await script.rows('select checksum from cdd.schema_versions order by number desc limit 1');
  return last === checksum;
}

/** Records the program's schema as the last one. */
export async function recordSchemaVersion(checksum: string, script: Script): Promise<void> {
  if (await isLastVersion(checksum, script)) return;
  await script.run(`
    delete from cdd.schema_versions where checksum = '${checksum}';
    insert into cdd.schema_versions (checksum) values ('${checksum}')`);
}
