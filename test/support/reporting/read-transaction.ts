// Reads rows with times to the microsecond, which the driver's dates do not have.
import pg from 'pg';
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
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(`select set_config('timezone', $1, true)`, [sessionTimeZone]);
    // JIT compilation of some statements takes longer than running them.
    await client.query('set local jit = off');
    const rows: ReadTransaction['rows'] = async (sql, parameters = []) => {
      const answer = await client.query<{ row: Record<string, unknown> }>(
        `select to_jsonb(answer) as row from (${sql}) as answer`,
        [...parameters],
      );
      return answer.rows.map(({ row }) => rowOf(row));
    };
    const [first] = await rows('select now()');
    return await work({ now: Number(first?.now), rows });
  } finally {
    await client.end();
  }
}

function rowOf(row: Record<string, unknown>): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, cellOf(value)]));
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'string') return parseInstant(value) ?? value;
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  throw new Error(`unexpected type of value in a view: ${JSON.stringify(value)}`);
}
