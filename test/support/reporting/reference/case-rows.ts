import { hoursBetween, type Instant } from './instant.ts';
import { type FirstRecorded, timeOf } from './moves.ts';
import type { Row } from './row.ts';
import { type Stage, stageOf } from './statuses.ts';
import { isReopening, type Story } from './story.ts';

type About = {
  now: Instant;
  label: string | null;
  firstSeenAt: Instant;
  firstRecorded: FirstRecorded;
};

/** A row of reporting.cases. */
export function caseRow(story: Story, { now, label, firstSeenAt, firstRecorded }: About): Row {
  const { told, moves, openedAt, decided, approved } = story;
  return {
    account_id: told.accountId,
    account_label: label,
    environment: told.accountId.startsWith('T') ? 'test' : 'production',
    case_id: told.caseId,
    payout_destination_id: told.payoutDestinationId,
    payout_destination_name: told.payoutDestinationName,
    organization_number: told.organizationNumber,
    country_code: told.countryCode,
    products: told.products,
    package: told.package,
    status: story.status,
    stage: story.stage,
    status_since: story.statusSince,
    hours_in_status: story.statusSince === null ? null : hoursBetween(story.statusSince, now),
    is_open: story.isOpen,
    opened_at: openedAt,
    created_at: told.createdAt,
    updated_at: told.updatedAt,
    deleted_at: told.deletedAt,
    missing_since: story.missingSince,
    first_seen_at: firstSeenAt,
    first_decided_at: decided?.at ?? null,
    first_decision: decided === null ? null : stageOf(decided.to),
    first_approved_at: approved?.at ?? null,
    hours_to_decision: openedAt === null || decided === null ? null : hoursBetween(openedAt, decided.at),
    hours_to_approval: openedAt === null || approved === null ? null : hoursBetween(openedAt, approved.at),
    applicant_hours: hoursIn('applicant', story),
    review_hours: hoursIn('review', story),
    was_manual_review: moves.some(({ to }) => to === 'UNDER_MANUAL_REVIEW'),
    transitions: moves.length,
    times_reopened: moves.filter(isReopening).length,
    times_left_active: moves.filter(({ from }) => from === 'ACTIVE').length,
    ...lastErrorOf(story, firstRecorded),
  };
}

function hoursIn(stage: Stage, { stays }: Story): number {
  return stays.filter(({ status }) => stageOf(status) === stage).reduce((sum, { hours }) => sum + hours, 0);
}

function lastErrorOf({ told }: Story, firstRecorded: FirstRecorded): Row {
  const failures = told.events
    .filter(({ error }) => error !== null)
    .map((event) => ({ ...event, time: timeOf(event, told, firstRecorded) }))
    .sort((one, other) => one.time - other.time || one.id - other.id);
  const last = failures.at(-1);
  return { last_error: last?.error ?? null, last_error_at: last?.at ?? null };
}
