export type Cell = string | number | boolean | null | readonly string[];

/** A row of a view: instants as microseconds, dates as ISO texts. */
export type Row = Record<string, Cell>;

/** The items by what `key` says of them, in the order in which the keys come up. */
export function grouped<T>(items: Iterable<T>, key: (item: T) => string): T[][] {
  return [...Map.groupBy(items, key).values()];
}
