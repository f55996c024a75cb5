import type { Random } from './random.ts';

/** One thing that happens to a case: its event, the status it brings, and how long it is waited for. */
export type Move = {
  event: string;
  /** Null for an event that says nothing about the status. */
  status: string | null;
  /** What is typical; a case takes between a quarter of it and four times as long. */
  hours: number;
  /** People do this, so it happens on weekdays during working hours. */
  byHand?: true;
  error?: string;
};

export type Destiny = {
  name: string;
  weight: number;
  /**
   * How many of the applicant's moves the case makes: 0 is nothing but being created, 3 everything up to the signature;
   * -1 is being created without a status, -2 having no events at all.
   */
  applicantMoves: number;
  later: readonly Move[];
  /** The case is deleted (`deleted_at`), but stays in the list. */
  deleted?: true;
};

const created: Move = { event: 'case_created', status: 'WAITING_FOR_DETAILS', hours: 0 };
const details: Move = { event: 'case_details_received', status: 'WAITING_FOR_DECLARATION', hours: 18 };
const declaration: Move = { event: 'case_declaration_received', status: 'WAITING_FOR_SIGNATURE', hours: 9 };
const signature: Move = { event: 'case_signed', status: 'AUTOMATIC_REVIEW', hours: 26 };
const sentBack: Move = {
  event: 'case_declaration_returned',
  status: 'WAITING_FOR_DECLARATION',
  hours: 6,
  byHand: true,
};

const approved: Move = { event: 'case_approved', status: 'ACTIVE', hours: 0.05 };
const underReview: Move = { event: 'case_review_started', status: 'UNDER_MANUAL_REVIEW', hours: 0.05 };
const approvedByHand: Move = { ...approved, hours: 26, byHand: true };
const declined: Move = { event: 'case_declined', status: 'DECLINED', hours: 34, byHand: true };
const askedAgain: Move = { event: 'case_details_requested', status: 'WAITING_FOR_DETAILS', hours: 20, byHand: true };
const resubmitted: Move = { event: 'case_details_received', status: 'AUTOMATIC_REVIEW', hours: 30 };
const rechecked: Move = { event: 'case_monitoring_hit', status: 'AUTOMATIC_REVIEW', hours: 500 };
const updated: Move = { event: 'case_updated', status: null, hours: 60 };
const confirmed: Move = { event: 'case_updated', status: 'ACTIVE', hours: 200 };
const terminated: Move = { event: 'case_terminated', status: 'TERMINATED', hours: 700 };
const archived: Move = { event: 'case_archived', status: 'ARCHIVED', hours: 600 };
const registryDown = 'The company register did not answer (503)';
const failed: Move = { event: 'case_error', status: 'ERROR', hours: 0.1, error: registryDown };
const retried: Move = { event: 'case_retried', status: 'AUTOMATIC_REVIEW', hours: 10 };
// No public page knows this status: the list of statuses grows, and a reader must survive that.
const pendingRegistry: Move = { event: 'case_updated', status: 'PENDING_REGISTRY_UPDATE', hours: 1 };

/**
 * How cases end up. An account's first cases take these one after the other, the rest by weight: so every status, the
 * unknown one too, is in the list of every account that begins with at least forty cases.
 */
export const destinies: readonly [Destiny, ...Destiny[]] = [
  { name: 'archived', weight: 4, applicantMoves: 3, later: [approved, archived] },
  { name: 'terminated', weight: 5, applicantMoves: 1, later: [terminated] },
  { name: 'rechecked', weight: 9, applicantMoves: 3, later: [approved, rechecked, approved, rechecked, approved] },
  { name: 'lost', weight: 2, applicantMoves: 3, later: [approved, rechecked, underReview, declined] },
  { name: 'approved', weight: 34, applicantMoves: 3, later: [approved] },
  { name: 'confirmed', weight: 6, applicantMoves: 3, later: [approved, updated, confirmed] },
  { name: 'approved by hand', weight: 18, applicantMoves: 3, later: [underReview, approvedByHand] },
  { name: 'declined', weight: 5, applicantMoves: 3, later: [underReview, declined] },
  {
    name: 'asked again',
    weight: 4,
    applicantMoves: 3,
    later: [underReview, askedAgain, resubmitted, underReview, approvedByHand],
  },
  { name: 'waits for details', weight: 3, applicantMoves: 0, later: [] },
  { name: 'waits for declaration', weight: 3, applicantMoves: 1, later: [] },
  { name: 'waits for signature', weight: 3, applicantMoves: 2, later: [] },
  { name: 'waits for the machine', weight: 1, applicantMoves: 3, later: [] },
  { name: 'waits for a person', weight: 2, applicantMoves: 3, later: [underReview] },
  { name: 'failed', weight: 1, applicantMoves: 3, later: [failed] },
  { name: 'recovered', weight: 2, applicantMoves: 3, later: [failed, retried, approved] },
  { name: 'pending registry', weight: 1, applicantMoves: 3, later: [pendingRegistry] },
  { name: 'deleted', weight: 2, applicantMoves: 1, later: [], deleted: true },
  { name: 'without status', weight: 1, applicantMoves: -1, later: [updated] },
  { name: 'without events', weight: 1, applicantMoves: -2, later: [] },
];

/** What happens to a case of this destiny, in order. Some applicants skip a step, and some have to do one twice. */
export function movesOf(destiny: Destiny, random: Random): Move[] {
  if (destiny.applicantMoves === -2) return [];
  if (destiny.applicantMoves === -1) return [{ ...created, status: null }, ...destiny.later];
  const path = [created, details, declaration, signature].slice(0, destiny.applicantMoves + 1);
  return [...(destiny.applicantMoves === 3 ? varied(path, random()) : path), ...destiny.later];
}

function varied(path: Move[], share: number): Move[] {
  const declarationIsFirst = { ...created, status: 'WAITING_FOR_DECLARATION' };
  if (share < 0.2) return [declarationIsFirst, declaration, signature];
  if (share < 0.3) return [created, details, { ...declaration, status: 'AUTOMATIC_REVIEW' }];
  if (share < 0.38) return [created, details, declaration, sentBack, declaration, signature];
  if (share < 0.43) return [{ ...created, status: 'AUTOMATIC_REVIEW' }];
  return path;
}
