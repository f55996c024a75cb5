import type { CaseDocument } from './case-document.ts';
import { hoursBetween, type Instant } from './instant.ts';
import { type Stage, stageOf } from './statuses.ts';
import { deriveTransitions, type FirstRecorded, type Transition } from './transitions.ts';

/** The time that a case spent in one status. */
type Period = {
  sequence: number;
  status: string;
  enteredAt: Instant;
  leftAt: Instant | null;
  /** When it was left, or the case was gone in it; null if that has not happened yet. */
  endedAt: Instant | null;
  /** To its end, or to now. */
  hours: number;
};

/** Facts of a case that several views need. Status, stage and isOpen are those of now. */
export type CaseHistory = {
  document: CaseDocument;
  transitions: Transition[];
  periods: Period[];
  status: string | null;
  stage: Stage | null;
  statusSince: Instant | null;
  missingSince: Instant | null;
  /** Time of its deletion or of going missing, whichever is earlier. */
  goneAt: Instant | null;
  isOpen: boolean;
  openedAt: Instant | null;
  /** First transition into stage approved or declined. */
  firstDecision: Transition | null;
  firstApproval: Transition | null;
  firstDecline: Transition | null;
};

/** Times that no document has; the worker recorded them. */
type Recorded = { missingSince: Instant | null; firstRecorded: FirstRecorded };

/** Derives the history of a case from its newest document; periods without an end last to `now`. */
export function deriveHistory(
  document: CaseDocument,
  { missingSince, firstRecorded }: Recorded,
  now: Instant,
): CaseHistory {
  const transitions = deriveTransitions(document, firstRecorded);
  const present = transitions.findLast(({ at }) => at <= now);
  const stage = present === undefined ? null : stageOf(present.to);
  const goneAt = earlierOf(document.deletedAt, missingSince);
  const isGone = goneAt !== null && (missingSince !== null || goneAt <= now);
  const into = (...stages: Stage[]) =>
    transitions.find((transition) => stages.includes(stageOf(transition.to))) ?? null;
  return {
    document,
    transitions,
    periods: derivePeriods(transitions, goneAt, now),
    status: present?.to ?? null,
    stage,
    statusSince: present?.at ?? null,
    missingSince,
    goneAt,
    isOpen: !isGone && (stage === null || ['applicant', 'review', 'error', 'unknown'].includes(stage)),
    openedAt: transitions[0]?.at ?? document.createdAt,
    firstDecision: into('approved', 'declined'),
    firstApproval: into('approved'),
    firstDecline: into('declined'),
  };
}

/** Returns whether a transition leads from stage approved, declined or closed back to the applicant or to a review. */
export function isReopening({ from, to }: Transition): boolean {
  if (from === null) return false;
  return ['approved', 'declined', 'closed'].includes(stageOf(from)) && ['applicant', 'review'].includes(stageOf(to));
}

function derivePeriods(transitions: Transition[], goneAt: Instant | null, now: Instant): Period[] {
  return transitions.map(({ sequence, to, at }, index) => {
    const leftAt = transitions[index + 1]?.at ?? null;
    const endedAt = [leftAt, goneAt].find((end) => end !== null && end <= now) ?? null;
    const hours = Math.max(0, hoursBetween(at, endedAt ?? now));
    return { sequence, status: to, enteredAt: at, leftAt, endedAt, hours };
  });
}

function earlierOf(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
