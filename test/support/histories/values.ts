// The values of fields in random histories, as JSON texts.
import { knownStatuses } from '../reference/statuses.ts';

/** Few times, so that ties are frequent. The first two are one instant; then placeholders, and texts that are no usual times. */
export const TIMES = [
  '"2025-03-01T10:00:00Z"',
  '"2025-03-01T12:00:00+02:00"',
  '"2025-03-01T10:00:00.000001Z"',
  '"2025-02-28T23:30:00Z"',
  '"2025-06-30T22:00:00Z"',
  '"0001-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59Z"',
  '"2025-03-01T10:00:00"',
  '"2025-03-01T10:00:00+0000"',
  '"yesterday"',
  'null',
  '7',
];
/** One number in four spellings, and three that are one number to a double. */
const NUMBERS = ['1', '1.0', '1.00', '10e-1', '9007199254740992', '9007199254740993', '9007199254740993.0000001'];
const ODD_STATUSES = ['NEVER_HEARD_OF', 'X'.repeat(201), 7, null];
export const STATUSES = [...knownStatuses, ...ODD_STATUSES].map((status) => JSON.stringify(status));

/** Values of a case's fields; the last ones are not as documented. */
export const CASE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  created_at: TIMES,
  updated_at: TIMES,
  deleted_at: TIMES,
  package: ['"small"', '"large"', '{"name":"large"}'],
  products: ['["payout"]', '["checkout","payout"]', '["payout",null]', '"payout"'],
  case_for: ['{"payout_destination_id":"a"}', '{"payout_destination_id":"b","payout_reference":null}', '"somebody"'],
  case_request: [
    '{"organizationNumber":"987654321","details":{"owner":"Kari"}}',
    '{"details":{"owner":"Ola"},"organizationNumber":"987654321"}',
    '["987654321"]',
  ],
  amount: NUMBERS,
};

/** Listed twice are the fields that transitions depend on. */
export const EVENT_FIELDS: Readonly<Record<string, readonly string[]>> = {
  error: ['"failure"', '{"code":1}'],
  request_id: ['"one"', '"two"'],
  created: ['{"case_id":"k","contract_url":"https://sign.example/secret"}', '"yes"', '{"case_id":4}'],
  case: ['{"owner":"Kari","contracts":[{"id":1}]}', '[]'],
  amount: NUMBERS,
};
