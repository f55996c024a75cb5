import { isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Case, CaseEvent, ParsedItem } from '../../model/case.ts';
import type { Element } from '../../model/list.ts';
import { parseExactly } from './exact-json.ts';
import { type CheckedDocument, MAX_DEPTH, type Problem, readDocument } from './jsonb-limits.ts';
import { caseId, identitySchema, itemSchema } from './schema.ts';

/** Part of every fingerprint. Increase it when the parser treats an item differently: all items are then parsed again. */
export const PARSER_VERSION = 2;

type Item = z.infer<typeof itemSchema>;

const NOT_JSON = 'not JSON';

/**
 * Parses an element of the list into a case or a rejection. A rejection has the first problem in the order of the API's
 * documentation, but problems of the identity come first.
 */
export function parseItem(element: Element): ParsedItem {
  if (element.bytes === null) {
    return rejected(null, { path: '', reason: `larger than api.maxItemMegabytes allows: ${element.size} bytes` });
  }
  const text = element.bytes.toString('utf8');
  if (!isUtf8(element.bytes)) {
    // The id can be read all the same, so it is known whose case this is.
    return rejected(parseJson(text, JSON.parse), { path: '', reason: 'not JSON: it is not text in UTF-8' });
  }
  if (element.depth > MAX_DEPTH) {
    const value: unknown = parseJson(text, JSON.parse);
    const reason = `expected at most ${MAX_DEPTH} levels of nesting, found ${element.depth}`;
    return rejected(value, { path: '', reason: value === undefined ? NOT_JSON : reason });
  }
  const document = parseJson(text, readDocument);
  if (document === undefined) return rejected(undefined, { path: '', reason: NOT_JSON });
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

/** Undefined for text that is not JSON. The message of the SyntaxError is dropped, because it quotes the text. */
function parseJson<T>(text: string, parse: (text: string) => T): T | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function identityProblem(document: CheckedDocument): Problem | null {
  const identity = identitySchema.safeParse(document.value);
  if (!identity.success) return schemaProblem(identity.error, document.value);
  return eventIdProblem(identity.data.events, document);
}

/** Finds an event id that occurs twice with different content. */
function eventIdProblem(events: { id: number }[], { text }: CheckedDocument): Problem | null {
  const firstById = new Map<number, number>();
  // Parsed only if an id occurs twice. As doubles, numbers beyond 2^53 can be equal though their digits differ.
  let exact: unknown;
  for (const [index, { id }] of events.entries()) {
    const first = firstById.get(id);
    if (first === undefined) {
      firstById.set(id, index);
      continue;
    }
    exact ??= child(parseExactly(text), 'events');
    if (!isDeepStrictEqual(child(exact, first), child(exact, index))) {
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
