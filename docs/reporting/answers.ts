import pg from 'pg';
import { markdownTable } from './markdown-table.ts';

const { INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC } = pg.types.builtins;
const NUMBERS: readonly number[] = [INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC];
/** Every value as Postgres writes it. */
const types = { getTypeParser: () => (text: string) => text };

/** The answer of a query to `cdd_reader`, as a Markdown table. `now()` is the time of the stopped clock. */
export async function answerOf(client: pg.Client, sql: string, timezone: string): Promise<string> {
  await client.query(`
    begin;
    set local role cdd_reader;
    set local search_path to stopped_clock, pg_catalog;
    set local timezone to '${timezone}'`);
  try {
    const { fields, rows } = await client.query<(string | null)[]>({ text: sql, rowMode: 'array', types });
    if (rows.length === 0) throw new Error('it returns no rows, so the example shows nothing');
    return markdownTable(
      fields.map(({ name, dataTypeID }) => ({ name, isNumber: NUMBERS.includes(dataTypeID) })),
      rows,
    );
  } catch (cause) {
    throw new Error(
      `An example of docs/reporting.md fails: ${cause instanceof Error ? cause.message : cause}\n${sql}`,
      {
        cause,
      },
    );
  } finally {
    await client.query('rollback');
  }
}
