import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { migrate } from '../store/migrate/migrate.ts';
import type { Database } from '../store/postgres/pool.ts';
import { applyReportSettings } from '../store/reports/settings.ts';

type Prepared = { url: string; database: Database };

/** Migrates the database and saves the configuration's report settings, before a command syncs. */
export async function prepareDatabase(
  { url, database }: Prepared,
  config: Pick<Config, 'timezone' | 'statusTargets'>,
  log: Log,
  options: { mayGoBack?: boolean } = {},
): Promise<void> {
  const { applied, definitions, edited } = await migrate(url, undefined, options);
  if (applied.length + definitions.length > 0) {
    log.info({ applied, definitions: definitions.length }, 'database migrated');
  }
  warnOfEdited(edited, log);
  await applyReportSettings(database, config);
}

/** Warns of migrations whose files were changed after they were applied to this database. */
export function warnOfEdited(edited: readonly string[], log: Log): void {
  if (edited.length === 0) return;
  log.warn(
    { edited },
    'these migrations were changed after this database applied them; its tables may differ from this version',
  );
}
