import type { CaseDocument, DocumentEvent } from './case-document.ts';
import type { Instant } from './instant.ts';

/** A change of status. */
export type Transition = {
  sequence: number;
  from: string | null;
  to: string;
  at: Instant;
  source: 'event' | 'inferred';
  eventId: number;
  event: string | null;
};

/** Time at which an event was recorded for the first time. */
export type FirstRecorded = (eventId: number) => Instant;

/** Derives the changes of status from the events, in the order of their times. */
export function deriveTransitions(
  document: Pick<CaseDocument, 'createdAt' | 'events'>,
  firstRecorded: FirstRecorded,
): Transition[] {
  const dated = document.events.map((event) => ({ event, at: eventTime(event, document, firstRecorded) }));
  const inOrder = dated.toSorted((one, other) => one.at - other.at || one.event.id - other.event.id);
  const transitions: Transition[] = [];
  for (const { event, at } of inOrder) {
    const from = transitions.at(-1)?.to ?? null;
    if (event.status === null || event.status === from) continue;
    const source = event.at === null ? 'inferred' : 'event';
    transitions.push({
      sequence: transitions.length + 1,
      from,
      to: event.status,
      at,
      source,
      eventId: event.id,
      event: event.event,
    });
  }
  return transitions;
}

/** Time of an event: its own, else inferred from earlier events, from the case, or from its first recording. */
export function eventTime(
  event: DocumentEvent,
  { createdAt, events }: Pick<CaseDocument, 'createdAt' | 'events'>,
  firstRecorded: FirstRecorded,
): Instant {
  if (event.at !== null) return event.at;
  const earlier = events.flatMap(({ id, at }) => (id < event.id && at !== null ? [at] : []));
  if (earlier.length > 0) return Math.max(...earlier);
  return createdAt ?? firstRecorded(event.id);
}
