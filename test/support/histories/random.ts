// Random histories for fast-check, which shrinks one that fails.
import fc from 'fast-check';
import { knownStatuses } from '../reference/statuses.ts';
import { type CaseName, FAULTS, type Fields, LISTINGS, type Run, type Step } from './history.ts';

/** Few times, so that ties are frequent. The first two are one instant; then placeholders, and texts that are no usual times. */
const TIMES = [
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
const NUMBERS = ['1', '1.0', '1.00', '10e-1', '2'];
const ODD_STATUSES = ['NEVER_HEARD_OF', 'X'.repeat(201), 7, null];
const STATUSES = [...knownStatuses, ...ODD_STATUSES].map((status) => JSON.stringify(status));

/** Values of a case's fields; the last ones are not as documented. */
const CASE_FIELDS: Readonly<Record<string, readonly string[]>> = {
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
const EVENT_FIELDS: Readonly<Record<string, readonly string[]>> = {
  error: ['"failure"', '{"code":1}'],
  request_id: ['"one"', '"two"'],
  created: ['{"case_id":"k","contract_url":"https://sign.example/secret"}', '"yes"', '{"case_id":4}'],
  case: ['{"owner":"Kari","contracts":[{"id":1}]}', '[]'],
  amount: NUMBERS,
};

const caseName = fc
  .tuple(fc.constantFrom('P', 'P', 'T'), fc.integer({ min: 1, max: 4 }))
  .map(([account, number]) => `${account}${number}` as CaseName);

const eventFields: fc.Arbitrary<Fields> = fc.record(
  {
    case_status: fc.constantFrom(...STATUSES),
    created_at: fc.constantFrom(...TIMES),
    ...Object.fromEntries(Object.entries(EVENT_FIELDS).map(([name, values]) => [name, fc.constantFrom(...values)])),
  },
  { requiredKeys: ['case_status'] },
);

const event = fc.record({
  change: fc.constant('event' as const),
  case: caseName,
  id: fc.integer({ min: 1, max: 5 }),
  fields: eventFields,
  place: fc.constantFrom('last' as const, 'first' as const),
});

const field = fc.constantFrom(...Object.keys(CASE_FIELDS)).chain((name) =>
  fc.record({
    change: fc.constant('field' as const),
    case: caseName,
    name: fc.constant(name),
    value: fc.constantFrom(...(CASE_FIELDS[name] ?? []), null),
  }),
);

const run: fc.Arbitrary<Run> = fc.record({
  sync: fc.constantFrom('P', 'P', 'T'),
  filter: fc.constantFrom(false, false, false, true),
  contracts: fc.constantFrom(false, false, true),
  personalData: fc.constantFrom('keep', 'keep', 'drop'),
  acceptMissing: fc.constantFrom(false, false, false, true),
  fault: fc.oneof({ weight: 2, arbitrary: fc.constant('none' as const) }, fc.constantFrom(...FAULTS)),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: event },
  { weight: 5, arbitrary: run },
  { weight: 3, arbitrary: field },
  {
    weight: 2,
    arbitrary: fc.record({ change: fc.constant('list' as const), case: caseName, as: fc.constantFrom(...LISTINGS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      change: fc.constant('no event' as const),
      case: caseName,
      id: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ change: fc.constant('many events' as const), case: caseName }) },
  {
    weight: 1,
    arbitrary: fc.record({
      change: fc.constant('spelling' as const),
      case: caseName,
      keys: fc.constantFrom('usual' as const, 'reversed' as const),
      id: fc.constantFrom('lower' as const, 'upper' as const),
    }),
  },
);

/** Random histories. */
export const histories: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 2, maxLength: 24, size: 'max' });
