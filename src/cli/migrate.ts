import type { DatabaseSettings } from '../config/config.ts';
import { findDatabase } from '../database-server.ts';
import { counted } from '../model/counted.ts';
import { migrate } from '../store/migrate/migrate.ts';
import { warnOfEditedMigrations } from './database.ts';
import type { Output } from './process-context.ts';
import type { Style } from './terminal/style.ts';
import { wrap } from './terminal/wrap.ts';

/**
 * Migrates the database to the program's schema, and prints the applied migrations. Asked for by a person, this may
 * replace the views of another version; `start` and `sync` may not.
 */
export async function runMigrate(settings: DatabaseSettings, { log, print, style }: Output): Promise<void> {
  await using server = await findDatabase(settings, log);
  const { applied, definitions, current, edited } = await migrate(server.url, undefined, {
    mayGoBack: true,
    onWait: (text) => log.warn(text),
  });
  warnOfEditedMigrations(edited, log);
  for (const line of migratedLines({ applied, definitions: definitions.length, current }, style)) print(line);
}

type Migrated = { applied: readonly string[]; definitions: number; current: string | null };

/** The applied migrations and definitions, and the newest migration of the database. */
export function migratedLines({ applied, definitions, current }: Migrated, { width }: Style): string[] {
  const isUnchanged = applied.length + definitions === 0;
  return [
    ...applied.map((name) => `applied ${name}`),
    ...(definitions > 0 ? [`applied ${counted(definitions, 'definition')} of views and functions`] : []),
    `${isUnchanged ? 'nothing to do: ' : ''}the database is at ${current}`,
  ].flatMap((line) => wrap(line, width));
}
