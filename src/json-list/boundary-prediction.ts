/** Where elements probably end, so that those that are known need not be looked through. */
export type Guess = {
  /** Where the element that begins here probably ends; -1 when that is not worth trying. */
  endOf: (chunk: Buffer, start: number) => number;
  /** An element ended here, and the next one begins there; 0 for no end in this chunk. */
  learn: (chunk: Buffer, end: number, next: number) => void;
  /** What a guess turned out to be. */
  note: (wasRight: boolean) => void;
};

const COLON = 0x3a;
const LONGEST_KEY = 64;
/** A wrong guess costs a hash, a right one saves the look at every byte, which costs about as much. */
const MOST_WRONG = 16;

/**
 * Elements of a list begin alike, with the same first key: what lies between two of them, that key included, is what
 * separates the next two. Only a guess, because the same bytes may stand inside an element; whoever makes it must have
 * a way to see that it is right.
 */
export function createGuess(): Guess {
  /** Begins with the last byte of the element before, which makes it rarer inside of elements. */
  let separator: Buffer | null = null;
  let wrong = 0;

  return {
    endOf(chunk, start) {
      if (separator === null || wrong > MOST_WRONG) return -1;
      const at = chunk.indexOf(separator, start);
      return at === -1 ? -1 : at + 1;
    },
    learn(chunk, end, next) {
      if (separator !== null || end === 0) return;
      const colon = chunk.indexOf(COLON, next);
      if (colon === -1 || colon - next > LONGEST_KEY) return;
      separator = Buffer.from(chunk.subarray(end - 1, colon + 1));
    },
    note(wasRight) {
      wrong = wasRight ? Math.max(0, wrong - 1) : wrong + 1;
    },
  };
}
