/** Size of the benchmark. */
export type Plan = {
  /** Cases of the main list; the sizes of other lists follow from it. */
  cases: number;
  /** Measurements of each figure. */
  rounds: number;
  /** Shows progress. */
  note: (text: string) => void;
  /** Stops the benchmark early. */
  signal: AbortSignal;
};

/** Yields the number of each round and shows it as progress. */
export function* roundsOf(what: string, { rounds, note, signal }: Plan): Generator<number> {
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    note(`${what}: round ${round} of ${rounds}`);
    yield round;
  }
}
