import { hoursBetween, type Instant } from './instant.ts';
import { type FirstRecorded, type Move, movesOf } from './moves.ts';
import { type Stage, stageOf } from './statuses.ts';
import type { ToldCase } from './told.ts';

/** A time during which a case was in one status; it lasts to now when it has no end. */
type Stay = {
  sequence: number;
  status: string;
  enteredAt: Instant;
  leftAt: Instant | null;
  hours: number;
};

/** Everything about a case that several views need. */
export type Story = {
  told: ToldCase;
  moves: Move[];
  stays: Stay[];
  status: string | null;
  stage: Stage | null;
  statusSince: Instant | null;
  missingSince: Instant | null;
  /** When it was deleted or went missing, whichever was first. */
  goneAt: Instant | null;
  isOpen: boolean;
  openedAt: Instant | null;
  /** The first move into stage approved or declined. */
  decided: Move | null;
  approved: Move | null;
  declined: Move | null;
};

/** What only the database can know. */
export type Seen = { missingSince: Instant | null; firstRecorded: FirstRecorded };

export function storyOf(told: ToldCase, { missingSince, firstRecorded }: Seen, now: Instant): Story {
  const moves = movesOf(told, firstRecorded);
  const last = moves.at(-1);
  const stage = last === undefined ? null : stageOf(last.to);
  const goneAt = earlierOf(told.deletedAt, missingSince);
  const into = (...stages: Stage[]) => moves.find((move) => stages.includes(stageOf(move.to))) ?? null;
  return {
    told,
    moves,
    stays: staysOf(moves, now),
    status: last?.to ?? null,
    stage,
    statusSince: last?.at ?? null,
    missingSince,
    goneAt,
    isOpen: goneAt === null && (stage === null || ['applicant', 'review', 'error', 'unknown'].includes(stage)),
    openedAt: moves[0]?.at ?? told.createdAt,
    decided: into('approved', 'declined'),
    approved: into('approved'),
    declined: into('declined'),
  };
}

/** From stage approved, declined or closed back to the applicant or a review. */
export function isReopening({ from, to }: Move): boolean {
  if (from === null) return false;
  return ['approved', 'declined', 'closed'].includes(stageOf(from)) && ['applicant', 'review'].includes(stageOf(to));
}

function staysOf(moves: Move[], now: Instant): Stay[] {
  return moves.map(({ sequence, to, at }, index) => {
    const leftAt = moves[index + 1]?.at ?? null;
    return { sequence, status: to, enteredAt: at, leftAt, hours: hoursBetween(at, leftAt ?? now) };
  });
}

function earlierOf(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
