import pg from 'pg';
import type { SyncError } from '../../model/sync-error.ts';
import { Prisma } from '../generated/client.ts';
import { literal, quoted } from './identifier.ts';
import { SET_UP_TRANSACTION } from './session.ts';

type Statement = TemplateStringsArray | Prisma.Sql;

/** Raw queries under the names of Prisma's client, on one connection or on a pool. */
export type Transaction = {
  /** Returns the rows as pg reads them (bigint as text). Their type T is not checked. */
  $queryRaw: <T = unknown>(statement: Statement, ...values: unknown[]) => Promise<T>;
  /** Returns the number of affected rows. */
  $executeRaw: (statement: Statement, ...values: unknown[]) => Promise<number>;
  /** A text with $1, $2, … : for statements of pg-boss that belong to our transaction. */
  $queryRawUnsafe: <T = unknown>(text: string, ...values: unknown[]) => Promise<T>;
};

/** Makes any error of pg a SyncError `DATABASE`. */
type ToError = (error: unknown) => SyncError;

/**
 * Raw queries that go to pg without Prisma's engine. The engine copies the documents of a batch several times: twice
 * the processor time of the worker, and 220 MB more memory (docs/development.md, How Prisma is used).
 */
export function queriesOn(connection: pg.Pool | pg.PoolClient, toError: ToError, answerMs?: number): Transaction {
  const limit = answerMs === undefined ? {} : { query_timeout: answerMs };
  const query = (text: string, values: unknown[]) =>
    connection.query({ text, values, ...limit }).catch((error: unknown) => {
      throw toError(error);
    });
  const run = async (statement: Statement, values: unknown[]) => {
    const { text, values: all } = 'raw' in statement ? Prisma.sql(statement, ...values) : statement;
    return query(text, all);
  };
  return {
    $queryRaw: async <T>(statement: Statement, ...values: unknown[]) => (await run(statement, values)).rows as T,
    $executeRaw: async (statement, ...values) => (await run(statement, values)).rowCount ?? 0,
    $queryRawUnsafe: async <T>(text: string, ...values: unknown[]) => (await query(text, values)).rows as T,
  };
}

/** The row of a query that always has one. */
export function onlyRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new TypeError('Postgres returned no row for a query that always has one');
  return row;
}

export type TransactionOptions = {
  /** A statement that waits longer for a lock fails with 55P03. Without it, only the statement's own limit holds. */
  lockTimeoutMs?: number;
  /** Only reads, and every statement sees the database as the first one did. */
  isReadOnly?: boolean;
  /** Sees the database as the transaction does that exported this snapshot and still runs; for isReadOnly only. */
  snapshot?: string | null;
  /** Milliseconds until the answer to a statement must be there; without it, those of the pool. */
  answerMs?: number;
  /** Breaks the connection when it aborts, so that a running statement ends: Postgres looks for its client every 2 s. */
  signal?: AbortSignal;
  /** Further settings for this transaction, by name. */
  settings?: Readonly<Record<string, string>>;
  /** The role whose rights the statements have, instead of the user's. */
  role?: string | null;
};

/**
 * Runs `work` in one transaction on a connection of the pool; an error undoes all of it.
 * @throws SyncError DATABASE, without a value of a statement; and every error of `work`.
 */
export async function runTransaction<T>(
  { pool, toError }: { pool: pg.Pool; toError: ToError },
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const connection = await pool.connect().catch((error: unknown) => {
    throw toError(error);
  });
  // If the connection breaks between two statements, Node would crash. The next statement gets the error anyway.
  connection.on('error', ignore);
  const abort = () => {
    // A pool's connections are clients; pg's types leave `end` out.
    if (connection instanceof pg.Client) connection.end().catch(ignore);
  };
  options.signal?.addEventListener('abort', abort);
  try {
    options.signal?.throwIfAborted();
    const tx = queriesOn(connection, toError, options.answerMs);
    // The planner overestimates the rows of our statements: JIT would compile a statement of 10 ms for a second.
    await tx.$executeRaw(begin(options));
    const result = await work(tx);
    await tx.$executeRaw`commit`;
    connection.off('error', ignore);
    connection.release();
    return result;
  } catch (error) {
    // Closed instead of rolled back: the connection may be stuck in a statement. Postgres undoes the transaction.
    connection.release(true);
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** Several statements without parameters are one message to the server. The role comes last: it may set less. */
function begin({
  lockTimeoutMs = 0,
  isReadOnly = false,
  snapshot = null,
  settings = {},
  role = null,
}: TransactionOptions): Prisma.Sql {
  const statements = [
    isReadOnly ? 'begin isolation level repeatable read read only' : 'begin isolation level read committed',
    // Before any query, so before the settings, which are made by one.
    ...(snapshot === null ? [] : [`set transaction snapshot ${literal(snapshot)}`]),
    SET_UP_TRANSACTION,
    'set local jit = off',
    `set local lock_timeout = ${lockTimeoutMs}`,
    ...Object.entries(settings).map(([name, value]) => `set local ${name} = ${literal(value)}`),
    ...(role === null ? [] : [`set local role ${quoted(role)}`]),
  ];
  return Prisma.raw(statements.join('; '));
}

function ignore(): void {}
