// The stages and ranks of statuses, stated a second time, so that an error in the database's table is found.

export type Stage = 'applicant' | 'review' | 'approved' | 'declined' | 'closed' | 'error' | 'unknown';

const KNOWN = new Map<string, { stage: Stage; rank: number | null }>([
  ['WAITING_FOR_DETAILS', { stage: 'applicant', rank: 10 }],
  ['WAITING_FOR_DECLARATION', { stage: 'applicant', rank: 20 }],
  ['WAITING_FOR_SIGNATURE', { stage: 'applicant', rank: 30 }],
  ['AUTOMATIC_REVIEW', { stage: 'review', rank: 40 }],
  ['UNDER_MANUAL_REVIEW', { stage: 'review', rank: 50 }],
  ['ACTIVE', { stage: 'approved', rank: 60 }],
  ['DECLINED', { stage: 'declined', rank: 60 }],
  ['TERMINATED', { stage: 'closed', rank: 70 }],
  ['ARCHIVED', { stage: 'closed', rank: 70 }],
  ['ERROR', { stage: 'error', rank: null }],
]);

export const knownStatuses: readonly string[] = [...KNOWN.keys()];

export function stageOf(status: string): Stage {
  return KNOWN.get(status)?.stage ?? 'unknown';
}

export function rankOf(status: string): number | null {
  return KNOWN.get(status)?.rank ?? null;
}

export type Direction = 'new' | 'forward' | 'backward' | 'lateral' | 'other';

export function directionOf(from: string | null, to: string): Direction {
  if (from === null) return 'new';
  const [before, after] = [rankOf(from), rankOf(to)];
  if (before === null || after === null) return 'other';
  if (before === after) return 'lateral';
  return before < after ? 'forward' : 'backward';
}
