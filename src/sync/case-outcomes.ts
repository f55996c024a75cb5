/** The result of a case in a run. */
export type Outcome = 'created' | 'updated' | 'unchanged';

/** In ascending order: only the greatest outcome of a case counts. */
const OUTCOMES: (Outcome | null)[] = [null, 'unchanged', 'updated', 'created'];
const OUTCOME_BITS = 3;
const RETURNED = 4;

/** The results of a run's cases by their position in the index, one byte a case. */
export class CaseOutcomes {
  #bytes = new Uint8Array(1024);

  /** Records an outcome. The greatest one counts: after a broken connection a case comes again, changed or not. */
  record(position: number, outcome: Outcome): void {
    const before = this.#bytes[position] ?? 0;
    const greatest = Math.max(before & OUTCOME_BITS, OUTCOMES.indexOf(outcome));
    this.#set(position, (before & RETURNED) | greatest);
  }

  /** Records that a missing case is in the list again. */
  recordReturn(position: number): void {
    this.#set(position, (this.#bytes[position] ?? 0) | RETURNED);
  }

  /** Number of cases by outcome; `returned` counts those of them that were missing before. */
  count(): Record<Outcome | 'returned', number> {
    const counts = { created: 0, updated: 0, unchanged: 0, returned: 0 };
    for (const byte of this.#bytes) {
      const outcome = OUTCOMES[byte & OUTCOME_BITS];
      if (outcome) counts[outcome] += 1;
      if (outcome && (byte & RETURNED) !== 0) counts.returned += 1;
    }
    return counts;
  }

  #set(position: number, byte: number): void {
    if (position >= this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, position + 1));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[position] = byte;
  }
}
