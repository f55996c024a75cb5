import { isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Case, CaseEvent, Parsed } from '../../model/case.ts';
import type { Element } from '../../model/list.ts';
import { SyncError } from '../../model/sync-error.ts';
import type { Problem, Reading } from './jsonb-limits.ts';
import { DEEPEST, readDocument } from './jsonb-limits.ts';
import { caseId, identitySchema, itemSchema } from './schema.ts';

/** Raise it when a change makes the parser read an item differently: then every item is read once more. */
export const PARSER_VERSION = 1;

type Item = z.infer<typeof itemSchema>;

/**
 * Turns an element of the list into a case, or into the reason why it cannot be one: the first problem in the order of
 * the API's description, but identity's before all others. Raises `NOT_JSON` for an element that is not JSON in UTF-8,
 * because then the answer it came in was not.
 */
export function parseItem(element: Element): Parsed {
  if (element.bytes === null) {
    return rejected(null, { path: '', reason: `larger than api.maxItemMegabytes allows: ${element.size} bytes` });
  }
  const text = decode(element.bytes);
  if (element.depth > DEEPEST) {
    const reason = `expected at most ${DEEPEST} levels of nesting, found ${element.depth}`;
    return rejected(
      orNotJson(() => JSON.parse(text)),
      { path: '', reason },
    );
  }
  const reading = orNotJson(() => readDocument(text));
  const result = itemSchema.safeParse(reading.value);
  if (!result.success) {
    return rejected(reading.value, identityProblem(reading) ?? schemaProblem(result.error, reading.value));
  }
  const problem = eventIdProblem(result.data.events, reading) ?? reading.problem;
  if (problem !== null) return rejected(reading.value, problem);
  return { kind: 'case', case: toCase(result.data, element.bytes) };
}

function toCase(item: Item, document: Buffer): Case {
  // By id, because an id that is there twice is the same event twice by now.
  const events = new Map<number, CaseEvent>();
  for (const { id, case_status, created_at } of item.events) {
    events.set(id, { id, status: case_status ?? null, createdAt: created_at ?? null });
  }
  return {
    id: item.id.toLowerCase(),
    createdAt: item.created_at ?? null,
    events: [...events.values()],
    document,
  };
}

function rejected(value: unknown, problem: Problem): Parsed {
  const id = caseId.safeParse(child(value, 'id'));
  return { kind: 'rejected', rejection: { caseId: id.success ? id.data.toLowerCase() : null, ...problem } };
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new SyncError('NOT_JSON', 'An item of the list is not text in UTF-8.');
  return bytes.toString('utf8');
}

function orNotJson<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Not kept as the cause: a SyntaxError of JSON.parse quotes the text it could not read.
    throw new SyncError('NOT_JSON', 'An item of the list is not valid JSON.');
  }
}

function identityProblem(reading: Reading): Problem | null {
  const identity = identitySchema.safeParse(reading.value);
  if (!identity.success) return schemaProblem(identity.error, reading.value);
  return eventIdProblem(identity.data.events, reading);
}

function eventIdProblem(events: { id: number }[], { value }: Reading): Problem | null {
  const firstOf = new Map<number, unknown>();
  for (const [index, { id }] of events.entries()) {
    const path = `events[${index}]`;
    const whole = child(child(value, 'events'), index);
    const first = firstOf.get(id);
    if (first === undefined) firstOf.set(id, whole);
    else if (!isDeepStrictEqual(first, whole)) {
      return { path, reason: 'expected an id of its own, found that of an earlier event with different content' };
    }
  }
  return null;
}

function schemaProblem(error: z.ZodError, value: unknown): Problem {
  const issue = error.issues[0];
  let path = '';
  let found = value;
  for (const key of issue?.path ?? []) {
    path += typeof key === 'number' ? `[${key}]` : `${path === '' ? '' : '.'}${String(key)}`;
    found = child(found, key);
  }
  return { path, reason: `${issue?.message}, found ${nameOf(found)}` };
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

function child(value: unknown, key: PropertyKey): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'boolean' || typeof value === 'string' ? `a ${typeof value}` : 'a number';
}
