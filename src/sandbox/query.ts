import { statusOf } from './case-events.ts';
import { isObject, type JsonObject } from './json.ts';

/** What a request for the list asks for; an empty array or null asks for everything. */
export type ListQuery = {
  products: string[];
  caseStatus: string[];
  actionsOnApproval: string[];
  payoutDestinationId: string | null;
  withContracts: boolean;
};

const everything: ListQuery = {
  products: [],
  caseStatus: [],
  actionsOnApproval: [],
  payoutDestinationId: null,
  withContracts: false,
};

/** Reads the list's query. Arrays come as repeated keys, with or without brackets: the API's pages show both. */
export function listQueryOf(parameters: URLSearchParams): ListQuery {
  const all = (key: string) => [...parameters.getAll(key), ...parameters.getAll(`${key}[]`)];
  return {
    products: all('products'),
    caseStatus: all('case_status'),
    actionsOnApproval: all('actions_on_approval'),
    payoutDestinationId: parameters.get('payout_destination_id'),
    withContracts: all('includes').includes('events.case.contracts'),
  };
}

/** Whether the list of every case is asked for, in its usual form. */
export function isEverything(query: ListQuery): boolean {
  return JSON.stringify(query) === JSON.stringify(everything);
}

/** Whether a case passes the filters. Within a filter one match is enough; all filters must pass. */
export function matches(query: ListQuery, document: JsonObject): boolean {
  return (
    overlaps(query.products, document.products) &&
    overlaps(query.actionsOnApproval, document.actions_on_approval) &&
    (query.caseStatus.length === 0 || query.caseStatus.includes(statusOf(document) ?? '')) &&
    matchesDestination(query.payoutDestinationId, document.case_for)
  );
}

function overlaps(wanted: string[], actual: unknown): boolean {
  return wanted.length === 0 || (Array.isArray(actual) && wanted.some((value) => actual.includes(value)));
}

/** `*` stands for any text; a case without a payout destination passes no filter on it. */
function matchesDestination(pattern: string | null, caseFor: unknown): boolean {
  if (pattern === null) return true;
  const id = isObject(caseFor) ? caseFor.payout_destination_id : undefined;
  if (typeof id !== 'string') return false;
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`, 's').test(id);
}
