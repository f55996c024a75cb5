import { eventsOf } from './case-events.ts';
import { isObject, type JsonObject } from './json.ts';

/** The signing links in a case's document, which are secrets. */
export function contractLinksOf(document: JsonObject): string[] {
  return eventsOf(document)
    .flatMap((event) => [event.created, ...contractsIn(event.case)])
    .flatMap((holder) => (isObject(holder) && typeof holder.contract_url === 'string' ? [holder.contract_url] : []));
}

function contractsIn(providerCase: unknown): unknown[] {
  return isObject(providerCase) && Array.isArray(providerCase.contracts) ? providerCase.contracts : [];
}
