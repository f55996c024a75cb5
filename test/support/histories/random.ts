// Random histories for fast-check, which shrinks one that fails.
import fc from 'fast-check';
import {
  type AccountLetter,
  type CaseName,
  FAULTS,
  type Fields,
  LISTINGS,
  type Listing,
  type Run,
  type Step,
  usualRun,
} from './history.ts';
import { accountOf } from './lists.ts';
import { CASE_FIELDS, EVENT_FIELDS, STATUSES, TIMES } from './values.ts';

const account = fc.constantFrom<AccountLetter>('P', 'P', 'P', 'P', 'T');

/** Mostly one case, so that much happens to it. */
const caseName = fc
  .tuple(account, fc.constantFrom(1, 1, 1, 2, 3, 4))
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

/** What may be unusual in a run. */
const odd: fc.Arbitrary<Partial<Run>> = fc.record(
  {
    filter: fc.constant(true),
    contracts: fc.constant(true),
    personalData: fc.constantFrom('drop', 'minimal'),
    acceptMissing: fc.constant(true),
    fault: fc.constantFrom(...FAULTS, 'broken off once'),
  },
  { requiredKeys: [] },
);

const oddRun = fc.tuple(account, odd).map(([sync, fields]): Run => ({ ...usualRun(sync), ...fields }));

const vanishedOrListed = fc.constantFrom('vanished' as const, 'listed' as const);
const listing = fc.oneof(vanishedOrListed, fc.constantFrom(...LISTINGS));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: event },
  { weight: 5, arbitrary: account.map(usualRun) },
  { weight: 3, arbitrary: oddRun },
  { weight: 3, arbitrary: field },
  {
    weight: 3,
    arbitrary: fc.record({ change: fc.constant('list' as const), case: caseName, as: listing }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ change: fc.constant('list all' as const), account, as: vanishedOrListed }),
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

/** Several events of one case. */
const someEvents = fc
  .tuple(caseName, fc.array(event, { minLength: 2, maxLength: 4 }))
  .map(([name, events]): Step[] => events.map((one) => ({ ...one, case: name })));

/** A case goes missing and returns, with or without another event; single steps rarely lead to that. */
const absence = fc.tuple(caseName, fc.option(event)).map(([name, change]): Step[] => {
  const run = usualRun(accountOf(name));
  const list = (as: Listing): Step => ({ change: 'list', case: name, as });
  const changes = change === null ? [] : [{ ...change, case: name }];
  return [list('listed'), run, list('vanished'), run, ...changes, list('listed'), run];
});

/** All cases are gone, and an operator accepts it. */
const acceptance = account.map((letter): Step[] => {
  const run = usualRun(letter);
  return [run, { change: 'list all', account: letter, as: 'vanished' }, run, { ...run, acceptMissing: true }];
});

/** A list with an item that is rejected, before one that is long enough for the connection to break behind the first. */
const rejection = fc
  .tuple(account, fc.constantFrom('without id' as const, 'without events' as const), fc.constantFrom(...FAULTS))
  .map(([letter, as, fault]): Step[] => [
    { change: 'list', case: `${letter}1`, as },
    { change: 'many events', case: `${letter}2` },
    { ...usualRun(letter), fault: fault === 'none' ? 'broken off once' : fault },
  ]);

const steps = fc.oneof(
  { weight: 14, arbitrary: step.map((one) => [one]) },
  { weight: 2, arbitrary: someEvents },
  { weight: 1, arbitrary: absence },
  { weight: 1, arbitrary: acceptance },
  { weight: 1, arbitrary: rejection },
);

/** Random histories. */
export const histories: fc.Arbitrary<Step[]> = fc
  .array(steps, { minLength: 2, maxLength: 16, size: 'max' })
  .map((all) => all.flat());
