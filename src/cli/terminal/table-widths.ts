/** Between two columns. */
export const GAP = '  ';

export type Measured = {
  importance: number;
  /** The width without wrapping. */
  natural: number;
  /** The least width with wrapping. */
  least: number;
};

/** The width of each column, null for one that is left out; null if not even those of importance 1 fit. */
export function chooseWidths(columns: readonly Measured[], room: number): (number | null)[] | null {
  const kept = columns.map((column, index) => ({ ...column, index }));
  while (sumOf(kept, 'least') > room) {
    const least = Math.max(...kept.map(({ importance }) => importance));
    if (least <= 1) return null;
    kept.splice(
      kept.findLastIndex(({ importance }) => importance === least),
      1,
    );
  }
  const widths = share(kept, room);
  return columns.map((_column, index) => widths.get(index) ?? null);
}

function sumOf(columns: readonly Measured[], size: 'natural' | 'least'): number {
  return columns.reduce((sum, column) => sum + column[size], GAP.length * (columns.length - 1));
}

/** Wrapped columns share the remaining width in proportion to the width that each lacks. */
function share(columns: readonly (Measured & { index: number })[], room: number): Map<number, number> {
  const lacking = sumOf(columns, 'natural') - sumOf(columns, 'least');
  const left = Math.min(room - sumOf(columns, 'least'), lacking);
  return new Map(
    columns.map(({ index, natural, least }) => {
      const part = lacking === 0 ? 0 : Math.floor((left * (natural - least)) / lacking);
      return [index, least + part];
    }),
  );
}
