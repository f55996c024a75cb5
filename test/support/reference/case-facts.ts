import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';
import { caseColumns } from './case-columns.ts';
import type { CaseVersion } from './case-versions.ts';
import type { Row } from './row.ts';

/** The facts of the tests as Postgres reads them; the functions below read the same without jsonpath. */
export const FACT_PATHS = {
  country: '$.case_request.countryCode',
  package: '$.package',
  products: '$.products',
  request: '$.case_request',
  currency: '$.payment_options[*].currencies[*]',
  events: '$.events.size()',
} as const;

const FOUND: Record<keyof typeof FACT_PATHS, (document: JsonObject) => unknown[]> = {
  country: ({ case_request: request }) => (isObject(request) ? property(request, 'countryCode') : []),
  package: (document) => property(document, 'package'),
  products: (document) => property(document, 'products'),
  request: (document) => property(document, 'case_request'),
  currency: ({ payment_options: options }) =>
    elements(options)
      .filter(isObject)
      .flatMap((option) => elements(option.currencies)),
  events: ({ events }) => [elements(events).length],
};

/** Computes the rows of reporting.case_facts for one case. */
export function factRows(versions: readonly CaseVersion[]): Row[] {
  return Object.entries(FOUND).flatMap(([fact, found]) => rowsOfFact(fact, versions, found));
}

function rowsOfFact(fact: string, versions: readonly CaseVersion[], found: (document: JsonObject) => unknown[]): Row[] {
  const read = versions.map(({ at, history }) => ({ at, history, ...judged(found(history.document.source)) }));
  const changed = read.filter((now, index) => {
    const before = read[index - 1];
    return before === undefined || now.value !== before.value || now.problem !== before.problem;
  });
  return changed.map(({ at, history, value, problem }, index) => {
    const next = changed[index + 1]?.at ?? null;
    return {
      ...caseColumns(history.document),
      fact,
      value,
      recorded_at: at,
      superseded_at: next,
      is_current: next === null,
      problem,
    };
  });
}

function judged([value, ...more]: unknown[]): { value: string | null; problem: string | null } {
  if (more.length > 0) return { value: null, problem: 'it finds several values' };
  if (value === undefined) return { value: null, problem: 'it finds nothing' };
  if (value === null) return { value: null, problem: 'it finds null' };
  if (typeof value === 'object') {
    return { value: null, problem: Array.isArray(value) ? 'it finds an array' : 'it finds an object' };
  }
  return { value: String(value), problem: null };
}

const property = (object: JsonObject, name: string): unknown[] => (Object.hasOwn(object, name) ? [object[name]] : []);

/** A value that is no list counts as a list of one, as in jsonpath. */
function elements(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
