import { HOUR, hoursBetween, type Instant, SECOND } from './instant.ts';
import type { Row } from './row.ts';
import { directionOf, stageOf } from './statuses.ts';
import type { Story } from './story.ts';

/** When the current content of an event, or a transition of this sequence, was recorded. */
export type Recorded = (number: number) => Instant;

/** The rows of reporting.case_events. */
export function eventRows({ told }: Story, recorded: Recorded): Row[] {
  return told.events.map((event) => ({
    account_id: told.accountId,
    case_id: told.caseId,
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

/** The rows of reporting.status_transitions. */
export function transitionRows({ told, moves }: Story, recorded: Recorded): Row[] {
  return moves.map((move, index) => {
    const [before, after] = [moves[index - 1], moves[index + 1]];
    return {
      account_id: told.accountId,
      case_id: told.caseId,
      sequence: move.sequence,
      from_status: move.from,
      to_status: move.to,
      from_stage: move.from === null ? null : stageOf(move.from),
      to_stage: stageOf(move.to),
      direction: directionOf(move.from, move.to),
      occurred_at: move.at,
      occurred_at_source: move.source,
      until: after?.at ?? null,
      hours_in_from_status: before === undefined ? null : hoursBetween(before.at, move.at),
      is_current: after === undefined,
      event_id: move.eventId,
      event: move.event,
      recorded_at: recorded(move.sequence),
      detection_lag_seconds: (recorded(move.sequence) - move.at) / SECOND,
    };
  });
}

/** The rows of reporting.status_periods. */
export function periodRows({ told, stays }: Story): Row[] {
  return stays.map(({ sequence, status, enteredAt, leftAt, hours }) => ({
    account_id: told.accountId,
    case_id: told.caseId,
    sequence,
    status,
    stage: stageOf(status),
    entered_at: enteredAt,
    left_at: leftAt,
    hours,
    is_current: leftAt === null,
  }));
}

/** The rows of reporting.status_targets; `targets` are hours by status. */
export function targetRows({ told, stays }: Story, targets: Readonly<Record<string, number>>, now: Instant): Row[] {
  return stays.flatMap(({ status, enteredAt, leftAt, hours }) => {
    const target = targets[status];
    if (target === undefined) return [];
    const dueAt = enteredAt + target * HOUR;
    return [
      {
        account_id: told.accountId,
        case_id: told.caseId,
        status,
        entered_at: enteredAt,
        target_hours: target,
        due_at: dueAt,
        left_at: leftAt,
        hours,
        state: stateOf({ left: dueAt - (leftAt ?? now), target: target * HOUR, isOver: leftAt !== null }),
      },
    ];
  });
}

/** `left` is how much of the target was not used when the stay ended, or is not used yet. */
function stateOf({ left, target, isOver }: { left: number; target: number; isOver: boolean }): string {
  if (left < 0) return 'breached';
  if (isOver) return 'met';
  return left < target / 5 ? 'due_soon' : 'running';
}
