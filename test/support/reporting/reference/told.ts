import { isObject, type JsonObject } from '../../../../src/sandbox/json.ts';
import { type Instant, instantOf } from './instant.ts';

export type ToldEvent = {
  id: number;
  event: string | null;
  status: string | null;
  at: Instant | null;
  requestId: string | null;
  error: string | null;
  providerCaseId: string | null;
};

/** A case as a document of the list tells it. */
export type ToldCase = {
  accountId: string;
  caseId: string;
  payoutDestinationId: string | null;
  payoutDestinationName: string | null;
  organizationNumber: string | null;
  countryCode: string | null;
  products: string[] | null;
  package: string | null;
  createdAt: Instant | null;
  updatedAt: Instant | null;
  deletedAt: Instant | null;
  events: ToldEvent[];
};

/** Reads an item of an account's list that a run accepts. */
export function toldCase(accountId: string, document: JsonObject): ToldCase {
  const caseFor = isObject(document.case_for) ? document.case_for : {};
  const request = isObject(document.case_request) ? document.case_request : {};
  return {
    accountId,
    caseId: String(document.id),
    payoutDestinationId: text(caseFor.payout_destination_id),
    payoutDestinationName: text(caseFor.payout_destination_name),
    organizationNumber: text(request.organizationNumber),
    countryCode: text(request.countryCode),
    products: Array.isArray(document.products) ? document.products.map(String) : null,
    package: text(document.package),
    createdAt: instant(document.created_at),
    updatedAt: instant(document.updated_at),
    deletedAt: instant(document.deleted_at),
    events: Array.isArray(document.events) ? document.events.filter(isObject).map(toldEvent) : [],
  };
}

function toldEvent(event: JsonObject): ToldEvent {
  return {
    id: Number(event.id),
    event: text(event.event),
    status: text(event.case_status),
    at: instant(event.created_at),
    requestId: text(event.request_id),
    error: text(event.error),
    providerCaseId: isObject(event.created) ? text(event.created.case_id) : null,
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function instant(value: unknown): Instant | null {
  return typeof value === 'string' ? instantOf(value) : null;
}
