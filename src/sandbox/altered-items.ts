import { eventsOf } from './case-events.ts';
import type { Fault } from './faults.ts';
import { type JsonObject, withKeysReversed } from './json.ts';

export type ItemsFault = Extract<Fault, { kind: 'items' }>;

/** The items that the list shows instead of the one at `position`. */
export function alteredItems(fault: ItemsFault, item: JsonObject, position: number): JsonObject[] {
  const count = fault.count ?? 1;
  if (count !== 'all' && position >= count) return [item];
  const events = eventsOf(item);
  switch (fault.change) {
    case 'missingId': {
      const { id: _, ...rest } = item;
      return [rest];
    }
    case 'wrongType':
      return [{ ...item, products: 'payout' }];
    case 'conflictingEvent': {
      const [event = { id: 1, event: 'case_created' }, ...rest] = events;
      return [{ ...item, events: [event, ...rest, { ...event, request_id: 'another' }] }];
    }
    case 'conflictingCase':
      return [item, { ...item, package: 'another' }];
    case 'unknownStatus': {
      const id = Math.max(0, ...events.map((event) => Number(event.id))) + 1;
      const created_at = item.updated_at;
      return [
        { ...item, events: [...events, { id, event: 'case_updated', created_at, case_status: 'NEVER_HEARD_OF' }] },
      ];
    }
    case 'reorderedKeys':
      return [withKeysReversed(item)];
    case 'vanished':
      return [];
  }
}
