import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';
import { type Instant, readInstant } from './instant.ts';
import { type Problem, problemsOf } from './problems.ts';
import { type PublishedFields, publishedFields } from './published-fields.ts';

export type DocumentEvent = {
  id: number;
  event: string | null;
  status: string | null;
  at: Instant | null;
  requestId: string | null;
  error: string | null;
  providerCaseId: string | null;
  /** All of it that is stored. */
  content: JsonObject;
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
  referenceId: string | null;
  caseForAccountId: string | null;
  ownerAccountId: string | null;
  payoutReference: string | null;
  checks: string[] | null;
  actionsOnApproval: string[] | null;
  requiresContractSigning: boolean | null;
  /** The readable currencies of each payment option. */
  currencies: string[][] | null;
  createdAt: Instant | null;
  updatedAt: Instant | null;
  deletedAt: Instant | null;
  events: DocumentEvent[];
  published: PublishedFields;
  /** The part of the item that is stored. */
  source: JsonObject;
  /** Its fields that are not as documented. */
  problems: Problem[];
};

/** Reads an item that a run accepts from an account's list; `stored` is the part of it that the run stores. */
export function readCaseDocument(accountId: string, document: JsonObject, stored = document): CaseDocument {
  const contents = new Map(eventsOf(stored).map((event) => [Number(event.id), event]));
  const caseFor = isObject(document.case_for) ? document.case_for : {};
  const request = isObject(document.case_request) ? document.case_request : {};
  return {
    accountId,
    caseId: String(document.id),
    payoutDestinationId: text(caseFor.payout_destination_id),
    payoutDestinationName: text(caseFor.payout_destination_name),
    organizationNumber: text(request.organizationNumber),
    countryCode: text(request.countryCode),
    products: texts(document.products),
    package: text(document.package),
    referenceId: text(request.referenceId),
    caseForAccountId: text(caseFor.account_id),
    ownerAccountId: text(document.account_id),
    payoutReference: text(caseFor.payout_reference),
    checks: texts(request.checks),
    actionsOnApproval: texts(document.actions_on_approval),
    requiresContractSigning:
      typeof request.requireContractSigning === 'boolean' ? request.requireContractSigning : null,
    currencies: currenciesOf(document.payment_options),
    createdAt: instant(document.created_at),
    updatedAt: instant(document.updated_at),
    deletedAt: instant(document.deleted_at),
    events: eventsOf(document).map((event) => ({
      ...readEvent(event),
      content: contents.get(Number(event.id)) ?? event,
    })),
    published: publishedFields(document),
    source: stored,
    problems: problemsOf(document),
  };
}

function eventsOf({ events }: JsonObject): JsonObject[] {
  return Array.isArray(events) ? events.filter(isObject) : [];
}

function readEvent(event: JsonObject): Omit<DocumentEvent, 'content'> {
  return {
    id: Number(event.id),
    event: text(event.event),
    status: isLong(event.case_status) ? null : text(event.case_status),
    at: instant(event.created_at),
    requestId: text(event.request_id),
    error: text(event.error),
    providerCaseId: isObject(event.created) ? text(event.created.case_id) : null,
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A list with any other element is unknown as a whole. */
function texts(value: unknown): string[] | null {
  const all = Array.isArray(value) ? value.map(text) : [null];
  return all.every((one) => one !== null) ? all : null;
}

function currenciesOf(options: unknown): string[][] | null {
  if (!Array.isArray(options) || !options.every(isObject)) return null;
  return options.map(({ currencies }) => texts(currencies) ?? []);
}

/** A status of more than 200 bytes cannot be reported. */
function isLong(status: unknown): boolean {
  return typeof status === 'string' && new TextEncoder().encode(status).length > 200;
}

function instant(value: unknown): Instant | null {
  return typeof value === 'string' ? (readInstant(value)?.at ?? null) : null;
}
