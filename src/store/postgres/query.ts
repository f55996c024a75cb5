import type pg from 'pg';
import { Prisma } from '../generated/client.ts';
import { databaseError } from './errors.ts';

type Statement = TemplateStringsArray | Prisma.Sql;

/** Statements by the names that Prisma's client has for them, and what runs inside a transaction. */
export type Transaction = {
  /** Gives rows as pg reads them, a bigint as text; that they are of type T is for the statement to see to. */
  $queryRaw: <T = unknown>(statement: Statement, ...values: unknown[]) => Promise<T>;
  /** Gives how many rows it was about. */
  $executeRaw: (statement: Statement, ...values: unknown[]) => Promise<number>;
};

/**
 * Statements on a connection, or each on any connection of a pool. Past Prisma's engine, which keeps copies of a batch's
 * documents, takes as long over them as reading them does, and 60 MB for itself: docs/decisions.md, 38.
 */
export function statementsOn(connection: pg.Pool | pg.PoolClient, server: string): Transaction {
  const run = async (statement: Statement, values: unknown[]) => {
    const { text, values: all } = 'raw' in statement ? Prisma.sql(statement, ...values) : statement;
    return connection.query({ text, values: all }).catch((error: unknown) => {
      throw databaseError(error, server);
    });
  };
  return {
    $queryRaw: async <T>(statement: Statement, ...values: unknown[]) => (await run(statement, values)).rows as T,
    $executeRaw: async (statement, ...values) => (await run(statement, values)).rowCount ?? 0,
  };
}

/**
 * Runs `work` in one transaction on a connection of the pool; an error undoes all of it.
 * @throws SyncError DATABASE, without a value of a statement; and whatever `work` throws.
 */
export async function transact<T>(
  { pool, server }: { pool: pg.Pool; server: string },
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const connection = await pool.connect().catch((error: unknown) => {
    throw databaseError(error, server);
  });
  // A connection that breaks while no statement runs would end the process; the next statement meets it anyway.
  connection.on('error', ignore);
  try {
    const tx = statementsOn(connection, server);
    // What is written here is priced by rows that Postgres cannot know, and compiled for a second to run for a hundredth.
    await tx.$executeRaw`begin; set local jit = off`;
    const result = await work(tx);
    await tx.$executeRaw`commit`;
    connection.off('error', ignore);
    connection.release();
    return result;
  } catch (error) {
    // Closed instead of rolled back: it may be stuck in a statement, and Postgres undoes what nobody commits.
    connection.release(true);
    throw error;
  }
}

function ignore(): void {}
