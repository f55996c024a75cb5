import { findDatabase } from '../app.ts';
import type { DatabaseSettings } from '../config/config.ts';
import { migrate } from '../store/migrate/migrate.ts';
import type { Output } from './context.ts';
import { warnOfEdited } from './prepare-database.ts';

/** Migrates the database to the newest schema, and prints the applied migrations. Returns the exit code. */
export async function runMigrate(settings: DatabaseSettings, { log, print }: Output): Promise<number> {
  const { url, stop } = await findDatabase(settings, log);
  try {
    const { applied, definitions, current, edited } = await migrate(url);
    warnOfEdited(edited, log);
    for (const name of applied) print(`applied ${name}`);
    if (definitions.length > 0) print(`applied the definitions of ${definitions.length} views and functions`);
    print(
      applied.length + definitions.length === 0
        ? `nothing to do: the database is at ${current}`
        : `the database is at ${current}`,
    );
    return 0;
  } finally {
    await stop();
  }
}
