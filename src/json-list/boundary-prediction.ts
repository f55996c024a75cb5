const COLON = 0x3a;
const LONGEST_KEY = 64;
/**
 * Predictions stop when wrong ones outnumber right ones by more than this: a wrong one wastes a hash, a right one saves
 * a scan, and both cost about the same.
 */
const MOST_WRONG = 16;

/**
 * Predicts where elements end. The elements of a list usually begin with the same key. So the bytes between the first
 * two elements, with that key, probably also separate the next two. The same bytes can stand inside an element, so the
 * caller must prove a prediction.
 */
export class BoundaryPrediction {
  /** From the last byte of an element to the colon after the next one's first key. Longer is rarer inside elements. */
  #separator: Buffer | null = null;
  #wrong = 0;

  /** The predicted end of the element that begins at `start`; -1 for none in this chunk. */
  endOf(chunk: Buffer, start: number): number {
    if (this.#separator === null || this.#wrong > MOST_WRONG) return -1;
    const at = chunk.indexOf(this.#separator, start);
    return at === -1 ? -1 : at + 1;
  }

  /**
   * Learns the separator from an element's end and the start of the next one, both in this chunk. `end` 0: no element
   * ended.
   */
  learn(chunk: Buffer, end: number, next: number): void {
    if (this.#separator !== null || end === 0) return;
    const colon = chunk.indexOf(COLON, next);
    if (colon === -1 || colon - next > LONGEST_KEY) return;
    this.#separator = Buffer.from(chunk.subarray(end - 1, colon + 1));
  }

  /**
   * Counts a right or wrong prediction, so that predictions soon stop in a list with separators inside its elements.
   */
  count(isRight: boolean): void {
    this.#wrong = isRight ? Math.max(0, this.#wrong - 1) : this.#wrong + 1;
  }
}
