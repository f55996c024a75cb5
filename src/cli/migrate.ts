import { findDatabase } from '../app.ts';
import type { DatabaseSettings } from '../config/config.ts';
import { migrate } from '../store/migrate/migrate.ts';
import { warnOfEditedMigrations } from './database.ts';
import type { Output } from './process-context.ts';

/**
 * Migrates the database to the program's schema, and prints the applied migrations. Asked for by a person, this may
 * replace the views of another version; `start` and `sync` may not.
 */
export async function runMigrate(settings: DatabaseSettings, { log, print }: Output): Promise<void> {
  await using server = await findDatabase(settings, log);
  const { applied, definitions, current, edited } = await migrate(server.url, undefined, {
    mayGoBack: true,
    onWait: (text) => log.warn(text),
  });
  warnOfEditedMigrations(edited, log);
  for (const name of applied) print(`applied ${name}`);
  if (definitions.length > 0) print(`applied the definitions of ${definitions.length} views and functions`);
  const isUnchanged = applied.length + definitions.length === 0;
  print(`${isUnchanged ? 'nothing to do: ' : ''}the database is at ${current}`);
}
