import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { SyncError } from '../../model/sync-error.ts';
import { Prisma, PrismaClient } from '../generated/client.ts';
import { databaseError, describeServer } from './errors.ts';
import { queriesOn, runTransaction, type Transaction, type TransactionOptions } from './query.ts';
import { poolOptions, STATEMENT_TIMEOUT_MS } from './session.ts';

export type { Transaction };
export { Prisma };

export type Database = ReturnType<typeof openDatabase>;

/**
 * A pool of connections as a Prisma client. Its raw queries and transactions go straight to the pool, for the reason in
 * query.ts. Connects when it is first used. Works through transaction poolers: no named statements, and no session
 * state but settings (session.ts). Every error of Postgres or of the network is a SyncError `DATABASE`
 * that contains no value of a statement.
 */
export function openDatabase(
  url: string,
  {
    connections = 10,
    applicationName = 'cdd-sync',
    answerMs = STATEMENT_TIMEOUT_MS,
    ...waiting
  }: {
    connections?: number;
    applicationName?: string;
    /** Milliseconds until a connection must be there. */
    waitMs?: number;
    /** Milliseconds until the answer of a server must be there that may have vanished. */
    answerMs?: number;
  } = {},
) {
  const server = describeServer(url);
  const pool = new pg.Pool({
    ...poolOptions(url, { connections, applicationName, ...waiting }),
    query_timeout: answerMs,
  });
  // The pool replaces an idle connection that breaks; without a listener, Node would crash.
  pool.on('error', () => {});
  let onError = (_error: SyncError): void => {};
  const toError = (error: unknown): SyncError => {
    const known = databaseError(error, server);
    onError(known);
    return known;
  };
  const client = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  return client.$extends({
    client: {
      ...queriesOn(pool, toError),
      transact: <T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions) =>
        runTransaction({ pool, toError }, work, options),
      /** Whether a transaction that begins now gets a connection at once. */
      hasFreeConnection: (): boolean => pool.waitingCount === 0 && pool.totalCount - pool.idleCount < connections,
      /** Calls the listener with every error of Postgres, before the caller of the statement gets it. */
      listenToErrors(listener: (error: SyncError) => void): void {
        onError = listener;
      },
      async close(): Promise<void> {
        await client.$disconnect();
        await pool.end();
      },
    },
    query: {
      $allOperations: ({ args, query }) =>
        query(args).catch((error: unknown) => {
          // A query that the client refuses never reached Postgres: a mistake in this code.
          throw error instanceof Prisma.PrismaClientValidationError ? error : toError(error);
        }),
    },
  });
}

/** Whether the database has a schema of this name. */
export async function hasSchema(database: Database, name: string): Promise<boolean> {
  const [found] = await database.$queryRaw<{ found: boolean }[]>`select to_regnamespace(${name}) is not null as found`;
  return found?.found === true;
}
