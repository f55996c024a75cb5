import type { Element } from '../model/list.ts';

/**
 * Elements are read so many at a time: what reads one is cold after a hundred others were only hashed, and takes twice as
 * long as right after another. With more of them more is left to do when the list is over. See docs/decisions.md, 58.
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
      const position = id === null ? -1 : positionOf(id);
      if (id === null) ofAnyCase = true;
      if (position !== -1) positions.add(position);
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
