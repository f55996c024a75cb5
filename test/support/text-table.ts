import { table } from '../../src/cli/terminal/table.ts';

const WIDE = { width: 200, hasColors: false };

/** Rows as a table without colours. The first row's keys are the columns. */
export function textTable(rows: readonly Record<string, string | number>[]): string {
  const columns = Object.keys(rows[0] ?? {}).map((heading) => ({
    heading,
    text: (row: Record<string, string | number>) => row[heading] ?? null,
    importance: 1,
  }));
  return table(columns, rows, WIDE).text;
}

/** The style of output that a test reads. */
export const PLAIN = { width: 80, hasColors: false };
