import type { Element } from './case.ts';

/**
 * Elements are read so many at a time. What reads one is cold after ten thousand bytes of others were hashed, and takes
 * three times as long as right after another: docs/decisions.md, 58. With more, what follows in the network waits.
 */
const TOGETHER = 25;
const MOST_BYTES = 512 * 1024;

/** Elements that have to be read, in the order of the list. */
export type Waiting = {
  /** Whether an element of the case at this position is among them. */
  has: (position: number) => boolean;
  /** Adds a copy: what was received is a view that would keep its whole chunk. */
  add: (element: Element) => void;
  /** Whether there are enough, or one of them may be of any case. */
  isDue: () => boolean;
  /** Gives them; none waits then. */
  takeAll: () => Element[];
};

/** @param positionOf The position of the case of this id; -1 for one that is new. */
export function createWaiting(positionOf: (id: string) => number): Waiting {
  let elements: Element[] = [];
  let bytes = 0;
  let ofAnyCase = false;
  const positions = new Set<number>();

  return {
    has: (position) => positions.has(position),
    add(element) {
      elements.push({ ...element, bytes: element.bytes === null ? null : Buffer.from(element.bytes) });
      bytes += element.bytes?.length ?? 0;
      const id = element.content?.caseId ?? null;
      if (id === null) ofAnyCase = true;
      else positions.add(positionOf(id));
    },
    isDue: () => ofAnyCase || elements.length >= TOGETHER || bytes >= MOST_BYTES,
    takeAll() {
      const taken = elements;
      elements = [];
      bytes = 0;
      ofAnyCase = false;
      positions.clear();
      return taken;
    },
  };
}
