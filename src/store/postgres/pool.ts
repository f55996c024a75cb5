import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { SyncError } from '../../model/sync-error.ts';
import { Prisma, PrismaClient } from '../generated/client.ts';
import { databaseError, describeServer } from './errors.ts';
import { queriesOn, runTransaction, type Transaction } from './query.ts';

export type { Transaction };
export { Prisma };

export type Database = ReturnType<typeof openDatabase>;

/** The oldest Postgres on which everything is tested. */
const OLDEST_MAJOR = 15;

/**
 * A pool of connections as a Prisma client. Its raw queries and transactions go straight to the pool, for the reason in
 * query.ts. Connects when it is first used. Works through transaction poolers: no named statements, and no session
 * state but the time zone and the style of dates. Every error of Postgres or of the network is a SyncError `DATABASE`
 * that contains no value of a statement.
 */
export function openDatabase(
  url: string,
  { connections = 10, applicationName = 'cdd-sync' }: { connections?: number; applicationName?: string } = {},
) {
  const server = describeServer(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: applicationName,
    // Also the time that a statement may wait for a free connection of the pool.
    connectionTimeoutMillis: 30_000,
    // Longer than any statement should take, waiting for locks included.
    query_timeout: 600_000,
    keepAlive: true,
    // Before a firewall or a proxy drops a silent connection without closing it.
    keepAliveInitialDelayMillis: 30_000,
    // Prisma's driver reads and writes all times as UTC. A statement, because poolers refuse the startup parameter
    // `options`; PgBouncer repeats this setting on the connection that it uses next. The driver reads a date of another
    // style than ISO as null.
    onConnect: (client) => client.query(`set timezone to 'UTC'; set datestyle to 'ISO'`),
  });
  // The pool replaces an idle connection that breaks; without a listener, Node would crash.
  pool.on('error', () => {});
  const client = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  return client.$extends({
    client: {
      ...queriesOn(pool, server),
      transact: <T>(work: (tx: Transaction) => Promise<T>) => runTransaction({ pool, server }, work),
      async close(): Promise<void> {
        await client.$disconnect();
        await pool.end();
      },
    },
    query: {
      $allOperations: ({ args, query }) =>
        query(args).catch((error: unknown) => {
          // A query that the client refuses never reached Postgres: a mistake in this code.
          throw error instanceof Prisma.PrismaClientValidationError ? error : databaseError(error, server);
        }),
    },
  });
}

/**
 * The version of the server.
 * @throws SyncError DATABASE when the server cannot be reached, is too old, or its sessions are not in UTC.
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

/** Whether the database has a schema of this name. */
export async function hasSchema(database: Database, name: string): Promise<boolean> {
  const [found] = await database.$queryRaw<{ found: boolean }[]>`select to_regnamespace(${name}) is not null as found`;
  return found?.found === true;
}
