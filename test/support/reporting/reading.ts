// Reads what the database says, with times to the microsecond.
import pg from 'pg';
import { instantOf } from './reference/instant.ts';
import type { Cell, Row } from './reference/row.ts';

export type Reading = {
  /** The transaction's `now()`. */
  now: number;
  rows: (sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
};

/** Does the work in one transaction, which sees one state at one instant, in a session of this time zone. */
export async function reading<T>(
  url: string,
  work: (reading: Reading) => Promise<T>,
  sessionTimeZone = 'Pacific/Auckland',
): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(`select set_config('timezone', $1, true)`, [sessionTimeZone]);
    // Postgres would compile some statements for longer than they run.
    await client.query('set local jit = off');
    const rows: Reading['rows'] = async (sql, parameters = []) => {
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
  if (typeof value === 'string') return instantOf(value) ?? value;
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  throw new Error(`a view has a value of an unexpected kind: ${JSON.stringify(value)}`);
}
