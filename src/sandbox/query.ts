import type { Filters } from '../model/account.ts';
import { statusOf } from './case-events.ts';
import { isObject, type JsonObject } from './json.ts';

/** The parameters of a list request. */
export type ListQuery = Filters & { withContracts: boolean };

/** Parses the list's query. Arrays are repeated keys, with or without brackets: the API's documentation shows both. */
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

/** Whether a case passes all filters. Within one filter, one matching value is enough. */
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
  const expression = pattern.split('*').map(RegExp.escape).join('.*');
  return new RegExp(`^${expression}$`, 's').test(id);
}
