/** How much is measured. */
export type Plan = {
  /** Of the list that most figures are about; others follow from it. */
  cases: number;
  /** How often every figure is measured. */
  rounds: number;
  /** Tells people how far it is. */
  note: (text: string) => void;
  /** Ends it early. */
  signal: AbortSignal;
};

/** The numbers of the rounds, told as they begin. */
export function* roundsOf(what: string, { rounds, note, signal }: Plan): Generator<number> {
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    note(`${what}: round ${round} of ${rounds}`);
    yield round;
  }
}
