import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { SyncError } from '../../model/sync-error.ts';
import { Prisma, PrismaClient } from '../generated/client.ts';
import { databaseError, describeServer } from './errors.ts';
import { queriesOn, runTransaction, type Transaction, type TransactionOptions } from './query.ts';
import { poolOptions, REQUIRED_SETTINGS, STATEMENT_TIMEOUT_MS } from './session.ts';

export type { Transaction };
export { Prisma };

export type Database = ReturnType<typeof openDatabase>;

/** The oldest Postgres on which everything is tested. */
const OLDEST_MAJOR = 15;

/**
 * A pool of connections as a Prisma client. Its raw queries and transactions go straight to the pool, for the reason in
 * query.ts. Connects when it is first used. Works through transaction poolers: no named statements, and no session
 * state but settings (session.ts). Every error of Postgres or of the network is a SyncError `DATABASE`
 * that contains no value of a statement.
 */
export function openDatabase(
  url: string,
  { connections = 10, applicationName = 'cdd-sync' }: { connections?: number; applicationName?: string } = {},
) {
  const server = describeServer(url);
  const pool = new pg.Pool({
    ...poolOptions(url, { connections, applicationName }),
    query_timeout: STATEMENT_TIMEOUT_MS,
  });
  // The pool replaces an idle connection that breaks; without a listener, Node would crash.
  pool.on('error', () => {});
  const client = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  return client.$extends({
    client: {
      ...queriesOn(pool, server),
      transact: <T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions) =>
        runTransaction({ pool, server }, work, options),
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
 * @throws SyncError DATABASE when the server cannot be reached, is too old, or its sessions lack our settings.
 */
export async function checkServer(database: Database): Promise<string> {
  const names = Object.keys(REQUIRED_SETTINGS);
  const [server] = await database.$queryRaw<{ version: string; number: number; settings: Record<string, string> }[]>`
    select
      current_setting('server_version') as version,
      current_setting('server_version_num')::integer as number,
      (select jsonb_object_agg(name, current_setting(name)) from unnest(${names}::text[]) as setting (name)) as settings`;
  if (server === undefined) throw new SyncError('DATABASE', 'Postgres did not say which version it is.');
  if (server.number < OLDEST_MAJOR * 10_000) {
    const message = `Postgres ${server.version} is too old: cdd-sync needs ${OLDEST_MAJOR} or newer. Upgrade it, or name another in DATABASE_URL.`;
    throw new SyncError('DATABASE', message);
  }
  const wrong = Object.entries(REQUIRED_SETTINGS).filter(([name, value]) => server.settings[name] !== value);
  if (wrong.length > 0) {
    const found = wrong.map(([name]) => `${name} is ${server.settings[name]}`).join(', ');
    const mend = wrong.map(([name, value]) => `alter role <the user of DATABASE_URL> set ${name} to '${value}';`);
    const message = `The connection pooler forgets settings of the session (${found}): values would be read wrongly. Run: ${mend.join(' ')}`;
    throw new SyncError('DATABASE', message);
  }
  return server.version;
}

/** Whether the database has a schema of this name. */
export async function hasSchema(database: Database, name: string): Promise<boolean> {
  const [found] = await database.$queryRaw<{ found: boolean }[]>`select to_regnamespace(${name}) is not null as found`;
  return found?.found === true;
}
