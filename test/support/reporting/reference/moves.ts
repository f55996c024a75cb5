import type { Instant } from './instant.ts';
import type { ToldCase, ToldEvent } from './told.ts';

/** A change of status. */
export type Move = {
  sequence: number;
  from: string | null;
  to: string;
  at: Instant;
  source: 'event' | 'inferred';
  eventId: number;
  event: string | null;
};

/** When an event, which the argument names, was recorded first. */
export type FirstRecorded = (eventId: number) => Instant;

/** The changes of status that the events tell, in their order. */
export function movesOf(told: Pick<ToldCase, 'createdAt' | 'events'>, firstRecorded: FirstRecorded): Move[] {
  const dated = told.events.map((event) => ({ event, at: timeOf(event, told, firstRecorded) }));
  const inOrder = dated.toSorted((one, other) => one.at - other.at || one.event.id - other.event.id);
  const moves: Move[] = [];
  for (const { event, at } of inOrder) {
    const from = moves.at(-1)?.to ?? null;
    if (event.status === null || event.status === from) continue;
    const source = event.at === null ? 'inferred' : 'event';
    moves.push({
      sequence: moves.length + 1,
      from,
      to: event.status,
      at,
      source,
      eventId: event.id,
      event: event.event,
    });
  }
  return moves;
}

/** When the event happened; inferred when it does not say so itself. */
export function timeOf(
  event: ToldEvent,
  { createdAt, events }: Pick<ToldCase, 'createdAt' | 'events'>,
  firstRecorded: FirstRecorded,
): Instant {
  if (event.at !== null) return event.at;
  const earlier = events.flatMap(({ id, at }) => (id < event.id && at !== null ? [at] : []));
  if (earlier.length > 0) return Math.max(...earlier);
  return createdAt ?? firstRecorded(event.id);
}
