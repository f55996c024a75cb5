// Reads rows with times to the microsecond, which the driver's dates do not have.
import { hash } from 'node:crypto';
import type pg from 'pg';
import { connectReader } from '../admin.ts';
import { parseInstant } from '../reference/instant.ts';
import type { Cell, Row } from '../reference/row.ts';

export type ReadTransaction = {
  /** The transaction's `now()`. */
  now: number;
  rows: (sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
};

/**
 * Does the work in one transaction, so that all queries see the same data and the same `now()`. The session's time zone is
 * unlike any that the tests configure, because no view may depend on it.
 */
export async function withReadTransaction<T>(
  url: string,
  work: (transaction: ReadTransaction) => Promise<T>,
  sessionTimeZone = 'Pacific/Auckland',
): Promise<T> {
  const client = await connectReader(url);
  try {
    return await readInTransaction(client, work, sessionTimeZone);
  } finally {
    await client.end();
  }
}

export type Reader = {
  /** Does the work in a transaction like `withReadTransaction`, of a connection that plans each query only once. */
  read: <T>(work: (transaction: ReadTransaction) => Promise<T>) => Promise<T>;
  close: () => Promise<void>;
};

/** Connects at the first reading. */
export function createReader(url: string): Reader {
  let client: Promise<pg.Client> | null = null;
  return {
    async read(work) {
      client ??= connectReader(url);
      return readInTransaction(await client, work);
    },
    close: async () => (await client)?.end(),
  };
}

/** Does the work in one transaction of an open connection. */
export async function readInTransaction<T>(
  client: pg.Client,
  work: (transaction: ReadTransaction) => Promise<T>,
  sessionTimeZone = 'Pacific/Auckland',
): Promise<T> {
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query(`select set_config('timezone', $1, true)`, [sessionTimeZone]);
    // JIT compilation of some statements takes longer than running them.
    await client.query('set local jit = off');
    const rows: ReadTransaction['rows'] = async (sql, parameters = []) => {
      const text = `select to_jsonb(answer) as row from (${sql}) as answer`;
      // Named, so that a connection that reads often plans each view once.
      const named = { name: hash('md5', text), text, values: [...parameters] };
      const answer = await client.query<{ row: Record<string, unknown> }>(named);
      return answer.rows.map(({ row }) => rowOf(row));
    };
    const [first] = await rows('select now()');
    return await work({ now: Number(first?.now), rows });
  } finally {
    await client.query('rollback');
  }
}

function rowOf(row: Record<string, unknown>): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, cellOf(value)]));
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'string') return parseInstant(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  throw new Error(`unexpected type of value in a view: ${JSON.stringify(value)}`);
}
