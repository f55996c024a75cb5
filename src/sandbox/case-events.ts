import { isObject, type JsonObject } from './json.ts';

/** The status of the case: that of the last event with a status, by time and then by id; null without one. */
export function statusOf(document: JsonObject): string | null {
  let last: { status: string; at: number; id: number } | null = null;
  for (const event of eventsOf(document)) {
    if (typeof event.case_status !== 'string') continue;
    const at = typeof event.created_at === 'string' ? Date.parse(event.created_at) : 0;
    const id = Number(event.id);
    if (!last || at > last.at || (at === last.at && id > last.id)) last = { status: event.case_status, at, id };
  }
  return last?.status ?? null;
}

/** The document's events; empty if it has none. */
export function eventsOf(document: JsonObject): JsonObject[] {
  return Array.isArray(document.events) ? document.events.filter(isObject) : [];
}

/** The signing links in a case's document, which are secrets. */
export function contractLinksOf(document: JsonObject): string[] {
  return eventsOf(document)
    .flatMap((event) => [event.created, ...contractsIn(event.case)])
    .flatMap((holder) => (isObject(holder) && typeof holder.contract_url === 'string' ? [holder.contract_url] : []));
}

function contractsIn(providerCase: unknown): unknown[] {
  return isObject(providerCase) && Array.isArray(providerCase.contracts) ? providerCase.contracts : [];
}
