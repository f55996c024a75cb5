import type { Config } from './config/config.ts';
import { findBinaries } from './embedded-postgres/binaries.ts';
import { explainEmbeddedOutage } from './embedded-postgres/outage.ts';
import { joinEmbedded, startEmbedded } from './embedded-postgres/server.ts';
import type { Log } from './log.ts';
import { DatabaseError, describeServer } from './store/postgres/errors.ts';
import { outageKind } from './store/postgres/outages.ts';

/** The server of the database. Disposing stops an embedded Postgres that nothing else uses. */
export type Server = AsyncDisposable & {
  /** The database's connection string. */
  url: string;
  /** Meaning and advice of an error code of an embedded Postgres; null if the error itself says enough. */
  explainOutage: (code: string | null) => string | null;
};

/** The configured database, or else the embedded Postgres, which is started if necessary. */
export async function findDatabase(
  { databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>,
  log: Log,
  { level = 'info', ...options }: { alternative?: string; level?: 'info' | 'debug' } = {},
): Promise<Server> {
  if (databaseUrl !== null)
    return { url: databaseUrl, explainOutage: () => null, [Symbol.asyncDispose]: async () => {} };
  const { url, started, stop } = await startEmbedded({ home, ...options });
  // The url has the password.
  log[level]({ started, home }, `embedded ${describeServer(url)}`);
  return { url, explainOutage: (code) => explainEmbeddedOutage(home, code), [Symbol.asyncDispose]: stop };
}

/**
 * Does the work with this server. An outage of the embedded Postgres ends it with that server's advice, because advice
 * about DATABASE_URL cannot help there.
 */
export async function explainOutages<T>(
  { explainOutage }: Pick<Server, 'explainOutage'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DatabaseError) || outageKind(error) === null) throw error;
    const explained = explainOutage(error.sqlState);
    throw explained === null ? error : new DatabaseError(explained, error);
  }
}

/** Whether the packages of the embedded Postgres are installed; the image has none. */
export async function hasEmbeddedPostgres(): Promise<boolean> {
  return findBinaries().then(
    () => true,
    () => false,
  );
}

/** The database that another process uses in this folder now, such as a demo; null if none does. */
export async function findUsedDatabase(home: string): Promise<(AsyncDisposable & Pick<Server, 'url'>) | null> {
  const joined = await joinEmbedded(home);
  return joined === null ? null : { url: joined.url, [Symbol.asyncDispose]: joined.stop };
}
