/** A type of the API's documentation; a status is a string that is short enough for the indexes of the reports. */
export type Scalar = 'string' | 'status' | 'boolean' | 'date-time';
export type Fields = { readonly [name: string]: Documented };
/** The documented type of a value: a scalar, a list of one type, or an object. */
export type Documented = Scalar | readonly [Documented] | Fields;

/** Two statuses must fit into an index entry, which is a third of a page; a status is part of some primary keys. */
export const MAX_STATUS_BYTES = 200;

/** The documented fields of an event, apart from its `id`. Each may be absent or null, which mean the same. */
export const eventFields = {
  request_id: 'string',
  event: 'string',
  created_at: 'date-time',
  case_status: 'status',
  error: 'string',
  case: {},
  created: { case_id: 'string', contract_url: 'string' },
} as const satisfies Fields;

/** The documented fields of an item, apart from its `id` and its events. All other fields can be anything. */
export const caseFields = {
  case_for: {
    account_id: 'string',
    payout_destination_id: 'string',
    payout_destination_name: 'string',
    payout_destination_description: 'string',
    payout_reference: 'string',
  },
  products: ['string'],
  case_request: {
    checks: ['string'],
    countryCode: 'string',
    organizationNumber: 'string',
    requireContractSigning: 'boolean',
    details: {},
    callbackUrl: 'string',
    referenceId: 'string',
  },
  account_id: 'string',
  created_at: 'date-time',
  created_by: 'string',
  updated_at: 'date-time',
  deleted_by: 'string',
  deleted_at: 'date-time',
  package: 'string',
  actions_on_approval: ['string'],
  payment_options: [{ currencies: ['string'], type: 'string' }],
} as const satisfies Fields;

/** Every name of a documented field, once. */
export const fieldNames: readonly string[] = [
  ...new Set(['id', 'events', ...namesIn(caseFields), ...namesIn(eventFields)]),
];

function namesIn(documented: Documented): string[] {
  if (typeof documented === 'string') return [];
  if (isList(documented)) return namesIn(documented[0]);
  return Object.entries(documented).flatMap(([name, field]) => [name, ...namesIn(field)]);
}

/** Whether the documentation says that a value is a list. */
export function isList(documented: Documented): documented is readonly [Documented] {
  return Array.isArray(documented);
}
