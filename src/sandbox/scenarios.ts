import type { Random } from './random.ts';

/** One step of a scenario: an event, the status it sets, and the time it takes. */
export type Step = {
  event: string;
  /** Null for an event that leaves the status as it is. */
  status: string | null;
  /** Typical hours since the step before; the actual time is between a quarter of that and four times as long. */
  hours: number;
  /** Done by a person, so it happens on weekdays during working hours. */
  isManual?: true;
  error?: string;
};

export type Scenario = {
  name: string;
  weight: number;
  /**
   * Number of the applicant's steps that the case completes: 0 only creates it, 3 goes up to the signature. -1 creates
   * it without a status, and -2 gives it no events at all.
   */
  applicantSteps: number;
  laterSteps: readonly Step[];
  /** The case gets `deleted_at`, but stays in the list. */
  isDeleted?: true;
};

const created: Step = { event: 'case_created', status: 'WAITING_FOR_DETAILS', hours: 0 };
const details: Step = { event: 'case_details_received', status: 'WAITING_FOR_DECLARATION', hours: 18 };
const declaration: Step = { event: 'case_declaration_received', status: 'WAITING_FOR_SIGNATURE', hours: 9 };
const signature: Step = { event: 'case_signed', status: 'AUTOMATIC_REVIEW', hours: 26 };
const sentBack: Step = { ...details, event: 'case_declaration_returned', hours: 6, isManual: true };

const approved: Step = { event: 'case_approved', status: 'ACTIVE', hours: 0.05 };
const underReview: Step = { event: 'case_review_started', status: 'UNDER_MANUAL_REVIEW', hours: 0.05 };
const approvedManually: Step = { ...approved, hours: 26, isManual: true };
const declined: Step = { event: 'case_declined', status: 'DECLINED', hours: 34, isManual: true };
const askedAgain: Step = { event: 'case_details_requested', status: 'WAITING_FOR_DETAILS', hours: 20, isManual: true };
const resubmitted: Step = { event: 'case_details_received', status: 'AUTOMATIC_REVIEW', hours: 30 };
const rechecked: Step = { event: 'case_monitoring_hit', status: 'AUTOMATIC_REVIEW', hours: 500 };
const updated: Step = { event: 'case_updated', status: null, hours: 60 };
const confirmed: Step = { event: 'case_updated', status: 'ACTIVE', hours: 200 };
const terminated: Step = { event: 'case_terminated', status: 'TERMINATED', hours: 700 };
const archived: Step = { event: 'case_archived', status: 'ARCHIVED', hours: 600 };
const registryDown = 'The company register did not answer (503)';
const failed: Step = { event: 'case_error', status: 'ERROR', hours: 0.1, error: registryDown };
const retried: Step = { event: 'case_retried', status: 'AUTOMATIC_REVIEW', hours: 10 };
// An undocumented status: Dintero adds statuses over time, and a client must cope with that.
const pendingRegistry: Step = { event: 'case_updated', status: 'PENDING_REGISTRY_UPDATE', hours: 1 };

/**
 * The courses that a case can take. An account's first cases use them one after the other, the rest by weight. So every
 * account that starts with at least forty cases has every status, the unknown one included.
 */
export const scenarios: readonly [Scenario, ...Scenario[]] = [
  { name: 'archived', weight: 4, applicantSteps: 3, laterSteps: [approved, archived] },
  { name: 'terminated', weight: 5, applicantSteps: 1, laterSteps: [terminated] },
  { name: 'rechecked', weight: 9, applicantSteps: 3, laterSteps: [approved, rechecked, approved, rechecked, approved] },
  { name: 'lost', weight: 2, applicantSteps: 3, laterSteps: [approved, rechecked, underReview, declined] },
  { name: 'approved', weight: 34, applicantSteps: 3, laterSteps: [approved] },
  { name: 'confirmed', weight: 6, applicantSteps: 3, laterSteps: [approved, updated, confirmed] },
  { name: 'approved by hand', weight: 18, applicantSteps: 3, laterSteps: [underReview, approvedManually] },
  { name: 'declined', weight: 5, applicantSteps: 3, laterSteps: [underReview, declined] },
  {
    name: 'asked again',
    weight: 4,
    applicantSteps: 3,
    laterSteps: [underReview, askedAgain, resubmitted, underReview, approvedManually],
  },
  { name: 'waits for details', weight: 3, applicantSteps: 0, laterSteps: [] },
  { name: 'waits for declaration', weight: 3, applicantSteps: 1, laterSteps: [] },
  { name: 'waits for signature', weight: 3, applicantSteps: 2, laterSteps: [] },
  { name: 'waits for the machine', weight: 1, applicantSteps: 3, laterSteps: [] },
  { name: 'waits for a person', weight: 2, applicantSteps: 3, laterSteps: [underReview] },
  { name: 'failed', weight: 1, applicantSteps: 3, laterSteps: [failed] },
  { name: 'recovered', weight: 2, applicantSteps: 3, laterSteps: [failed, retried, approved] },
  { name: 'pending registry', weight: 1, applicantSteps: 3, laterSteps: [pendingRegistry] },
  { name: 'deleted', weight: 2, applicantSteps: 1, laterSteps: [], isDeleted: true },
  { name: 'without status', weight: 1, applicantSteps: -1, laterSteps: [updated] },
  { name: 'without events', weight: 1, applicantSteps: -2, laterSteps: [] },
];

/** The steps of one case of this scenario, in order. Some applicants skip a step, and some repeat one. */
export function drawSteps(scenario: Scenario, random: Random): Step[] {
  if (scenario.applicantSteps === -2) return [];
  if (scenario.applicantSteps === -1) return [{ ...created, status: null }, ...scenario.laterSteps];
  const path = [created, details, declaration, signature].slice(0, scenario.applicantSteps + 1);
  return [...(scenario.applicantSteps === 3 ? withVariations(path, random()) : path), ...scenario.laterSteps];
}

function withVariations(path: Step[], share: number): Step[] {
  const declarationIsFirst = { ...created, status: 'WAITING_FOR_DECLARATION' };
  if (share < 0.2) return [declarationIsFirst, declaration, signature];
  if (share < 0.3) return [created, details, { ...declaration, status: 'AUTOMATIC_REVIEW' }];
  if (share < 0.38) return [created, details, declaration, sentBack, declaration, signature];
  if (share < 0.43) return [{ ...created, status: 'AUTOMATIC_REVIEW' }];
  return path;
}
