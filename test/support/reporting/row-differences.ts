import type { Cell, Row } from '../reference/row.ts';

const TOLERANCE = 1e-6;
const MOST = 12;

type Compared = {
  /** The columns that say which row it is. */
  key: readonly string[];
  expected: readonly Row[];
  got: readonly Row[];
};

/** In words, where `got` is not what was expected; of the columns, those that are expected count. */
export function rowDifferences(view: string, { key, expected, got }: Compared): string[] {
  const requireFact = new Map(named(got, key));
  const wanted = new Map(named(expected, key));
  const all = [
    ...[...requireFact]
      .filter(([name]) => !wanted.has(name))
      .map(([, row]) => `${view}: unexpected ${JSON.stringify(row)}`),
    ...[...wanted].flatMap(([name, row]) => {
      const actual = requireFact.get(name);
      if (actual === undefined) return [`${view}: lacking ${JSON.stringify(row)}`];
      return differingColumns(row, actual).map((text) => `${view}: ${name}: ${text}`);
    }),
  ];
  return all.length > MOST ? [...all.slice(0, MOST), `${view}: and ${all.length - MOST} more`] : all;
}

/** Rows that one key does not tell apart are numbered. */
function named(rows: readonly Row[], key: readonly string[]): [string, Row][] {
  const counts = new Map<string, number>();
  return rows.map((row) => {
    const name = key.map((column) => String(row[column])).join(' ');
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
  if (typeof one === 'number' && typeof other === 'number') return Math.abs(one - other) <= TOLERANCE;
  return JSON.stringify(one) === JSON.stringify(other);
}
