import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory, SqlQueryable } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { SyncError } from '../../model/sync-error.ts';
import { Prisma, PrismaClient } from '../generated/client.ts';
import { databaseError, describeServer } from './errors.ts';
import { statementsOn, type Transaction, transact } from './query.ts';

export type { Transaction };
export { Prisma };

export type Database = ReturnType<typeof openDatabase>;

/** The oldest Postgres that everything is tested on. */
const OLDEST_MAJOR = 15;
/** As many as save a run's batches at once. */
const KEPT_CONNECTIONS = 2;

/**
 * A pool of connections to Postgres as a Prisma client. It connects when it is first used, and works through a pooler
 * that gives every transaction another connection: statements are not named, and no session is relied on.
 * Whatever fails in Postgres or on the way is a SyncError `DATABASE` that holds no value of a statement.
 */
export function openDatabase(
  url: string,
  { connections = 10, applicationName = 'cdd-sync' }: { connections?: number; applicationName?: string } = {},
) {
  const server = describeServer(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    // Not closed while nobody uses them: what a connection knows of tables and functions saves the next run 60 ms.
    min: Math.min(KEPT_CONNECTIONS, connections),
    application_name: applicationName,
    // Also how long a statement may wait for one of the pool's own connections.
    connectionTimeoutMillis: 30_000,
    // Longer than anything that is not stuck, waiting for locks included.
    query_timeout: 600_000,
    keepAlive: true,
    // Sooner than whatever stands between drops a connection that is silent, without telling.
    keepAliveInitialDelayMillis: 30_000,
    // Prisma's driver takes every time for UTC, in both directions. A statement, because poolers refuse the startup
    // parameter `options`; PgBouncer carries this setting over to whichever connection comes next.
    onConnect: (client) => client.query(`set timezone to 'UTC'`),
  });
  // A connection that breaks while nobody uses it is replaced; unheard, its error would end the process.
  pool.on('error', () => {});
  const client = new PrismaClient({ adapter: explained(new PrismaPg(pool), server), errorFormat: 'minimal' });
  return client.$extends({
    client: {
      ...statementsOn(pool, server),
      transact: <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => transact({ pool, server }, work),
      async close(): Promise<void> {
        await client.$disconnect();
        await pool.end();
      },
    },
    query: { $allOperations: ({ args, query }) => query(args).catch(rethrow) },
  });
}

/**
 * The server's version, when it can be used.
 * @throws SyncError DATABASE when it cannot be reached, is too old, or does not let a session be in UTC.
 */
export async function checkServer(database: Database): Promise<string> {
  const [server] = await database.$queryRaw<{ version: string; number: number; timezone: string }[]>`
    select
      current_setting('server_version') as version,
      current_setting('server_version_num')::integer as number,
      current_setting('timezone') as timezone`;
  if (server === undefined) throw new SyncError('DATABASE', 'Postgres did not say which version it is.');
  if (server.number < OLDEST_MAJOR * 10_000) {
    const message = `Postgres ${server.version} is too old: cdd-sync needs ${OLDEST_MAJOR} or newer. Upgrade it, or name another in DATABASE_URL.`;
    throw new SyncError('DATABASE', message);
  }
  if (server.timezone !== 'UTC') {
    const message = `The connection pooler forgets settings of the session, and the time zone is ${server.timezone}: times would be wrong. Run: alter role <the user of DATABASE_URL> set timezone to 'UTC'.`;
    throw new SyncError('DATABASE', message);
  }
  return server.version;
}

/** Whether the database has a schema of that name. */
export async function hasSchema(database: Database, name: string): Promise<boolean> {
  const [found] = await database.$queryRaw<{ found: boolean }[]>`select to_regnamespace(${name}) is not null as found`;
  return found?.found === true;
}

/**
 * The driver, with its errors made ours before Prisma makes messages of them that quote values. In a wrapping, because
 * Prisma remakes every error that has a `code`; `rethrow` takes it off.
 */
function explained(driver: PrismaPg, server: string): SqlDriverAdapterFactory {
  const explain = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => {
    return async (...args: A) => {
      try {
        return await work(...args);
      } catch (error) {
        const cause = databaseError(error, server);
        throw new Error(cause.message, { cause });
      }
    };
  };
  const queryable = (inner: SqlQueryable) => ({
    provider: inner.provider,
    adapterName: inner.adapterName,
    queryRaw: explain((query: Parameters<SqlQueryable['queryRaw']>[0]) => inner.queryRaw(query)),
    executeRaw: explain((query: Parameters<SqlQueryable['executeRaw']>[0]) => inner.executeRaw(query)),
  });
  const connect = async () => {
    const inner = await driver.connect();
    const startTransaction = async (...level: Parameters<typeof inner.startTransaction>) => {
      const tx = await inner.startTransaction(...level);
      return { ...queryable(tx), options: tx.options, commit: () => tx.commit(), rollback: () => tx.rollback() };
    };
    return {
      ...queryable(inner),
      executeScript: explain((script: string) => inner.executeScript(script)),
      startTransaction: explain(startTransaction),
      getConnectionInfo: () => inner.getConnectionInfo(),
      dispose: () => inner.dispose(),
    };
  };
  return { provider: driver.provider, adapterName: driver.adapterName, connect: explain(connect) };
}

function rethrow(error: unknown): never {
  throw error instanceof Error && error.cause instanceof SyncError ? error.cause : error;
}
