import { type CaseHistory, isReopening } from './case-history.ts';
import { hoursBetween, type Instant } from './instant.ts';
import type { Row } from './row.ts';
import { type Stage, stageOf } from './statuses.ts';
import { eventTime, type FirstRecorded } from './transitions.ts';

/** Facts of a row that are not in the history. */
type RowContext = {
  now: Instant;
  label: string | null;
  firstSeenAt: Instant;
  firstRecorded: FirstRecorded;
};

/** Computes a row of reporting.cases. */
export function caseRow(history: CaseHistory, { now, label, firstSeenAt, firstRecorded }: RowContext): Row {
  const { document, transitions, openedAt, firstDecision, firstApproval } = history;
  return {
    account_id: document.accountId,
    account_label: label,
    environment: document.accountId.startsWith('T') ? 'test' : 'production',
    case_id: document.caseId,
    payout_destination_id: document.payoutDestinationId,
    payout_destination_name: document.payoutDestinationName,
    organization_number: document.organizationNumber,
    country_code: document.countryCode,
    products: document.products,
    package: document.package,
    status: history.status,
    stage: history.stage,
    status_since: history.statusSince,
    hours_in_status: history.statusSince === null ? null : hoursBetween(history.statusSince, now),
    is_open: history.isOpen,
    opened_at: openedAt,
    created_at: document.createdAt,
    updated_at: document.updatedAt,
    deleted_at: document.deletedAt,
    missing_since: history.missingSince,
    first_seen_at: firstSeenAt,
    first_decided_at: firstDecision?.at ?? null,
    first_decision: firstDecision === null ? null : stageOf(firstDecision.to),
    first_approved_at: firstApproval?.at ?? null,
    hours_to_decision: openedAt === null || firstDecision === null ? null : hoursBetween(openedAt, firstDecision.at),
    hours_to_approval: openedAt === null || firstApproval === null ? null : hoursBetween(openedAt, firstApproval.at),
    applicant_hours: hoursIn('applicant', history),
    review_hours: hoursIn('review', history),
    was_manual_review: transitions.some(({ to }) => to === 'UNDER_MANUAL_REVIEW'),
    transitions: transitions.length,
    times_reopened: transitions.filter(isReopening).length,
    times_left_active: transitions.filter(({ from }) => from === 'ACTIVE').length,
    ...lastErrorOf(history, firstRecorded),
  };
}

function hoursIn(stage: Stage, { periods }: CaseHistory): number {
  return periods.filter(({ status }) => stageOf(status) === stage).reduce((sum, { hours }) => sum + hours, 0);
}

function lastErrorOf({ document }: CaseHistory, firstRecorded: FirstRecorded): Row {
  const failures = document.events
    .filter(({ error }) => error !== null)
    .map((event) => ({ ...event, time: eventTime(event, document, firstRecorded) }))
    .sort((one, other) => one.time - other.time || one.id - other.id);
  const last = failures.at(-1);
  return { last_error: last?.error ?? null, last_error_at: last?.at ?? null };
}
