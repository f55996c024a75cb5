import type pg from 'pg';
import { databaseError } from './database-error.ts';
import { Prisma } from './generated/client.ts';

type Statement = TemplateStringsArray | Prisma.Sql;

/** What runs inside a transaction: statements written as for Prisma's client, whose own fit here too. */
export type Transaction = {
  $queryRaw: <T extends pg.QueryResultRow[]>(statement: Statement, ...values: unknown[]) => Promise<T[number][]>;
  /** Gives how many rows it was about. */
  $executeRaw: (statement: Statement, ...values: unknown[]) => Promise<number>;
};

/**
 * Runs `work` in one transaction on a connection of the pool; an error undoes all of it. Past Prisma's client, whose
 * engine keeps copies of a batch's documents and takes as long over them as reading them does: docs/decisions.md, 38.
 * @throws SyncError DATABASE, without a value of a statement; and whatever `work` throws.
 */
export async function transact<T>(
  { pool, server }: { pool: pg.Pool; server: string },
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const explain = (error: unknown): never => {
    throw databaseError(error, server);
  };
  const connection = await pool.connect().catch(explain);
  // A connection that breaks while no statement runs would end the process; the next statement meets it anyway.
  connection.on('error', ignore);
  try {
    const tx: Transaction = {
      $queryRaw: async <T extends pg.QueryResultRow[]>(statement: Statement, ...values: unknown[]) =>
        (await connection.query<T[number]>(queryOf(statement, values)).catch(explain)).rows,
      $executeRaw: async (statement, ...values) =>
        (await connection.query(queryOf(statement, values)).catch(explain)).rowCount ?? 0,
    };
    await tx.$executeRaw`begin`;
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

function queryOf(statement: Statement, values: unknown[]): pg.QueryConfig {
  const { text, values: all } = 'raw' in statement ? Prisma.sql(statement, ...values) : statement;
  return { text, values: all };
}

function ignore(): void {}
