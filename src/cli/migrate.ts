import { findDatabase } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { migrate } from '../store/migrate/migrate.ts';

/** Brings the database to the newest schema, and says what it did. */
export async function runMigrate(
  settings: Pick<Config, 'databaseUrl' | 'home'>,
  { log, print }: { log: Log; print: (line: string) => void },
): Promise<number> {
  const { url, stop } = await findDatabase(settings, log);
  try {
    const { applied, definitions, current, edited } = await migrate(url);
    if (edited.length > 0) log.warn({ edited }, 'these migrations are not what was applied to this database once');
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
