import type { BusinessHours } from './business-hours.ts';
import { caseColumns } from './case-columns.ts';
import type { CaseHistory } from './case-history.ts';
import { hoursBetween, type Instant, SECOND } from './instant.ts';
import type { Row } from './row.ts';
import { directionOf, stageOf } from './statuses.ts';

/** Time at which an event's current content, or the transition of a sequence, was recorded. */
export type Recorded = (number: number) => Instant;

/** Computes the rows of reporting.case_events. */
export function eventRows({ document }: CaseHistory, recorded: Recorded): Row[] {
  return document.events.map((event) => ({
    ...caseColumns(document),
    event_id: event.id,
    event: event.event,
    status: event.status,
    occurred_at: event.at,
    request_id: event.requestId,
    error: event.error,
    provider_case_id: event.providerCaseId,
    recorded_at: recorded(event.id),
  }));
}

/** Computes the rows of reporting.case_problems, without recorded_at. */
export function problemRows({ document }: CaseHistory): Row[] {
  return document.problems.map(({ path, reason }) => ({ ...caseColumns(document), path, reason }));
}

/** Computes the rows of reporting.status_transitions. */
export function transitionRows({ document, transitions }: CaseHistory, recorded: Recorded): Row[] {
  return transitions.map((transition, index) => {
    const [before, after] = [transitions[index - 1], transitions[index + 1]];
    return {
      ...caseColumns(document),
      sequence: transition.sequence,
      from_status: transition.from,
      to_status: transition.to,
      from_stage: transition.from === null ? null : stageOf(transition.from),
      to_stage: stageOf(transition.to),
      direction: directionOf(transition.from, transition.to),
      occurred_at: transition.at,
      occurred_at_source: transition.source,
      until: after?.at ?? null,
      hours_in_from_status: before === undefined ? null : hoursBetween(before.at, transition.at),
      is_current: after === undefined,
      event_id: transition.eventId,
      event: transition.event,
      recorded_at: recorded(transition.sequence),
      detection_lag_seconds: (recorded(transition.sequence) - transition.at) / SECOND,
    };
  });
}

/** Computes the rows of reporting.status_periods. */
export function periodRows({ document, periods }: CaseHistory, business: BusinessHours, now: Instant): Row[] {
  return periods.map(({ sequence, status, enteredAt, leftAt, endedAt, hours }) => ({
    ...caseColumns(document),
    sequence,
    status,
    stage: stageOf(status),
    entered_at: enteredAt,
    left_at: leftAt,
    hours,
    is_current: leftAt === null,
    ended_at: endedAt,
    business_hours: business.hoursBetween(enteredAt, endedAt ?? now),
  }));
}
