const COLON = 0x3a;
const LONGEST_KEY = 64;
/** A wrong prediction costs a hash, a right one spares a look at every byte, which costs about as much. */
const MOST_WRONG = 16;

/**
 * Predicts where elements end. The elements of a list begin alike, with the same first key, so the bytes that separate
 * the first two, that key included, probably separate the next two. They may also stand inside an element: a prediction
 * has to be proved.
 */
export class BoundaryPrediction {
  /** From the last byte of an element, which makes it rarer inside of elements, to the colon after the next one's key. */
  #separator: Buffer | null = null;
  #wrong = 0;

  /** The predicted end of the element that begins at `start`; -1 for none in this chunk. */
  endOf(chunk: Buffer, start: number): number {
    if (this.#separator === null || this.#wrong > MOST_WRONG) return -1;
    const at = chunk.indexOf(this.#separator, start);
    return at === -1 ? -1 : at + 1;
  }

  /** Learns from an element that ended at `end` and the next one, at `next` of the same chunk; 0 for no such end. */
  learn(chunk: Buffer, end: number, next: number): void {
    if (this.#separator !== null || end === 0) return;
    const colon = chunk.indexOf(COLON, next);
    if (colon === -1 || colon - next > LONGEST_KEY) return;
    this.#separator = Buffer.from(chunk.subarray(end - 1, colon + 1));
  }

  /** Counts a prediction. A list with separators inside its elements is soon read without any. */
  count(isRight: boolean): void {
    this.#wrong = isRight ? Math.max(0, this.#wrong - 1) : this.#wrong + 1;
  }
}
