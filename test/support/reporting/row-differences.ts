import type { Cell, Row } from '../reference/row.ts';

const TOLERANCE = 1e-6;
const MAX_REPORTED = 12;

type Compared = {
  /** The columns that identify a row. */
  key: readonly string[];
  expected: readonly Row[];
  got: readonly Row[];
};

/** Describes how `got` differs from the expected rows. Columns that no expected row has are ignored. */
export function rowDifferences(view: string, { key, expected, got }: Compared): string[] {
  const actualRows = new Map(named(got, key));
  const expectedRows = new Map(named(expected, key));
  const all = [
    ...[...actualRows]
      .filter(([name]) => !expectedRows.has(name))
      .map(([, row]) => `${view}: unexpected ${JSON.stringify(row)}`),
    ...[...expectedRows].flatMap(([name, row]) => {
      const actual = actualRows.get(name);
      if (actual === undefined) return [`${view}: missing ${JSON.stringify(row)}`];
      return differingColumns(row, actual).map((text) => `${view}: ${name}: ${text}`);
    }),
  ];
  return all.length > MAX_REPORTED
    ? [...all.slice(0, MAX_REPORTED), `${view}: and ${all.length - MAX_REPORTED} more`]
    : all;
}

/** Names rows by their key; rows with the same key are numbered. */
function named(rows: readonly Row[], key: readonly string[]): [string, Row][] {
  const counts = new Map<string, number>();
  return rows.map((row) => {
    const name = JSON.stringify(key.map((column) => row[column]));
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return [count === 1 ? name : `${name} (${count})`, row];
  });
}

function differingColumns(expected: Row, actual: Row): string[] {
  return Object.entries(expected).flatMap(([column, value]) => {
    const other = actual[column];
    if (other !== undefined && isSame(value, other)) return [];
    return [`${column} expected ${JSON.stringify(value)}, got ${JSON.stringify(other)}`];
  });
}

function isSame(one: Cell, other: Cell): boolean {
  if (typeof one === 'number' && typeof other === 'number') {
    // Numbers of placeholder times, such as the year 1, have fewer decimals.
    return Math.abs(one - other) <= Math.max(TOLERANCE, Number.EPSILON * Math.abs(one));
  }
  return JSON.stringify(one) === JSON.stringify(other);
}
