import { findDatabase } from '../app.ts';
import type { DatabaseSettings } from '../config/config.ts';
import type { Log } from '../log.ts';
import { SyncError } from '../model/sync-error.ts';
import { pendingMigrations } from '../store/migrate/migrate.ts';
import { type Database, openDatabase } from '../store/postgres/pool.ts';

/**
 * Opens the database for a command that does not migrate, and closes it afterwards.
 * @throws SyncError DATABASE also when its schema is older than the program.
 */
export async function withDatabase(
  settings: DatabaseSettings,
  log: Log,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  await using server = await findDatabase(settings, log);
  const pending = await pendingMigrations(server.url);
  if (pending.length > 0) {
    throw new SyncError('DATABASE', "The database's schema is older than this program; run: cdd-sync migrate");
  }
  const database = openDatabase(server.url, { connections: 2 });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
