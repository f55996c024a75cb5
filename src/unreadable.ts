import type { Rejection } from './case.ts';
import type { CaseIndex } from './case-index.ts';

/** Notes the items of an answer that nobody can read. Their cases are in the list nevertheless. */
export function createUnreadable(index: CaseIndex) {
  let count = 0;
  let nameless = 0;
  let positions = new Set<number>();
  let fingerprints = new Set<string>();

  return {
    /** An answer begins: nothing of it has been read. */
    beginAnswer(): void {
      count = 0;
      nameless = 0;
      positions = new Set();
      fingerprints = new Set();
    },
    /** Notes one and gives the position of its case, or -1. */
    add(fingerprint: Buffer, { caseId }: Rejection): number {
      count += 1;
      fingerprints.add(fingerprint.toString('base64'));
      if (caseId === null) nameless += 1;
      const position = caseId === null ? -1 : index.withId(caseId);
      if (position !== -1) positions.add(position);
      return position;
    },
    count: (): number => count,
    fingerprints: (): Buffer[] => [...fingerprints].map((text) => Buffer.from(text, 'base64')),
    /** Ids of the cases that should have been in the answer and were not; uncertain if one of the items may be one. */
    gone: (): { ids: string[]; certain: boolean } => ({
      ids: index.unseen().filter((id) => !positions.has(index.withId(id))),
      certain: nameless === 0,
    }),
  };
}
