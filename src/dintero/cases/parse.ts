import { isUtf8 } from 'node:buffer';
import type { Case, Micros, ParsedItem, Problem } from '../../model/case.ts';
import type { Element } from '../../model/list.ts';
import { documentedFields, FieldReader } from './field-reader.ts';
import { caseIdOf, type IdentifiedItem, identify } from './identity.ts';
import { MAX_DEPTH, readDocument } from './jsonb-limits.ts';
import { caseFields, eventFields } from './schema.ts';
import { parseTime } from './timestamps.ts';

/** Part of every fingerprint. Increase it when the parser treats an item differently: all items are then parsed again. */
export const PARSER_VERSION = 3;

const NOT_JSON = 'not JSON';

/**
 * Parses an element of the list into a case or a rejection: strict on the identity, tolerant of everything else. A
 * rejection has the first problem of the identity in the order of the item.
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
  const identified = identify(document.value, text);
  if ('problem' in identified) return rejected(document.value, identified.problem);
  if (document.problem !== null) return rejected(document.value, document.problem);
  return { kind: 'case', case: toCase(identified, element.bytes) };
}

/** Changes the item: values that are not as documented become null. */
function toCase({ id, item, events }: IdentifiedItem, document: Buffer): Case {
  const reader = new FieldReader();
  reader.readObject(item, caseFields);
  // By its id: an event that is added in front of the others must not move their problems.
  for (const event of events) reader.readObject(event, eventFields, `events[id=${event.id}]`);
  const problems = reader.problems();
  return {
    id,
    createdAt: micros(item.created_at),
    events: events.map((event) => ({
      id: event.id,
      status: typeof event.case_status === 'string' ? event.case_status : null,
      createdAt: micros(event.created_at),
    })),
    hasErrors: events.some((event) => typeof event.error === 'string'),
    document,
    problems,
    readable: problems.length === 0 ? null : documentedFields({ ...item, events }),
  };
}

function micros(time: unknown): Micros | null {
  return typeof time === 'string' ? parseTime(time) : null;
}

function rejected(value: unknown, problem: Problem): ParsedItem {
  return { kind: 'rejected', rejection: { caseId: caseIdOf(value), ...problem } };
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
