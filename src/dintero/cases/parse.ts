import { isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Case, CaseEvent, ParsedItem } from '../../model/case.ts';
import type { Element } from '../../model/list.ts';
import { SyncError } from '../../model/sync-error.ts';
import { type CheckedDocument, MAX_DEPTH, type Problem, readDocument } from './jsonb-limits.ts';
import { caseId, identitySchema, itemSchema } from './schema.ts';

/** Part of every fingerprint. Increase it when the parser treats an item differently: all items are then parsed again. */
export const PARSER_VERSION = 1;

type Item = z.infer<typeof itemSchema>;

/**
 * Parses an element of the list into a case or a rejection. A rejection has the first problem in the order of the API's
 * documentation, but problems of the identity come first. Throws `NOT_JSON` for an element that is not JSON in UTF-8,
 * because the whole response is invalid then.
 */
export function parseItem(element: Element): ParsedItem {
  if (element.bytes === null) {
    return rejected(null, { path: '', reason: `larger than api.maxItemMegabytes allows: ${element.size} bytes` });
  }
  const text = decode(element.bytes);
  if (element.depth > MAX_DEPTH) {
    const value = parseJson(() => JSON.parse(text));
    const reason = `expected at most ${MAX_DEPTH} levels of nesting, found ${element.depth}`;
    return rejected(value, { path: '', reason });
  }
  const document = parseJson(() => readDocument(text));
  const result = itemSchema.safeParse(document.value);
  if (!result.success) {
    return rejected(document.value, identityProblem(document) ?? schemaProblem(result.error, document.value));
  }
  const problem = eventIdProblem(result.data.events, document) ?? document.problem;
  if (problem !== null) return rejected(document.value, problem);
  return { kind: 'case', case: toCase(result.data, element.bytes) };
}

function toCase(item: Item, document: Buffer): Case {
  // Events with the same id are identical here: `eventIdProblem` rejects all others.
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

function rejected(value: unknown, problem: Problem): ParsedItem {
  const id = caseId.safeParse(child(value, 'id'));
  return { kind: 'rejected', rejection: { caseId: id.success ? id.data.toLowerCase() : null, ...problem } };
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new SyncError('NOT_JSON', 'An item of the list is not text in UTF-8.');
  return bytes.toString('utf8');
}

function parseJson<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Without the cause: the message of a SyntaxError quotes the text.
    throw new SyncError('NOT_JSON', 'An item of the list is not valid JSON.');
  }
}

function identityProblem(document: CheckedDocument): Problem | null {
  const identity = identitySchema.safeParse(document.value);
  if (!identity.success) return schemaProblem(identity.error, document.value);
  return eventIdProblem(identity.data.events, document);
}

/** Finds an event id that occurs twice with different content. */
function eventIdProblem(events: { id: number }[], { value }: CheckedDocument): Problem | null {
  const firstById = new Map<number, unknown>();
  for (const [index, { id }] of events.entries()) {
    const event = child(child(value, 'events'), index);
    const first = firstById.get(id);
    if (first === undefined) {
      firstById.set(id, event);
    } else if (!isDeepStrictEqual(first, event)) {
      const reason = 'expected a unique id, found that of an earlier event with different content';
      return { path: `events[${index}]`, reason };
    }
  }
  return null;
}

function schemaProblem(error: z.ZodError, value: unknown): Problem {
  const { path, message } = error.issues[0] ?? { path: [], message: 'is invalid' };
  return { path: z.core.toDotPath(path), reason: `${message}, found ${typeName(path.reduce(child, value))}` };
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}

function child(value: unknown, key: PropertyKey): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Names the type for a reason, without the value. */
function typeName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'boolean' || typeof value === 'string' ? `a ${typeof value}` : 'a number';
}
