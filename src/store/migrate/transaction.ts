// Gives Prisma's schema engine one transaction as its database. This file commits it, not the engine.
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  DriverAdapterError,
  type SqlDriverAdapter,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { poolOptions } from '../postgres/session.ts';

/** The application name of migrating sessions. */
export const APPLICATION = 'cdd-sync migrate';

/** An error of Postgres, and the script that failed; null = a statement of the engine failed. */
export type Failure = { error: unknown; script: string | null };

/** Statements of ours in the engine's transaction. Both take SQL without parameters. */
export type Script = {
  /** Runs one or many statements. */
  run: (sql: string) => Promise<void>;
  /** The rows of a query, each with its values in order. */
  rows: (sql: string) => Promise<unknown[][]>;
  hasTable: (name: string) => Promise<boolean>;
};

type Options = {
  /** Schema of the engine's table; need not exist. */
  schema: string;
  /** SQL that runs first. */
  prepare: string;
  end: 'commit' | 'rollback';
  /** Gets every error of Postgres: the engine itself reports only a text, without code. */
  failed: (failure: Failure) => void;
};

/** Lets the engine work in one transaction. If `work` throws, or the process dies, the database is unchanged. */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  { schema, prepare, end, failed }: Options,
  work: (engine: SchemaEngine, script: Script) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await import('./schema-engine.ts');
  const options = poolOptions(databaseUrl, { connections: 1, applicationName: APPLICATION });
  const driver = await new PrismaPg(options).connect();
  try {
    const tx = await driver.startTransaction('READ COMMITTED');
    try {
      await execute(tx, prepare);
      const engine = await SchemaEngine.new({ datamodels: undefined }, () => {}, factory(tx, { schema, failed }));
      const rows = async (sql: string) => (await tx.queryRaw({ sql, args: [], argTypes: [] })).rows;
      const result = await work(engine, {
        run: (sql) => execute(tx, sql),
        rows,
        hasTable: async (name) => (await rows(`select where to_regclass('${name}') is not null`)).length > 0,
      });
      engine.free();
      await execute(tx, end);
      return result;
    } catch (error) {
      await execute(tx, 'rollback').catch(() => {});
      throw error;
    } finally {
      // Sends no statement; returns the connection to the pool.
      await tx.rollback();
    }
  } finally {
    await driver.dispose();
  }
}

/** Runs one or many statements: without parameters, the driver sends the text in one message. */
async function execute(tx: Transaction, sql: string): Promise<void> {
  await tx.executeRaw({ sql, args: [], argTypes: [] });
}

function factory(tx: Transaction, { schema, failed }: Pick<Options, 'schema' | 'failed'>) {
  // The engine continues after some errors: it queries its table to learn whether it exists. A savepoint keeps the
  // transaction usable.
  const guarded = async <R>(work: () => Promise<R>, script: string | null): Promise<R> => {
    await execute(tx, 'savepoint engine');
    try {
      const result = await work();
      await execute(tx, 'release savepoint engine');
      return result;
    } catch (error) {
      const expected = error instanceof DriverAdapterError && error.cause.kind === 'TableDoesNotExist';
      if (script !== null || !expected) failed({ error, script });
      await execute(tx, 'rollback to savepoint engine');
      throw error;
    }
  };
  const adapter: SqlDriverAdapter = {
    provider: tx.provider,
    adapterName: tx.adapterName,
    queryRaw: (query) => guarded(() => tx.queryRaw(query), null),
    executeRaw: (query) => {
      // Not the engine's own lock: any login can hold it, and it would outlive the transaction. Not its schema: to look
      // for pending migrations would wait for another process that makes it, and then fail.
      if (/pg_advisory_lock|^create schema /i.test(query.sql)) return Promise.resolve(0);
      return guarded(() => tx.executeRaw(query), null);
    },
    // The driver's own method splits a script at every semicolon, also inside strings, comments and function bodies.
    executeScript: (script) => guarded(() => execute(tx, script), script),
    startTransaction: () => Promise.reject(new Error('The schema engine asked for a transaction of its own.')),
    getConnectionInfo: () => ({ schemaName: schema, supportsRelationJoins: true }),
    dispose: async () => {},
  };
  return bindMigrationAwareSqlAdapterFactory({
    provider: tx.provider,
    adapterName: tx.adapterName,
    connect: async () => adapter,
    connectToShadowDb: () => Promise.reject(new Error('The schema engine asked for a shadow database.')),
  });
}
