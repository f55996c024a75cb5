import { findDatabase } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { type Database, openDatabase } from '../store/database.ts';

/** Opens the database for a command that needs nothing else, and closes it whatever happens. */
export async function withDatabase(
  settings: Pick<Config, 'databaseUrl' | 'home'>,
  log: Log,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  const { url, stop } = await findDatabase(settings, log);
  try {
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
