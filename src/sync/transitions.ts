import type { Case, CaseEvent, Micros, Transition } from '../model/case.ts';

type Timed = {
  event: CaseEvent & { status: string };
  occurredAt: Micros | null;
  source: Transition['occurredAtSource'];
};

/**
 * The changes of status in a case's events, in order of (`created_at`, `id`); neighbours with equal status
 * collapse. An event without a time takes the greatest time among events of smaller id, else the case's, else that of
 * its first recording; null stands for now. Depends on nothing but its arguments, not even on the order of the events.
 */
export function transitionsOf(
  { createdAt, events }: Pick<Case, 'createdAt' | 'events'>,
  now: Micros = Date.now() * 1000,
): Transition[] {
  // An event without any time is recorded now: before events of the future, where it also stands when it is read again.
  const orderOf = ({ occurredAt }: Timed): number => occurredAt ?? now;
  // Equal times stay in order of id: the sort is stable.
  const timed = withTimes(events, createdAt).sort((a, b) => orderOf(a) - orderOf(b));
  const transitions: Transition[] = [];
  let fromStatus: string | null = null;
  for (const { event, occurredAt, source } of timed) {
    if (event.status === fromStatus) continue;
    transitions.push({
      sequence: transitions.length + 1,
      fromStatus,
      toStatus: event.status,
      occurredAt,
      occurredAtSource: source,
      eventId: event.id,
    });
    fromStatus = event.status;
  }
  return transitions;
}

/**
 * The transitions of a stored case. For an event without any time, the time of its first recording is needed:
 * `recordedTimes` gives when its events were recorded first, by event id.
 */
export async function transitionsOfKnown(
  read: Case,
  recordedTimes: () => Promise<Map<number, Micros>>,
): Promise<Transition[]> {
  const transitions = transitionsOf(read);
  if (transitions.every(({ occurredAt }) => occurredAt !== null)) return transitions;
  const times = await recordedTimes();
  const events = read.events.map((event) => ({ ...event, recordedAt: times.get(event.id) }));
  return transitionsOf({ ...read, events });
}

/** The events that have a status, in order of id. */
function withTimes(events: CaseEvent[], caseCreatedAt: Micros | null): Timed[] {
  const timed: Timed[] = [];
  let greatest: Micros | null = null;
  for (const event of events.toSorted((a, b) => a.id - b.id)) {
    if (event.status !== null) {
      const occurredAt = event.createdAt ?? greatest ?? caseCreatedAt ?? event.recordedAt ?? null;
      const source = event.createdAt === null ? 'inferred' : 'event';
      timed.push({ event: { ...event, status: event.status }, occurredAt, source });
    }
    if (event.createdAt !== null) greatest = Math.max(event.createdAt, greatest ?? event.createdAt);
  }
  return timed;
}
