export type Cell = string | number | boolean | null | readonly string[];

/** A row of a view: instants are microseconds, dates are ISO texts. */
export type Row = Record<string, Cell>;

/** Groups items by key, in the order in which the keys appear. */
export function grouped<T>(items: Iterable<T>, key: (item: T) => string): T[][] {
  return [...Map.groupBy(items, key).values()];
}
