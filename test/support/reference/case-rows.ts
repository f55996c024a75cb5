import { caseColumns } from './case-columns.ts';
import type { CaseDocument } from './case-document.ts';
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
  /** The rows of all accounts with this case, its own included. */
  sameCase: readonly SameCase[];
};

type SameCase = { accountId: string; firstSeenAt: Instant };

/** Computes a row of reporting.cases. */
export function caseRow(history: CaseHistory, { now, label, firstSeenAt, firstRecorded, sameCase }: RowContext): Row {
  const { document, transitions, openedAt, firstDecision, firstApproval } = history;
  return {
    ...caseColumns(document),
    account_label: label,
    environment: document.accountId.startsWith('T') ? 'test' : 'production',
    payout_destination_id: document.payoutDestinationId,
    payout_destination_name: document.payoutDestinationName,
    organization_number: document.organizationNumber,
    country_code: document.countryCode,
    products: document.products,
    package: document.package,
    status: history.status,
    stage: history.stage,
    status_since: history.statusSince,
    hours_in_status: presentHours(history, now),
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
    applicant_hours: hoursIn('applicant', history, now),
    review_hours: hoursIn('review', history, now),
    was_manual_review: transitions.some(({ to }) => to === 'UNDER_MANUAL_REVIEW'),
    transitions: transitions.length,
    times_reopened: transitions.filter(isReopening).length,
    times_left_active: transitions.filter(({ from }) => from === 'ACTIVE').length,
    ...lastErrorOf(history, firstRecorded),
    ...requestColumns(document),
    accounts_with_case: sameCase.length,
    is_primary: sameCase.toSorted(byPriority)[0]?.accountId === document.accountId,
  };
}

function requestColumns(document: CaseDocument): Row {
  const { currencies, products, published } = document;
  const options: unknown[] | null = JSON.parse(String(published.payment_options));
  return {
    reference_id: document.referenceId,
    case_for_account_id: document.caseForAccountId,
    owner_account_id: document.ownerAccountId,
    payout_reference: document.payoutReference,
    checks: document.checks,
    payment_options: options?.map((option) => JSON.stringify(option)) ?? null,
    currencies: currencies === null ? null : sortedSet(currencies.flat()),
    actions_on_approval: document.actionsOnApproval,
    requires_contract_signing: document.requiresContractSigning,
    products_text: products === null ? null : sortedSet(products).join(', '),
  };
}

/** Production accounts first, then the account that had the case first. */
function byPriority(one: SameCase, other: SameCase): number {
  const isTest = ({ accountId }: SameCase) => Number(accountId.startsWith('T'));
  if (isTest(one) !== isTest(other)) return isTest(one) - isTest(other);
  if (one.firstSeenAt !== other.firstSeenAt) return one.firstSeenAt - other.firstSeenAt;
  return one.accountId < other.accountId ? -1 : 1;
}

/** By code point; all these texts have characters of the basic plane only. */
function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

/** Hours in the present status, to now or until the case was gone. */
function presentHours({ statusSince, goneAt }: CaseHistory, now: Instant): number | null {
  if (statusSince === null) return null;
  return Math.max(0, hoursBetween(statusSince, Math.min(now, goneAt ?? now)));
}

function hoursIn(stage: Stage, history: CaseHistory, now: Instant): number {
  const ended = history.periods.filter(({ leftAt }) => leftAt !== null && leftAt <= now);
  const hours = ended.filter(({ status }) => stageOf(status) === stage).map(({ hours }) => hours);
  const present = history.stage === stage ? (presentHours(history, now) ?? 0) : 0;
  return hours.reduce((sum, each) => sum + each, present);
}

function lastErrorOf({ document }: CaseHistory, firstRecorded: FirstRecorded): Row {
  const failures = document.events
    .filter(({ error }) => error !== null)
    .map((event) => ({ ...event, time: eventTime(event, document, firstRecorded) }))
    .sort((one, other) => one.time - other.time || one.id - other.id);
  const last = failures.at(-1);
  return { last_error: last?.error ?? null, last_error_at: last?.at ?? null };
}
