import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, DatabaseSettings } from '../config/config.ts';
import { ConfigError } from '../config/problems.ts';
import { explainOutages, findDatabase, findUsedDatabase } from '../database-server.ts';
import type { Log } from '../log.ts';
import { SyncError } from '../model/sync-error.ts';
import { UsageError } from '../model/usage-error.ts';
import { isSetUp } from '../store/migrate/is-set-up.ts';
import { migrate, pendingMigrations } from '../store/migrate/migrate.ts';
import { type Database, openDatabase } from '../store/postgres/pool.ts';
import { invalidPaths, invalidPathText } from '../store/reports/fact-settings.ts';
import { followTimeZone } from '../store/reports/reader-settings.ts';
import { applyReportSettings } from '../store/reports/settings.ts';
import { demoHome } from './demo/settings.ts';

/** `onDemo`: a demo that runs in the home folder may be looked at instead; called if that happens. */
export type LookSettings = DatabaseSettings & { onDemo?: () => void };

/** A database that is open. `advice` is for one whose schema is missing or old. */
type Opened = { url: string; database: Database; advice: string };

/**
 * Opens the database for a command that does not migrate, and closes it afterwards. Returns the result of the work.
 * @throws SyncError DATABASE also when its schema is missing, or older than the program.
 * @throws UsageError when nothing is configured and there is no database in the folder.
 */
export async function withDatabase<T>(
  settings: LookSettings,
  log: Log,
  work: (database: Database) => Promise<T>,
  { requireRights, ...options }: { connections?: number; requireRights?: (database: Database) => Promise<void> } = {},
): Promise<T> {
  const checkAndWork = async ({ url, database, advice }: Opened) => {
    if (!(await isSetUp(database))) throw notSetUpError(advice);
    await requireRights?.(database);
    const pending = await pendingMigrations(url);
    if (pending.length > 0) {
      throw new SyncError('DATABASE', `The database's schema is older than this program; ${advice}`);
    }
    return work(database);
  };
  return openToLook(settings, log, checkAndWork, options);
}

/** Opens the database of the settings, or of the demo that runs beside, and closes it afterwards. */
export async function openToLook<T>(
  settings: LookSettings,
  log: Log,
  work: (opened: Opened) => Promise<T>,
  options: { connections?: number } = {},
): Promise<T> {
  await using demo = settings.onDemo === undefined ? null : await findUsedDatabase(demoHome(settings));
  if (demo !== null) {
    settings.onDemo?.();
    return await useDatabase(demo.url, 'the demo is still starting; try again in some seconds', work);
  }
  // A look from the wrong folder must not leave a new database there.
  if (settings.onDemo !== undefined && !existsSync(join(settings.home, 'postgres'))) throw nothingHereError();
  await using server = await findDatabase(settings, log, { level: 'debug' });
  return await explainOutages(server, () => useDatabase(server.url, 'run: cdd-sync migrate', work, options));
}

async function useDatabase<T>(
  url: string,
  advice: string,
  work: (opened: Opened) => Promise<T>,
  { connections = 2 }: { connections?: number } = {},
): Promise<T> {
  const database = openDatabase(url, { connections });
  try {
    return await work({ url, database, advice });
  } finally {
    await database.close();
  }
}

function nothingHereError(): UsageError {
  return new UsageError(
    'There is no cdd-sync.yaml in this folder, and no demo runs here. Change to the folder of cdd-sync.yaml, or make one with "cdd-sync init", or try "cdd-sync demo".',
  );
}

/** The database has no schema of cdd-sync yet. `advice`: the next step. */
export function notSetUpError(advice: string): SyncError {
  return new SyncError('DATABASE', `The database is not set up yet; ${advice}`);
}

/**
 * Migrates the database and saves the configuration's report settings, before a command syncs.
 * @throws ConfigError when Postgres does not accept a path of reports.facts.
 */
export async function prepareDatabase(
  { url, database }: { url: string; database: Database },
  config: Pick<Config, 'timezone' | 'statusTargets' | 'reports' | 'retention'>,
  log: Log,
  options: { mayGoBack?: boolean } = {},
): Promise<void> {
  const { applied, definitions, edited } = await migrate(url, undefined, {
    ...options,
    onWait: (text) => log.warn(text),
  });
  if (applied.length + definitions.length > 0) {
    log.info({ applied, definitions: definitions.length }, 'database migrated');
  }
  warnOfEditedMigrations(edited, log);
  await requireValidPaths(database, config.reports.facts);
  await applyReportSettings(database, config);
  const sql = await followTimeZone(database);
  if (sql.length > 0) {
    log.warn({ sql }, 'readers still count months in the earlier time zone; an administrator must change it');
  }
}

async function requireValidPaths(database: Database, facts: Config['reports']['facts']): Promise<void> {
  const invalid = await invalidPaths(database, facts);
  if (invalid.length === 0) return;
  const problems = invalid.map(({ fact, message }) => ({
    path: `reports.facts.${fact}`,
    line: null,
    message: invalidPathText(message),
  }));
  throw new ConfigError(problems, null);
}

/** Warns of migrations whose files were changed after they were applied to this database. */
export function warnOfEditedMigrations(edited: readonly string[], log: Log): void {
  if (edited.length === 0) return;
  log.warn(
    { edited },
    'these migrations were changed after this database applied them; its tables may differ from this version',
  );
}
