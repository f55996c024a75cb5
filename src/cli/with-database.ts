import { findDatabase } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { SyncError } from '../model/sync-error.ts';
import { pendingMigrations } from '../store/migrate/migrate.ts';
import { type Database, openDatabase } from '../store/postgres/pool.ts';

/**
 * Opens the database for a command that only reads it, and closes it whatever happens.
 * @throws SyncError DATABASE also when its schema is older than the program.
 */
export async function withDatabase(
  settings: Pick<Config, 'databaseUrl' | 'home'>,
  log: Log,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  const { url, stop } = await findDatabase(settings, log);
  try {
    const pending = await pendingMigrations(url);
    if (pending.length > 0) {
      throw new SyncError('DATABASE', 'The database has not been brought to this version yet; run: cdd-sync migrate');
    }
    const database = openDatabase(url, { connections: 2 });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await stop();
  }
}
