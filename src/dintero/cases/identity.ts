import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../model/case.ts';
import { isUuid } from '../../model/uuid.ts';
import { isInteger, parseExactly } from './exact-json.ts';
import { isJsonObject, type JsonObject, typeName } from './json-value.ts';

type EventObject = JsonObject & { id: number };

/** From here on a double has no fraction, so it is an integer even if the text is none: 4503599627370498.5. */
const FIRST_WITHOUT_FRACTION = 2 ** 52;

/** An item that can be told apart from all others: its id in lower case, and each of its events once. */
export type IdentifiedItem = { id: string; item: JsonObject; events: EventObject[] };

/** The item's `id` in lower case; null if it has none. */
export function caseIdOf(value: unknown): string | null {
  const id = isJsonObject(value) ? value.id : undefined;
  return typeof id === 'string' && isUuid(id) ? id.toLowerCase() : null;
}

/**
 * Reads the identity of an item and of its events, or finds the first problem in it. An event may be repeated if its
 * content is equal; `text` is the item's JSON, because the value has lost some digits.
 */
export function identify(item: unknown, text: string): IdentifiedItem | { problem: Problem } {
  if (!isJsonObject(item)) return problem('', 'an object', item);
  if (typeof item.id !== 'string' || !isUuid(item.id)) return problem('id', 'a uuid', item.id);
  if (!Array.isArray(item.events)) return problem('events', 'an array', item.events);
  const events = new Map<number, EventObject>();
  let hasLargeId = false;
  for (const [index, event] of item.events.entries()) {
    if (!isJsonObject(event)) return problem(`events[${index}]`, 'an object', event);
    if (!isEvent(event)) return problem(`events[${index}].id`, 'an integer below 2^53', event.id);
    events.set(event.id, event);
    hasLargeId ||= Math.abs(event.id) >= FIRST_WITHOUT_FRACTION;
  }
  const fractional = hasLargeId ? fractionalId(text) : null;
  if (fractional !== null) return { problem: fractional };
  const repeated = events.size === item.events.length ? null : contradictoryEvent(text);
  if (repeated !== null) return { problem: repeated };
  return { id: item.id.toLowerCase(), item, events: [...events.values()] };
}

/** Finds an event id with a fraction. Postgres rounds it to another integer than a double does, maybe that of an event. */
function fractionalId(text: string): Problem | null {
  const { events } = parseExactly(text) as { events: { id: unknown }[] };
  const index = events.findIndex(({ id }) => !isInteger(id));
  return index === -1
    ? null
    : { path: `events[${index}].id`, reason: 'expected an integer below 2^53, found a number' };
}

/** Finds an event id that occurs twice with different content. */
function contradictoryEvent(text: string): Problem | null {
  const item = JSON.parse(text) as { events: EventObject[] };
  // As doubles, numbers beyond 2^53 can be equal though their digits differ.
  const exact = parseExactly(text) as { events: unknown[] };
  const firstById = new Map<number, number>();
  for (const [index, { id }] of item.events.entries()) {
    const first = firstById.get(id);
    if (first === undefined) firstById.set(id, index);
    else if (!isDeepStrictEqual(exact.events[first], exact.events[index])) {
      const reason = 'expected a unique id, found that of an earlier event with different content';
      return { path: `events[${index}]`, reason };
    }
  }
  return null;
}

/** Beyond 2^53 two different ids can become the same number. */
function isEvent(event: JsonObject): event is EventObject {
  return Number.isSafeInteger(event.id);
}

function problem(path: string, expected: string, found: unknown): { problem: Problem } {
  return { problem: { path, reason: `expected ${expected}, found ${typeName(found)}` } };
}
