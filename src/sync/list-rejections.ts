import type { Rejection } from '../model/case.ts';

/** The items of an answer that were rejected. */
export type Rejections = {
  /** An answer begins: nothing of it has been read. */
  beginAnswer: () => void;
  /** Notes one, and gives the position of its case; -1 if there is none. */
  add: (fingerprint: Buffer, rejection: Rejection) => number;
  count: () => number;
  fingerprints: () => Buffer[];
  /** Whether one is of the case at this position, which is in the list then, though not read. */
  has: (position: number) => boolean;
  /** Whether one does not tell its case, and may be of any. */
  haveNameless: () => boolean;
};

/** @param positionOf The position of the case of this id; -1 for one that is new. */
export function createRejections(positionOf: (id: string) => number): Rejections {
  let count = 0;
  let nameless = 0;
  let positions = new Set<number>();
  let fingerprints = new Set<string>();

  return {
    beginAnswer() {
      count = 0;
      nameless = 0;
      positions = new Set();
      fingerprints = new Set();
    },
    add(fingerprint, { caseId }) {
      count += 1;
      fingerprints.add(fingerprint.toString('base64'));
      if (caseId === null) nameless += 1;
      const position = caseId === null ? -1 : positionOf(caseId);
      if (position !== -1) positions.add(position);
      return position;
    },
    count: () => count,
    fingerprints: () => [...fingerprints].map((text) => Buffer.from(text, 'base64')),
    has: (position) => positions.has(position),
    haveNameless: () => nameless > 0,
  };
}
