/** The first elements, and the number of all: of a database that was rewritten, there could be millions. */
export class FirstOf<T> {
  readonly kept: T[] = [];
  total = 0;
  /** How many are kept. */
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** Adds elements, of which only the first may be given; `total` counts the others too. */
  add(elements: readonly T[], total = elements.length): void {
    this.kept.push(...elements.slice(0, Math.max(0, this.most - this.kept.length)));
    this.total += total;
  }
}
