import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';
import { type Instant, parseInstant } from './instant.ts';

export type DocumentEvent = {
  id: number;
  event: string | null;
  status: string | null;
  at: Instant | null;
  requestId: string | null;
  error: string | null;
  providerCaseId: string | null;
};

/** The fields of a case's document that the views show. */
export type CaseDocument = {
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
  events: DocumentEvent[];
};

/** Reads an item that a run accepts from an account's list. */
export function readCaseDocument(accountId: string, document: JsonObject): CaseDocument {
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
    events: Array.isArray(document.events) ? document.events.filter(isObject).map(readEvent) : [],
  };
}

function readEvent(event: JsonObject): DocumentEvent {
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
  return typeof value === 'string' ? parseInstant(value) : null;
}
